//! What tables there are: read once, kept until something changes.

mod column_type;
mod library;
mod postgres;
mod reading;
mod sqlite;
mod table;

pub use column_type::ColumnType;
pub(crate) use library::{Catalogue, Library};
pub(crate) use reading::{foreign_key_name, internal_schema};
pub(crate) use table::{Column, Computed, ForeignKey, Security, Table};
