//! `busbar openapi`: the document, without a listener and without touching any data.

use std::path::Path;
use std::process::ExitCode;

use axum::body::Body;
use axum::extract::Request;
use busbar_kernel::variables::{Origin, Settings, Source};
use busbar_kernel::{Error, Result, random};
use tower::ServiceExt;

use super::output::{say, say_problems};
use crate::compose::{self, Surroundings};
use crate::environment;

/// Prints the document of the apps that run.
pub(super) async fn run() -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    match document(&settings).await {
        Ok(text) => {
            say(&text);
            ExitCode::SUCCESS
        }
        Err(error) => {
            say(&format!("The apps cannot be composed: {}", error.operator_line()));
            ExitCode::FAILURE
        }
    }
}

async fn document(settings: &Settings) -> Result<String> {
    let folder = tempfile::tempdir()
        .map_err(|error| Error::internal("a temporary folder cannot be made").source(error))?;
    let busbar = compose::compose(aside(settings, folder.path())?, Surroundings::bare()).await?;
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = axum::http::Uri::from_static("/openapi.json");
    let Ok(response) = busbar.composition.front.oneshot(request).await;
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .map_err(|error| Error::internal("the document broke off").source(error))?;
    busbar.store.close().await;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// The same apps at the same mounts, over an empty folder.
fn aside(settings: &Settings, folder: &Path) -> Result<Settings> {
    let chosen = settings
        .all()
        .iter()
        .filter(|setting| setting.entry.name.starts_with("BUSBAR_"));
    let chosen = chosen.filter_map(|setting| Some((setting.entry.name.to_owned(), setting.value.clone()?)));
    let below = |name: &str| folder.join(name).display().to_string();
    let own = [
        ("DATA_DIR", below("data")),
        ("STORAGE_DIR", below("storage")),
        ("ADMIN_PASSWORD", random::hex(16)),
    ]
    .map(|(name, value)| (name.to_owned(), value));
    let source = Source::new(Origin::Environment, chosen.chain(own));
    environment::resolve(vec![source]).map_err(|problems| {
        let said: Vec<_> = problems.iter().map(|problem| problem.message.as_str()).collect();
        Error::internal("the apps' variables do not fit together").with("problems", said.join("; "))
    })
}
