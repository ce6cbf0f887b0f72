-- Uploads that go to the object store itself: begun, not yet confirmed.
CREATE TABLE storage.direct_uploads (
    id text NOT NULL PRIMARY KEY,
    bucket text NOT NULL REFERENCES storage.buckets (name) ON DELETE CASCADE,
    key text NOT NULL,
    largest integer NOT NULL CHECK (largest >= 0),
    uploaded_by text,
    mime_type text,
    created_at text NOT NULL
) STRICT;

CREATE INDEX storage_direct_uploads_by_key ON storage.direct_uploads (bucket, key, id);
