//! The apps: one line each in the list, and where each is mounted.

use std::sync::Arc;

use busbar_kernel::variables::{Settings, Variable};
use busbar_kernel::{Error, Result};
use busbar_platform::{App, Mount};

use crate::compose::Capabilities;
use crate::needs::Need;
use crate::{VERSION, config, embedded};

/// Every app's name, the variable of its mount, and its default mount.
static LIST: &[(&str, &Variable<Option<String>>, &str)] = &[
    ("insforge", &config::BUSBAR_MOUNT_INSFORGE, "/"),
    ("console", &config::BUSBAR_MOUNT_CONSOLE, "/admin"),
];

/// Every app's name.
pub(crate) fn names() -> Vec<&'static str> {
    LIST.iter().map(|(name, ..)| *name).collect()
}

/// Makes an app over the capabilities.
fn make(name: &str, mount: &Mount, settings: &Settings, over: &Capabilities, needs: &[Need]) -> Option<App> {
    match name {
        "insforge" => Some(busbar_insforge::app(busbar_insforge::Services::from(
            busbar_insforge::Parts {
                clock: Arc::clone(&over.clock),
                version: VERSION,
                base_url: settings.get(&busbar_insforge::config::API_BASE_URL),
                people: over.people.clone(),
                data: over.data.clone(),
                workbench: over.workbench.clone(),
                unrestricted_sql: busbar_insforge::config::unrestricted_sql(settings),
                files: over.files.clone(),
                new_buckets_are_public: busbar_insforge::config::new_buckets_are_public(settings),
                budgets: busbar_insforge::config::Budgets::from_settings(settings),
            },
        ))),
        "console" => Some(busbar_console::app(busbar_console::Services {
            clock: Arc::clone(&over.clock),
            bundle: embedded::console,
            cookies: busbar_console::Cookies {
                path: mount.path("/"),
                secure: settings.mode().is_strict(),
            },
            operators: over.operators.clone(),
            people: over.people.clone(),
            data: over.data.clone(),
            workbench: over.workbench.clone(),
            unrestricted_sql: busbar_insforge::config::unrestricted_sql(settings),
            files: over.files.clone(),
            mailbox: over.mailbox.clone(),
            logs: over.logs.clone(),
            settings: Arc::new(settings.clone()),
            installation: Arc::new(crate::installation::installation(
                settings,
                needs,
                over.clock.now(),
            )),
        })),
        _ => None,
    }
}

/// Refuses names that no app has, before anything is opened.
///
/// # Errors
/// `BUSBAR_APPS` with an unknown name, or a mount that is neither a path nor a host.
pub fn check(settings: &Settings) -> Result<()> {
    places(settings).map(|_| ())
}

/// The apps that run, each at its mount.
///
/// # Errors
/// As [`check`].
pub(crate) fn mounted(settings: &Settings, over: &Capabilities, needs: &[Need]) -> Result<Vec<(App, Mount)>> {
    let mut mounted = Vec::new();
    for (name, mount) in places(settings)? {
        let own = settings.for_app(name).map_err(|problems| {
            Error::invalid(
                name.to_owned(),
                problems
                    .iter()
                    .map(|p| p.message.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
            )
        })?;
        mounted.extend(make(name, &mount, &own, over, needs).map(|app| (app, mount)));
    }
    Ok(mounted)
}

/// Where an app answers; none where it does not run.
pub(crate) fn place(settings: &Settings, app: &str) -> Option<Mount> {
    let known = places(settings).ok()?.into_iter().find(|(name, _)| *name == app);
    known.map(|(_, mount)| mount)
}

/// Names and mounts; an app that runs alone, the console apart, is at the root.
fn places(settings: &Settings) -> Result<Vec<(&'static str, Mount)>> {
    let wanted = settings.get(&config::BUSBAR_APPS);
    if let Some(unknown) = wanted
        .iter()
        .find(|name| LIST.iter().all(|(known, ..)| known != name))
    {
        let known: Vec<_> = LIST.iter().map(|(name, ..)| *name).collect();
        let message = format!("BUSBAR_APPS names {unknown:?}; there are {}", known.join(", "));
        return Err(Error::invalid("BUSBAR_APPS", message));
    }
    let alone = wanted.iter().filter(|name| *name != "console").count() == 1;
    let runs = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
    LIST.iter()
        .filter(|(name, ..)| runs(name))
        .map(|(name, variable, default)| {
            let text = match settings.get(variable) {
                Some(text) => text,
                None if alone && *name != "console" => "/".to_owned(),
                None => (*default).to_owned(),
            };
            let mount = text.parse().map_err(|error: Error| error.field(variable.name))?;
            Ok((*name, mount))
        })
        .collect()
}
