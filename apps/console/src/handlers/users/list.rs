//! `GET /api/users`

use axum::Json;
use axum::extract::State;
use busbar_identity::people::UserQuery;
use busbar_platform::{Query, Reply};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::UserView;
use crate::Services;

/// Which people.
#[derive(Deserialize, IntoParams)]
pub(crate) struct PeopleQuery {
    /// How many, at most 100; 50 unless given.
    limit: Option<u32>,
    /// How many to pass over.
    offset: Option<u32>,
    /// A part of the address or the name.
    search: Option<String>,
}

/// A page, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page {
    users: Vec<UserView>,
    total: u64,
}

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<PeopleQuery>,
) -> Reply<Json<Page>> {
    let query = UserQuery {
        limit: query.limit.unwrap_or(50),
        offset: query.offset.unwrap_or_default(),
        search: query.search.unwrap_or_default(),
    };
    let people = services.people.users(&query).await?;
    Ok(Json(Page {
        users: people.users.into_iter().map(UserView::from).collect(),
        total: people.total,
    }))
}
