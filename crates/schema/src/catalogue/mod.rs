//! What tables there are: read once, kept until something changes.

mod administered;
mod closed_views;
mod column_type;
mod library;
mod media;
mod postgres;
mod reading;
mod relations;
mod routine;
mod simple_views;
mod sqlite;
mod table;
mod view_columns;
mod view_text;

pub(crate) use administered::change;
pub use administered::{all_as_administrator, one_as_administrator};
pub use column_type::ColumnType;
pub use library::{Catalogue, Library};
pub use media::Handler;
pub(crate) use reading::foreign_key_name;
pub use reading::{Asks, Published, internal_schema};
pub use relations::{Cardinality, Link, Relation};
pub use routine::{Parameter, Returns, Routine};
pub use table::{ADDRESSES, Column, Computed, ForeignKey, Origin, Security, Table};
