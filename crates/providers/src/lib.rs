//! The vendors behind the ports, one file or folder each.
#![doc = include_str!("../README.md")]

pub mod config;
pub mod objects;
mod outbound;
