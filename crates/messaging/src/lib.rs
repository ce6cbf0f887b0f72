//! Mail: the stored mailbox that carries it when nobody else is configured.
#![doc = include_str!("../README.md")]

pub mod mailbox;
pub mod schema;

pub use mailbox::Mailbox;
