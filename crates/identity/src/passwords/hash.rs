//! One password hash: made with argon2id, read as argon2id or as the bcrypt of adopted databases.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use busbar_kernel::{Error, Result, random};

/// OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const OUTPUT_BYTES: usize = 32;

/// The most memory and passes that a stored hash may demand of us: a hash in an imported row is input too.
const MOST_MEMORY_KIB: u32 = 262_144;
const MOST_PASSES: u32 = 16;
const MOST_BCRYPT_COST: u32 = 15;

/// The working memory of one hashing thread, kept while one hash follows another.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

struct Parsed {
    params: Params,
    salt: Vec<u8>,
    output: Vec<u8>,
}

/// Hashes a password under a fresh salt, in the PHC form `$argon2id$v=19$m=…,t=…,p=…$salt$hash`.
pub(super) fn make(password: &str, memory: &mut Memory) -> Result<String> {
    let salt: [u8; 16] = random::bytes();
    let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(OUTPUT_BYTES)).map_err(refused)?;
    let output = compute(password, &salt, params, OUTPUT_BYTES, memory)?;
    Ok(written(&salt, &output))
}

fn written(salt: &[u8], output: &[u8]) -> String {
    format!(
        "$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}",
        STANDARD_NO_PAD.encode(salt),
        STANDARD_NO_PAD.encode(output)
    )
}

/// A hash that no known password has, at today's costs: random bytes where a computed one has its output.
pub(super) fn nobodys() -> String {
    written(&random::bytes::<16>(), &random::bytes::<OUTPUT_BYTES>())
}

/// Whether a password has this hash; a hash in no known form matches nothing.
pub(super) fn matches(password: &str, stored: &str, memory: &mut Memory) -> Result<bool> {
    if stored.starts_with("$2") {
        let bounded = stored
            .parse::<bcrypt::HashParts>()
            .is_ok_and(|parts| parts.get_cost() <= MOST_BCRYPT_COST);
        return Ok(bounded && bcrypt::verify(password, stored).unwrap_or(false));
    }
    let Some(parsed) = parse(stored) else {
        return Ok(false);
    };
    let output = compute(password, &parsed.salt, parsed.params, parsed.output.len(), memory)?;
    Ok(verify_slices_are_equal(&output, &parsed.output).is_ok())
}

/// Whether a hash should be made anew at the next sign-in.
pub(super) fn is_outdated(stored: &str) -> bool {
    !stored.starts_with(&format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$"))
}

fn parse(stored: &str) -> Option<Parsed> {
    let mut parts = stored.strip_prefix("$argon2id$v=19$")?.split('$');
    let (costs, salt, output) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let mut costs = costs.split(',');
    let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.parse::<u32>().ok();
    let (memory, passes, lanes) = (cost("m=")?, cost("t=")?, cost("p=")?);
    if memory > MOST_MEMORY_KIB || passes > MOST_PASSES {
        return None;
    }
    let salt = STANDARD_NO_PAD.decode(salt).ok()?;
    let output = STANDARD_NO_PAD.decode(output).ok()?;
    if !(8..=64).contains(&salt.len()) || !(16..=64).contains(&output.len()) {
        return None;
    }
    let params = Params::new(memory, passes, lanes, Some(output.len())).ok()?;
    Some(Parsed { params, salt, output })
}

fn compute(
    password: &str,
    salt: &[u8],
    params: Params,
    length: usize,
    memory: &mut Memory,
) -> Result<Vec<u8>> {
    let needed = params.block_count();
    if memory.0.len() < needed {
        memory.0.resize(needed, Block::default());
    }
    let mut output = vec![0; length];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, &mut memory.0[..needed])
        .map_err(refused)?;
    Ok(output)
}

fn refused(error: argon2::Error) -> Error {
    Error::internal("a password could not be hashed").with("argon2", error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_matches_its_password_only() {
        let mut memory = Memory::default();
        let stored = make("correct horse", &mut memory).unwrap();
        assert!(matches("correct horse", &stored, &mut memory).unwrap());
        assert!(!matches("correct hors", &stored, &mut memory).unwrap());
        assert!(!is_outdated(&stored));
        assert_ne!(stored, make("correct horse", &mut memory).unwrap());
    }

    #[test]
    fn hashes_of_other_programs_are_read() {
        let mut memory = Memory::default();
        // Made by Python's argon2-cffi and bcrypt.
        let argon =
            "$argon2id$v=19$m=64,t=1,p=1$vHJb0SzSeuePALrVRtBz2Q$uzLcQ3xX92HWaJ9x9exZSOJPOt4B9LAsPxcGLVp1KLY";
        assert!(matches("correct horse", argon, &mut memory).unwrap() && is_outdated(argon));
        assert!(!matches("correct cow", argon, &mut memory).unwrap());
        let blowfish = "$2b$04$y3lc0fZv4YOQxxEe9Rcjt.TuQvM9t9w8sYwb4eAkd5Ba35X9hBkMO";
        for prefix in ["$2a$", "$2b$", "$2y$"] {
            let stored = format!("{prefix}{}", &blowfish[4..]);
            assert!(
                matches("correct horse", &stored, &mut memory).unwrap(),
                "{prefix}"
            );
            assert!(!matches("px", &stored, &mut memory).unwrap());
            assert!(is_outdated(&stored));
        }
    }

    #[test]
    fn a_stored_hash_cannot_demand_the_moon() {
        let mut memory = Memory::default();
        for greedy in [
            "$argon2id$v=19$m=4294967295,t=1,p=1$c29tZXNhbHRzb21l$AAAAAAAAAAAAAAAAAAAAAA",
            "$argon2id$v=19$m=64,t=4294967295,p=1$c29tZXNhbHRzb21l$AAAAAAAAAAAAAAAAAAAAAA",
            "$2b$31$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ01234",
            "plain",
            "",
        ] {
            assert!(!matches("pw", greedy, &mut memory).unwrap(), "{greedy}");
        }
    }
}
