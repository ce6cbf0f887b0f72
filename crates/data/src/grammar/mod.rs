//! The text of a request to a typed query: no SQL and no catalogue here.

mod accept;
mod below;
mod cursor;
mod field;
mod filter;
mod logic;
mod names;
mod order;
mod prefer;
mod query;
mod range;
mod select;
mod urlencoded;

pub(crate) use accept::{Answer, Offers, PLAN_OPTIONS, PlanForm, Shape, negotiate, takes};
pub(crate) use below::{Below, Part};
pub(crate) use busbar_schema::policy::JsonKey;
pub(crate) use field::{Field, JsonStep};
pub(crate) use filter::{Filter, FullText, IsWord, Operator, Quantifier, Test};
pub(crate) use logic::Tree;
pub(crate) use names::name_list;
pub(crate) use order::{Nulls, Term, order};
pub(crate) use prefer::{Count, Missing, Prefer, Resolution, Return};
pub(crate) use query::Query;
pub(crate) use range::{Window, window};
pub(crate) use select::{Aggregate, Embed, Item, select};
pub(crate) use urlencoded::pairs;
