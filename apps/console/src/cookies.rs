//! The session's two cookies: one that opens the console, one that ends the session.

use busbar_kernel::Secret;
use http::{HeaderMap, HeaderValue, header};

/// Holds the access token.
const SESSION: &str = "busbar_console";
/// Holds the token that a sign-out needs.
const ENDING: &str = "busbar_console_end";

/// How the cookies are written.
#[derive(Clone, Debug)]
pub struct Cookies {
    /// The console's mount: no other app of this host is sent them.
    pub path: String,
    /// Whether browsers may send them over https only.
    pub secure: bool,
}

impl Cookies {
    /// The headers that begin a session of `seconds`.
    pub(crate) fn begin(&self, access: &Secret, ending: &Secret, seconds: i64) -> [HeaderValue; 2] {
        [
            self.write(SESSION, access.expose(), seconds),
            self.write(ENDING, ending.expose(), seconds),
        ]
    }

    /// The headers that forget a session.
    pub(crate) fn forget(&self) -> [HeaderValue; 2] {
        [self.write(SESSION, "", 0), self.write(ENDING, "", 0)]
    }

    fn write(&self, name: &str, value: &str, seconds: i64) -> HeaderValue {
        let secure = if self.secure { "; Secure" } else { "" };
        let text = format!(
            "{name}={value}; Path={}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}",
            self.path
        );
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}

/// The access token a request carries.
pub(crate) fn session(headers: &HeaderMap) -> Option<&str> {
    find(headers, SESSION)
}

/// The ending token a request carries.
pub(crate) fn ending(headers: &HeaderMap) -> Option<&str> {
    find(headers, ENDING)
}

fn find<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let texts = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(found, value)| *found == name && !value.is_empty())
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let mut headers = HeaderMap::new();
        headers.insert(
            header::COOKIE,
            "xbusbar_console=no; busbar_console_end=e; busbar_console=yes"
                .parse()
                .unwrap(),
        );
        assert_eq!((session(&headers), ending(&headers)), (Some("yes"), Some("e")));
        let cookies = Cookies {
            path: "/admin".to_owned(),
            secure: true,
        };
        let [first, _] = cookies.begin(&Secret::new("a.b"), &Secret::new("c"), 60);
        assert_eq!(
            first,
            "busbar_console=a.b; Path=/admin; Max-Age=60; HttpOnly; SameSite=Strict; Secure"
        );
    }
}
