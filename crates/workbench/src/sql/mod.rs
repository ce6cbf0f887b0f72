//! Raw SQL: what an operator writes, run behind the walls of the database.

mod answer;
mod guard;
mod objects;
mod place;
mod plan;
mod row_security;
mod run;
mod translate;

pub use answer::SqlAnswer;
pub(crate) use answer::shown;
pub use place::Place;

pub(crate) use plan::{Bounds, Planned, plan, plan_within};
pub use run::{Sql, SqlRequest};
