//! People, credentials, sessions, roles and keys, in separate directories.
