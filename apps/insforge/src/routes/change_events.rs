//! Change events of tables; Busbar's own addition.

use busbar_platform::{Routes, delete, get, put};

use crate::Services;
use crate::errors::database_shape;
use crate::handlers::change_events;
use crate::permissions::TABLES_MANAGE;
use crate::views::change_events::{ChangesView, PublicationView, PublicationsView};

const OF_TABLE: &str = "/api/database/change-events/{table}";

/// Their routes.
pub(crate) fn table() -> Routes<Services> {
    Routes::new()
        .group("change events")
        .shape(database_shape)
        .route(
            get(
                "/api/database/change-events",
                &TABLES_MANAGE,
                change_events::list::handle,
            )
            .summary("Tables whose changes are recorded; Busbar's own addition")
            .answers::<PublicationsView>(200, "The tables"),
        )
        .route(
            put(OF_TABLE, &TABLES_MANAGE, change_events::publish::handle)
                .summary("Record every change of a table from now on; Busbar's own addition")
                .body::<change_events::publish::PublicationInput>()
                .answers::<PublicationView>(200, "Switched on")
                .answers_plain(404, "There is no such table"),
        )
        .route(
            delete(OF_TABLE, &TABLES_MANAGE, change_events::withdraw::handle)
                .summary("Record nothing more of a table; Busbar's own addition")
                .answers_plain(204, "Switched off")
                .answers_plain(404, "Nothing was switched on, or there is no such table"),
        )
        .route(
            get(
                "/api/database/changes",
                &TABLES_MANAGE,
                change_events::recent::handle,
            )
            .summary("What was recorded, in pages; Busbar's own addition")
            .params::<change_events::recent::Wanted>()
            .answers::<ChangesView>(200, "The changes"),
        )
}
