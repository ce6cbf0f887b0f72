//! The one error: what went wrong, for the client, for the operator, and for whoever may try again.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

/// Busbar's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the closed list that the edge turns into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The input does not fit: the client can mend it.
    Invalid,
    /// No credential, or one that is not accepted.
    Unauthenticated,
    /// A known caller without the right; said only where existence is no secret.
    Forbidden,
    /// There is no such thing for this caller.
    NotFound,
    /// The state of things refuses it: a duplicate, a reference in use.
    Conflict,
    /// A body, a file or a list is above its limit.
    TooLarge,
    /// Too many attempts; `retry_after` says when again.
    RateLimited,
    /// The path exists, the method or the feature does not here.
    Unsupported,
    /// Something needed is not configured or does not answer.
    Unavailable,
    /// It took longer than it may.
    Timeout,
    /// Our own fault.
    Internal,
}

/// An error: small to move, because results carry it everywhere.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    code: Cow<'static, str>,
    message: Cow<'static, str>,
    wire_code: Option<Cow<'static, str>>,
    field: Option<String>,
    details: Option<String>,
    hint: Option<String>,
    context: Vec<(&'static str, String)>,
    retry_after: Option<Duration>,
    temporary: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl Error {
    /// An error of `kind`, with a stable dotted `code` (`identity.email_taken`) and a message for the client.
    pub fn new(
        kind: Kind,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self(Box::new(Inner {
            kind,
            code: code.into(),
            message: message.into(),
            wire_code: None,
            field: None,
            details: None,
            hint: None,
            context: Vec::new(),
            retry_after: None,
            temporary: matches!(kind, Kind::Unavailable | Kind::Timeout | Kind::RateLimited),
            source: None,
        }))
    }

    /// Input that does not fit; `field` is the path of the offending value as the client wrote it.
    pub fn invalid(field: impl Into<String>, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Invalid, "input.invalid", message).field(field)
    }

    /// `what` does not exist for this caller; the code becomes `<what>.not_found`.
    pub fn not_found(what: &str) -> Self {
        Self::new(
            Kind::NotFound,
            format!("{what}.not_found"),
            format!("There is no such {what}"),
        )
    }

    /// The caller is not who it says, or says nothing.
    pub fn unauthenticated(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unauthenticated, code, message)
    }

    /// The caller may not do this.
    pub fn forbidden(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Forbidden, code, message)
    }

    /// The state of things refuses it.
    pub fn conflict(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Conflict, code, message)
    }

    /// Our own fault: `what` is for the operator, the client reads a fixed sentence.
    pub fn internal(what: impl Into<String>) -> Self {
        Self::new(Kind::Internal, "internal", "Something went wrong on our side").with("what", what)
    }

    /// Something needed does not answer or is not configured; `code` names it.
    pub fn unavailable(code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Kind::Unavailable, code, message)
    }

    /// Replaces the stable dotted code.
    #[must_use]
    pub fn code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.code = code.into();
        self
    }

    /// The code that an outside contract gives this error: a SQLSTATE, `PGRST116`.
    #[must_use]
    pub fn wire_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.0.wire_code = Some(code.into());
        self
    }

    /// The path of the offending input, as the client wrote it.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>) -> Self {
        self.0.field = Some(field.into());
        self
    }

    /// A second sentence for the client.
    #[must_use]
    pub fn details(mut self, details: impl Into<String>) -> Self {
        self.0.details = Some(details.into());
        self
    }

    /// What the client may do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// A fact for the operator's log; never shown to the client.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.context.push((name, value.into()));
        self
    }

    /// The error below this one; never shown to the client.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The same request may succeed after this time.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self.0.temporary = true;
        self
    }

    /// Marks an error that may pass by itself (a lost connection), or one that will not.
    #[must_use]
    pub fn temporary(mut self, temporary: bool) -> Self {
        self.0.temporary = temporary;
        self
    }

    /// The kind.
    pub fn kind(&self) -> Kind {
        self.0.kind
    }
    /// The stable dotted code.
    pub fn code_str(&self) -> &str {
        &self.0.code
    }
    /// The outside contract's code, where the error carries one.
    pub fn wire_code_str(&self) -> Option<&str> {
        self.0.wire_code.as_deref()
    }
    /// The sentence for the client.
    pub fn message(&self) -> &str {
        &self.0.message
    }
    /// The offending input's path.
    pub fn field_str(&self) -> Option<&str> {
        self.0.field.as_deref()
    }
    /// The second sentence for the client.
    pub fn details_str(&self) -> Option<&str> {
        self.0.details.as_deref()
    }
    /// The advice for the client.
    pub fn hint_str(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
    /// The operator's facts.
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.0.context
    }
    /// How long to wait before the next attempt, where known.
    pub fn retry_after_value(&self) -> Option<Duration> {
        self.0.retry_after
    }
    /// Whether the same request may succeed later; the only thing retry logic looks at.
    pub fn is_temporary(&self) -> bool {
        self.0.temporary
    }

    /// Everything the operator should read, on one line: message, context and the chain of sources.
    pub fn operator_line(&self) -> String {
        let mut line = format!("{}: {}", self.0.code, self.0.message);
        if let Some(details) = &self.0.details {
            line.push_str(&format!(" ({details})"));
        }
        for (name, value) in &self.0.context {
            line.push_str(&format!(" {name}={value:?}"));
        }
        let mut next: Option<&(dyn StdError + 'static)> = self
            .0
            .source
            .as_ref()
            .map(|source| source.as_ref() as &(dyn StdError + 'static));
        while let Some(source) = next {
            line.push_str(&format!(": {source}"));
            next = source.source();
        }
        line
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.0.code, self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:?} {}", self.0.kind, self.operator_line())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_ref()
            .map(|source| source.as_ref() as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_keeps_the_operators_facts_to_itself() {
        let error = Error::internal("disk")
            .with("path", "/secret")
            .source(std::io::Error::other("boom"));
        assert_eq!(error.to_string(), "internal: Something went wrong on our side");
        assert!(error.operator_line().contains("path=\"/secret\""));
        assert!(error.operator_line().ends_with(": boom"));
    }

    #[test]
    fn only_passing_troubles_are_temporary() {
        assert!(Error::unavailable("mail.down", "No mail").is_temporary());
        assert!(!Error::invalid("email", "not an address").is_temporary());
        assert!(
            Error::conflict("x.y", "z")
                .retry_after(Duration::from_secs(1))
                .is_temporary()
        );
    }
}
