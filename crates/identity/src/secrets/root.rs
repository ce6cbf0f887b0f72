//! The two secrets everything else hangs from: one to sign with, one to seal with.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use busbar_kernel::variables::Mode;
use busbar_kernel::{Error, Result, Secret, random};

use crate::config::IdentitySettings;

/// The fewest characters of a signing secret (requirement D53).
pub(crate) const MINIMUM_SIGNING_LENGTH: usize = 32;

/// The signing and the sealing secret of one installation.
#[derive(Clone, Debug)]
pub struct RootSecrets {
    /// Signs refresh tokens and CSRF values, and checks outside HS256 tokens: `JWT_SECRET`.
    pub signing: Secret,
    /// Seals secrets at rest: `ENCRYPTION_KEY`, else `JWT_SECRET`.
    pub sealing: Secret,
    /// Where the sealing secret came from, for the error about a wrong one.
    pub sealing_source: String,
}

impl RootSecrets {
    /// Takes the configured secrets, or, outside production and staging, generates what is missing and keeps
    /// it in `<data_dir>/keys/` with mode 0600.
    ///
    /// # Errors
    /// A missing secret in a strict mode, a signing secret that is too short in any mode, a file that cannot
    /// be read or written.
    pub fn load(settings: &IdentitySettings, mode: Mode, data_dir: &Path) -> Result<Self> {
        let folder = data_dir.join("keys");
        let signing = match &settings.jwt_secret {
            Some(secret) => secret.clone(),
            None => generated(mode, "JWT_SECRET", &folder, "jwt_secret")?,
        };
        if signing.length() < MINIMUM_SIGNING_LENGTH {
            let message = format!("JWT_SECRET must have at least {MINIMUM_SIGNING_LENGTH} characters");
            return Err(Error::invalid("JWT_SECRET", message));
        }
        let (sealing, sealing_source) = match configured(settings) {
            Some(found) => found,
            None => (
                generated(mode, "ENCRYPTION_KEY", &folder, "encryption_key")?,
                format!("{}", folder.join("encryption_key").display()),
            ),
        };
        Ok(Self {
            signing,
            sealing,
            sealing_source,
        })
    }

    /// The configured secrets as they are, without checking or generating any; none where nothing can seal.
    pub fn configured(settings: &IdentitySettings) -> Option<Self> {
        let (sealing, sealing_source) = configured(settings)?;
        Some(Self {
            signing: settings.jwt_secret.clone().unwrap_or_else(|| sealing.clone()),
            sealing,
            sealing_source,
        })
    }
}

/// The configured sealing secret, and where it came from.
fn configured(settings: &IdentitySettings) -> Option<(Secret, String)> {
    match (&settings.encryption_key, &settings.jwt_secret) {
        (Some(key), _) => Some((key.clone(), "ENCRYPTION_KEY".to_owned())),
        (None, Some(secret)) => Some((
            secret.clone(),
            "JWT_SECRET (ENCRYPTION_KEY is not set)".to_owned(),
        )),
        (None, None) => None,
    }
}

fn generated(mode: Mode, variable: &str, folder: &Path, file: &str) -> Result<Secret> {
    if mode.is_strict() {
        let message = format!("{variable} must be set in {}", mode.name());
        return Err(Error::invalid(variable, message));
    }
    let path = folder.join(file);
    let trouble = |error: std::io::Error| {
        Error::internal("a generated key could not be kept")
            .with("path", path.display().to_string())
            .source(error)
    };
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().len() >= MINIMUM_SIGNING_LENGTH => return Ok(Secret::new(text.trim())),
        Ok(_) => {
            let message = format!("{} is damaged: restore it or set {variable}", path.display());
            return Err(Error::invalid(variable, message));
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(trouble(error)),
    }
    keep_first(folder, &path).map_err(trouble)?;
    fs::read_to_string(&path)
        .map(|text| Secret::new(text.trim()))
        .map_err(trouble)
}

/// Writes a new key aside and links it into place: of two processes that start at once one wins, and no
/// crash leaves half a key.
fn keep_first(folder: &Path, path: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let aside = folder.join(format!(".{}", random::hex(8)));
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&aside)?;
    file.write_all(random::hex(32).as_bytes())?;
    file.sync_all()?;
    let linked = match fs::hard_link(&aside, path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        other => other,
    };
    fs::remove_file(&aside)?;
    linked?;
    fs::File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn missing_secrets_are_made_once_and_only_outside_production() {
        let folder = tempfile::tempdir().unwrap();
        let settings = IdentitySettings::for_tests();
        let first = RootSecrets::load(&settings, Mode::Development, folder.path()).unwrap();
        let second = RootSecrets::load(&settings, Mode::Development, folder.path()).unwrap();
        assert_eq!(first.signing.expose(), second.signing.expose());
        assert_ne!(first.signing.expose(), first.sealing.expose());
        let kept = folder.path().join("keys/encryption_key");
        assert_eq!(fs::metadata(kept).unwrap().permissions().mode() & 0o777, 0o600);
        let error = RootSecrets::load(&settings, Mode::Production, folder.path()).unwrap_err();
        assert_eq!(error.field_str(), Some("JWT_SECRET"));
    }

    #[test]
    fn sealing_falls_back_to_the_signing_secret() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = IdentitySettings::for_tests();
        settings.jwt_secret = Some(Secret::new("s".repeat(32)));
        let root = RootSecrets::load(&settings, Mode::Production, folder.path()).unwrap();
        assert_eq!(root.sealing.expose(), root.signing.expose());
        settings.jwt_secret = Some(Secret::new("short"));
        let error = RootSecrets::load(&settings, Mode::Development, folder.path()).unwrap_err();
        assert!(error.message().contains("32"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
