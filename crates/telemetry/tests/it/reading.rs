//! The log read back by pages.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::time::Duration;

use busbar_kernel::MovableClock;
use busbar_telemetry::LogReader;
use busbar_telemetry::logs::{Level, LogPage};
use tracing::dispatcher::with_default;

use crate::log_in;

async fn all(reader: &LogReader, level: Option<Level>, search: Option<&str>, limit: usize) -> Vec<u64> {
    let mut numbers = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let page = reader
            .page(level, search, limit, before.as_deref())
            .await
            .unwrap();
        assert!(page.entries.len() <= limit);
        numbers.extend(
            page.entries
                .iter()
                .map(|stored| stored.entry.fields["number"].as_u64().unwrap()),
        );
        match page.older {
            Some(older) => before = Some(older),
            None => return numbers,
        }
    }
}

#[tokio::test]
async fn pages_join_to_the_whole_log_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let clock = MovableClock::at_2026();
    let (logs, dispatch) = log_in(folder.path(), &clock);
    with_default(&dispatch, || {
        for number in 0..3000u64 {
            if number == 1700 {
                clock.advance(Duration::from_secs(86_400));
            }
            let filling = "ä".repeat(usize::try_from(number % 90).unwrap());
            if number % 100 == 7 {
                tracing::error!(number, "Needle {filling}");
            } else {
                tracing::debug!(number, "hay {filling}");
            }
        }
    });
    logs.flush();
    let reader = logs.reader().unwrap();
    let newest_first: Vec<u64> = (0..3000).rev().collect();
    for limit in [1, 7, 499] {
        assert_eq!(
            all(&reader, None, None, limit).await,
            newest_first,
            "limit {limit}"
        );
        if limit == 1 {
            continue;
        }
        let needles: Vec<u64> = (0..30).rev().map(|hundred| hundred * 100 + 7).collect();
        assert_eq!(all(&reader, Some(Level::Warn), None, limit).await, needles);
        assert_eq!(all(&reader, None, Some("needle"), limit).await, needles);
    }
    assert!(all(&reader, None, Some("not there"), 10).await.is_empty());
}

#[tokio::test]
async fn foreign_and_half_written_lines_are_skipped() {
    let folder = tempfile::tempdir().unwrap();
    let (logs, dispatch) = log_in(folder.path(), &MovableClock::at_2026());
    with_default(&dispatch, || tracing::info!(number = 1, "one"));
    logs.flush();
    let path = folder.path().join("busbar-2026-01-01.log");
    let mut file = OpenOptions::new().append(true).open(&path).unwrap();
    writeln!(file, "\nnot json").unwrap();
    file.write_all(&[0xff; 300_000]).unwrap();
    file.write_all(b"\n{\"at\":\"2026-").unwrap();
    let reader = LogReader::new(folder.path());
    assert_eq!(all(&reader, None, None, 10).await, [1]);
}

#[tokio::test]
async fn a_folder_without_files_is_an_empty_log_and_a_wrong_place_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let reader = LogReader::new(folder.path().join("missing"));
    assert_eq!(
        reader.page(None, None, 10, None).await.unwrap(),
        LogPage::default()
    );
    for wrong in ["", "x", "2026-01-01", "2026-01-01.x", "../etc/passwd.1"] {
        let error = reader.page(None, None, 10, Some(wrong)).await.unwrap_err();
        assert_eq!(error.field_str(), Some("before"));
    }
    fs::write(folder.path().join("busbar-2026-01-01.log"), "").unwrap();
    let reader = LogReader::new(folder.path());
    let beyond = reader
        .page(None, None, 10, Some("2026-01-01.99999"))
        .await
        .unwrap();
    assert!(beyond.entries.is_empty());
}
