-- When backups are made by themselves, and the change events that were on in one of PostgreSQL's.
ALTER TABLE backups ADD COLUMN publications TEXT;

CREATE TABLE backup_schedule (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    enabled BOOLEAN NOT NULL,
    cron TEXT NOT NULL,
    retention_days BIGINT NOT NULL,
    next_at TEXT
);
INSERT INTO backup_schedule (id, enabled, cron, retention_days) VALUES (1, false, '0 0 * * *', 7);
