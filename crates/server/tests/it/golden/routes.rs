//! Routes, permissions and the OpenAPI document.

use std::collections::BTreeMap;
use std::fmt::Write;

use busbar_kernel::Holder;
use busbar_platform::{Access, Permission};
use busbar_testkit::{Database, TestApp};

use super::{NOTE, golden, row};

/// The apps, each of which can run alone.
const APPS: [&str; 2] = ["insforge", "console"];

#[tokio::test]
async fn routes() {
    let mut page = format!(
        "# Routes\n\n{NOTE}\n\nWhat each route asks for, and the requests it lets through per window.\n"
    );
    let app = TestApp::start(Database::Sqlite).await;
    page += &section("All apps together", &app);
    for name in APPS {
        let alone = TestApp::on(Database::Sqlite)
            .set("BUSBAR_APPS", name)
            .start()
            .await;
        page += &section(&format!("{name} alone"), &alone);
    }
    golden("docs/reference/routes.md", &page);
}

fn section(title: &str, app: &TestApp) -> String {
    let mut text =
        format!("\n## {title}\n\n| method | path | app | asks for | limit |\n|---|---|---|---|---|\n");
    for route in app.routes() {
        let limit = route.limit.as_deref().unwrap_or("");
        let asks = route.access.to_string();
        text += &row(&[
            &route.method,
            &format!("`{}`", route.path),
            route.app,
            &asks,
            limit,
        ]);
    }
    text
}

#[tokio::test]
async fn permissions() {
    let app = TestApp::start(Database::Sqlite).await;
    let mut asked: BTreeMap<&str, (&'static Permission, usize)> = BTreeMap::new();
    for route in app.routes() {
        if let Access::Permission(permission) = route.access {
            asked.entry(permission.key).or_insert((permission, 0)).1 += 1;
        }
    }
    let mut page = format!(
        "# Permissions\n\n{NOTE}\n\nWho holds each permission without being granted it by name.\n\n| permission"
    );
    for holder in Holder::ALL {
        write!(page, " | {}", holder.name()).unwrap();
    }
    page += " | routes | what it allows |\n|---|---|---|---|---|---|---|\n";
    for (permission, routes) in asked.values() {
        let mut cells = vec![format!("`{}`", permission.key)];
        cells.extend(Holder::ALL.map(|holder| {
            if permission.is_held_by(Some(holder)) {
                "yes"
            } else {
                ""
            }
            .to_owned()
        }));
        cells.extend([routes.to_string(), permission.help.to_owned()]);
        page += &row(&cells.iter().map(String::as_str).collect::<Vec<_>>());
    }
    golden("docs/reference/permissions.md", &page);
}

#[tokio::test]
async fn openapi() {
    let app = TestApp::start(Database::Sqlite).await;
    let document = app.nobody().get("/openapi.json").await.expect(200).json();
    let mut text = serde_json::to_string_pretty(&document).unwrap();
    text.push('\n');
    golden("docs/reference/openapi.json", &text);
}

#[tokio::test]
async fn every_route_is_in_the_document() {
    let app = TestApp::start(Database::Sqlite).await;
    let document = app.nobody().get("/openapi.json").await.expect(200).json();
    let mut silent = Vec::new();
    for route in app.routes() {
        let path = route.path.replace("{*", "{");
        let operation = &document["paths"][&path][route.method.to_ascii_lowercase()];
        if operation["summary"].as_str().is_none_or(str::is_empty) {
            silent.push(format!("{} {} has no summary", route.method, route.path));
        }
    }
    crate::repository::none("routes that the API reference does not describe", &silent);
}
