//! Which part of a file a `Range` header asks for (RFC 9110, 14.2).

use std::ops::Range;

/// What is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// Everything: nothing else was asked for, or what was asked for is not understood or too clever.
    Whole,
    /// These bytes; the end is exclusive.
    Bytes(Range<u64>),
    /// Nothing of what was asked for exists.
    Unsatisfiable,
}

/// Reads a `Range` header for a file of `size` bytes. Several parts at once are answered with the whole file,
/// which the standard allows.
pub fn requested_part(header: Option<&str>, size: u64) -> Part {
    let Some((first, last)) = header.and_then(single) else {
        return Part::Whole;
    };
    let range = match (first, last) {
        (Some(first), Some(last)) if first <= last => first..size.min(last.saturating_add(1)),
        (Some(_), Some(_)) | (None, None) => return Part::Whole,
        (Some(first), None) => first..size,
        (None, Some(count)) => size.saturating_sub(count)..size,
    };
    if range.is_empty() {
        Part::Unsatisfiable
    } else {
        Part::Bytes(range)
    }
}

/// The two sides of `bytes=first-last`, either of which may be missing.
fn single(header: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (unit, set) = header.split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    let side = |text: &str| match text {
        "" => Some(None),
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => digits.parse().ok().map(Some),
        _ => None,
    };
    Some((side(first)?, side(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_what_they_ask_for() {
        for (header, size, part) in [
            ("bytes=0-0", 10, Part::Bytes(0..1)),
            ("bytes=2-5", 10, Part::Bytes(2..6)),
            ("bytes=2-", 10, Part::Bytes(2..10)),
            ("bytes=-3", 10, Part::Bytes(7..10)),
            ("bytes=-30", 10, Part::Bytes(0..10)),
            ("Bytes= 8-99", 10, Part::Bytes(8..10)),
            ("bytes=0-18446744073709551615", 10, Part::Bytes(0..10)),
            ("bytes=10-", 10, Part::Unsatisfiable),
            ("bytes=10-20", 10, Part::Unsatisfiable),
            ("bytes=-0", 10, Part::Unsatisfiable),
            ("bytes=0-", 0, Part::Unsatisfiable),
            ("bytes=5-2", 10, Part::Whole),
            ("bytes=-", 10, Part::Whole),
            ("bytes=1-2,4-5", 10, Part::Whole),
            ("bytes=+1-2", 10, Part::Whole),
            ("bytes=99999999999999999999-", 10, Part::Whole),
            ("items=0-1", 10, Part::Whole),
            ("", 10, Part::Whole),
        ] {
            assert_eq!(requested_part(Some(header), size), part, "{header} of {size}");
        }
        assert_eq!(requested_part(None, 10), Part::Whole);
    }
}
