//! People's schema to a file and back.
//!
//! What comes back is run by the request login as `project_admin`: a copy holds people's functions and checks, which never
//! run with the owner's rights.

use std::path::Path;
use std::time::Duration;

use busbar_kernel::{Error, Result};
use bytes::{Bytes, BytesMut};
use futures_util::SinkExt;
use std::pin::pin;
use tokio::sync::mpsc;

use super::error::{self, Trouble};
use super::frame::{self, View};
use super::handle::{Handle, ended, timely};
use super::pool::Lease;
use crate::{Params, Session};

/// A large schema takes its time.
const LIMIT: Duration = Duration::from_secs(3600);
/// Rows go to the database in pieces of about this size, in bytes.
const PIECE: usize = 64 * 1024;

/// What an archive may hold that is not people's: the schema itself, and what the owner granted.
const OTHERS: [&str; 5] = [
    "ACL - SCHEMA ",
    "COMMENT - EXTENSION ",
    "COMMENT - SCHEMA ",
    "EXTENSION - ",
    "SCHEMA - ",
];

/// What a copy grants is said beside what tables are given when they are made: with both, a right that was taken away
/// would be back. The copy's own last lines bring these back for the tables to come.
const BARE: &str = "ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM anon, authenticated; \
 ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM anon, authenticated";

/// Triggers that only the owner may make: those that record changes to be published. They come back by the last
/// statements of a restore.
const RECORDERS: &str = " busbar_event_";

/// Tables, views and sequences of the owner's become the administrator's, who must be able to take them away.
const HAND_OVER: &str = "DO $busbar$ DECLARE made record; BEGIN \
 IF pg_catalog.pg_has_role('project_admin', 'MEMBER') THEN \
 FOR made IN SELECT c.oid::pg_catalog.regclass AS name, c.relkind AS kind FROM pg_catalog.pg_class c \
  WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') \
  AND c.relowner <> 'project_admin'::pg_catalog.regrole AND pg_catalog.pg_has_role(c.relowner, 'USAGE') \
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'e', 'i')) \
 LOOP EXECUTE pg_catalog.format('ALTER %s %s OWNER TO project_admin', CASE made.kind WHEN 'v' THEN 'VIEW' \
  WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, made.name); END LOOP; END IF; \
 END $busbar$";

/// Empties `public` of what is the administrator's, before a copy takes its place. Every name is read before anything is
/// dropped: what went with something else has no name any more.
/// A policy of another schema's table would silently go with the table that it asks, and let everybody in: it is refused.
const EMPTY: &str = "DO $busbar$ DECLARE made pg_catalog.text; gone pg_catalog.text[]; asking record; BEGIN \
 FOR asking IN SELECT p.polname, p.polrelid::pg_catalog.regclass AS guarded, c.relname FROM pg_catalog.pg_policy p \
  JOIN pg_catalog.pg_class t ON t.oid = p.polrelid \
  JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_policy'::pg_catalog.regclass AND d.objid = p.oid \
   AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass \
  JOIN pg_catalog.pg_class c ON c.oid = d.refobjid \
  WHERE t.relnamespace <> 'public'::pg_catalog.regnamespace AND c.relnamespace = 'public'::pg_catalog.regnamespace \
 LOOP RAISE EXCEPTION 'policy % of % asks table %: take the policy away, restore, and make it again', \
  asking.polname, asking.guarded, asking.relname USING ERRCODE = '2BP01'; END LOOP; \
 gone := ARRAY(SELECT pg_catalog.format('DROP %s IF EXISTS %s CASCADE', CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' \
  WHEN 'v' THEN 'VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END, c.oid::pg_catalog.regclass) \
  FROM pg_catalog.pg_class c \
  WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind IN ('v', 'm', 'r', 'p', 'f') \
  AND pg_catalog.pg_has_role(c.relowner, 'USAGE') \
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')) \
 || ARRAY(SELECT pg_catalog.format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::pg_catalog.regprocedure) \
  FROM pg_catalog.pg_proc p \
  WHERE p.pronamespace = 'public'::pg_catalog.regnamespace AND pg_catalog.pg_has_role(p.proowner, 'USAGE') \
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')) \
 || ARRAY(SELECT pg_catalog.format('DROP SEQUENCE IF EXISTS %s CASCADE', c.oid::pg_catalog.regclass) \
  FROM pg_catalog.pg_class c \
  WHERE c.relnamespace = 'public'::pg_catalog.regnamespace AND c.relkind = 'S' \
  AND pg_catalog.pg_has_role(c.relowner, 'USAGE') \
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))) \
 || ARRAY(SELECT pg_catalog.format('DROP TYPE IF EXISTS %s CASCADE', t.oid::pg_catalog.regtype) \
  FROM pg_catalog.pg_type t LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid \
  WHERE t.typnamespace = 'public'::pg_catalog.regnamespace AND pg_catalog.pg_has_role(t.typowner, 'USAGE') \
  AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND c.relkind = 'c')) \
  AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e')); \
 FOREACH made IN ARRAY gone LOOP EXECUTE made; END LOOP; END $busbar$";

impl Handle {
    /// Writes `public` to a file.
    pub(crate) async fn copy_to(&self, target: &Path) -> Result<()> {
        self.engine.tools.dump(target).await?;
        let path = target.to_owned();
        let failed = "a copy was not made durable";
        let synced = tokio::task::spawn_blocking(move || std::fs::File::open(path)?.sync_all()).await;
        synced
            .map_err(|error| Error::internal(failed).source(error))?
            .map_err(|error| Error::internal(failed).source(error))
    }

    /// Puts a copy of `public` in its place, and then runs `statements`, in one transaction.
    pub(crate) async fn restore_from(&self, source: &Path, statements: Vec<(String, Params)>) -> Result<()> {
        let tools = &self.engine.tools;
        let wanted = Wanted::write(source, &theirs(&tools.contents(source).await?)).await?;
        let before = portable(&tools.section(source, &wanted.0, "pre-data").await?);
        let after = portable(&tools.section(source, &wanted.0, "post-data").await?);
        let last = statements
            .into_iter()
            .map(|(sql, params)| self.ready(&sql, params))
            .collect::<Result<Vec<_>>>()?;
        self.hand_over().await?;
        let session = Session {
            time_limit: LIMIT,
            ..Session::role("project_admin")
        };
        let (pool, frame) = self.framed(&session, View::Write)?;
        let mut lease = pool.lease().await?;
        let done = timely(LIMIT, async {
            frame.begin(&mut lease).await?;
            lease.client.batch_execute(EMPTY).await?;
            lease.client.batch_execute(BARE).await?;
            lease.client.batch_execute(&before).await?;
            fill(&lease, tools.rows(source, &wanted.0)).await?;
            lease.client.batch_execute(&after).await?;
            for ready in &last {
                frame::single(&mut lease, &frame, ready).await?;
            }
            frame.commit(&mut lease).await
        })
        .await;
        // Its settings are the copy's.
        lease.unsettle();
        ended(lease, done)
    }

    async fn hand_over(&self) -> Result<()> {
        let mut lease = self.engine.owner.lease().await?;
        lease.client.batch_execute(HAND_OVER).await.map_err(error::map)?;
        lease.settle();
        Ok(())
    }
}

/// The list of what is wanted of an archive, in a file beside it for as long as it is needed.
struct Wanted(std::path::PathBuf);

impl Wanted {
    async fn write(archive: &Path, list: &str) -> Result<Self> {
        let wanted = Self(archive.with_extension("list"));
        let written = tokio::fs::write(&wanted.0, list).await;
        written.map_err(|error| Error::internal("a list beside a backup cannot be written").source(error))?;
        Ok(wanted)
    }
}

impl Drop for Wanted {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// The lines of an archive's list that are people's: `3345; 0 0 ACL - SCHEMA public owner` is not.
fn theirs(list: &str) -> String {
    let kept = list.lines().filter(|line| {
        let what = line.splitn(4, ' ').nth(3).unwrap_or_default();
        let recorder = what.starts_with("TRIGGER ") && what.contains(RECORDERS);
        let given_by_owner = what.starts_with("DEFAULT ACL ") && !what.ends_with(" project_admin");
        !recorder && !given_by_owner && !OTHERS.iter().any(|other| what.starts_with(other))
    });
    kept.map(|line| format!("{line}\n")).collect()
}

/// A script without what only newer programs say, and older servers or other clients do not understand.
fn portable(script: &str) -> String {
    let foreign = ["\\restrict ", "\\unrestrict ", "SET transaction_timeout "];
    let kept = script
        .lines()
        .filter(|line| !foreign.iter().any(|start| line.starts_with(start)));
    kept.map(|line| format!("{line}\n")).collect()
}

/// Runs the section of rows: `COPY … FROM stdin;`, its lines, `\.`, and what stands between.
async fn fill(lease: &Lease, mut lines: mpsc::Receiver<Result<Vec<u8>>>) -> Result<(), Trouble> {
    let mut sql = String::new();
    while let Some(line) = lines.recv().await {
        let line = String::from_utf8(line?)
            .map_err(|error| Error::internal("an archive is not UTF-8").source(error))?;
        if !line.starts_with("COPY ") || !line.trim_end().ends_with(" FROM stdin;") {
            sql.push_str(&line);
            continue;
        }
        lease.client.batch_execute(&portable(&sql)).await?;
        sql.clear();
        copy_in(lease, line.trim_end().trim_end_matches(';'), &mut lines).await?;
    }
    lease.client.batch_execute(&portable(&sql)).await?;
    Ok(())
}

async fn copy_in(
    lease: &Lease,
    statement: &str,
    lines: &mut mpsc::Receiver<Result<Vec<u8>>>,
) -> Result<(), Trouble> {
    let sink = lease.client.copy_in::<_, Bytes>(statement).await?;
    let mut sink = pin!(sink);
    let mut piece = BytesMut::with_capacity(PIECE);
    loop {
        let line = match lines.recv().await {
            Some(line) => line?,
            None => return Err(Error::internal("an archive ended within a table").into()),
        };
        if line == b"\\.\n" {
            break;
        }
        piece.extend_from_slice(&line);
        if piece.len() >= PIECE {
            sink.send(piece.split().freeze()).await?;
        }
    }
    sink.send(piece.freeze()).await?;
    sink.as_mut().finish().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_peoples_is_wanted() {
        let list = "; Archive created\n3345; 0 0 ACL - SCHEMA public owner\n5; 2615 2200 SCHEMA - public owner\n\
                    220; 1259 16400 TABLE public posts project_admin\n1700; 826 16 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES owner\n\
                    1701; 826 17 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES project_admin\n\
                    3400; 0 0 ACL public TABLE posts project_admin\n\
                    3300; 2620 16450 TRIGGER public posts busbar_event_insert project_admin\n";
        assert_eq!(
            theirs(list),
            "; Archive created\n220; 1259 16400 TABLE public posts project_admin\n\
             1701; 826 17 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES project_admin\n\
             3400; 0 0 ACL public TABLE posts project_admin\n"
        );
    }

    #[test]
    fn what_other_clients_do_not_understand_is_left_out() {
        assert_eq!(
            portable("\\restrict x\nSET transaction_timeout = 0;\nSELECT 1;\n"),
            "SELECT 1;\n"
        );
    }
}
