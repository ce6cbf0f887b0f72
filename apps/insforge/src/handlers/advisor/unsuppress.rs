//! `DELETE /api/advisor/suppressions/{suppression}`

use axum::Json;
use axum::extract::{Path, State};
use busbar_kernel::Error;
use busbar_platform::Reply;

use crate::Services;
use crate::views::advisor::Unsuppressed;

/// Lets it be heard again.
pub(crate) async fn handle(
    State(services): State<Services>,
    Path(suppression): Path<String>,
) -> Reply<Json<Unsuppressed>> {
    let id = suppression
        .parse()
        .map_err(|_| Error::invalid("suppression", "An id is a UUID"))?;
    services.workbench.advisor.unsuppress(id).await?;
    Ok(Json(Unsuppressed::done()))
}
