//! The map and the guides against what is really there.

use std::collections::BTreeSet;
use std::path::Path;

use crate::repository::{self, none, root};

/// The pages whose paths are checked.
fn pages() -> Vec<String> {
    let mut pages: Vec<String> = [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "STYLE.md",
        "SECURITY.md",
    ]
    .map(str::to_owned)
    .to_vec();
    pages.extend(repository::files("docs/guides"));
    pages.extend(repository::files("docs/adr"));
    pages.retain(|page| page.ends_with(".md"));
    pages
}

#[test]
fn the_map_shows_every_crate_and_nothing_else() {
    let page = repository::text("ARCHITECTURE.md");
    let map = page.split("\n## ").find(|section| section.starts_with("The map"));
    let map = map.expect("ARCHITECTURE.md has a section called The map");
    let shown: BTreeSet<String> = map
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split('`').next())
        .filter(|path| path.starts_with("crates/") || path.starts_with("apps/"))
        .map(str::to_owned)
        .collect();
    let real: BTreeSet<String> = repository::members()
        .into_iter()
        .map(|member| member.folder)
        .collect();
    let missing = real
        .difference(&shown)
        .map(|folder| format!("{folder} is not on the map"));
    let invented = shown
        .difference(&real)
        .map(|folder| format!("{folder} is only on the map"));
    none(
        "the map of ARCHITECTURE.md",
        &missing.chain(invented).collect::<Vec<_>>(),
    );
}

#[test]
fn the_architecture_stays_short() {
    let lines = repository::text("ARCHITECTURE.md").lines().count();
    assert!(lines <= 250, "ARCHITECTURE.md has {lines} lines; 250 is the most");
}

#[test]
fn every_quoted_path_exists() {
    let mut missing = Vec::new();
    for page in pages() {
        let text = repository::text(&page);
        for quoted in quoted_paths(&text) {
            if !repository::exists(&quoted) {
                missing.push(format!("{page} quotes `{quoted}`"));
            }
        }
    }
    none("paths that do not exist", &missing);
}

#[test]
fn every_link_leads_somewhere() {
    let mut pages = pages();
    pages.extend(
        repository::files("docs/reference")
            .into_iter()
            .filter(|page| page.ends_with(".md")),
    );
    let readmes = repository::members().into_iter();
    pages.extend(readmes.map(|member| format!("{}/README.md", member.folder)));
    pages.retain(|page| repository::exists(page));
    let mut broken = Vec::new();
    for page in pages {
        let folder = Path::new(&page).parent().unwrap().to_owned();
        for target in links(&repository::text(&page)) {
            if !root().join(&folder).join(&target).exists() {
                broken.push(format!("{page} links to {target}"));
            }
        }
    }
    none("links that lead nowhere", &broken);
}

/// What stands in backticks outside of code blocks and looks like a path of this repository.
fn quoted_paths(text: &str) -> BTreeSet<String> {
    let roots = [
        "crates/", "apps/", "ui/", "tests/", "docs/", "benches/", ".ci/", ".github/",
    ];
    let prose = text.split("```").step_by(2);
    prose
        .flat_map(|prose| prose.split('`').skip(1).step_by(2))
        .filter(|quoted| roots.iter().any(|root| quoted.starts_with(root)))
        .filter(|quoted| !quoted.contains(['<', '*', '…', ' ', '{']) && !quoted.starts_with("tests/it"))
        .map(|quoted| {
            quoted
                .split("::")
                .next()
                .unwrap_or(quoted)
                .trim_end_matches('/')
                .to_owned()
        })
        .collect()
}

/// The targets of links and pictures that are files, without their anchors.
fn links(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
        .filter(|target| {
            !target.contains("://") && !target.starts_with('#') && !target.starts_with("mailto:")
        })
        .map(|target| target.split('#').next().unwrap_or(target).to_owned())
        .collect()
}
