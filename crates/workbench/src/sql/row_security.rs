//! Tables that raw SQL makes have row security from the start, and views that of the tables behind them.
//!
//! What made them is not asked: a function that `SELECT` calls may make tables too.

/// Notes in the transaction which tables there are.
const NOTE: &str = "pg_catalog.set_config('busbar.tables_before', \
 coalesce((SELECT pg_catalog.string_agg(c.oid::text, ',') FROM pg_catalog.pg_class c \
 WHERE c.relkind IN ('r', 'p', 'v', 'm')), ''), true)";

/// On PostgreSQL, before statements that may make tables: which there are.
pub(super) fn remember_tables() -> String {
    format!("SELECT {NOTE}")
}

/// After it: row security for those that were not there. A view made anew or written again asks the policies of
/// whoever reads it, unless its maker says otherwise by name; a materialized view cannot, so nobody else reads it.
/// At the end the tables that there are now count as known. Nothing is looked at when nothing was written.
pub(super) fn secure_made(strict: bool) -> String {
    let hand_over = if strict { "" } else { HAND_OVER };
    format!("{SECURE_MADE} {hand_over} PERFORM {NOTE}; END $busbar$")
}

const SECURE_MADE: &str = "DO $busbar$ DECLARE made oid; BEGIN \
 IF pg_catalog.pg_current_xact_id_if_assigned() IS NULL THEN RETURN; END IF; \
 FOR made IN SELECT c.oid FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
  WHERE c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND c.relpersistence <> 't' \
  AND pg_catalog.pg_has_role(c.relowner, 'USAGE') \
  AND c.oid::text <> ALL (pg_catalog.string_to_array(pg_catalog.current_setting('busbar.tables_before'), ',')) \
 LOOP EXECUTE pg_catalog.format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', made::pg_catalog.regclass); END LOOP; \
 FOR made IN SELECT c.oid FROM pg_catalog.pg_class c \
  WHERE c.relkind = 'v' AND c.relpersistence <> 't' AND pg_catalog.pg_has_role(c.relowner, 'USAGE') \
  AND (c.oid::text <> ALL (pg_catalog.string_to_array(pg_catalog.current_setting('busbar.tables_before'), ',')) \
   OR pg_catalog.age(c.xmin) <= pg_catalog.age(pg_catalog.pg_current_xact_id()::pg_catalog.xid)) \
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.unnest(c.reloptions) o WHERE o LIKE 'security_invoker=%') \
 LOOP EXECUTE pg_catalog.format('ALTER VIEW %s SET (security_invoker = true)', made::pg_catalog.regclass); END LOOP; \
 FOR made IN SELECT c.oid FROM pg_catalog.pg_class c \
  WHERE c.relkind = 'm' AND pg_catalog.pg_has_role(c.relowner, 'USAGE') \
  AND c.oid::text <> ALL (pg_catalog.string_to_array(pg_catalog.current_setting('busbar.tables_before'), ',')) \
 LOOP EXECUTE pg_catalog.format('REVOKE ALL ON %s FROM PUBLIC, anon, authenticated', made::pg_catalog.regclass); END LOOP;";

/// What the owner made in `public` becomes the administrator's, who can then change it.
const HAND_OVER: &str = "FOR made IN SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind IN ('r', 'p') \
  AND c.relnamespace = 'public'::pg_catalog.regnamespace AND pg_catalog.pg_has_role('project_admin', 'USAGE') \
  AND c.oid::text <> ALL (pg_catalog.string_to_array(pg_catalog.current_setting('busbar.tables_before'), ',')) \
 LOOP EXECUTE pg_catalog.format('ALTER TABLE %s OWNER TO project_admin', made::pg_catalog.regclass); END LOOP;";
