//! The server's own variables: where it listens, which apps run, where they answer.

use busbar_kernel::variables::{Entry, Rule, Variable};

/// The mode.
pub static APP_ENV: Variable<Option<String>> = Variable::new(
    "APP_ENV",
    "server",
    "development, test, staging or production; NODE_ENV counts when this is not set",
);
/// The mode's other name.
pub static NODE_ENV: Variable<Option<String>> = Variable::new(
    "NODE_ENV",
    "server",
    "The mode, where APP_ENV is not set; the two must agree",
);
/// The port.
pub static PORT: Variable<u16> =
    Variable::new("PORT", "server", "The port Busbar listens on").default("7130");
/// The address.
pub static HOST: Variable<Option<String>> = Variable::new(
    "HOST",
    "server",
    "The address Busbar listens on: 127.0.0.1 in development and test, 0.0.0.0 otherwise, unless set",
);
/// The apps that run.
pub static BUSBAR_APPS: Variable<Vec<String>> = Variable::new(
    "BUSBAR_APPS",
    "server",
    "The apps that run, with commas: insforge, console; all in development",
)
.production(&[Rule::Named]);
/// Where insforge answers.
pub static BUSBAR_MOUNT_INSFORGE: Variable<Option<String>> = Variable::new(
    "BUSBAR_MOUNT_INSFORGE",
    "server",
    "Where insforge answers: a path or a host name; / unless set",
);
/// Where the console answers.
pub static BUSBAR_MOUNT_CONSOLE: Variable<Option<String>> = Variable::new(
    "BUSBAR_MOUNT_CONSOLE",
    "server",
    "Where the console answers: a path or a host name; /admin unless set",
);
/// How long requests may finish after a signal.
pub static SHUTDOWN_SECONDS: Variable<u64> = Variable::new(
    "SHUTDOWN_SECONDS",
    "server",
    "Seconds that running requests may take to finish after a signal",
)
.default("20");

/// How many connections one address may hold.
pub static MOST_CONNECTIONS_PER_ADDRESS: Variable<usize> = Variable::new(
    "MOST_CONNECTIONS_PER_ADDRESS",
    "server",
    "Open connections that one address (of IPv6, one /64) may hold; further ones are answered 503; 0 is no limit",
)
.default("2000");

/// This crate's part of the variable table.
pub static VARIABLES: &[&Entry] = &[
    APP_ENV.entry(),
    NODE_ENV.entry(),
    HOST.entry(),
    PORT.entry(),
    BUSBAR_APPS.entry(),
    BUSBAR_MOUNT_INSFORGE.entry(),
    BUSBAR_MOUNT_CONSOLE.entry(),
    SHUTDOWN_SECONDS.entry(),
    MOST_CONNECTIONS_PER_ADDRESS.entry(),
];
