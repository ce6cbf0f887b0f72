//! The operator of the installation: a name, a password, sessions of their own.

mod seed;
mod sign_in;
mod unsettled;

pub use sign_in::OperatorSignedIn;
pub(crate) use unsettled::Settling;

/// What stands before an operator's name in the subject of a token (InsForge's contract, 2.2).
const SUBJECT_PREFIX: &str = "local:";

/// The subject of an operator's tokens.
pub fn subject_of(name: &str) -> String {
    format!("{SUBJECT_PREFIX}{name}")
}

/// The operator's name in a subject.
pub(crate) fn name_in(subject: &str) -> &str {
    subject.strip_prefix(SUBJECT_PREFIX).unwrap_or(subject)
}

/// Names are compared without regard to case.
pub(crate) fn normalised(name: &str) -> String {
    name.trim().to_lowercase()
}
