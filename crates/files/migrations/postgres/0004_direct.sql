-- Uploads that go to the object store itself: begun, not yet confirmed.
CREATE TABLE storage.direct_uploads (
    id uuid NOT NULL PRIMARY KEY,
    bucket text COLLATE "C" NOT NULL REFERENCES storage.buckets (name) ON DELETE CASCADE,
    key text COLLATE "C" NOT NULL,
    largest bigint NOT NULL CHECK (largest >= 0),
    uploaded_by text,
    mime_type text,
    created_at timestamptz NOT NULL
);

CREATE INDEX storage_direct_uploads_by_key ON storage.direct_uploads (bucket, key, id);
