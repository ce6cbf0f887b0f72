//! The texts of statements: what is in them, and what becomes of them per database and scope.

mod guard;
mod lexer;
mod resolve;
mod split;
mod target;
mod text;

pub(crate) use resolve::{Dialected, Ready, Resolver, Target};
pub use split::{Statement, Token, TokenKind, statements};
pub(crate) use target::written_table;
pub use text::Sql;
