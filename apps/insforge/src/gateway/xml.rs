//! XML in and out.

use std::fmt::Write;

use axum::body::Body;
use axum::response::Response;
use busbar_kernel::Result;
use http::{HeaderValue, StatusCode, header};
use serde::de::DeserializeOwned;

use super::refusal;

/// A text as it stands between tags.
pub(crate) fn text(plain: &str) -> String {
    quick_xml::escape::escape(plain).into_owned()
}

/// An answer that is being written.
pub(crate) struct Answer {
    root: &'static str,
    out: String,
}

impl Answer {
    /// Begins an answer with this root.
    pub(crate) fn new(root: &'static str) -> Self {
        Self {
            root,
            out: String::new(),
        }
    }

    /// An element with text in it.
    pub(crate) fn put(&mut self, name: &str, value: impl AsRef<str>) -> &mut Self {
        let _ = write!(self.out, "<{name}>{}</{name}>", text(value.as_ref()));
        self
    }

    /// The same, where there is a value.
    pub(crate) fn put_some(&mut self, name: &str, value: Option<impl AsRef<str>>) -> &mut Self {
        if let Some(value) = value {
            self.put(name, value);
        }
        self
    }

    /// An element with elements in it.
    pub(crate) fn nest(&mut self, name: &str, inner: impl FnOnce(&mut Self)) -> &mut Self {
        let _ = write!(self.out, "<{name}>");
        inner(self);
        let _ = write!(self.out, "</{name}>");
        self
    }

    /// Text of the root itself.
    pub(crate) fn raw(&mut self, value: &str) -> &mut Self {
        self.out.push_str(&text(value));
        self
    }

    /// Ends it.
    pub(crate) fn send(&self) -> Response {
        let (root, out) = (self.root, &self.out);
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <{root} xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{out}</{root}>"
        );
        let mut response = Response::new(Body::from(body));
        let xml = HeaderValue::from_static("application/xml");
        response.headers_mut().insert(header::CONTENT_TYPE, xml);
        response
    }
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Reads a body.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let malformed = || {
        refusal(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate",
        )
    };
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    quick_xml::de::from_str(text).map_err(|error| malformed().source(error))
}
