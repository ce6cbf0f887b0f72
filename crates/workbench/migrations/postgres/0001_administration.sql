-- What the operator's tools keep beside people's tables.
CREATE TABLE system.custom_migrations (
    version text PRIMARY KEY CHECK (version ~ '^[0-9]{1,64}$'),
    name text NOT NULL,
    statements text[] NOT NULL,
    checksum text NOT NULL,
    created_at timestamptz NOT NULL
);

-- A migration and its record are one transaction of the administrator's.
GRANT USAGE ON SCHEMA system TO project_admin;
GRANT SELECT, INSERT ON system.custom_migrations TO project_admin;

-- People's tables refer to people, and their administrator looks them up; never at what lets them in.
DO $$
BEGIN
    IF to_regclass('auth.users') IS NOT NULL THEN
        GRANT SELECT (id, email, email_verified, created_at, updated_at, profile, metadata, is_anonymous),
            REFERENCES (id) ON auth.users TO project_admin;
    END IF;
    IF to_regclass('storage.buckets') IS NOT NULL THEN
        GRANT USAGE ON SCHEMA storage TO project_admin;
        GRANT SELECT ON storage.buckets, storage.objects TO project_admin;
    END IF;
END
$$;

CREATE TABLE system.advisor_scans (
    id uuid PRIMARY KEY,
    scanned_at timestamptz NOT NULL
);

CREATE TABLE system.advisor_findings (
    id uuid PRIMARY KEY,
    scan_id uuid NOT NULL REFERENCES system.advisor_scans (id) ON DELETE CASCADE,
    rule_id text NOT NULL,
    severity text NOT NULL CHECK (severity IN ('critical', 'warning', 'info')),
    category text NOT NULL CHECK (category IN ('security', 'performance', 'health')),
    title text NOT NULL,
    description text NOT NULL,
    affected_object text NOT NULL,
    recommendation text NOT NULL
);
CREATE INDEX advisor_findings_by_scan ON system.advisor_findings (scan_id);

CREATE TABLE system.advisor_suppressions (
    id uuid PRIMARY KEY,
    rule_id text NOT NULL,
    affected_object text,
    reason text NOT NULL CHECK (reason IN ('false_positive', 'accepted_risk', 'wont_fix', 'other')),
    note text,
    created_at timestamptz NOT NULL
);
