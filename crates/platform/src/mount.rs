//! Where an app answers: below a path, or at a host name.

use std::fmt;
use std::str::FromStr;

use busbar_kernel::Error;

/// The place of an app.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mount {
    /// Below a path without trailing slash; the empty path is the root.
    Path(String),
    /// At the root of a host, without port, in lower case.
    Host(String),
}

impl Mount {
    /// The root.
    pub fn root() -> Self {
        Self::Path(String::new())
    }

    /// The full path of a route below this mount.
    pub fn path(&self, route: &str) -> String {
        match self {
            Self::Path(prefix) if route == "/" && !prefix.is_empty() => prefix.clone(),
            Self::Path(prefix) => format!("{prefix}{route}"),
            Self::Host(_) => route.to_owned(),
        }
    }

    /// Whether a path below the default host belongs to this mount, and how closely.
    pub(crate) fn covers(&self, path: &str) -> Option<usize> {
        match self {
            Self::Path(prefix) => path
                .strip_prefix(prefix.as_str())
                .filter(|rest| rest.is_empty() || rest.starts_with('/'))
                .map(|_| prefix.len()),
            Self::Host(_) => None,
        }
    }
}

impl FromStr for Mount {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim().trim_end_matches('/');
        if text.is_empty() {
            return Ok(Self::root());
        }
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        match text.strip_prefix('/') {
            Some(rest) if rest.bytes().all(|byte| plain(byte) || byte == b'/') && !text.contains("//") => {
                Ok(Self::Path(text.to_owned()))
            }
            None if text.bytes().all(plain) => Ok(Self::Host(text.to_ascii_lowercase())),
            _ => Err(Error::invalid(
                "mount",
                format!("{text:?} is neither a path that begins with / nor a host name"),
            )),
        }
    }
}

impl fmt::Display for Mount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) if path.is_empty() => out.write_str("/"),
            Self::Path(path) => out.write_str(path),
            Self::Host(host) => out.write_str(host),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_is_a_path_or_a_host() {
        assert_eq!("/".parse::<Mount>().unwrap(), Mount::root());
        assert_eq!("/school/".parse::<Mount>().unwrap().path("/api"), "/school/api");
        assert_eq!("Members.Example.org".parse::<Mount>().unwrap().path("/v1"), "/v1");
        assert!("a b".parse::<Mount>().is_err() && "//x".parse::<Mount>().is_err());
        assert_eq!("/admin".parse::<Mount>().unwrap().covers("/administrator"), None);
        assert_eq!("/admin".parse::<Mount>().unwrap().covers("/admin/x"), Some(6));
    }
}
