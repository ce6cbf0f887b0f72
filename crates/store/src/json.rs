//! JSON made by the database and passed through as bytes.

use busbar_kernel::Result;
use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{Params, Sql, StepRows};

/// The name by which a row's deserialiser knows a [`Json`] field.
pub(crate) const JSON_TOKEN: &str = "$busbar::store::Json";

/// An answer of at most this many bytes is one buffer; a larger one is a stream.
pub(crate) const WHOLE_LIMIT: usize = 1024 * 1024;
/// The pieces of a stream are about this large, in bytes.
pub(crate) const PIECE: usize = 64 * 1024;
/// So many pieces of a stream may wait for a slow reader.
pub(crate) const PIECES_WAITING: usize = 4;

/// A field of a row that is stored as a JSON document: text in SQLite, `jsonb` in PostgreSQL.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Inner<T>(std::marker::PhantomData<T>);
        impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Inner<T> {
            type Value = Json<T>;
            fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                out.write_str("a JSON document")
            }
            fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Json<T>, D::Error> {
                T::deserialize(inner).map(Json)
            }
        }
        deserializer.deserialize_newtype_struct(JSON_TOKEN, Inner(std::marker::PhantomData))
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A read whose every row is one JSON text.
#[derive(Clone, Debug, Default)]
pub struct JsonQuery {
    /// Yields one column: the row as JSON text (`json_object(…)`, `row_to_json(…)`).
    pub sql: Sql,
    /// Its parameters.
    pub params: Params,
    /// Counts all rows, whatever the page; one row, one whole number; runs in the same snapshot.
    pub total: Option<(Sql, Params)>,
    /// Counts the page's rows; runs in the same snapshot and only when the answer is streamed. Without it the
    /// store counts `sql` itself, which costs a second run of it.
    pub page_count: Option<(Sql, Params)>,
    /// On PostgreSQL: read after the others, in the same transaction; [`JsonRows::after`] has its answer.
    pub after: Option<(Sql, Params)>,
    /// The caller promises a bounded look-up by a unique key: SQLite may then answer on the async thread.
    pub point: bool,
}

/// The answer to a [`JsonQuery`].
#[derive(Debug)]
pub struct JsonRows {
    /// The number of rows in `body`.
    pub rows: u64,
    /// The answer of [`JsonQuery::total`].
    pub total: Option<u64>,
    /// The answer of [`JsonQuery::after`].
    pub after: Option<StepRows>,
    /// The array.
    pub body: JsonBody,
}

/// A JSON array of the rows.
pub enum JsonBody {
    /// `[a,b]` without white space, under 1 MB.
    Whole(Bytes),
    /// The same in pieces, in constant memory; an error ends it early.
    Stream(BoxStream<'static, Result<Bytes>>),
}

impl std::fmt::Debug for JsonBody {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Whole(bytes) => write!(out, "Whole({} bytes)", bytes.len()),
            Self::Stream(_) => out.write_str("Stream"),
        }
    }
}
