//! The one source of randomness: the operating system's.

use std::cell::RefCell;

/// So many bytes a thread asks for at once: every request takes a few, and asking costs more than they do.
const KEPT: usize = 512;

thread_local! {
    /// Random bytes that nobody has had, and how many of them are left.
    static POOL: RefCell<([u8; KEPT], usize)> = const { RefCell::new(([0; KEPT], 0)) };
}

/// Fills `bytes` with random ones.
///
/// # Panics
/// When the operating system has no randomness to give: nothing safe can be done then.
pub fn fill(bytes: &mut [u8]) {
    if bytes.len() > KEPT / 4 {
        return ask(bytes);
    }
    POOL.with_borrow_mut(|(pool, left)| {
        if *left < bytes.len() {
            ask(pool);
            *left = KEPT;
        }
        let given = &mut pool[*left - bytes.len()..*left];
        bytes.copy_from_slice(given);
        // What was given out may be a key: it stays nowhere else.
        given.fill(0);
        *left -= bytes.len();
    });
}

#[expect(clippy::disallowed_methods, reason = "this is the one home of randomness")]
#[expect(
    clippy::expect_used,
    reason = "without randomness no key or token may be made"
)]
fn ask(bytes: &mut [u8]) {
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
    fn no_byte_is_given_twice() {
        let given: Vec<[u8; 16]> = (0..1000).map(|_| bytes()).collect();
        let different: std::collections::HashSet<_> = given.iter().collect();
        assert_eq!(different.len(), given.len());
        assert!(given.iter().all(|bytes| *bytes != [0; 16]));
    }

    #[test]
    fn tokens_have_the_asked_length_and_differ() {
        assert_eq!(hex(32).len(), 64);
        assert_ne!(hex(16), hex(16));
        assert!((0..1000).all(|_| below(7) < 7));
    }
}
