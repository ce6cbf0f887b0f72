-- Backups of people's data, kept apart from it: restoring one must not forget the others.
CREATE TABLE backups (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    trigger_source TEXT NOT NULL,
    status TEXT NOT NULL,
    size_bytes BIGINT,
    checksum TEXT,
    mark TEXT,
    migrations TEXT,
    place TEXT NOT NULL,
    error_message TEXT,
    created_by TEXT NOT NULL,
    created_at TEXT NOT NULL,
    completed_at TEXT
);
