//! Which way things depend: the manifests against the picture in ARCHITECTURE.md.

use crate::repository::{self, Member, none};

/// The layers, lowest first; a crate may import those of the layers below its own.
const LAYERS: [&[&str]; 7] = [
    &["kernel"],
    &["ports"],
    &["store", "cache"],
    &["jobs"],
    &["platform"],
    CAPABILITIES,
    &["apps"],
];

const CAPABILITIES: &[&str] = &[
    "identity",
    "schema",
    "data",
    "workbench",
    "files",
    "messaging",
    "realtime",
    "functions",
    "billing",
    "telemetry",
];

/// Arrows between capabilities, each named in ARCHITECTURE.md.
const NAMED: [(&str, &str); 3] = [("data", "schema"), ("files", "schema"), ("workbench", "schema")];

/// Outside crates that have one home, and who else may hold them.
const HOMES: [(&str, &[&str]); 15] = [
    ("argon2", &["identity"]),
    ("axum", &["platform", "apps", "server", "testkit"]),
    ("bcrypt", &["identity"]),
    ("clap", &["server"]),
    ("deadpool-postgres", &["store"]),
    ("dotenvy", &["server"]),
    ("getrandom", &["kernel"]),
    ("jsonwebtoken", &["identity"]),
    ("lettre", &["providers"]),
    ("redis", &["cache"]),
    ("reqwest", &["providers"]),
    ("rusqlite", &["store"]),
    ("sqlparser", &["schema", "workbench"]),
    ("tokio-postgres", &["store", "testkit"]),
    ("tokio-postgres-rustls", &["store"]),
];

#[test]
fn every_arrow_is_one_of_the_picture() {
    let members = repository::members();
    let mut wrong = Vec::new();
    for member in &members {
        for dependency in &member.dependencies {
            let Some(target) = member_of(&dependency.package, &members) else {
                continue;
            };
            if !allowed(member, target, dependency.dev) {
                let kind = if dependency.dev { " (in tests)" } else { "" };
                wrong.push(format!("{} → {}{kind}", member.folder, target.folder));
            }
        }
    }
    none("arrows that the picture does not have", &wrong);
}

#[test]
fn outside_crates_are_used_in_their_home_only() {
    let members = repository::members();
    let mut wrong = Vec::new();
    for member in &members {
        for dependency in &member.dependencies {
            let Some((_, homes)) = HOMES.iter().find(|(package, _)| *package == dependency.package) else {
                continue;
            };
            let is_home =
                homes.contains(&member.name.as_str()) || (homes.contains(&"apps") && is_app(member));
            if !is_home && !dependency.dev {
                wrong.push(format!(
                    "{} uses {}: its home is {homes:?}",
                    member.folder, dependency.package
                ));
            }
        }
    }
    none("outside crates away from home", &wrong);
}

#[test]
fn every_member_has_a_place_in_the_picture() {
    let known: Vec<&str> = LAYERS.concat();
    let others = ["providers", "sandbox", "server", "testkit"];
    let strangers: Vec<_> = repository::members()
        .into_iter()
        .filter(|member| !is_app(member))
        .filter(|member| !known.contains(&member.name.as_str()) && !others.contains(&member.name.as_str()))
        .map(|member| member.folder)
        .collect();
    none("crates without a layer", &strangers);
}

#[test]
fn arrows_between_capabilities_are_named_in_the_architecture() {
    let page = repository::text("ARCHITECTURE.md");
    let unnamed: Vec<_> = NAMED
        .iter()
        .filter(|(from, to)| !page.contains(&format!("`{from}` → `{to}`")))
        .map(|(from, to)| format!("{from} → {to}"))
        .collect();
    none("arrows that ARCHITECTURE.md does not name", &unnamed);
}

fn allowed(from: &Member, to: &Member, dev: bool) -> bool {
    let (source, target) = (from.name.as_str(), to.name.as_str());
    match (source, target) {
        // The test application holds the whole server, and is only ever held by tests.
        ("testkit", _) => !dev || target == "testkit",
        (_, "testkit") => dev,
        ("server", _) => true,
        (_, "server") => false,
        // The embedded objects are what tests of files stand on; nothing else of providers is.
        (_, "providers") => dev && source == "files",
        ("providers" | "sandbox", _) => matches!(target, "kernel" | "ports"),
        (_, "sandbox") => false,
        _ if NAMED.contains(&(source, target)) => true,
        _ => layer(to) < layer(from),
    }
}

fn layer(member: &Member) -> Option<usize> {
    let name = if is_app(member) {
        "apps"
    } else {
        member.name.as_str()
    };
    LAYERS.iter().position(|layer| layer.contains(&name))
}

fn is_app(member: &Member) -> bool {
    member.folder.starts_with("apps/")
}

fn member_of<'a>(package: &str, members: &'a [Member]) -> Option<&'a Member> {
    let name = package.strip_prefix("busbar-")?;
    members.iter().find(|member| member.name == name)
}
