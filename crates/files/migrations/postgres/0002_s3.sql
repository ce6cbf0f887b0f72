-- What S3 clients attach to an object: their own headers and tags, as JSON text.
ALTER TABLE storage.objects ADD COLUMN attached text;

CREATE TABLE storage.s3_access_keys (
    id uuid NOT NULL PRIMARY KEY,
    access_key_id text COLLATE "C" NOT NULL UNIQUE,
    secret_sealed text NOT NULL,
    description text,
    created_at timestamptz NOT NULL,
    last_used_at timestamptz
);

CREATE TABLE storage.uploads (
    id uuid NOT NULL PRIMARY KEY,
    bucket text COLLATE "C" NOT NULL REFERENCES storage.buckets (name) ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    mime_type text,
    attached text,
    s3_access_key_id text,
    created_at timestamptz NOT NULL
);

CREATE INDEX storage_uploads_by_key ON storage.uploads (bucket, key, id);

CREATE TABLE storage.upload_parts (
    upload uuid NOT NULL REFERENCES storage.uploads (id) ON DELETE CASCADE,
    number integer NOT NULL CHECK (number BETWEEN 1 AND 10000),
    size bigint NOT NULL CHECK (size >= 0),
    etag text NOT NULL,
    blob uuid NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (upload, number)
);
