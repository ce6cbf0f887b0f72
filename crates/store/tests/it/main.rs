//! The store's tests; each case runs on every database that is there.

mod basics;
mod errors;
mod folder;
mod group_commit;
mod harness;
mod json;
mod limits;
mod migrations;
mod postgres;
mod request_login;
mod rows;
mod scopes;
mod transactions;
mod walls;
