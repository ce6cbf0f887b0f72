//! The one mode of an installation.

/// How strict an installation is; staging obeys every rule of production.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A developer's machine.
    Development,
    /// An automated test.
    Test,
    /// A rehearsal of production.
    Staging,
    /// Real people's data.
    Production,
}

impl Mode {
    /// The mode from `APP_ENV`, else `NODE_ENV`, else development.
    ///
    /// # Errors
    /// An unknown word, or two variables that disagree.
    pub fn from_words(app_env: Option<&str>, node_env: Option<&str>) -> Result<Self, String> {
        let read = |name: &str, word: Option<&str>| match word.map(str::trim).filter(|word| !word.is_empty())
        {
            None => Ok(None),
            Some(word) => Self::parse(word).map(Some).ok_or_else(|| {
                format!("{name} is {word:?}: it must be development, test, staging or production")
            }),
        };
        match (read("APP_ENV", app_env)?, read("NODE_ENV", node_env)?) {
            (Some(app), Some(node)) if app != node => Err(format!(
                "APP_ENV says {} and NODE_ENV says {}: make them agree",
                app.name(),
                node.name()
            )),
            (Some(mode), _) | (None, Some(mode)) => Ok(mode),
            (None, None) => Ok(Self::Development),
        }
    }

    fn parse(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "development" | "dev" => Some(Self::Development),
            "test" => Some(Self::Test),
            "staging" => Some(Self::Staging),
            "production" | "prod" => Some(Self::Production),
            _ => None,
        }
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Test => "test",
            Self::Staging => "staging",
            Self::Production => "production",
        }
    }

    /// Whether the rules of production are in force.
    pub fn is_strict(self) -> bool {
        matches!(self, Self::Staging | Self::Production)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_words_and_contradictions_are_refused() {
        assert_eq!(Mode::from_words(Some("prod"), None), Ok(Mode::Production));
        assert_eq!(Mode::from_words(None, Some("dev")), Ok(Mode::Development));
        assert_eq!(Mode::from_words(Some(""), None), Ok(Mode::Development));
        assert!(Mode::from_words(Some("prd"), None).is_err());
        assert!(Mode::from_words(Some("production"), Some("development")).is_err());
    }
}
