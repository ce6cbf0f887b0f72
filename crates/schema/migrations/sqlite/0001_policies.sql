-- Row security as SQLite keeps it: which tables have it, and their policies in PostgreSQL's spelling.
CREATE TABLE system.row_security (
    table_name TEXT PRIMARY KEY
);

CREATE TABLE system.policies (
    table_name TEXT NOT NULL,
    name TEXT NOT NULL,
    command TEXT NOT NULL CHECK (command IN ('ALL', 'SELECT', 'INSERT', 'UPDATE', 'DELETE')),
    permissive BOOLEAN NOT NULL,
    roles TEXT NOT NULL,
    using_sql TEXT,
    check_sql TEXT,
    PRIMARY KEY (table_name, name)
);

-- Counts the changes of the two tables above, which SQLite's own schema version does not.
CREATE TABLE system.policy_version (
    version INTEGER NOT NULL
);

INSERT INTO system.policy_version (version) VALUES (0);
