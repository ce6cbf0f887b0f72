//! The client's address behind a known number of proxies.

use std::net::{IpAddr, SocketAddr};

use http::HeaderMap;

/// The client's address, and whether a forwarding header was there that nobody vouches for.
pub(crate) fn client_address(
    headers: &HeaderMap,
    peer: SocketAddr,
    trusted_proxies: usize,
) -> (IpAddr, bool) {
    let forwarded = headers.get_all("x-forwarded-for");
    let present = forwarded.iter().next().is_some() || headers.contains_key("forwarded");
    if trusted_proxies == 0 || !present {
        return (peer.ip().to_canonical(), present);
    }
    let hops: Vec<IpAddr> = forwarded
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|hop| hop.trim().parse().ok())
        .collect();
    // Each trusted proxy appends the address it saw: the one written by the outermost is the client.
    let client = hops
        .len()
        .checked_sub(trusted_proxies)
        .and_then(|at| hops.get(at))
        .or(hops.first());
    (client.copied().unwrap_or(peer.ip()).to_canonical(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(header: Option<&str>, trusted: usize) -> (String, bool) {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert("x-forwarded-for", header.parse().unwrap());
        }
        let (client, unverified) = client_address(&headers, "10.0.0.9:1234".parse().unwrap(), trusted);
        (client.to_string(), unverified)
    }

    #[test]
    fn a_header_counts_only_as_far_as_proxies_are_trusted() {
        assert_eq!(address(Some("1.1.1.1"), 0), ("10.0.0.9".into(), true));
        assert_eq!(address(Some("6.6.6.6, 2.2.2.2"), 1), ("2.2.2.2".into(), false));
        assert_eq!(
            address(Some("6.6.6.6, 2.2.2.2, 3.3.3.3"), 2),
            ("2.2.2.2".into(), false)
        );
        assert_eq!(address(Some("2.2.2.2"), 3), ("2.2.2.2".into(), false));
        assert_eq!(address(Some("nonsense"), 1), ("10.0.0.9".into(), false));
        assert_eq!(address(None, 2), ("10.0.0.9".into(), false));
    }
}
