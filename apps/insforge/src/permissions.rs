//! Every permission of this app, with one sentence.

use busbar_kernel::Holder;
use busbar_platform::Permission;

const ANYBODY_WITH_A_KEY: &[Holder] = &Holder::ALL;
const PEOPLE_AND_OPERATOR: &[Holder] = &[Holder::User, Holder::Operator];
const OPERATOR: &[Holder] = &[Holder::Operator];
const ADMINISTRATORS: &[Holder] = &[Holder::Service, Holder::Operator];

/// Signing up.
pub static USERS_SIGN_UP: Permission = Permission::new(
    "insforge.users.sign_up",
    ANYBODY_WITH_A_KEY,
    "Make an account with address and password",
);
/// Listing and showing people.
pub static USERS_READ: Permission = Permission::new(
    "insforge.users.read",
    ADMINISTRATORS,
    "List and show the people of the project",
);
/// Deleting people.
pub static USERS_DELETE: Permission =
    Permission::new("insforge.users.delete", ADMINISTRATORS, "Delete people");
/// One's own session. The operator passes here and is then told that this is for people, as InsForge does.
pub static SESSIONS_OWN: Permission = Permission::new(
    "insforge.sessions.own",
    PEOPLE_AND_OPERATOR,
    "Read one's own account",
);
/// One's own profile.
pub static PROFILES_OWN: Permission = Permission::new(
    "insforge.profiles.own",
    PEOPLE_AND_OPERATOR,
    "Change one's own profile",
);
/// The operator's own session.
pub static ADMIN_SESSIONS_OWN: Permission = Permission::new(
    "insforge.admin_sessions.own",
    OPERATOR,
    "Read one's own operator session",
);
/// The policy of sign-ups.
pub static AUTH_CONFIG_MANAGE: Permission = Permission::new(
    "insforge.auth_config.manage",
    ADMINISTRATORS,
    "Read and change the rules for accounts",
);
/// The anonymous key.
pub static KEYS_READ: Permission = Permission::new(
    "insforge.keys.read",
    ADMINISTRATORS,
    "Read the public key of anonymous callers",
);

/// Buckets and the settings of storage.
pub static STORAGE_MANAGE: Permission = Permission::new(
    "insforge.storage.manage",
    ADMINISTRATORS,
    "Make, open, close and remove buckets, set the limit of one file, and manage access keys of the S3 gateway",
);

/// Objects; the finer rule stands in `files`, which refuses the application without a person.
pub static OBJECTS_USE: Permission = Permission::new(
    "insforge.objects.use",
    &[Holder::Anonymous, Holder::User, Holder::Service, Holder::Operator],
    "Upload, list and remove one's own objects; administrators all of them",
);

/// Tables and policies.
pub static TABLES_MANAGE: Permission = Permission::new(
    "insforge.tables.manage",
    &[Holder::Service, Holder::Operator],
    "Make, describe, change and drop tables and their policies",
);

/// SQL of one's own.
pub static SQL_RUN: Permission = Permission::new(
    "insforge.sql.run",
    &[Holder::Service, Holder::Operator],
    "Run SQL and migrations, edit every row of a table, export and import, and see what the advisor finds",
);

/// Copies of people's tables.
pub static BACKUPS_MANAGE: Permission = Permission::new(
    "insforge.backups.manage",
    &[Holder::Service, Holder::Operator],
    "Make, list, restore and delete backups of the tables",
);

/// What a project is made of.
pub static METADATA_READ: Permission = Permission::new(
    "insforge.metadata.read",
    &[Holder::Service, Holder::Operator],
    "Read what the project is made of, its keys included",
);

/// Rows; grants and policies decide about each.
pub static RECORDS_USE: Permission = Permission::new(
    "insforge.records.use",
    &[Holder::Anonymous, Holder::User, Holder::Service, Holder::Operator],
    "Read and write the rows that policies allow; administrators all of them",
);

/// Rows and functions by the plain PostgREST root; the operator's own token is none of its roles.
pub static REST_USE: Permission = Permission::new(
    "insforge.rest.use",
    &[Holder::Anonymous, Holder::User, Holder::Service],
    "Use the rows and functions that grants and policies allow by the plain PostgREST root",
);

/// Every permission, in the order of the reference.
pub static ALL: &[&Permission] = &[
    &USERS_SIGN_UP,
    &USERS_READ,
    &USERS_DELETE,
    &SESSIONS_OWN,
    &PROFILES_OWN,
    &ADMIN_SESSIONS_OWN,
    &AUTH_CONFIG_MANAGE,
    &KEYS_READ,
    &TABLES_MANAGE,
    &SQL_RUN,
    &BACKUPS_MANAGE,
    &METADATA_READ,
    &RECORDS_USE,
    &REST_USE,
    &STORAGE_MANAGE,
    &OBJECTS_USE,
];
