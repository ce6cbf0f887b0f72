//! The repository as a tree of files and manifests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Folders that hold what was built, installed or written at run time.
const NOT_OURS: [&str; 9] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "data",
    "logs",
    "secrets",
    "__pycache__",
    ".venv",
];

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.join("../..").canonicalize().unwrap()
}

/// Every file below a folder of the repository, as paths from the root with `/`, sorted.
pub(crate) fn files(below: &str) -> Vec<String> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.join(below)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            // `crates/data` is ours; `./data` and `ui/dist` are not.
            let ours = !NOT_OURS.contains(&name.as_str()) || path == root.join("crates/data");
            if entry.file_type().unwrap().is_dir() {
                folders.extend(ours.then_some(path));
            } else {
                found.push(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

/// A file's text; the path is from the root.
pub(crate) fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Whether the path, from the root, exists.
pub(crate) fn exists(path: &str) -> bool {
    root().join(path).exists()
}

/// A crate or app of the workspace.
pub(crate) struct Member {
    /// Its folder's name: `kernel`, `insforge`.
    pub(crate) name: String,
    /// Its folder from the root: `crates/kernel`.
    pub(crate) folder: String,
    /// What it depends on.
    pub(crate) dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
pub(crate) struct Dependency {
    /// The package's name.
    pub(crate) package: String,
    /// Whether only tests have it.
    pub(crate) dev: bool,
}

/// Every member of the workspace, as cargo reads the manifests.
pub(crate) fn members() -> Vec<Member> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages.iter().map(member).collect()
}

fn member(package: &Value) -> Member {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    let folder = manifest.parent().unwrap().strip_prefix(root()).unwrap();
    let lines = package["dependencies"].as_array().unwrap();
    let dependencies = lines.iter().map(|line| Dependency {
        package: line["name"].as_str().unwrap().to_owned(),
        dev: line["kind"] == "dev",
    });
    Member {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        folder: folder.to_string_lossy().into_owned(),
        dependencies: dependencies.collect(),
    }
}

/// Fails with every complaint at once.
pub(crate) fn none(what: &str, complaints: &[String]) {
    assert!(complaints.is_empty(), "{what}:\n  {}", complaints.join("\n  "));
}
