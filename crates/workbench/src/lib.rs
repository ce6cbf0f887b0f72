//! The operator's hands on users' data: raw SQL, migrations, the record grid, export, import, backups, the advisor.
#![doc = include_str!("../README.md")]

mod adoption;
mod advisor;
mod backups;
mod grid;
mod listing;
mod migrations;
mod open;
mod overview;
mod sql;
mod tables;
mod transfer;

pub use adoption::{Adoption, Found, FoundBucket, FoundSecret};
pub use advisor::{Advisor, Finding, FindingFilter, NewSuppression, Scan, Suppression};
pub use backups::{Backup, BackupFile, BackupSchedule, BackupScheduleChange, Backups};
pub use busbar_store::RawField as Field;
pub use grid::{Grid, GridPage, GridQuery, GridRow};
pub use listing::{FunctionDescription, Listing, SequenceDescription, TriggerDescription, ViewDescription};
pub use migrations::{AppliedMigration, Migrations, NewMigration, Rehearsal, Risk, RiskLevel};
pub use open::Workbench;
pub use overview::{Overview, TableCount};
pub use sql::{Place, Sql, SqlAnswer, SqlRequest};
pub use tables::MIGRATIONS;
pub use transfer::{ExportPiece, ExportRequest, ExportStream, Imported, Transfer, Upsert, Upserted};
