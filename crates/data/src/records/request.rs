//! Requests for records and their answers, without HTTP's types.

use busbar_kernel::Result;
use bytes::Bytes;
use futures_util::stream::BoxStream;

/// What is done to the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    /// Read.
    Get,
    /// Read, without the rows.
    Head,
    /// Insert, or upsert.
    Post,
    /// Update what the filters pick.
    Patch,
    /// Insert or replace the one row that the filters name by its primary key.
    Put,
    /// Delete what the filters pick.
    Delete,
}

impl Method {
    /// HTTP's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }

    /// Whether it only reads.
    pub(crate) fn reads(self) -> bool {
        matches!(self, Self::Get | Self::Head)
    }
}

/// The headers that matter; an absent one is empty or none.
#[derive(Clone, Copy, Debug, Default)]
pub struct RecordHeaders<'a> {
    /// `Prefer`; several are joined with commas.
    pub prefer: &'a str,
    /// `Accept`.
    pub accept: &'a str,
    /// `Range`, for GET.
    pub range: Option<&'a str>,
    /// `Range-Unit`; only `items` counts.
    pub range_unit: Option<&'a str>,
    /// `Content-Type`.
    pub content_type: Option<&'a str>,
    /// `Accept-Profile`: the schema of a read.
    pub accept_profile: Option<&'a str>,
    /// `Content-Profile`: the schema of a write.
    pub content_profile: Option<&'a str>,
    /// What SQL on PostgreSQL may read as `request.headers`: names in lower case, no credentials.
    pub shown: &'a [(&'a str, &'a str)],
    /// What SQL on PostgreSQL may read as `request.cookies`: none that is a credential.
    pub cookies: &'a [(&'a str, &'a str)],
}

/// A request for records.
#[derive(Clone, Debug)]
pub struct RecordRequest<'a> {
    /// What is done.
    pub method: Method,
    /// The table's or function's name, decoded.
    pub table: &'a str,
    /// The query string as it came, without `?`.
    pub query: &'a str,
    /// The headers.
    pub headers: RecordHeaders<'a>,
    /// The body.
    pub body: Bytes,
}

/// An answer.
#[derive(Debug)]
pub struct RecordAnswer {
    /// HTTP's status.
    pub status: u16,
    /// `Content-Type` among them when there is a body.
    pub headers: Vec<(&'static str, String)>,
    /// Headers that a function of the database chose.
    pub further: Vec<(String, String)>,
    /// The body.
    pub body: RecordBody,
}

/// A body: none, in one piece, or in constant memory.
pub enum RecordBody {
    /// None.
    Empty,
    /// In one piece.
    Whole(Bytes),
    /// In pieces; an error ends it early.
    Stream(BoxStream<'static, Result<Bytes>>),
}

impl std::fmt::Debug for RecordBody {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => out.write_str("Empty"),
            Self::Whole(bytes) => write!(out, "Whole({} bytes)", bytes.len()),
            Self::Stream(_) => out.write_str("Stream"),
        }
    }
}
