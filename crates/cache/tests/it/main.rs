//! One suite for both engines.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and says what it skips"
)]

use std::sync::Arc;
use std::time::Duration;

use busbar_cache::{Cache, config};
use busbar_kernel::variables::{Mode, Origin, Settings, Source};
use busbar_kernel::{MovableClock, SystemClock, random};

async fn redis() -> Option<Cache> {
    let Ok(url) = test_variable("BUSBAR_TEST_REDIS_URL") else {
        assert!(
            test_variable("BUSBAR_TEST_REQUIRE_PEERS").is_err(),
            "Redis is required here and not there"
        );
        println!("skipped: cache on Redis: no Redis");
        return None;
    };
    let pairs = [
        ("REDIS_URL".to_owned(), url),
        ("REDIS_PREFIX".to_owned(), format!("test-{}:", random::hex(8))),
    ];
    let source = Source::new(Origin::Environment, pairs);
    let settings = Settings::resolve(config::VARIABLES, Mode::Test, vec![source]).unwrap();
    Some(Cache::open(&settings, Arc::new(SystemClock)).await.unwrap())
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test finds its peers by the environment"
)]
fn test_variable(name: &str) -> Result<String, std::env::VarError> {
    std::env::var(name)
}

async fn keeps_values_and_counts(cache: &Cache) {
    assert_eq!(cache.get("a").await.unwrap(), None);
    cache.set("a", "1", Duration::from_secs(60)).await.unwrap();
    assert_eq!(cache.get("a").await.unwrap().as_deref(), Some("1"));
    cache.delete("a").await.unwrap();
    assert_eq!(cache.get("a").await.unwrap(), None);

    for expected in 1..=3 {
        let count = cache.increment("n", Duration::from_secs(60)).await.unwrap();
        assert_eq!(count.count, expected);
        assert!(count.resets_in <= Duration::from_secs(60) && count.resets_in > Duration::from_secs(50));
    }
    let many = (0..100).map(|_| {
        let cache = cache.clone();
        tokio::spawn(async move { cache.increment("n", Duration::from_secs(60)).await.unwrap().count })
    });
    let mut counts = Vec::new();
    for one in many.collect::<Vec<_>>() {
        counts.push(one.await.unwrap());
    }
    counts.sort_unstable();
    assert_eq!(
        counts,
        (4..=103).collect::<Vec<_>>(),
        "a count was lost or given twice"
    );
    assert!(cache.check().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn both_engines_keep_values_and_count() {
    keeps_values_and_counts(&Cache::in_process(Arc::new(MovableClock::at_2026()))).await;
    if let Some(cache) = redis().await {
        keeps_values_and_counts(&cache).await;
        cache.increment("short", Duration::from_millis(30)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(60)).await;
        assert_eq!(
            cache
                .increment("short", Duration::from_millis(30))
                .await
                .unwrap()
                .count,
            1
        );
    }
}

#[tokio::test]
async fn values_and_windows_end_with_the_clock() {
    let clock = MovableClock::at_2026();
    let cache = Cache::in_process(Arc::new(clock.clone()));
    cache.set("a", "1", Duration::from_secs(10)).await.unwrap();
    cache.increment("n", Duration::from_secs(10)).await.unwrap();
    clock.advance(Duration::from_secs(10));
    assert_eq!(cache.get("a").await.unwrap(), None);
    assert_eq!(
        cache.increment("n", Duration::from_secs(10)).await.unwrap().count,
        1
    );
}
