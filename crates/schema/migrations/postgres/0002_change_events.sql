-- Which tables' changes are published, and what was recorded of them. Nobody but the owner has a right here: what is
-- recorded is recorded by the trigger function below.
CREATE TABLE system.change_publications (
    id uuid PRIMARY KEY,
    relation regclass NOT NULL UNIQUE,
    kinds text NOT NULL,
    columns text[],
    condition text,
    channel text,
    webhook_url text,
    created_at timestamptz NOT NULL
);

CREATE TABLE system.change_events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')),
    old_record jsonb,
    new_record jsonb,
    truncated boolean NOT NULL,
    actor_role text,
    actor_id text,
    channel text,
    webhook_url text,
    occurred_at timestamptz NOT NULL
);

CREATE FUNCTION system.record_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    bound CONSTANT integer := 262144;
    published record;
    keys text[];
    listed text;
    before_change jsonb;
    after_change jsonb;
    cut boolean := false;
BEGIN
    SELECT p.columns, p.channel, p.webhook_url, c.relname::text AS table_name INTO published
    FROM system.change_publications p JOIN pg_class c ON c.oid = p.relation
    WHERE p.id = TG_ARGV[0]::uuid;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF TG_OP <> 'TRUNCATE' THEN
        -- Types that people make may have casts to JSON or text that people wrote, and those would run with this
        -- function's rights: such a value is taken as PostgreSQL itself prints it.
        SELECT string_agg(
            CASE
                WHEN a.atttypid < 16384 THEN format('($1).%I', a.attname)
                WHEN t.typtype = 'd' AND t.typbasetype < 16384
                    THEN format('($1).%I::%s AS %1$I', a.attname, format_type(t.typbasetype, NULL))
                ELSE format('CASE WHEN num_nonnulls(($1).%1$I) = 1 THEN format(''%%s'', ($1).%1$I) END AS %1$I', a.attname)
            END, ', ' ORDER BY a.attnum) INTO listed
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = TG_RELID AND a.attnum > 0 AND NOT a.attisdropped
        HAVING bool_or(a.atttypid >= 16384);
        IF TG_OP <> 'INSERT' THEN
            IF listed IS NULL THEN
                before_change := to_jsonb(OLD);
            ELSE
                EXECUTE 'SELECT to_jsonb(listed) FROM (SELECT ' || listed || ') AS listed' INTO before_change USING OLD;
            END IF;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            IF listed IS NULL THEN
                after_change := to_jsonb(NEW);
            ELSE
                EXECUTE 'SELECT to_jsonb(listed) FROM (SELECT ' || listed || ') AS listed' INTO after_change USING NEW;
            END IF;
        END IF;
        SELECT coalesce(array_agg(a.attname::text), '{}') INTO keys
        FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
        WHERE i.indrelid = TG_RELID AND i.indisprimary;
        IF published.columns IS NOT NULL THEN
            before_change := system.only_columns(before_change, published.columns || keys);
            after_change := system.only_columns(after_change, published.columns || keys);
        END IF;
        IF TG_OP = 'UPDATE' AND before_change - 'updated_at' = after_change - 'updated_at' THEN
            RETURN NULL;
        END IF;
        IF octet_length(before_change::text) > bound THEN
            before_change := system.only_columns(before_change, keys);
            cut := true;
        END IF;
        IF octet_length(after_change::text) > bound THEN
            after_change := system.only_columns(after_change, keys);
            cut := true;
        END IF;
    END IF;
    INSERT INTO system.change_events (table_name, kind, old_record, new_record, truncated, actor_role, actor_id, channel,
        webhook_url, occurred_at)
    VALUES (published.table_name, TG_OP, before_change, after_change, cut,
        nullif(current_setting('role', true), 'none'),
        nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub',
        published.channel, published.webhook_url, now());
    RETURN NULL;
END
$$;

CREATE FUNCTION system.only_columns(document jsonb, names text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(document) e WHERE e.key = ANY (names)
$$;

-- A trigger needs this right when it is made: so nobody can record changes that did not happen.
REVOKE ALL ON FUNCTION system.record_change(), system.only_columns(jsonb, text[]) FROM PUBLIC;
