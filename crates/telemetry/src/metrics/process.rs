//! What the operating system says of this process; silent where there is no `/proc`.

use std::fs;

use super::names;

/// The kernel counts processor time for user space in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

/// Sets the gauges of the process.
pub(super) fn record(started: f64) {
    metrics::gauge!(names::PROCESS_START).set(started);
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(kilobytes) = field(&status, "VmRSS:") {
        metrics::gauge!(names::PROCESS_MEMORY).set(kilobytes * 1024.0);
    }
    if let Some(threads) = field(&status, "Threads:") {
        metrics::gauge!(names::PROCESS_THREADS).set(threads);
    }
    if let Ok(open) = fs::read_dir("/proc/self/fd") {
        let count = u32::try_from(open.count()).unwrap_or(u32::MAX);
        metrics::gauge!(names::PROCESS_OPEN_FDS).set(f64::from(count));
    }
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    if let Some(most) = field(&limits, "Max open files") {
        metrics::gauge!(names::PROCESS_MAX_FDS).set(most);
    }
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    if let Some(seconds) = processor_seconds(&stat) {
        metrics::gauge!(names::PROCESS_CPU).set(seconds);
    }
}

/// The first number after `name` at the beginning of a line.
fn field(text: &str, name: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// User and system time of `/proc/self/stat`; the name in parentheses may hold anything, so fields are
/// counted from behind it.
fn processor_seconds(stat: &str) -> Option<f64> {
    let (_, behind) = stat.rsplit_once(')')?;
    let mut fields = behind.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some((user + system) / TICKS_PER_SECOND)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found() {
        let status = "Name:\tbusbar\nVmRSS:\t    2048 kB\nThreads:\t7\n";
        assert_eq!(field(status, "VmRSS:"), Some(2048.0));
        assert_eq!(field(status, "VmSwap:"), None);
        let stat = "1 (a) b) S 0 1 1 0 -1 4 100 0 0 0 150 50 0 0 20 0";
        assert_eq!(processor_seconds(stat), Some(2.0));
        assert_eq!(processor_seconds(""), None);
    }
}
