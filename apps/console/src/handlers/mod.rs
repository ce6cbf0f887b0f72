//! One folder per resource, one file per verb.

pub(crate) mod access_keys;
pub(crate) mod advisor;
pub(crate) mod backups;
pub(crate) mod buckets;
pub(crate) mod change_events;
pub(crate) mod exports;
pub(crate) mod indexes;
pub(crate) mod keys;
pub(crate) mod links;
pub(crate) mod logs;
pub(crate) mod mailbox;
pub(crate) mod migrations;
pub(crate) mod object_policies;
pub(crate) mod objects;
pub(crate) mod overview;
pub(crate) mod policies;
pub(crate) mod records;
pub(crate) mod session;
pub(crate) mod sql;
pub(crate) mod tables;
pub(crate) mod users;
pub(crate) mod variables;
