//! `GET /api/auth/users`

use axum::extract::State;
use busbar_identity::people::{MOST_LISTED, UserQuery};
use busbar_platform::{Query, Reply};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::Services;
use crate::views::Answer;
use crate::views::user::UserPageView;

/// Which page of which people.
#[derive(Deserialize, IntoParams)]
#[serde(default)]
pub(crate) struct Page {
    /// How many, 100 at most.
    limit: u32,
    /// How many to pass over.
    offset: u32,
    /// A part of the address or the name.
    search: String,
}

impl Default for Page {
    fn default() -> Self {
        Self {
            limit: 10,
            offset: 0,
            search: String::new(),
        }
    }
}

/// Lists people, newest first.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(page): Query<Page>,
) -> Reply<Answer<UserPageView>> {
    let query = UserQuery {
        limit: page.limit.min(MOST_LISTED),
        offset: page.offset,
        search: page.search,
    };
    let people = services.people.users(&query).await?;
    Ok(Answer(UserPageView::of(people, query.limit, query.offset)))
}
