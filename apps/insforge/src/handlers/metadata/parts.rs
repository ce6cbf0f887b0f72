//! `GET /api/metadata/…`: the parts, one each.

use axum::Json;
use axum::extract::State;
use busbar_identity::keys::AccessKey;
use busbar_kernel::Result;
use busbar_platform::{Ctx, Reply};

use crate::Services;
use crate::views::auth_config::ConfigView;
use crate::views::metadata::{
    AnonKeyView, ApiKeyView, DatabaseView, ProjectIdView, RealtimeView, StorageView,
};

/// The rules for accounts.
pub(crate) async fn auth(State(services): State<Services>) -> Reply<Json<ConfigView>> {
    Ok(Json(services.people.policy().await?.into()))
}

/// Tables and their sizes.
pub(crate) async fn database(State(services): State<Services>) -> Reply<Json<DatabaseView>> {
    Ok(Json(database_of(&services).await?))
}

/// Buckets and their sizes.
pub(crate) async fn storage(State(services): State<Services>, ctx: Ctx) -> Reply<Json<StorageView>> {
    Ok(Json(storage_of(&services, &ctx).await?))
}

/// Functions: there are none yet.
pub(crate) async fn functions() -> Json<[(); 0]> {
    Json([])
}

/// Channels: there are none yet.
pub(crate) async fn realtime() -> Json<RealtimeView> {
    Json(no_channels())
}

/// The administrator's key.
pub(crate) async fn api_key(State(services): State<Services>) -> Json<ApiKeyView> {
    let key = services.people.access_key(AccessKey::Api);
    Json(ApiKeyView {
        api_key: key.expose().to_owned(),
    })
}

/// The public key of anonymous callers.
pub(crate) async fn anon_key(State(services): State<Services>) -> Json<AnonKeyView> {
    let key = services.people.access_key(AccessKey::Anon);
    Json(AnonKeyView {
        anon_key: key.expose().to_owned(),
    })
}

/// The project's id in the cloud.
pub(crate) async fn project_id() -> Json<ProjectIdView> {
    Json(ProjectIdView { project_id: None })
}

pub(super) async fn database_of(services: &Services) -> Result<DatabaseView> {
    let overview = &services.workbench.overview;
    Ok(DatabaseView::of(
        overview.tables().await?,
        overview.bytes().await?,
    ))
}

pub(super) async fn storage_of(services: &Services, ctx: &Ctx) -> Result<StorageView> {
    Ok(services.files.buckets.list(ctx.actor()).await?.into())
}

pub(super) fn no_channels() -> RealtimeView {
    RealtimeView::default()
}
