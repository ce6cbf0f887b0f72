//! The accounts of the InsForge surface: shapes, cookies, error codes.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod administration;
mod bed;
mod codes;
mod pages;
mod refusals;
mod rest;
mod storage;
mod transfer;
mod workbench;
