//! Method, path, permission, handler: one file per part.

mod files;
mod operation;
mod people;
mod tables;
mod workbench;

use busbar_platform::{Routes, get, public};

use crate::{Services, page};

/// The whole table.
pub(crate) fn table() -> Routes<Services> {
    Routes::new()
        .merge(operation::table())
        .merge(tables::table())
        .merge(workbench::table())
        .merge(files::table())
        .merge(people::table())
        .group("console pages")
        .route(
            get("/", public("the page holds no data"), page::index)
                .summary("The console")
                .answers_plain(200, "The page"),
        )
        .route(
            get("/{*path}", public("the page holds no data"), page::file)
                .summary("The console's files")
                .answers_plain(200, "The file"),
        )
}
