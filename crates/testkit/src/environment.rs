//! The one place where tests read the environment.

/// The address of a PostgreSQL superuser, `BUSBAR_TEST_POSTGRES_URL`.
pub fn postgres_url() -> Option<String> {
    read("BUSBAR_TEST_POSTGRES_URL")
}

/// The address of a Redis server, `BUSBAR_TEST_REDIS_URL`.
pub fn redis_url() -> Option<String> {
    read("BUSBAR_TEST_REDIS_URL")
}

/// Whether golden files are to be written instead of compared, `BLESS=1`.
pub fn bless() -> bool {
    read("BLESS").is_some_and(|value| value == "1")
}

/// Says that a test does not run because `peer` is not there.
///
/// # Panics
/// Where `BUSBAR_TEST_REQUIRE_PEERS=1`: there the peer must be there.
#[expect(clippy::print_stdout, reason = "a test says what it skips")]
pub fn skip(test: &str, peer: &str) {
    let required = read("BUSBAR_TEST_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(
        !required,
        "{test} needs {peer}, and BUSBAR_TEST_REQUIRE_PEERS is 1"
    );
    println!("skipped: {test}: no {peer}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the tests' one home of the environment"
)]
fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
