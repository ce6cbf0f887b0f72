-- The rest of InsForge's model of PostgreSQL: what people's SQL, policies and tools of theirs name.
-- Nothing here runs with the owner's rights on behalf of somebody else.

CREATE TABLE IF NOT EXISTS realtime.channels (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    pattern text NOT NULL UNIQUE,
    description text,
    webhook_urls text[],
    enabled boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS realtime.messages (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event_name text NOT NULL,
    channel_id uuid REFERENCES realtime.channels (id) ON DELETE SET NULL,
    channel_name text NOT NULL,
    payload jsonb NOT NULL DEFAULT '{}',
    sender_type text NOT NULL DEFAULT 'system' CHECK (sender_type IN ('system', 'user')),
    sender_id uuid,
    ws_audience_count integer NOT NULL DEFAULT 0,
    wh_audience_count integer NOT NULL DEFAULT 0,
    wh_delivered_count integer NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS messages_by_age ON realtime.messages (created_at);

CREATE TABLE IF NOT EXISTS realtime.config (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    singleton boolean NOT NULL DEFAULT true UNIQUE CHECK (singleton),
    retention_days integer CHECK (retention_days > 0),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- The original leaves both open; here nobody passes until a policy lets them.
ALTER TABLE realtime.channels ENABLE ROW LEVEL SECURITY;
ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;

CREATE OR REPLACE FUNCTION realtime.channel_name() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT nullif(pg_catalog.current_setting('realtime.channel_name', true), '')
$$;

-- An exact pattern wins over one that is like the name.
CREATE OR REPLACE FUNCTION realtime.publish(channel_name text, event_name text, payload jsonb) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found uuid;
    made uuid;
BEGIN
    SELECT c.id INTO found FROM realtime.channels c
    WHERE c.enabled AND (c.pattern = $1 OR $1 LIKE c.pattern)
    ORDER BY c.pattern <> $1, length(c.pattern) DESC, c.pattern LIMIT 1;
    IF found IS NULL THEN
        RAISE WARNING 'no channel matches %', $1;
        RETURN NULL;
    END IF;
    INSERT INTO realtime.messages (event_name, channel_id, channel_name, payload, sender_type)
    VALUES ($2, found, $1, coalesce($3, '{}'::jsonb), 'system') RETURNING id INTO made;
    RETURN made;
END
$$;
REVOKE ALL ON FUNCTION realtime.publish(text, text, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION realtime.publish(text, text, jsonb) TO project_admin;

-- Whoever listens learns that a message is there, and which.
CREATE OR REPLACE FUNCTION realtime.announce() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('realtime_message', NEW.id::text);
    RETURN NULL;
END
$$;
DROP TRIGGER IF EXISTS announce ON realtime.messages;
CREATE TRIGGER announce AFTER INSERT ON realtime.messages FOR EACH ROW EXECUTE FUNCTION realtime.announce();

GRANT USAGE ON SCHEMA realtime TO anon, authenticated, project_admin;
GRANT SELECT ON realtime.channels TO anon, authenticated;
GRANT INSERT ON realtime.messages TO anon, authenticated;
GRANT SELECT, INSERT, UPDATE, DELETE ON realtime.channels TO project_admin;
GRANT SELECT, INSERT ON realtime.messages TO project_admin;

CREATE TABLE IF NOT EXISTS auth.oauth_configs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    provider text NOT NULL UNIQUE,
    client_id text,
    secret_id uuid REFERENCES system.secrets (id) ON DELETE RESTRICT,
    scopes text[],
    redirect_uri text,
    use_shared_key boolean NOT NULL DEFAULT false,
    native_client_ids text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS auth.custom_oauth_configs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    key text NOT NULL UNIQUE,
    name text NOT NULL,
    discovery_endpoint text NOT NULL,
    client_id text NOT NULL,
    secret_id uuid REFERENCES system.secrets (id) ON DELETE RESTRICT,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS storage.object_tags (
    bucket text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    tag_key text NOT NULL,
    tag_value text NOT NULL,
    PRIMARY KEY (bucket, key, tag_key),
    FOREIGN KEY (bucket, key) REFERENCES storage.objects (bucket, key) ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE IF NOT EXISTS functions.definitions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    slug text NOT NULL UNIQUE,
    name text NOT NULL,
    description text,
    code text NOT NULL,
    status text DEFAULT 'draft',
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now(),
    deployed_at timestamptz
);

CREATE TABLE IF NOT EXISTS functions.deployments (
    id text PRIMARY KEY,
    project_id text NOT NULL,
    status text NOT NULL,
    url text,
    function_count integer,
    functions jsonb,
    error_message text,
    build_logs jsonb,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE IF NOT EXISTS schedules.jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name text NOT NULL,
    cron_schedule text NOT NULL,
    function_url text NOT NULL,
    http_method text NOT NULL DEFAULT 'POST',
    encrypted_headers text,
    headers jsonb,
    body jsonb,
    is_active boolean NOT NULL DEFAULT true,
    cron_job_id bigint,
    last_executed_at timestamptz,
    created_at timestamptz DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);

CREATE TABLE IF NOT EXISTS schedules.job_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid REFERENCES schedules.jobs (id) ON DELETE CASCADE,
    executed_at timestamptz DEFAULT now(),
    status_code integer,
    success boolean,
    duration_ms bigint,
    message text
);

CREATE TABLE IF NOT EXISTS system.audit_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    actor text NOT NULL,
    action text NOT NULL,
    module text NOT NULL,
    details jsonb,
    ip_address inet,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE SCHEMA IF NOT EXISTS email;
CREATE TABLE IF NOT EXISTS email.config (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    singleton boolean NOT NULL DEFAULT true UNIQUE CHECK (singleton),
    enabled boolean NOT NULL DEFAULT false,
    host text,
    port integer NOT NULL DEFAULT 465,
    username text,
    password_encrypted text,
    sender_email text,
    sender_name text,
    min_interval_seconds integer NOT NULL DEFAULT 60,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE IF NOT EXISTS email.templates (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    template_type text NOT NULL UNIQUE,
    subject text NOT NULL,
    body_html text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- The administrator reads these; the ones that hold sealed secrets only without them.
GRANT USAGE ON SCHEMA functions, schedules, email TO project_admin;
GRANT SELECT ON functions.definitions, functions.deployments, schedules.job_logs, system.audit_logs, email.templates,
    storage.object_tags TO project_admin;
GRANT SELECT (id, user_id, provider, provider_account_id, created_at, updated_at) ON auth.user_providers TO project_admin;
GRANT SELECT ON auth.config TO project_admin;
GRANT SELECT (id, name, cron_schedule, function_url, http_method, body, is_active, cron_job_id, last_executed_at,
    created_at, updated_at) ON schedules.jobs TO project_admin;
GRANT SELECT (id, singleton, enabled, host, port, username, sender_email, sender_name, min_interval_seconds, created_at,
    updated_at) ON email.config TO project_admin;

-- Schemas that the data API does not show.
CREATE OR REPLACE FUNCTION system.is_exposed_schema(schema_name text) RETURNS boolean LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT $1 NOT LIKE 'pg\_%' AND $1 <> 'information_schema' AND $1 NOT LIKE 'app\_%' AND $1 NOT LIKE 'tenant\_%'
        AND $1 <> 'busbar'
        AND $1 <> ALL (string_to_array(coalesce(nullif(current_setting('insforge.internal_schemas', true), ''),
            'ai,auth,compute,deployments,email,functions,memory,messaging,payments,realtime,schedules,storage,system'), ','))
        AND NOT EXISTS (SELECT 1 FROM pg_namespace n JOIN pg_depend d ON d.objid = n.oid
            WHERE n.nspname = $1 AND d.classid = 'pg_namespace'::regclass AND d.deptype = 'e')
$$;

-- The catalogue is looked at by itself; who asks for it is answered, and other listeners are told.
CREATE OR REPLACE FUNCTION system.reload_postgrest_schema() RETURNS void LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_notify('pgrst', 'reload schema')
$$;

CREATE OR REPLACE FUNCTION system.sync_postgrest_exposed_schemas() RETURNS text LANGUAGE sql
SET search_path = pg_catalog, pg_temp AS $$
    SELECT pg_notify('pgrst', 'reload config');
    SELECT string_agg(nspname::text, ',' ORDER BY nspname <> 'public', nspname)
    FROM pg_namespace WHERE system.is_exposed_schema(nspname::text)
$$;
REVOKE ALL ON FUNCTION system.reload_postgrest_schema(), system.sync_postgrest_exposed_schemas() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.reload_postgrest_schema(), system.sync_postgrest_exposed_schemas() TO project_admin;
