//! The console's API as an operator uses it, on both databases.

mod change_events;
mod files;
mod tables;
mod workbench;
