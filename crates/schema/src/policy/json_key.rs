//! One step into a JSON document.

/// What an arrow points at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum JsonKey {
    /// A member of an object.
    Name(String),
    /// An element of an array; from the end when negative.
    Index(i64),
}
