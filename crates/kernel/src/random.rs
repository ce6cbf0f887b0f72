//! The one source of randomness: the operating system's.

/// Fills `bytes` with random ones.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
#[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
#[expect(
    clippy::expect_used,
    reason = "without randomness no key or token may be made"
)]
pub fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives randomness");
}

/// `N` random bytes.
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill(&mut bytes);
    bytes
}

/// `count` random bytes as lower-case hexadecimal digits, twice as long.
pub fn hex(count: usize) -> String {
    let mut raw = vec![0; count];
    fill(&mut raw);
    raw.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A random whole number below `bound`, without bias.
///
/// # Panics
/// When `bound` is zero.
pub fn below(bound: u64) -> u64 {
    assert!(bound > 0, "no number is below zero");
    let limit = u64::MAX - u64::MAX % bound;
    loop {
        let candidate = u64::from_le_bytes(bytes());
        if candidate < limit {
            return candidate % bound;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_have_the_asked_length_and_differ() {
        assert_eq!(hex(32).len(), 64);
        assert_ne!(hex(16), hex(16));
        assert!((0..1000).all(|_| below(7) < 7));
    }
}
