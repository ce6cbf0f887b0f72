//! What the console shows of this installation.

use std::sync::Arc;

use busbar_console::{FileApi, Installation, NeedState};
use busbar_kernel::Timestamp;
use busbar_kernel::variables::Settings;
use busbar_platform::Mount;

use crate::needs::Need;
use crate::{VERSION, apps, config};

/// The facts of this installation, with a way to ask how its needs are.
pub(crate) fn installation(settings: &Settings, needs: &[Need], started_at: Timestamp) -> Installation {
    let needs = needs.to_vec();
    Installation {
        version: VERSION,
        mode: settings.mode().name(),
        started_at,
        port: settings.get(&config::PORT),
        files: file_api(settings),
        needs: Arc::new(move || {
            let needs = needs.clone();
            Box::pin(async move { futures_util::future::join_all(needs.iter().map(state)).await })
        }),
    }
}

/// Where the app that serves files answers, if it runs.
fn file_api(settings: &Settings) -> Option<FileApi> {
    let configured = settings.get(&busbar_insforge::config::API_BASE_URL);
    let mount = apps::place(settings, "insforge")?;
    let address = match (configured, mount) {
        (Some(address), _) => address.trim_end_matches('/').to_owned(),
        (None, Mount::Path(path)) => path,
        (None, Mount::Host(host)) => format!("//{host}"),
    };
    Some(FileApi {
        address,
        object_path: busbar_insforge::object_path,
        gateway_path: busbar_insforge::GATEWAY_PATH,
        region: busbar_insforge::GATEWAY_REGION,
    })
}

async fn state(need: &Need) -> NeedState {
    let asked = tokio::time::timeout(std::time::Duration::from_secs(3), (need.check)()).await;
    let (up, detail) = match asked {
        Ok(Ok(detail)) => (true, detail),
        Ok(Err(error)) => (false, error.message().to_owned()),
        Err(_) => (false, "no answer within three seconds".to_owned()),
    };
    NeedState {
        need: need.name,
        provider: need.provider.clone(),
        embedded: need.embedded,
        up,
        detail,
        variables: need.variables,
    }
}
