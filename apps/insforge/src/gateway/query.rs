//! A query as S3 reads it: decoded pairs in the order in which they stand, `+` left as it is.

use busbar_kernel::Result;
use percent_encoding::percent_decode_str;

use super::refusal;

/// The pairs of a query.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(Vec<(String, String)>);

impl Pairs {
    /// Reads a raw query.
    pub(crate) fn of(raw: Option<&str>) -> Result<Self> {
        let pairs = raw.unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
        let pairs = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        });
        pairs.collect::<Result<_>>().map(Self)
    }

    /// The value of a parameter.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a parameter is there, with or without a value.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// A whole number, `otherwise` where there is none.
    pub(crate) fn number(&self, name: &'static str, otherwise: u32) -> Result<u32> {
        match self.get(name) {
            None | Some("") => Ok(otherwise),
            Some(text) => text.parse().map_err(|_| {
                refusal(
                    "InvalidArgument",
                    format!("{name} is not a whole number from 0 on"),
                )
            }),
        }
    }

    /// All pairs but one parameter's.
    pub(crate) fn without<'a>(&'a self, name: &str) -> Vec<(&'a str, &'a str)> {
        let others = self.0.iter().filter(|(known, _)| known != name);
        others
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }
}

/// A percent-decoded text.
pub(crate) fn decoded(text: &str) -> Result<String> {
    let text = percent_decode_str(text).decode_utf8();
    text.map(std::borrow::Cow::into_owned)
        .map_err(|_| refusal("InvalidArgument", "The address is not UTF-8"))
}
