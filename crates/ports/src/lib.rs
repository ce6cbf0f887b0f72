//! What Busbar asks of the outside world: traits and plain types, one file per need.
#![doc = include_str!("../README.md")]

pub mod mail;
pub mod objects;
pub mod sigv4;
