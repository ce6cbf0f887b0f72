//! The table of contents: for each need the first provider whose variables are set, then the apps.

use std::sync::Arc;

use busbar_cache::Cache;
use busbar_kernel::variables::{Settings, Variable};
use busbar_kernel::{Clock, Error, Result};
use busbar_platform::builtin::{self, health::HealthSource};
use busbar_platform::{App, Composition, Edge, Mount};

use crate::needs::Need;
use crate::{VERSION, config, embedded};

/// Everything that runs.
pub struct Busbar {
    /// The values in force.
    pub settings: Settings,
    /// Router and route list.
    pub composition: Composition,
    /// What serves each need.
    pub needs: Vec<Need>,
}

/// Opens every need and composes the apps.
///
/// # Errors
/// What does not open, and every reason why the apps do not fit together.
pub async fn compose(settings: Settings, clock: Arc<dyn Clock>) -> Result<Busbar> {
    let cache = Cache::open(&settings, Arc::clone(&clock)).await?;
    let needs = vec![cache_need(&cache)];

    let insforge = busbar_insforge::Services {
        clock: Arc::clone(&clock),
        version: VERSION,
        base_url: settings.get(&busbar_insforge::config::API_BASE_URL),
    };
    let console = busbar_console::Services {
        clock: Arc::clone(&clock),
        bundle: embedded::console,
    };
    let apps: Vec<(App, MountVariable)> = vec![
        (busbar_insforge::app(insforge), &config::BUSBAR_MOUNT_INSFORGE),
        (busbar_console::app(console), &config::BUSBAR_MOUNT_CONSOLE),
    ];

    let mut mounted = chosen(apps, &settings)?;
    let health = Arc::new(Health(needs.clone()));
    let services = builtin::Services {
        health,
        metrics: None,
        reference: embedded::reference,
    };
    mounted.push((builtin::app(services), Mount::root()));
    let edge = Edge {
        clock,
        cache,
        settings: settings.clone(),
        version: VERSION,
    };
    let composition = busbar_platform::compose(mounted, &edge).map_err(|problems| {
        Error::internal("the apps do not fit together").with("problems", problems.join("; "))
    })?;
    Ok(Busbar {
        settings,
        composition,
        needs,
    })
}

type MountVariable = &'static Variable<Option<String>>;

/// The apps that run, each at its mount; an app that runs alone, the console apart, is at the root.
fn chosen(apps: Vec<(App, MountVariable)>, settings: &Settings) -> Result<Vec<(App, Mount)>> {
    let wanted = settings.get(&config::BUSBAR_APPS);
    let names: Vec<_> = apps.iter().map(|(app, _)| app.name()).collect();
    if let Some(unknown) = wanted.iter().find(|name| !names.contains(&name.as_str())) {
        let message = format!("BUSBAR_APPS names {unknown:?}; there are {}", names.join(", "));
        return Err(Error::invalid("BUSBAR_APPS", message));
    }
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    let alone = wanted.iter().filter(|name| *name != "console").count() == 1;
    let mut mounted = Vec::new();
    for (app, variable) in apps.into_iter().filter(|(app, _)| runs(app.name())) {
        let mount = match settings.get(variable) {
            Some(text) => text.parse().map_err(|error: Error| error.field(variable.name))?,
            None if alone && app.name() != "console" => Mount::root(),
            None => app.default_mount().clone(),
        };
        mounted.push((app, mount));
    }
    Ok(mounted)
}

fn cache_need(cache: &Cache) -> Need {
    let handle = cache.clone();
    let provider = cache.describe();
    Need {
        name: "cache, sessions, rate limits",
        check_name: "cache",
        embedded: provider == "in process",
        provider,
        variables: &["REDIS_URL", "REDIS_HOST"],
        check: Arc::new(move || {
            let cache = handle.clone();
            Box::pin(async move { cache.check().await })
        }),
    }
}

/// Health over the needs.
struct Health(Vec<Need>);

#[async_trait::async_trait]
impl HealthSource for Health {
    async fn findings(&self) -> Vec<builtin::health::Finding> {
        let checks = self.0.iter().map(|need| async {
            let up = tokio::time::timeout(std::time::Duration::from_secs(3), (need.check)()).await;
            builtin::health::Finding {
                name: need.check_name,
                up: matches!(up, Ok(Ok(_))),
            }
        });
        futures_util::future::join_all(checks).await
    }

    fn facts(&self) -> serde_json::Value {
        serde_json::json!({ "version": VERSION })
    }
}
