//! What stands in the files.

use std::fs;
use std::time::Duration;

use busbar_kernel::MovableClock;
use tracing::dispatcher::with_default;

use crate::log_in;

const DAY: Duration = Duration::from_secs(86_400);

#[test]
fn an_event_carries_the_fields_of_its_spans_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, dispatch) = log_in(folder.path(), &MovableClock::at_2026());
    with_default(&dispatch, || {
        let span = tracing::info_span!("request", request_id = "r1", user = tracing::field::Empty);
        let _inside = span.enter();
        span.record("user", "u1");
        tracing::warn!(
            password = "hunter2",
            api_key = ?"ik_0123456789abcdef",
            status = 500,
            slow = true,
            path = "/o?token=s3cr3t",
            "failed with Bearer abcdef"
        );
    });
    logs.flush();
    let text = fs::read_to_string(folder.path().join("busbar-2026-01-01.log")).unwrap();
    let entry: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
    assert_eq!(entry["message"], "failed with Bearer ***");
    assert_eq!(entry["level"], "warn");
    assert_eq!(entry["at"], "2026-01-01T00:00:00Z");
    assert_eq!(
        entry["fields"],
        serde_json::json!({
            "request_id": "r1", "user": "u1", "password": "***", "api_key": "***",
            "status": 500, "slow": true, "path": "/o?token=***"
        })
    );
    for secret in ["hunter2", "s3cr3t", "abcdef"] {
        assert!(!text.contains(secret), "{secret} is in the log");
    }
}

#[test]
fn each_day_has_its_file_and_old_ones_go() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "not ours").unwrap();
    let clock = MovableClock::at_2026();
    let (logs, dispatch) = log_in(folder.path(), &clock);
    with_default(&dispatch, || {
        for day in 0..4 {
            tracing::info!(day, "tick");
            clock.advance(DAY);
        }
    });
    logs.flush();
    let mut names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "busbar-2026-01-02.log",
            "busbar-2026-01-03.log",
            "busbar-2026-01-04.log",
            "notes.txt"
        ]
    );
}

#[test]
fn a_flood_is_dropped_and_counted_instead_of_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, dispatch) = log_in(folder.path(), &MovableClock::at_2026());
    let total = 60_000u64;
    with_default(&dispatch, || {
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    with_default(&dispatch, || {
                        for number in 0..total / 4 {
                            tracing::info!(number, "{}", "x".repeat(200));
                        }
                    })
                });
            }
        });
        logs.flush();
        tracing::info!("after the flood");
    });
    logs.flush();
    let text = fs::read_to_string(folder.path().join("busbar-2026-01-01.log")).unwrap();
    let written = text.lines().filter(|line| line.contains("xxx")).count() as u64;
    assert_eq!(
        written + logs.dropped(),
        total,
        "every line is written or counted"
    );
    assert!(
        text.lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
    );
    assert_eq!(logs.dropped() > 0, text.contains("log lines were dropped"));
    assert!(text.contains("after the flood"));
}

#[cfg(unix)]
#[test]
fn only_the_owner_reads_the_log() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (logs, _) = log_in(folder.path(), &MovableClock::at_2026());
    logs.flush();
    let file = folder.path().join("busbar-2026-01-01.log");
    assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
}
