//! `GET /api/mailbox/{id}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_kernel::clock::iso_millis;
use busbar_platform::Reply;
use busbar_ports::mail::Address;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Services;

/// A stored message.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MailView {
    id: String,
    to: Vec<String>,
    from: Option<String>,
    subject: String,
    text: Option<String>,
    html: Option<String>,
    created_at: String,
}

/// Shows it.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(id): Path<String>,
) -> Reply<Json<MailView>> {
    let stored = services.mailbox.show(id.parse()?).await?;
    Ok(Json(MailView {
        id: stored.id.to_string(),
        to: stored.mail.to.iter().map(written).collect(),
        from: stored.mail.from.as_ref().map(written),
        subject: stored.mail.subject,
        text: stored.mail.text,
        html: stored.mail.html,
        created_at: iso_millis(stored.sent_at),
    }))
}

/// An address as mail programs write it.
fn written(address: &Address) -> String {
    match &address.name {
        Some(name) => format!("{name} <{}>", address.email),
        None => address.email.clone(),
    }
}
