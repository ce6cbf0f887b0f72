-- What the operator's tools keep beside people's tables.
CREATE TABLE system.custom_migrations (
    version TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    statements TEXT NOT NULL,
    checksum TEXT NOT NULL,
    created_at TEXT NOT NULL
);

CREATE TABLE system.advisor_scans (
    id TEXT PRIMARY KEY,
    scanned_at TEXT NOT NULL
);

CREATE TABLE system.advisor_findings (
    id TEXT PRIMARY KEY,
    scan_id TEXT NOT NULL REFERENCES system.advisor_scans (id) ON DELETE CASCADE,
    rule_id TEXT NOT NULL,
    severity TEXT NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
    category TEXT NOT NULL CHECK (category IN ('security', 'performance', 'health')),
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    affected_object TEXT NOT NULL,
    recommendation TEXT NOT NULL
);
CREATE INDEX "system.advisor_findings_by_scan" ON system.advisor_findings (scan_id);

CREATE TABLE system.advisor_suppressions (
    id TEXT PRIMARY KEY,
    rule_id TEXT NOT NULL,
    affected_object TEXT,
    reason TEXT NOT NULL CHECK (reason IN ('false_positive', 'accepted_risk', 'wont_fix', 'other')),
    note TEXT,
    created_at TEXT NOT NULL
);
