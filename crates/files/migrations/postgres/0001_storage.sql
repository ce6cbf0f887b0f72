CREATE SCHEMA IF NOT EXISTS storage;

CREATE TABLE storage.buckets (
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    public boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    cors_rules jsonb,
    versioning_status text NOT NULL DEFAULT 'disabled'
);

CREATE TABLE storage.objects (
    bucket text COLLATE "C" NOT NULL REFERENCES storage.buckets (name) ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    size bigint NOT NULL CHECK (size >= 0),
    mime_type text,
    uploaded_at timestamptz NOT NULL DEFAULT now(),
    uploaded_by text,
    uploaded_via text NOT NULL DEFAULT 'rest' CHECK (uploaded_via IN ('rest', 's3', 'dashboard')),
    s3_access_key_id text,
    etag text,
    blob uuid NOT NULL UNIQUE,
    PRIMARY KEY (bucket, key)
);

CREATE INDEX storage_objects_by_owner ON storage.objects (bucket, uploaded_by, key);

-- One row. Its id also names the room of this database in the object store.
CREATE TABLE storage.config (
    id uuid NOT NULL PRIMARY KEY DEFAULT gen_random_uuid(),
    singleton boolean NOT NULL DEFAULT true UNIQUE CHECK (singleton),
    max_file_size_mb integer CHECK (max_file_size_mb BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO storage.config DEFAULT VALUES;
