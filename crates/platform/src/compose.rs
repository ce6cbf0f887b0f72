//! Apps to one router, or every reason why not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::IntoResponse;
use axum::routing::MethodRouter;
use busbar_cache::Cache;
use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Error, Kind};

use crate::app::App;
use crate::config;
use crate::http::cors::Cors;
use crate::http::edge::{EdgeState, Place, host_name};
use crate::http::failure::{Failure, plain_shape};
use crate::http::front::Front;
use crate::http::guard::Guard;
use crate::http::internal::InternalRule;
use crate::http::meter::Meter;
use crate::openapi::{self, Listing};
use crate::route::{Limit, Per};
use crate::{Access, Mount};

/// What every app shares at the edge.
pub struct Edge {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Where limits are counted.
    pub cache: Cache,
    /// The values in force.
    pub settings: Settings,
    /// The version, for the API reference.
    pub version: &'static str,
}

/// The result: a router, and what stands in it.
pub struct Composition {
    /// Answers every request.
    pub front: Front,
    /// Every route, for the golden lists and the access tests, sorted by path and method.
    pub listings: Vec<RouteListing>,
}

/// One row of the route list.
#[derive(Clone, Debug)]
pub struct RouteListing {
    /// The app.
    pub app: &'static str,
    /// The method.
    pub method: String,
    /// The full path; for a host mount, the host stands before it.
    pub path: String,
    /// What it asks for.
    pub access: Access,
    /// Its limit, as `budget/seconds`.
    pub limit: Option<String>,
}

/// Composes the apps, each at its mount.
///
/// # Errors
/// Every reason at once: two apps at one place, one path claimed twice, a permission that is not declared or is
/// declared twice or under another app's name.
pub fn compose(apps: Vec<(App, Mount)>, edge: &Edge) -> Result<Composition, Vec<String>> {
    let mut problems = check_mounts(&apps);
    problems.extend(apps.iter().flat_map(|(app, _)| check_permissions(app)));
    let internal = Arc::new(internal_rule(&edge.settings).map_err(|error| vec![error.message().to_owned()])?);
    let mut tables: HashMap<Option<String>, BTreeMap<String, MethodRouter<()>>> = HashMap::new();
    let mut claimed: BTreeMap<(Option<String>, String, String), &'static str> = BTreeMap::new();
    let mut listings = Vec::new();
    let mut described = Vec::new();
    let mut places = Vec::new();
    for (app, mount) in apps {
        let host = match &mount {
            Mount::Host(name) => Some(name.clone()),
            Mount::Path(_) => None,
        };
        for route in app.routes {
            let path = mount.path(&route.path);
            let claim = (host.clone(), path.clone(), route.method.to_string());
            if let Some(other) = claimed.insert(claim, app.name) {
                problems.push(format!(
                    "{} {path} is claimed by {other} and by {}",
                    route.method, app.name
                ));
                continue;
            }
            let guard = Guard {
                access: route.access,
                limit: route.limit,
                body_limit: route
                    .body_limit
                    .unwrap_or_else(|| edge.settings.get(&config::MAX_JSON_BODY_SIZE)),
                time_limit: route.time_limit.unwrap_or_else(|| {
                    Duration::from_secs(edge.settings.get(&config::REQUEST_TIMEOUT_SECONDS))
                }),
                gate: route.group.gate.clone().unwrap_or_else(|| Arc::clone(&app.gate)),
                shape: route.group.shape.unwrap_or(app.shape),
                cache: edge.cache.clone(),
                clock: Arc::clone(&edge.clock),
                internal: Arc::clone(&internal),
                meter: Arc::new(Meter::new(route.method.as_str(), &path)),
            };
            let handler = (route.endpoint)(Arc::new(guard));
            let table = tables.entry(host.clone()).or_default();
            // A mount is visited with and without its last slash.
            if route.path == "/" && path != "/" {
                let slashed = format!("{path}/");
                let merged = table.remove(&slashed).unwrap_or_default().merge(handler.clone());
                table.insert(slashed, merged);
            }
            let merged = table.remove(&path).unwrap_or_default().merge(handler);
            table.insert(path.clone(), merged);
            let listed = host
                .as_ref()
                .map_or_else(|| path.clone(), |host| format!("{host}{path}"));
            listings.push(RouteListing {
                app: app.name,
                method: route.method.to_string(),
                path: listed,
                access: route.access,
                limit: route
                    .limit
                    .map(|limit| format!("{}/{}s", limit.budget, limit.window.as_secs())),
            });
            described.push(Listing {
                app: app.name,
                method: route.method,
                path,
                access: route.access,
                tag: route.group.tag,
                limited: route.limit.is_some(),
                description: route.description,
            });
        }
        // Beside an app at the root, the platform's own paths must not give their shape to the app's unknown ones.
        if app.name != crate::builtin::NAME {
            places.push(Place {
                mount,
                shape: app.shape,
                origins: app.origins,
            });
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let document: Arc<str> = openapi::document(&described, edge.version).into();
    let mut routers: HashMap<Option<String>, Router> = tables
        .into_iter()
        .map(|(host, table)| (host, router_of(table, &document)))
        .collect();
    let root = routers
        .remove(&None)
        .unwrap_or_else(|| router_of(BTreeMap::new(), &document));
    let router = with_hosts(root, routers);
    listings.sort_by(|left, right| (&left.path, &left.method).cmp(&(&right.path, &right.method)));
    Ok(Composition {
        front: finish(router, places, edge),
        listings,
    })
}

fn router_of(table: BTreeMap<String, MethodRouter<()>>, document: &Arc<str>) -> Router {
    let mut router = Router::new();
    for (path, handler) in table {
        router = router.route(&path, handler);
    }
    router
        .route("/openapi.json", openapi::route(Arc::clone(document)))
        .method_not_allowed_fallback(method_not_allowed)
        .fallback(not_found)
}

fn with_hosts(root: Router, hosts: HashMap<Option<String>, Router>) -> Router {
    if hosts.is_empty() {
        return root;
    }
    let hosts: HashMap<String, Router> = hosts
        .into_iter()
        .filter_map(|(host, router)| Some((host?, router)))
        .collect();
    let hosts = Arc::new(hosts);
    Router::new().fallback(move |request: Request| {
        let router = host_name(request.headers())
            .and_then(|host| hosts.get(&host))
            .unwrap_or(&root)
            .clone();
        async move {
            use tower_service::Service;
            let mut router = router;
            router.call(request).await.into_response()
        }
    })
}

fn finish(router: Router, places: Vec<Place>, edge: &Edge) -> Front {
    let settings = &edge.settings;
    let origins = settings.get(&config::CORS_ORIGIN);
    let per_minute = settings.get(&config::RATE_LIMIT_PER_MINUTE);
    let state = EdgeState {
        clock: Arc::clone(&edge.clock),
        cache: edge.cache.clone(),
        cors: Cors {
            any: origins.is_empty() && !settings.mode().is_strict(),
            origins,
        },
        trusted_proxies: settings.get(&config::TRUSTED_PROXIES),
        general_limit: (per_minute > 0).then_some(Limit {
            name: "general",
            budget: per_minute,
            window: Duration::from_secs(60),
            per: Per::Address,
        }),
        strict: settings.mode().is_strict(),
        places,
        platform_shape: plain_shape,
        unrouted: Meter::unrouted(),
    };
    Front::new(state, router)
}

fn check_mounts(apps: &[(App, Mount)]) -> Vec<String> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    let mut problems = Vec::new();
    for (app, mount) in apps {
        // The platform's own paths stand beside whatever app is mounted at the root.
        if app.name == crate::builtin::NAME {
            continue;
        }
        if let Some(other) = taken.insert(mount.to_string(), app.name) {
            problems.push(format!("{other} and {} are both mounted at {mount}", app.name));
        }
    }
    problems
}

fn check_permissions(app: &App) -> Vec<String> {
    let mut declared = BTreeSet::new();
    let mut problems = Vec::new();
    for permission in app.permissions {
        if !declared.insert(permission.key) {
            problems.push(format!(
                "{} declares the permission {} twice",
                app.name, permission.key
            ));
        }
        if !permission.key.starts_with(&format!("{}.", app.name)) {
            problems.push(format!(
                "{} declares {}, which begins with another name",
                app.name, permission.key
            ));
        }
    }
    for route in &app.routes {
        if let Access::Permission(permission) = route.access
            && !declared.contains(permission.key)
        {
            problems.push(format!(
                "{} {} asks for {}, which {} does not declare",
                route.method, route.path, permission.key, app.name
            ));
        }
    }
    problems
}

fn internal_rule(settings: &Settings) -> Result<InternalRule, Error> {
    let listed = settings.get(&config::INTERNAL_IP_ALLOWLIST);
    let listed = if listed.is_empty() && !settings.mode().is_strict() {
        vec!["127.0.0.1".to_owned(), "::1".to_owned()]
    } else {
        listed
    };
    let addresses = listed.iter().map(|text| {
        text.parse().map_err(|_| {
            Error::invalid(
                "INTERNAL_IP_ALLOWLIST",
                format!("INTERNAL_IP_ALLOWLIST holds {text:?}, which is no address"),
            )
        })
    });
    Ok(InternalRule {
        key: settings.get(&config::INTERNAL_API_KEY),
        addresses: addresses.collect::<Result<_, _>>()?,
        both: settings.get(&config::INTERNAL_REQUIRE_BOTH),
    })
}

async fn not_found(request: Request) -> Failure {
    let message = format!("Endpoint {} not found", request.uri().path());
    Error::new(Kind::NotFound, "request.path_unknown", message).into()
}

async fn method_not_allowed(request: Request) -> Failure {
    let message = format!("{} is not allowed on {}", request.method(), request.uri().path());
    Error::new(Kind::Unsupported, "request.method_not_allowed", message).into()
}
