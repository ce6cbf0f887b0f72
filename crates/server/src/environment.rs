//! The one place that reads the environment, `.env` and the secrets folder.

use std::fs;
use std::path::Path;

use busbar_kernel::variables::{Mode, Origin, Problem, Settings, Source};

use crate::variables;

/// Reads every source below the working directory and resolves the table.
///
/// # Errors
/// Every problem at once: unreadable sources, the mode, and each variable that does not fit.
pub fn settings() -> Result<Settings, Vec<Problem>> {
    let sources = sources(Path::new(".")).map_err(|problem| vec![problem])?;
    resolve(sources)
}

/// The table as far as it can be read, with every problem.
///
/// # Errors
/// Sources that cannot be read, and a mode that there is not.
pub fn survey() -> Result<(Settings, Vec<Problem>), Vec<Problem>> {
    let sources = sources(Path::new(".")).map_err(|problem| vec![problem])?;
    surveyed(sources)
}

/// Resolves the table against given sources, as tests do.
///
/// # Errors
/// Every problem at once.
pub fn resolve(sources: Vec<Source>) -> Result<Settings, Vec<Problem>> {
    match surveyed(sources)? {
        (settings, problems) if problems.is_empty() => Ok(settings),
        (_, problems) => Err(problems),
    }
}

fn surveyed(sources: Vec<Source>) -> Result<(Settings, Vec<Problem>), Vec<Problem>> {
    let table = variables::table();
    let first = Settings::resolve(
        &[crate::config::APP_ENV.entry(), crate::config::NODE_ENV.entry()],
        Mode::Development,
        sources.clone(),
    )?;
    let mode = Mode::from_words(
        first.get(&crate::config::APP_ENV).as_deref(),
        first.get(&crate::config::NODE_ENV).as_deref(),
    )
    .map_err(|message| {
        vec![Problem {
            variable: "APP_ENV".to_owned(),
            message,
        }]
    })?;
    let (settings, mut problems) = Settings::survey(&table, mode, sources);
    for name in ["PORT", "METRICS_PORT"] {
        let mut rows = settings.all().iter();
        let zero = |value: &str| value.trim().parse() == Ok(0_u16);
        if rows.any(|row| row.entry.name == name && row.value.as_deref().is_some_and(zero)) {
            problems.push(Problem {
                variable: name.to_owned(),
                message: format!("{name} is 0, which is no port: choose one from 1 to 65535"),
            });
        }
    }
    Ok((settings, problems))
}

/// The sources in the order in which they are asked: secrets files, process environment, `.env`.
fn sources(folder: &Path) -> Result<Vec<Source>, Problem> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the one home of the environment"
    )]
    let environment = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    Ok(vec![
        Source::new(Origin::SecretsFile, secrets_files(&folder.join("secrets"))?),
        Source::new(Origin::Environment, environment),
        Source::new(Origin::DotEnv, dot_env(&folder.join(".env"))?),
    ])
}

fn secrets_files(folder: &Path) -> Result<Vec<(String, String)>, Problem> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(Vec::new());
    };
    let mut pairs = Vec::new();
    for entry in entries.flatten() {
        let path = entry.path();
        let is_text = path.extension().is_some_and(|extension| extension == "txt");
        let Some(name) = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .filter(|_| is_text)
        else {
            continue;
        };
        let value = fs::read_to_string(&path).map_err(|error| Problem {
            variable: name.to_ascii_uppercase(),
            message: format!("{} cannot be read: {error}", path.display()),
        })?;
        pairs.push((name.to_owned(), value));
    }
    Ok(pairs)
}

fn dot_env(path: &Path) -> Result<Vec<(String, String)>, Problem> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let problem = |error: dotenvy::Error| Problem {
        variable: ".env".to_owned(),
        // The library's message quotes the line, which may hold a secret.
        message: match error {
            dotenvy::Error::LineParse(_, at) => format!(
                "{} has a line that cannot be read, at character {at}",
                path.display()
            ),
            _ => format!("{} cannot be read", path.display()),
        },
    };
    dotenvy::from_path_iter(path)
        .map_err(problem)?
        .collect::<Result<_, _>>()
        .map_err(problem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_files_stand_over_the_dot_env_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("secrets")).unwrap();
        fs::write(folder.path().join("secrets/port.txt"), "9001\n").unwrap();
        fs::write(folder.path().join("secrets/ignored.md"), "x").unwrap();
        fs::write(folder.path().join(".env"), "PORT=9002\nHOST='127.0.0.1'\n").unwrap();
        let found = sources(folder.path()).unwrap();
        let settings = resolve(vec![found[0].clone(), found[2].clone()]).unwrap();
        assert_eq!(settings.get(&crate::config::PORT), 9001);
        assert_eq!(settings.get(&crate::config::HOST).as_deref(), Some("127.0.0.1"));
    }

    #[test]
    fn port_0_is_no_port() {
        let source = Source::new(Origin::Environment, [("PORT".to_owned(), "0".to_owned())]);
        let problems = resolve(vec![source]).unwrap_err();
        assert!(problems[0].message.contains("no port"), "{problems:?}");
    }

    #[test]
    fn a_broken_dot_env_file_is_named_without_its_text() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(".env"), "GOOD=1\nPASSWORD='hunter2\n").unwrap();
        let problem = sources(folder.path()).unwrap_err();
        assert!(problem.message.contains(".env") && !problem.message.contains("hunter2"));
    }
}
