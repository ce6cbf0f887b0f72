//! Tidiness: what a reviewer should never have to say twice.

use crate::repository::{self, none};

/// A file above this many lines is two files.
const MOST_LINES: usize = 500;
/// Above this many a second look is worth it; the number is printed.
const MANY_LINES: usize = 250;
/// Names that say nothing.
const EMPTY_NAMES: [&str; 8] = [
    "util", "utils", "helper", "helpers", "common", "misc", "shared", "types",
];
/// Marks of unfinished work, in two halves so that this file does not find itself.
const UNFINISHED: [(&str, &str); 6] = [
    ("TO", "DO"),
    ("FIX", "ME"),
    ("XX", "X:"),
    ("todo", "!("),
    ("unimplemented", "!("),
    ("#[ign", "ore"),
];

fn rust_files() -> Vec<String> {
    let mut files = repository::files("crates");
    files.extend(repository::files("apps"));
    files.retain(|path| path.ends_with(".rs"));
    assert!(files.len() > 50, "only {} Rust files were found", files.len());
    files
}

fn ui_files() -> Vec<String> {
    let mut files = repository::files("ui");
    files.retain(|path| {
        [".ts", ".tsx", ".css", ".mjs"]
            .iter()
            .any(|end| path.ends_with(end))
    });
    files
}

#[test]
fn every_file_opens_with_a_sentence() {
    let silent: Vec<_> = rust_files()
        .into_iter()
        .filter(|path| {
            let text = repository::text(path);
            let first = text.lines().next().unwrap_or_default();
            first
                .strip_prefix("//! ")
                .is_none_or(|sentence| sentence.trim().len() < 4)
        })
        .collect();
    none("files that do not open with a `//!` sentence", &silent);
}

#[test]
fn no_file_is_too_long() {
    let mut files = rust_files();
    files.extend(ui_files());
    let counted: Vec<_> = files
        .into_iter()
        .map(|path| (repository::text(&path).lines().count(), path))
        .collect();
    let many = counted.iter().filter(|(lines, _)| *lines > MANY_LINES).count();
    println!(
        "{many} of {} files have more than {MANY_LINES} lines",
        counted.len()
    );
    let long: Vec<_> = counted
        .into_iter()
        .filter(|(lines, _)| *lines > MOST_LINES)
        .map(|(lines, path)| format!("{path} has {lines} lines"))
        .collect();
    none("files above 500 lines", &long);
}

#[test]
fn names_say_something() {
    let mut files = rust_files();
    files.extend(ui_files());
    let empty: Vec<_> = files
        .into_iter()
        .filter(|path| {
            path.split(['/', '.'])
                .any(|part| EMPTY_NAMES.contains(&part.to_ascii_lowercase().as_str()))
        })
        .collect();
    none("names that say nothing", &empty);
}

#[test]
fn nothing_is_left_unfinished() {
    let mut files = rust_files();
    files.extend(ui_files());
    let mut marks = Vec::new();
    for path in files {
        for (number, line) in repository::text(&path).lines().enumerate() {
            let words = || {
                line.split(|character: char| !(character.is_alphanumeric() || "!(#[:".contains(character)))
            };
            let marked = UNFINISHED
                .iter()
                .map(|(left, right)| format!("{left}{right}"))
                .any(|mark| words().any(|word| word.starts_with(&mark)));
            if marked {
                marks.push(format!("{path}:{}: {}", number + 1, line.trim()));
            }
        }
    }
    none("unfinished work", &marks);
}

#[test]
fn every_crate_follows_the_house_rules() {
    let mut wrong = Vec::new();
    for member in repository::members() {
        let folder = &member.folder;
        let manifest = repository::text(&format!("{folder}/Cargo.toml"));
        let library = repository::text(&format!("{folder}/src/lib.rs"));
        let mut demand = |met: bool, what: &str| {
            if !met {
                wrong.push(format!("{folder}: {what}"));
            }
        };
        demand(
            manifest.contains("[lints]\nworkspace = true"),
            "takes the workspace's lints",
        );
        demand(manifest.contains("doctest = false"), "has `doctest = false`");
        demand(
            manifest.contains("\ndescription = \""),
            "says in one line what it is for",
        );
        demand(
            !manifest.contains("version = \""),
            "takes versions from the workspace's table",
        );
        demand(
            repository::exists(&format!("{folder}/README.md"))
                && library.contains("#![doc = include_str!(\"../README.md\")]"),
            "has a README.md that is its crate doc",
        );
        if repository::exists(&format!("{folder}/tests")) {
            let tests = repository::files(&format!("{folder}/tests"));
            demand(
                tests
                    .iter()
                    .all(|path| path.starts_with(&format!("{folder}/tests/it/"))),
                "has one test binary, tests/it",
            );
        }
    }
    none("crates that break a house rule", &wrong);
}

#[test]
fn every_handler_is_reached_by_a_route() {
    let mut unreached = Vec::new();
    let members = repository::members();
    for app in members.iter().filter(|member| member.folder.starts_with("apps/")) {
        let routes = repository::files(&format!("{}/src/routes", app.folder));
        let routes: String = routes.iter().map(|path| repository::text(path)).collect();
        let handlers = format!("{}/src/handlers/", app.folder);
        for path in repository::files(&handlers) {
            let Some(module) = path
                .strip_prefix(&handlers)
                .and_then(|path| path.strip_suffix(".rs"))
            else {
                continue;
            };
            let module = module.replace('/', "::");
            let below = format!("{}/src/handlers/{}", app.folder, module.replace("::", "/"));
            if module == "mod" || module.ends_with("::mod") || repository::exists(&below) {
                continue;
            }
            // A file that two verbs share answers no request itself.
            let answers = repository::text(&path).contains("async fn handle");
            if answers && !routes.contains(&format!("{module}::")) {
                unreached.push(format!("{path}: no row of routes/ names {module}"));
            }
        }
    }
    none("handlers that no route reaches", &unreached);
}

#[test]
fn lock_files_name_no_address() {
    let locks: Vec<_> = repository::files("")
        .into_iter()
        .filter(|path| path.ends_with("package-lock.json"))
        .filter(|path| repository::text(path).contains("\"resolved\": \"http"))
        .collect();
    none("npm lock files that say where packages came from", &locks);
}

#[test]
fn no_text_names_a_machine_or_a_registry() {
    // In two halves, so that this file does not find itself.
    let places = [
        ("registry.npm", "js.org"),
        ("/work/", "wt"),
        ("../", "shared"),
        ("/root/", "."),
        ("index.crates", ".io"),
    ];
    let mut files = repository::files("");
    let texts = [
        ".rs",
        ".md",
        ".toml",
        ".json",
        ".ts",
        ".tsx",
        ".mjs",
        ".py",
        ".sh",
        ".yaml",
        ".yml",
        ".example",
        "Makefile",
        "Dockerfile",
        ".npmrc",
    ];
    files.retain(|path| texts.iter().any(|end| path.ends_with(end)));
    let mut naming = Vec::new();
    for path in files {
        let text = repository::text(&path);
        for (left, right) in places {
            if text.contains(&format!("{left}{right}")) {
                naming.push(format!("{path} names {left}{right}"));
            }
        }
    }
    none("texts that name a machine or a registry", &naming);
}
