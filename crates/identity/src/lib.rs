//! People, credentials, sessions, roles and keys, in separate directories.
#![doc = include_str!("../README.md")]

mod authenticate;
pub mod codes;
pub mod config;
mod directory;
pub mod email;
pub mod keys;
mod lockout;
pub mod operators;
pub mod passwords;
pub mod people;
pub mod policy;
pub mod schema;
pub mod secrets;
pub mod sessions;
pub mod tokens;

pub use authenticate::Credential;
pub use config::{IdentitySettings, VARIABLES};
pub use directory::{Directory, DirectoryOptions, FirstStart};
