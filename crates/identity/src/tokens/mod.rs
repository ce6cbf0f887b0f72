//! Tokens: the signed access token, and the refresh token behind it.

mod access;
mod compact;
mod outside;
mod refresh;

pub(crate) use access::AccessTokens;
pub use outside::OutsideTokens;
pub(crate) use refresh::{RefreshToken, RefreshTokens};

/// The role of signed-in people, as policies and outside tokens name it.
pub const ROLE_USER: &str = "authenticated";
/// The role of nobody in particular, as outside tokens name it.
pub(crate) const ROLE_ANONYMOUS: &str = "anon";
/// The role of the operator and of the API key.
pub const ROLE_OPERATOR: &str = "project_admin";
