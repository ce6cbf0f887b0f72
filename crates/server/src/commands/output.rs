//! What a command says on its standard output.

use std::io::Write;

use busbar_kernel::variables::Problem;

/// Prints a line; a closed pipe is no reason to fail.
pub(super) fn say(line: &str) {
    let _closed = writeln!(std::io::stdout().lock(), "{line}").is_err();
}

/// Prints every problem of the configuration.
pub(super) fn say_problems(problems: &[Problem]) {
    say("Busbar does not start with this configuration:");
    for problem in problems {
        say(&format!("  - {}", problem.message));
    }
    say("`busbar config` prints every variable with its meaning.");
}
