-- Change events that a restored backup switches on again. A restore runs as the administrator, who may not make their
-- triggers: the owner writes them down here beforehand, and the function makes them in the restore's own transaction.
CREATE TABLE system.restored_publications (
    id uuid PRIMARY KEY,
    ticket uuid NOT NULL,
    table_name text NOT NULL,
    kinds text NOT NULL,
    columns text[],
    condition text,
    channel text,
    webhook_url text,
    created_at timestamptz NOT NULL,
    triggers text[] NOT NULL
);

-- Whoever does not know the restore's ticket can make nothing of what is written down.
CREATE FUNCTION system.restore_publications(ticket uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kept record;
    made text;
    place oid;
BEGIN
    IF NOT EXISTS (SELECT FROM system.restored_publications r WHERE r.ticket = restore_publications.ticket) THEN
        RAISE EXCEPTION 'no restore has this ticket' USING ERRCODE = '42501';
    END IF;
    DELETE FROM system.change_publications p WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = p.relation);
    FOR kept IN SELECT r.* FROM system.restored_publications r WHERE r.ticket = restore_publications.ticket LOOP
        SELECT c.oid INTO place FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relname = kept.table_name AND c.relkind IN ('r', 'p');
        -- Between the list and the copy, a table may have gone.
        CONTINUE WHEN place IS NULL;
        INSERT INTO system.change_publications (id, relation, kinds, columns, condition, channel, webhook_url, created_at)
        VALUES (kept.id, place, kept.kinds, kept.columns, kept.condition, kept.channel, kept.webhook_url, kept.created_at);
        FOREACH made IN ARRAY kept.triggers LOOP
            EXECUTE made;
        END LOOP;
    END LOOP;
    DELETE FROM system.restored_publications r WHERE r.ticket = restore_publications.ticket;
END
$$;
REVOKE ALL ON FUNCTION system.restore_publications(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION system.restore_publications(uuid) TO project_admin;
