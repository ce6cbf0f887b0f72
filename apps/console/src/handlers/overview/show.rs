//! `GET /api/overview`

use axum::Json;
use axum::extract::State;
use busbar_identity::people::UserQuery;
use busbar_kernel::clock::iso_millis;
use busbar_messaging::mailbox::MailQuery;
use busbar_platform::{Ctx, Reply};
use serde::Serialize;
use utoipa::ToSchema;

use crate::handlers::tables::SCHEMA;
use crate::{NeedState, Services};

/// What runs, and how it is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Overview {
    product: &'static str,
    version: &'static str,
    mode: &'static str,
    started_at: String,
    uptime_seconds: i64,
    address: String,
    counts: Counts,
    needs: Vec<NeedView>,
}

/// How many there are.
#[derive(Serialize, ToSchema)]
pub(crate) struct Counts {
    users: u64,
    tables: u64,
    buckets: u64,
    objects: u64,
    mails: u64,
}

/// One need.
#[derive(Serialize, ToSchema)]
pub(crate) struct NeedView {
    need: &'static str,
    provider: String,
    embedded: bool,
    /// `up` or `down`.
    state: &'static str,
    detail: String,
    variables: &'static [&'static str],
}

impl From<NeedState> for NeedView {
    fn from(need: NeedState) -> Self {
        Self {
            need: need.need,
            provider: need.provider,
            embedded: need.embedded,
            state: if need.up { "up" } else { "down" },
            detail: need.detail,
            variables: need.variables,
        }
    }
}

/// The overview.
pub(crate) async fn handle(State(services): State<Services>, ctx: Ctx) -> Reply<Json<Overview>> {
    let one = UserQuery {
        limit: 1,
        ..UserQuery::default()
    };
    let mail = MailQuery {
        limit: 1,
        ..MailQuery::default()
    };
    let buckets = services.files.buckets.list(ctx.actor()).await?;
    let counts = Counts {
        users: services.people.users(&one).await?.total,
        tables: services.data.tables.list(SCHEMA)?.len() as u64,
        buckets: buckets.len() as u64,
        objects: buckets.iter().map(|usage| usage.objects).sum(),
        mails: services.mailbox.list(&mail).await?.total,
    };
    let installation = &services.installation;
    let needs = (installation.needs)().await;
    Ok(Json(Overview {
        product: "Busbar",
        version: installation.version,
        mode: installation.mode,
        started_at: iso_millis(installation.started_at),
        uptime_seconds: (services.clock.now() - installation.started_at).num_seconds(),
        address: format!("http://localhost:{}", installation.port),
        counts,
        needs: needs.into_iter().map(NeedView::from).collect(),
    }))
}
