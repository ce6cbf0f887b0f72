//! `GET /api/mailbox`

use axum::Json;
use axum::extract::State;
use busbar_kernel::clock::iso_millis;
use busbar_messaging::mailbox::{MailQuery, MailSummary};
use busbar_platform::{Query, Reply};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::Services;

/// Which messages.
#[derive(Deserialize, IntoParams)]
pub(crate) struct MailboxQuery {
    /// How many, at most 200; 50 unless given.
    limit: Option<u32>,
    /// How many to pass over.
    offset: Option<u32>,
    /// A part of a recipient or the subject.
    search: Option<String>,
}

/// A page, newest first.
#[derive(Serialize, ToSchema)]
pub(crate) struct Page {
    mails: Vec<SummaryView>,
    total: u64,
}

/// A message in the list.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SummaryView {
    id: String,
    to: Vec<String>,
    subject: String,
    category: String,
    created_at: String,
}

/// Lists them.
pub(crate) async fn handle(
    State(services): State<Services>,
    Query(query): Query<MailboxQuery>,
) -> Reply<Json<Page>> {
    let query = MailQuery {
        limit: query.limit.unwrap_or(50),
        offset: query.offset.unwrap_or_default(),
        search: query.search.unwrap_or_default(),
    };
    let page = services.mailbox.list(&query).await?;
    Ok(Json(Page {
        mails: page.mails.into_iter().map(SummaryView::from).collect(),
        total: page.total,
    }))
}

impl From<MailSummary> for SummaryView {
    fn from(mail: MailSummary) -> Self {
        Self {
            id: mail.id.to_string(),
            to: mail
                .recipients
                .split(',')
                .map(|to| to.trim().to_owned())
                .collect(),
            subject: mail.subject,
            category: mail.category,
            created_at: iso_millis(mail.sent_at),
        }
    }
}
