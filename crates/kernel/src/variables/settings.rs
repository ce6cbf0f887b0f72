//! The values in force: which source won, and everything that is wrong with them at once.

use std::collections::BTreeMap;

use super::{Entry, Mode, Reading, Variable};

/// Where a value came from, in the order in which they are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A file under `./secrets`.
    SecretsFile,
    /// The process environment.
    Environment,
    /// The `.env` file.
    DotEnv,
    /// A secrets manager.
    SecretsManager,
    /// The table's default.
    Default,
}

impl Origin {
    /// Its name for `busbar config` and the console.
    pub fn name(self) -> &'static str {
        match self {
            Self::SecretsFile => "secrets file",
            Self::Environment => "environment",
            Self::DotEnv => ".env",
            Self::SecretsManager => "secrets manager",
            Self::Default => "default",
        }
    }
}

/// Names and values as one source gives them; names are compared without regard to case.
#[derive(Clone, Debug)]
pub struct Source {
    origin: Origin,
    values: BTreeMap<String, String>,
}

impl Source {
    /// A source from its pairs; a value's trailing newline is dropped.
    pub fn new(origin: Origin, pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let values = pairs
            .into_iter()
            .map(|(name, value)| {
                let value = value
                    .strip_suffix('\n')
                    .map_or(value.as_str(), |v| v.strip_suffix('\r').unwrap_or(v));
                (name.to_ascii_uppercase(), value.to_owned())
            })
            .collect();
        Self { origin, values }
    }

    /// The values of all of an entry's names in this source, with an optional `<APP>__` before them.
    fn find(&self, entry: &Entry, app: Option<&str>) -> Vec<(String, &str)> {
        std::iter::once(&entry.name)
            .chain(entry.aliases)
            .filter_map(|name| {
                let name = match app {
                    Some(app) => format!("{app}__{name}").to_ascii_uppercase(),
                    None => name.to_ascii_uppercase(),
                };
                self.values.get(&name).map(|value| (name, value.as_str()))
            })
            .collect()
    }
}

/// A value in force.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its row of the table.
    pub entry: &'static Entry,
    /// The text, `None` when nothing sets it.
    pub value: Option<String>,
    /// The source that won, `None` when nothing sets it.
    pub origin: Option<Origin>,
}

impl Setting {
    /// The value as it may be shown: secrets as stars, passwords inside addresses too.
    pub fn shown(&self) -> Option<String> {
        self.value.as_deref().map(|value| match () {
            () if value.is_empty() => String::new(),
            () if self.entry.secret => "********".to_owned(),
            () => mask_address_password(value),
        })
    }
}

/// `: "x", from the environment`; a secret's value is not told.
fn given(setting: &Setting) -> String {
    let Some(origin) = setting.origin else {
        return String::new();
    };
    match setting.shown().filter(|_| !setting.entry.secret) {
        Some(value) => format!(": {value:?}, from the {}", origin.name()),
        None => format!(", from the {}", origin.name()),
    }
}

/// An address as it may be shown: without the password that stands in it.
pub fn mask_address_password(value: &str) -> String {
    let Some((scheme, rest)) = value.split_once("://") else {
        return value.to_owned();
    };
    let authority = rest.split('/').next().unwrap_or_default();
    match authority
        .rsplit_once('@')
        .and_then(|(person, _)| person.split_once(':'))
    {
        Some((name, password)) if !password.is_empty() => {
            format!(
                "{scheme}://{name}:********{}",
                &rest[name.len() + 1 + password.len()..]
            )
        }
        _ => value.to_owned(),
    }
}

/// One thing that is wrong with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The variable's canonical name, or the pair that contradicts itself.
    pub variable: String,
    /// A whole sentence.
    pub message: String,
}

/// The values in force for every row of the table.
#[derive(Clone, Debug)]
pub struct Settings {
    mode: Mode,
    table: Vec<Setting>,
    sources: Vec<Source>,
    app: Option<String>,
}

impl Settings {
    /// Resolves the table against the sources, highest first.
    ///
    /// # Errors
    /// Every problem at once: values that cannot be read, aliases of one variable that differ within one
    /// source, and, where the mode is strict, each broken rule.
    pub fn resolve(table: &[&'static Entry], mode: Mode, sources: Vec<Source>) -> Result<Self, Vec<Problem>> {
        let (settings, problems) = Self::survey(table, mode, sources);
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems)
        }
    }

    fn gather(
        table: &[&'static Entry],
        mode: Mode,
        sources: Vec<Source>,
        app: Option<String>,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let rows = table
            .iter()
            .map(|entry| look_up(entry, &sources, app.as_deref(), problems))
            .collect();
        Self {
            mode,
            table: rows,
            sources,
            app,
        }
    }

    /// The same, with what is wrong beside what is in force: for those who show the table to mend it.
    pub fn survey(table: &[&'static Entry], mode: Mode, sources: Vec<Source>) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let settings = Self::gather(table, mode, sources, None, &mut problems);
        let rows = settings.table.iter();
        problems.extend(rows.flat_map(|setting| settings.violations(setting)));
        (settings, problems)
    }

    fn violations(&self, setting: &Setting) -> Vec<Problem> {
        let problem = |end: String| Problem {
            variable: setting.entry.name.to_owned(),
            message: format!("{} {end}", setting.entry.name),
        };
        if let Err(end) = setting.entry.verify(setting.value.as_deref()) {
            return vec![problem(end + &given(setting))];
        }
        if !self.mode.is_strict() {
            return Vec::new();
        }
        let from_default = setting.origin == Some(Origin::Default);
        let rules = setting.entry.rules.iter();
        rules
            .filter_map(|rule| rule.violation(setting.value.as_deref(), from_default))
            .map(problem)
            .collect()
    }

    /// The same table as one app sees it: `<APP>__<NAME>` stands over `<NAME>`.
    ///
    /// # Errors
    /// Every override that cannot be read or contradicts itself.
    pub fn for_app(&self, app: &str) -> Result<Self, Vec<Problem>> {
        let entries: Vec<_> = self.table.iter().map(|setting| setting.entry).collect();
        let mut problems = Vec::new();
        let app = Some(app.to_owned());
        let settings = Self::gather(&entries, self.mode, self.sources.clone(), app, &mut problems);
        problems.extend(
            settings
                .table
                .iter()
                .flat_map(|setting| settings.violations(setting)),
        );
        if problems.is_empty() {
            Ok(settings)
        } else {
            Err(problems)
        }
    }

    /// What `<APP>__<NAME>` sets for these apps: the app, and the value that counts for it.
    pub fn overrides(&self, apps: &[&'static str]) -> Vec<(&'static str, Setting)> {
        let own = |app: &str, entry: &'static Entry| {
            self.sources.iter().find_map(|source| {
                let found = source.find(entry, Some(app));
                let (_, value) = found.first()?;
                Some(Setting {
                    entry,
                    value: Some((*value).to_owned()),
                    origin: Some(source.origin),
                })
            })
        };
        apps.iter()
            .flat_map(|app| self.table.iter().map(move |setting| (*app, setting.entry)))
            .filter_map(|(app, entry)| Some((app, own(app, entry)?)))
            .collect()
    }

    /// The app whose overrides are in force, if any.
    pub fn app(&self) -> Option<&str> {
        self.app.as_deref()
    }

    /// The mode.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Every row, in the table's order.
    pub fn all(&self) -> &[Setting] {
        &self.table
    }

    /// The value of a variable.
    ///
    /// # Panics
    /// When the variable stands in no table: a fault in the program, shown at the first start.
    pub fn get<T: Reading>(&self, variable: &'static Variable<T>) -> T {
        let setting = self.setting(variable.entry());
        match T::read(setting.value.as_deref()) {
            Ok(value) => value,
            Err(end) => unreachable!("{} {end}, although it was verified", variable.name),
        }
    }

    /// Whether a source, not the default, sets the variable to something.
    pub fn is_set<T: Reading>(&self, variable: &'static Variable<T>) -> bool {
        let setting = self.setting(variable.entry());
        setting.origin.is_some_and(|origin| origin != Origin::Default)
            && setting.value.as_deref().is_some_and(|value| !value.is_empty())
    }

    fn setting(&self, entry: &Entry) -> &Setting {
        let found = self.table.iter().find(|setting| setting.entry.name == entry.name);
        found.unwrap_or_else(|| panic!("{} stands in no variable table", entry.name))
    }
}

fn look_up(
    entry: &'static Entry,
    sources: &[Source],
    app: Option<&str>,
    problems: &mut Vec<Problem>,
) -> Setting {
    let prefixes: &[Option<&str>] = if app.is_some() { &[app, None] } else { &[None] };
    for prefix in prefixes {
        for source in sources {
            let found = source.find(entry, *prefix);
            let Some((name, value)) = found.first() else {
                continue;
            };
            if let Some((other, _)) = found.iter().find(|(_, candidate)| candidate != value) {
                problems.push(Problem {
                    variable: entry.name.to_owned(),
                    message: format!(
                        "{name} and {other} in the {} have different values but are one variable: keep one",
                        source.origin.name()
                    ),
                });
            }
            return Setting {
                entry,
                value: Some((*value).to_owned()),
                origin: Some(source.origin),
            };
        }
    }
    let origin = entry.default.map(|_| Origin::Default);
    Setting {
        entry,
        value: entry.default.map(str::to_owned),
        origin,
    }
}

#[cfg(test)]
mod tests {
    use super::super::Rule;
    use super::*;
    use crate::Secret;

    static PORT: Variable<u16> = Variable::new("PORT", "server", "port").default("7130");
    static KEY: Variable<Option<Secret>> = Variable::new("SECRET_KEY", "server", "key")
        .aliases(&["JWT_SECRET"])
        .secret()
        .production(&[Rule::Required, Rule::MinimumLength(32)]);

    fn table() -> Vec<&'static Entry> {
        vec![PORT.entry(), KEY.entry()]
    }

    fn source(origin: Origin, pairs: &[(&str, &str)]) -> Source {
        Source::new(
            origin,
            pairs
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
        )
    }

    #[test]
    fn the_highest_source_wins_and_names_ignore_case() {
        let sources = vec![
            source(Origin::SecretsFile, &[("jwt_secret", "from-a-file\n")]),
            source(
                Origin::Environment,
                &[("SECRET_KEY", "from-env"), ("port", "8000")],
            ),
        ];
        let settings = Settings::resolve(&table(), Mode::Development, sources).unwrap();
        assert_eq!(settings.get(&PORT), 8000);
        assert_eq!(settings.get(&KEY).unwrap().expose(), "from-a-file");
        assert!(settings.is_set(&KEY));
        assert_eq!(settings.all()[1].shown().unwrap(), "********");
    }

    #[test]
    fn contradicting_aliases_name_both() {
        let sources = vec![source(
            Origin::Environment,
            &[("SECRET_KEY", "a"), ("JWT_SECRET", "b")],
        )];
        let problems = Settings::resolve(&table(), Mode::Development, sources).unwrap_err();
        assert!(problems[0].message.contains("SECRET_KEY") && problems[0].message.contains("JWT_SECRET"));
    }

    #[test]
    fn production_says_everything_at_once() {
        let sources = vec![source(
            Origin::Environment,
            &[("PORT", "x"), ("SECRET_KEY", "short")],
        )];
        let problems = Settings::resolve(&table(), Mode::Staging, sources).unwrap_err();
        let variables: Vec<_> = problems.iter().map(|problem| problem.variable.as_str()).collect();
        assert_eq!(variables, ["PORT", "SECRET_KEY"]);
        assert!(
            problems[0]
                .message
                .ends_with("to 65535: \"x\", from the environment"),
            "{}",
            problems[0].message
        );
    }

    #[test]
    fn an_apps_own_value_stands_over_the_common_one() {
        let sources = vec![source(
            Origin::Environment,
            &[("PORT", "1"), ("SCHOOL__PORT", "2")],
        )];
        let settings = Settings::resolve(&table(), Mode::Test, sources).unwrap();
        assert_eq!(settings.for_app("school").unwrap().get(&PORT), 2);
        assert_eq!(settings.get(&PORT), 1);
    }

    #[test]
    fn passwords_inside_addresses_are_masked() {
        assert_eq!(
            mask_address_password("postgres://u:p@ss@h/db?x=1"),
            "postgres://u:********@h/db?x=1"
        );
        assert_eq!(mask_address_password("https://h/a:b@c"), "https://h/a:b@c");
    }
}
