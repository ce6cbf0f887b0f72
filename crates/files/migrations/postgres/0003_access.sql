-- What policies of objects call; the contract is InsForge's model of PostgreSQL.
CREATE OR REPLACE FUNCTION storage.foldername(text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT p[1:pg_catalog.cardinality(p) - 1] FROM (SELECT pg_catalog.string_to_array($1, '/') AS p) AS s
$$;

CREATE OR REPLACE FUNCTION storage.filename(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT p[pg_catalog.cardinality(p)] FROM (SELECT pg_catalog.string_to_array($1, '/') AS p) AS s
$$;

CREATE OR REPLACE FUNCTION storage.extension(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT pg_catalog.substring(p[pg_catalog.cardinality(p)], '\.([^.]*)$')
    FROM (SELECT pg_catalog.string_to_array($1, '/') AS p) AS s
$$;

-- Row security decides which rows; who bytes belong to is nobody's to write.
GRANT USAGE ON SCHEMA storage TO authenticated, project_admin;
GRANT SELECT ON storage.buckets, storage.objects TO authenticated, project_admin;
GRANT DELETE ON storage.objects TO authenticated;
GRANT INSERT (bucket, key, size, mime_type, uploaded_at, uploaded_by, uploaded_via, s3_access_key_id, etag),
    UPDATE (bucket, key, size, mime_type, uploaded_at, uploaded_by, uploaded_via, s3_access_key_id, etag)
    ON storage.objects TO authenticated;

ALTER TABLE storage.objects ALTER COLUMN blob SET DEFAULT gen_random_uuid();
ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;
