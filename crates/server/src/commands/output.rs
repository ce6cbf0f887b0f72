//! What a command says on its standard output.

use std::io::Write;

use busbar_kernel::variables::Problem;

use crate::compose::Busbar;

/// Prints a line; a closed pipe is no reason to fail.
pub(super) fn say(line: &str) {
    let _closed = writeln!(std::io::stdout().lock(), "{line}").is_err();
}

/// The problems as JSON has them.
pub(super) fn problems_json(problems: &[Problem]) -> serde_json::Value {
    let row =
        |problem: &Problem| serde_json::json!({ "variable": problem.variable, "message": problem.message });
    problems.iter().map(row).collect()
}

/// Prints every problem of the configuration.
pub(super) fn say_problems(problems: &[Problem]) {
    say("Busbar does not start with this configuration:");
    for problem in problems {
        say(&format!("  - {}", problem.message));
    }
    say("`busbar config` prints these again, and every variable with its value and meaning.");
}

/// Prints how the operator signs in; a generated password this once.
pub(super) fn say_sign_in(busbar: &Busbar) {
    if let Some((name, password)) = &busbar.first_start.operator {
        let password = password.expose();
        say(&format!("  sign in  {name} with the password {password}"));
        say("           (generated and shown this once; set ADMIN_PASSWORD to choose another)");
    } else {
        let name = busbar.settings.get(&busbar_identity::config::ADMIN_EMAIL);
        say(&format!(
            "  sign in  {name} with the password set or shown before; `busbar admin create {name}` makes a new one"
        ));
    }
}
