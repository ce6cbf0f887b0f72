//! Which rows of the whole: `limit`, `offset` and the `Range` header.

use busbar_kernel::Result;

use super::query::Query;
use crate::refusal::pgrst;

/// A part of the rows: the first wanted, and how many at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) offset: u64,
    pub(crate) limit: Option<u64>,
}

/// The part that parameters and, for reads, the `Range` header ask for together.
pub(crate) fn window(query: &Query<'_>, range: Option<&str>, most: Option<u64>) -> Result<Window> {
    let limit = match query.limit {
        Some(limit) => u64::try_from(not_negative(limit)?).ok(),
        None => None,
    };
    let offset = query
        .offset
        .and_then(|offset| u64::try_from(offset).ok())
        .unwrap_or(0);
    let mut window = Window { offset, limit };
    if let Some((first, last)) = range.and_then(header) {
        if last.is_some_and(|last| last < first) {
            return Err(pgrst("PGRST103", "Requested range not satisfiable").details(
                "The lower boundary must be lower than or equal to the upper boundary in the Range header.",
            ));
        }
        let end = |start: u64, count: Option<u64>| count.map(|count| start.saturating_add(count));
        let header_end = last.map(|last| last.saturating_add(1));
        let both_end = match (end(window.offset, window.limit), header_end) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
        window.offset = window.offset.max(first);
        window.limit = both_end.map(|end| end.saturating_sub(window.offset));
    }
    if let Some(most) = most {
        window.limit = Some(window.limit.map_or(most, |limit| limit.min(most)));
    }
    Ok(window)
}

/// A limit that is one.
pub(super) fn not_negative(limit: i64) -> Result<i64> {
    if limit < 0 {
        return Err(pgrst("PGRST103", "Requested range not satisfiable")
            .details("Limit should be greater than or equal to zero."));
    }
    Ok(limit)
}

/// `0-24` or `0-`; anything else does not count.
fn header(text: &str) -> Option<(u64, Option<u64>)> {
    let (first, last) = text.trim().trim_start_matches("items=").split_once('-')?;
    let last = if last.is_empty() {
        None
    } else {
        Some(last.parse().ok()?)
    };
    Some((first.parse().ok()?, last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_header_intersect() {
        let query = Query::parse("limit=10&offset=5").unwrap();
        let whole = window(&query, None, None).unwrap();
        assert_eq!((whole.offset, whole.limit), (5, Some(10)));
        let part = window(&query, Some("8-11"), None).unwrap();
        assert_eq!((part.offset, part.limit), (8, Some(4)));
        let open = window(&Query::parse("").unwrap(), Some("3-"), Some(100)).unwrap();
        assert_eq!((open.offset, open.limit), (3, Some(100)));
        assert!(window(&query, Some("9-3"), None).is_err());
        assert_eq!(window(&query, Some("x-y"), None).unwrap(), whole);
    }
}
