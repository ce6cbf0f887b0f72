//! A directory: one pool of people with its own keys, lifetimes and policy.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use busbar_cache::Cache;
use busbar_kernel::variables::Mode;
use busbar_kernel::{Clock, Result, Secret, Timestamp};
use busbar_ports::mail::MailSender;
use busbar_store::{Db, Dialect, Store, params};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use crate::config::IdentitySettings;
use crate::email::Email;
use crate::keys::{AccessKey, AccessKeys, KeyRing};
use crate::lockout::LockOut;
use crate::operators::Settling;
use crate::passwords::PasswordHasher;
use crate::schema::MIGRATIONS;
use crate::secrets::{RootSecrets, Vault};
use crate::sessions::Revoked;
use crate::tokens::{AccessTokens, OutsideTokens, RefreshTokens};

/// How long after the start the operator's password is compared, unless an operator comes before.
const SETTLE_AFTER: Duration = Duration::from_secs(2);

/// What a directory is opened with.
pub struct DirectoryOptions {
    /// Its name, in every token it issues; the app's by default.
    pub name: String,
    /// Where its tables are.
    pub db: Db,
    /// The variables in force for it.
    pub settings: IdentitySettings,
    /// Whether it may generate what is not configured.
    pub mode: Mode,
    /// The signing and sealing secrets.
    pub root: RootSecrets,
    /// What it accepts from those who share the signing secret.
    pub outside: OutsideTokens,
    /// The hashing threads, shared by all directories.
    pub passwords: PasswordHasher,
    /// Counts failures and carries word of ended sessions.
    pub cache: Cache,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Who carries its mail, if anybody.
    pub mail: Option<Arc<dyn MailSender>>,
}

/// What the operator must be shown, once.
#[derive(Debug, Default)]
pub struct FirstStart {
    /// The password generated for the operator, and for which name.
    pub operator: Option<(String, Secret)>,
}

/// A directory; clones share it.
#[derive(Clone)]
pub struct Directory(Arc<Inner>);

/// What the verbs of the other files work with.
struct Inner {
    name: String,
    db: Db,
    clock: Arc<dyn Clock>,
    cache: Cache,
    mail: Option<Arc<dyn MailSender>>,
    passwords: PasswordHasher,
    lock_out: LockOut,
    keys: AccessKeys,
    access: AccessTokens,
    refresh: RefreshTokens,
    refresh_lifetime: Duration,
    revoked: Revoked,
    codes: hmac::Key,
    unsettled: Settling,
}

#[derive(Deserialize)]
struct Ended {
    id: Uuid,
    revoked_at: Timestamp,
}

impl Directory {
    /// Opens a directory: brings its tables up to date, tries the sealing key, makes or takes its keys,
    /// brings the configured operator into force and remembers the sessions ended of late.
    ///
    /// # Errors
    /// `identity.wrong_encryption_key`, a missing operator's password in a strict mode, troubles of the
    /// database.
    pub async fn open(store: &Store, options: DirectoryOptions) -> Result<(Self, FirstStart)> {
        let DirectoryOptions {
            name,
            db,
            settings,
            mode,
            root,
            outside,
            passwords,
            cache,
            clock,
            mail,
        } = options;
        store.migrate(&db, &MIGRATIONS).await?;
        let vault = Vault::open(db.clone(), &root, Arc::clone(&clock)).await?;
        let ring = KeyRing::open(&vault).await?;
        let lifetime = settings.access_lifetime;
        let directory = Self(Arc::new(Inner {
            keys: AccessKeys::open(&vault, &settings).await?,
            lock_out: LockOut::new(&name, cache.clone(), Arc::clone(&clock)),
            revoked: Revoked::new(&name, cache.clone(), Arc::clone(&clock), lifetime),
            refresh: RefreshTokens::new(&name, &root.signing),
            refresh_lifetime: settings.refresh_lifetime,
            codes: code_key(&name, &root.signing),
            access: AccessTokens::new(&name, ring, &root.signing, outside, lifetime, Arc::clone(&clock)),
            name,
            db,
            clock,
            cache,
            mail,
            passwords,
            unsettled: Settling::default(),
        }));
        directory.remember_ended().await?;
        let generated = directory
            .seed_operator(
                &settings.operator_name,
                settings.operator_password.as_ref(),
                mode.is_strict(),
            )
            .await?;
        let operator = generated.map(|password| (settings.operator_name, password));
        directory.settle_soon();
        Ok((directory, FirstStart { operator }))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    /// Its public keys, as a JSON Web Key Set.
    pub fn published_keys(&self) -> &Value {
        self.0.access.ring().published()
    }

    /// One of its two access keys, to show to an administrator.
    pub fn access_key(&self, which: AccessKey) -> &Secret {
        self.0.keys.reveal(which)
    }

    /// How long its refresh tokens live unused, for the cookies that carry them.
    pub fn refresh_lifetime(&self) -> Duration {
        self.0.refresh_lifetime
    }

    /// A changed password ends the old one's sessions in every process, whether or not an operator comes here. A
    /// SQLite folder belongs to one process, so there nothing is hashed before somebody comes.
    fn settle_soon(&self) {
        if self.db().dialect() == Dialect::Sqlite {
            return;
        }
        let directory = self.clone();
        tokio::spawn(async move {
            tokio::time::sleep(SETTLE_AFTER).await;
            if let Err(error) = directory.settle_operator().await {
                tracing::warn!(
                    error = error.operator_line(),
                    "the operator's password is compared at the next sign-in"
                );
            }
        });
    }

    /// Access tokens of sessions that ended shortly before this start are still young enough to be shown.
    async fn remember_ended(&self) -> Result<()> {
        let since = self.clock().now() - self.access_lifetime();
        let ended: Vec<Ended> = self
            .db()
            .all(
                "SELECT id, revoked_at FROM auth.sessions WHERE revoked_at IS NOT NULL AND revoked_at > $1",
                params![since],
            )
            .await?;
        for session in ended {
            self.0.revoked.mark_here(session.id, session.revoked_at);
        }
        Ok(())
    }
}

impl Directory {
    pub(crate) fn db(&self) -> &Db {
        &self.0.db
    }
    pub(crate) fn clock(&self) -> &dyn Clock {
        self.0.clock.deref()
    }
    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }
    pub(crate) fn mail(&self) -> Option<&Arc<dyn MailSender>> {
        self.0.mail.as_ref()
    }
    pub(crate) fn unsettled(&self) -> &Settling {
        &self.0.unsettled
    }
    pub(crate) fn passwords(&self) -> &PasswordHasher {
        &self.0.passwords
    }
    pub(crate) fn lock_out(&self) -> &LockOut {
        &self.0.lock_out
    }
    pub(crate) fn access_keys(&self) -> &AccessKeys {
        &self.0.keys
    }
    pub(crate) fn access_tokens(&self) -> &AccessTokens {
        &self.0.access
    }
    pub(crate) fn access_lifetime(&self) -> Duration {
        self.0.access.lifetime()
    }
    pub(crate) fn refresh_tokens(&self) -> &RefreshTokens {
        &self.0.refresh
    }
    pub(crate) fn revoked(&self) -> &Revoked {
        &self.0.revoked
    }

    /// What the database keeps of a mailed code: useless to whoever reads it without the signing secret.
    pub(crate) fn code_hash(&self, email: &Email, code: &str) -> String {
        hex::encode(hmac::sign(&self.0.codes, format!("{email}:{code}").as_bytes()))
    }
}

fn code_key(directory: &str, signing: &Secret) -> hmac::Key {
    let root = hmac::Key::new(hmac::HMAC_SHA256, signing.expose().as_bytes());
    let label = format!("busbar:code:v1:{directory}");
    hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, label.as_bytes()).as_ref())
}
