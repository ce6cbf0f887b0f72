-- The list of custom migrations is the record of what was done, so the administrator's SQL only reads it. Its entries are
-- made in the migration's own transaction, which runs as the administrator: the owner writes them down here beforehand.
CREATE TABLE system.migration_tickets (
    ticket uuid PRIMARY KEY,
    restores boolean NOT NULL,
    entries jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

-- Whoever does not know the ticket can record nothing, and each is good for one time. An entry that is not above those
-- recorded is left out; a restore puts its entries in the place of all.
CREATE FUNCTION system.record_migrations(ticket uuid) RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    written record;
BEGIN
    -- Two migrations at once would not see one another's entry.
    PERFORM pg_advisory_xact_lock(hashtextextended('busbar.custom_migrations', 0));
    DELETE FROM system.migration_tickets t WHERE t.ticket = record_migrations.ticket RETURNING t.* INTO written;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing was written down under this ticket' USING ERRCODE = '42501';
    END IF;
    IF written.restores THEN
        DELETE FROM system.custom_migrations;
    END IF;
    RETURN QUERY INSERT INTO system.custom_migrations (version, name, statements, checksum, created_at)
        SELECT e.version, e.name,
            CASE jsonb_typeof(e.statements)
            WHEN 'string' THEN (e.statements #>> '{}')::text[]
            ELSE ARRAY(SELECT jsonb_array_elements_text(e.statements)) END, e.checksum, e.created_at
        FROM jsonb_to_recordset(written.entries)
            AS e (version text, name text, statements jsonb, checksum text, created_at timestamptz)
        WHERE written.restores OR NOT EXISTS
            (SELECT FROM system.custom_migrations c WHERE c.version::numeric >= e.version::numeric)
        RETURNING version;
END
$$;
REVOKE ALL ON FUNCTION system.record_migrations(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.record_migrations(uuid) TO project_admin;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON system.custom_migrations FROM project_admin;
