-- Which tables' changes are published, and what was recorded of them by their triggers.
CREATE TABLE system.change_publications (
    id TEXT PRIMARY KEY,
    table_name TEXT NOT NULL UNIQUE,
    kinds TEXT NOT NULL,
    columns TEXT,
    condition TEXT,
    when_new TEXT,
    when_old TEXT,
    channel TEXT,
    webhook_url TEXT,
    created_at TEXT NOT NULL
);

-- Numbers are never given twice, also when the last events are gone.
CREATE TABLE system.change_events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    table_name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('INSERT', 'UPDATE', 'DELETE')),
    old_record TEXT,
    new_record TEXT,
    truncated BOOLEAN NOT NULL,
    actor_role TEXT,
    actor_id TEXT,
    channel TEXT,
    webhook_url TEXT,
    occurred_at TEXT NOT NULL
);
