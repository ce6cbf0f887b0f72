//! Names in order, a page at a time, without reading folders that cannot hold any of them.

use std::fs;
use std::io;
use std::path::Path;

use busbar_ports::objects::{ObjectInfo, ObjectName};

/// Which names are asked for.
pub(super) struct Wanted {
    pub(super) prefix: String,
    pub(super) after: Option<String>,
    pub(super) limit: usize,
}

impl Wanted {
    fn has(&self, name: &str) -> bool {
        name.starts_with(&self.prefix) && self.after.as_deref().is_none_or(|after| name > after)
    }

    /// Whether names below `folder` (ending in `/`) can be among them.
    fn reaches_into(&self, folder: &str) -> bool {
        let by_prefix = folder.starts_with(&self.prefix) || self.prefix.starts_with(folder);
        let by_order = self
            .after
            .as_deref()
            .is_none_or(|after| folder > after || after.starts_with(folder));
        by_prefix && by_order
    }
}

/// The page of names under `root`.
pub(super) fn list(root: &Path, wanted: &Wanted) -> io::Result<Vec<ObjectInfo>> {
    let mut found = Vec::new();
    walk(root, "", wanted, &mut found)?;
    Ok(found)
}

fn walk(folder: &Path, above: &str, wanted: &Wanted, found: &mut Vec<ObjectInfo>) -> io::Result<()> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(segment) = entry.file_name().into_string() else {
            continue;
        };
        // A folder sorts by what its contents are called: with the slash.
        let slash = if entry.file_type()?.is_dir() { "/" } else { "" };
        names.push(format!("{above}{segment}{slash}"));
    }
    names.sort_unstable();
    for name in names {
        if found.len() >= wanted.limit {
            break;
        }
        let path = folder.join(&name[above.len()..]);
        if name.ends_with('/') {
            if wanted.reaches_into(&name) {
                walk(&path, &name, wanted, found)?;
            }
        } else if wanted.has(&name)
            && let Ok(name) = name.parse::<ObjectName>()
        {
            match fs::metadata(&path) {
                Ok(metadata) => found.push(ObjectInfo {
                    name,
                    size: metadata.len(),
                }),
                // Deleted between the look at the folder and the look at the file.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}
