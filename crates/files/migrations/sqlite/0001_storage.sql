CREATE TABLE storage.buckets (
    name text NOT NULL PRIMARY KEY,
    public integer NOT NULL DEFAULT 0 CHECK (public IN (0, 1)),
    created_at text NOT NULL,
    updated_at text NOT NULL,
    cors_rules text,
    versioning_status text NOT NULL DEFAULT 'disabled'
) STRICT;

CREATE TABLE storage.objects (
    bucket text NOT NULL REFERENCES storage.buckets (name) ON DELETE CASCADE,
    key text NOT NULL,
    size integer NOT NULL CHECK (size >= 0),
    mime_type text,
    uploaded_at text NOT NULL,
    uploaded_by text,
    uploaded_via text NOT NULL DEFAULT 'rest' CHECK (uploaded_via IN ('rest', 's3', 'dashboard')),
    s3_access_key_id text,
    etag text,
    blob text NOT NULL UNIQUE,
    PRIMARY KEY (bucket, key)
) STRICT;

CREATE INDEX storage_objects_by_owner ON storage.objects (bucket, uploaded_by, key);

-- One row. Its id also names the room of this database in the object store.
CREATE TABLE storage.config (
    id text NOT NULL PRIMARY KEY,
    singleton integer NOT NULL DEFAULT 1 UNIQUE CHECK (singleton = 1),
    max_file_size_mb integer CHECK (max_file_size_mb BETWEEN 1 AND 200),
    created_at text NOT NULL,
    updated_at text NOT NULL
) STRICT;

INSERT INTO storage.config (id, created_at, updated_at)
SELECT
    lower(substr(h, 1, 8) || '-' || substr(h, 9, 4) || '-4' || substr(h, 14, 3) || '-a' || substr(h, 18, 3) || '-' || substr(h, 21)),
    strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00',
    strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000+00:00'
FROM (SELECT hex(randomblob(16)) AS h);
