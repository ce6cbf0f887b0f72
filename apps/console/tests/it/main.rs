//! The console's API as an operator uses it, on both databases.

mod files;
mod tables;
mod workbench;
