//! The operator's hands on users' data: raw SQL, migrations, the record grid, the advisor.
#![doc = include_str!("../README.md")]

mod advisor;
mod grid;
mod listing;
mod migrations;
mod open;
mod overview;
mod sql;
mod tables;

pub use advisor::{Advisor, Finding, FindingFilter, NewSuppression, Scan, Suppression};
pub use busbar_store::RawField as Field;
pub use grid::{Grid, GridPage, GridQuery, GridRow};
pub use listing::{FunctionDescription, Listing, TriggerDescription};
pub use migrations::{AppliedMigration, Migrations, NewMigration, Rehearsal, Risk, RiskLevel};
pub use open::Workbench;
pub use overview::{Overview, TableCount};
pub use sql::{Place, Sql, SqlAnswer, SqlRequest};
