//! Every permission of this app, with one sentence.

use busbar_kernel::Holder;
use busbar_platform::Permission;

const OPERATOR: &[Holder] = &[Holder::Operator];

/// The operator's own session.
pub static SESSION_READ: Permission =
    Permission::new("console.session.read", OPERATOR, "See who is signed in");
/// The overview.
pub static OVERVIEW_READ: Permission = Permission::new(
    "console.overview.read",
    OPERATOR,
    "See what is embedded, what is real and how it is",
);
/// Keys, masked.
pub static KEYS_READ: Permission = Permission::new(
    "console.keys.read",
    OPERATOR,
    "See the public key and a hint of the API key",
);
/// The API key.
pub static KEYS_REVEAL: Permission = Permission::new("console.keys.reveal", OPERATOR, "See the API key");
/// Tables.
pub static TABLES_READ: Permission =
    Permission::new("console.tables.read", OPERATOR, "List and describe tables");
/// Changing tables.
pub static TABLES_WRITE: Permission = Permission::new(
    "console.tables.write",
    OPERATOR,
    "Make, change and drop tables and their policies",
);
/// SQL by hand.
pub static SQL_RUN: Permission = Permission::new("console.sql.run", OPERATOR, "Run SQL on people's tables");
/// Migrations.
pub static MIGRATIONS_READ: Permission = Permission::new(
    "console.migrations.read",
    OPERATOR,
    "See which migrations were applied",
);
/// Applying migrations.
pub static MIGRATIONS_APPLY: Permission = Permission::new(
    "console.migrations.apply",
    OPERATOR,
    "Rehearse and apply migrations",
);
/// Backups.
pub static BACKUPS_READ: Permission =
    Permission::new("console.backups.read", OPERATOR, "List and download backups");
/// Making backups.
pub static BACKUPS_WRITE: Permission =
    Permission::new("console.backups.write", OPERATOR, "Make and delete backups");
/// The way back.
pub static BACKUPS_RESTORE: Permission = Permission::new(
    "console.backups.restore",
    OPERATOR,
    "Put a backup in the place of the tables",
);
/// Rows.
pub static RECORDS_READ: Permission = Permission::new("console.records.read", OPERATOR, "Read every row");
/// Changing rows.
pub static RECORDS_WRITE: Permission = Permission::new(
    "console.records.write",
    OPERATOR,
    "Insert, change and delete rows",
);
/// Buckets.
pub static BUCKETS_READ: Permission = Permission::new(
    "console.buckets.read",
    OPERATOR,
    "List buckets and what they hold",
);
/// Changing buckets.
pub static BUCKETS_WRITE: Permission = Permission::new(
    "console.buckets.write",
    OPERATOR,
    "Make, open, close and delete buckets; change the policies of files",
);
/// Objects.
pub static OBJECTS_READ: Permission =
    Permission::new("console.objects.read", OPERATOR, "List and download objects");
/// Changing objects.
pub static OBJECTS_WRITE: Permission =
    Permission::new("console.objects.write", OPERATOR, "Upload and delete objects");
/// Links to objects.
pub static LINKS_MAKE: Permission = Permission::new(
    "console.links.make",
    OPERATOR,
    "Make links that open an object without a credential",
);
/// Access keys.
pub static ACCESS_KEYS_READ: Permission = Permission::new(
    "console.access_keys.read",
    OPERATOR,
    "List access keys of the S3 gateway",
);
/// Changing access keys.
pub static ACCESS_KEYS_WRITE: Permission = Permission::new(
    "console.access_keys.write",
    OPERATOR,
    "Make and revoke access keys of the S3 gateway",
);
/// People.
pub static USERS_READ: Permission = Permission::new("console.users.read", OPERATOR, "List people");
/// Changing people.
pub static USERS_WRITE: Permission =
    Permission::new("console.users.write", OPERATOR, "Make and delete accounts");
/// The mailbox.
pub static MAILBOX_READ: Permission = Permission::new("console.mailbox.read", OPERATOR, "Read stored mail");
/// Emptying the mailbox.
pub static MAILBOX_EMPTY: Permission =
    Permission::new("console.mailbox.empty", OPERATOR, "Empty the mailbox");
/// Logs.
pub static LOGS_READ: Permission = Permission::new("console.logs.read", OPERATOR, "Read the log");
/// Variables.
pub static VARIABLES_READ: Permission = Permission::new(
    "console.variables.read",
    OPERATOR,
    "See every variable, secrets masked",
);

/// Every permission, in the order of the reference.
pub static ALL: &[&Permission] = &[
    &SESSION_READ,
    &OVERVIEW_READ,
    &KEYS_READ,
    &KEYS_REVEAL,
    &TABLES_READ,
    &TABLES_WRITE,
    &SQL_RUN,
    &MIGRATIONS_READ,
    &MIGRATIONS_APPLY,
    &BACKUPS_READ,
    &BACKUPS_WRITE,
    &BACKUPS_RESTORE,
    &RECORDS_READ,
    &RECORDS_WRITE,
    &BUCKETS_READ,
    &BUCKETS_WRITE,
    &OBJECTS_READ,
    &OBJECTS_WRITE,
    &LINKS_MAKE,
    &ACCESS_KEYS_READ,
    &ACCESS_KEYS_WRITE,
    &USERS_READ,
    &USERS_WRITE,
    &MAILBOX_READ,
    &MAILBOX_EMPTY,
    &LOGS_READ,
    &VARIABLES_READ,
];
