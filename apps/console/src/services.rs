//! What the handlers work with.

use std::sync::Arc;

use busbar_data::DataStore;
use busbar_files::Files;
use busbar_identity::Directory;
use busbar_kernel::variables::Settings;
use busbar_kernel::{Clock, Timestamp};
use busbar_messaging::Mailbox;
use busbar_telemetry::logs::LogReader;
use busbar_workbench::Workbench;
use futures_util::future::BoxFuture;

use crate::Cookies;
use crate::page::Bundle;

/// The capabilities and facts that handlers need; cheap to clone.
#[derive(Clone)]
pub struct Services {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// The page's files.
    pub bundle: Bundle,
    /// How the session's cookies are written.
    pub cookies: Cookies,
    /// Who may sign in here.
    pub operators: Directory,
    /// The people whose accounts are shown.
    pub people: Directory,
    /// Tables, policies and rows.
    pub data: DataStore,
    /// Raw SQL, migrations, the advisor.
    pub workbench: Workbench,
    /// Whether SQL may run with the owner's rights (`INSFORGE_COMPAT_UNRESTRICTED_SQL`).
    pub unrestricted_sql: bool,
    /// Buckets and objects.
    pub files: Files,
    /// Mail that went nowhere else.
    pub mailbox: Mailbox,
    /// The log files, where there are any.
    pub logs: Option<LogReader>,
    /// The values in force.
    pub settings: Arc<Settings>,
    /// The facts of this installation.
    pub installation: Arc<Installation>,
}

/// The facts of this installation.
pub struct Installation {
    /// Busbar's version.
    pub version: &'static str,
    /// The mode's word.
    pub mode: &'static str,
    /// When the process began.
    pub started_at: Timestamp,
    /// The port it listens on.
    pub port: u16,
    /// Where clients reach files, where the app that serves them runs.
    pub files: Option<FileApi>,
    /// Asks every need how it is.
    pub needs: Arc<dyn Fn() -> BoxFuture<'static, Vec<NeedState>> + Send + Sync>,
}

/// Where clients reach files.
pub struct FileApi {
    /// An absolute address, or a path at the caller's own; no slash at its end.
    pub address: String,
    /// The path of an object below it, by bucket and key.
    pub object_path: fn(&str, &str) -> String,
    /// The S3 gateway's path below it.
    pub gateway_path: &'static str,
    /// The region that the gateway names as its own.
    pub region: &'static str,
}

impl FileApi {
    /// A link that opens an object by a token.
    pub(crate) fn link(&self, bucket: &str, key: &str, token: &str) -> String {
        let path = (self.object_path)(bucket, key);
        format!("{}{path}?token={token}", self.address)
    }

    /// Where S3 clients find the gateway.
    pub(crate) fn gateway(&self) -> String {
        format!("{}{}", self.address, self.gateway_path)
    }
}

/// How a need is.
pub struct NeedState {
    /// `relational data`, `cache` …
    pub need: &'static str,
    /// What serves it, without a secret.
    pub provider: String,
    /// Whether that is the embedded default.
    pub embedded: bool,
    /// Whether it answers.
    pub up: bool,
    /// How it answers, or what is wrong.
    pub detail: String,
    /// The variables whose setting would replace it.
    pub variables: &'static [&'static str],
}
