//! PostgreSQL's own programs: `pg_dump`, which writes a schema to a file, and `pg_restore`, which reads one.
//!
//! They get the login of requests by their environment alone, and never the owner's: what they read are people's objects.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use busbar_kernel::{Error, Kind, Result};
use tokio::sync::mpsc;
use tokio_postgres::Config;
use tokio_postgres::config::Host;

use crate::settings::Tls;

/// Where Debian keeps the authorities that a system trusts.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";
/// So many lines of an archive wait for the database.
const LINES_WAITING: usize = 64;
/// The most bytes of a complaint that is kept.
const COMPLAINT: u64 = 16 * 1024;

/// How the programs reach the database.
pub(super) struct Tools {
    environment: Vec<(&'static str, String)>,
}

impl Tools {
    pub(super) fn new(config: Config, tls: Tls, authority: Option<PathBuf>) -> Self {
        let host = config.get_hosts().first().map(|host| match host {
            Host::Tcp(name) => name.clone(),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        });
        let port = config.get_ports().first().copied().unwrap_or(5432);
        let mode = match tls {
            Tls::Disable => "disable",
            Tls::Prefer => "prefer",
            Tls::Require => "require",
            Tls::VerifyCa => "verify-ca",
            Tls::VerifyFull => "verify-full",
        };
        let mut environment = vec![
            ("PGHOST", host.unwrap_or_else(|| "localhost".to_owned())),
            ("PGPORT", port.to_string()),
            ("PGUSER", config.get_user().unwrap_or_default().to_owned()),
            ("PGDATABASE", config.get_dbname().unwrap_or_default().to_owned()),
            ("PGSSLMODE", mode.to_owned()),
            ("PGAPPNAME", "busbar backup".to_owned()),
        ];
        if let Some(password) = config.get_password() {
            environment.push(("PGPASSWORD", String::from_utf8_lossy(password).into_owned()));
        }
        if matches!(tls, Tls::VerifyCa | Tls::VerifyFull) {
            let authority = authority.unwrap_or_else(|| AUTHORITIES.into());
            environment.push(("PGSSLROOTCERT", authority.display().to_string()));
        }
        Self { environment }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        for foreign in ["PGSERVICE", "PGOPTIONS", "PGHOSTADDR", "PGPASSFILE"] {
            command.env_remove(foreign);
        }
        command
            .envs(self.environment.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Writes `public` to an archive, as the administrator.
    pub(super) async fn dump(&self, target: &Path) -> Result<()> {
        let mut command = self.command("pg_dump");
        command
            .args([
                "--format=custom",
                "--schema=public",
                "--role=project_admin",
                "--no-owner",
            ])
            .args([
                "--no-publications",
                "--no-subscriptions",
                "--no-security-labels",
                "--file",
            ])
            .arg(target);
        whole(command).await.map(|_| ())
    }

    /// What an archive holds, one line each.
    pub(super) async fn contents(&self, archive: &Path) -> Result<String> {
        let mut command = self.command("pg_restore");
        command.arg("--list").arg(archive);
        whole(command).await
    }

    /// One section of an archive as SQL, of what `wanted` lists.
    pub(super) async fn section(&self, archive: &Path, wanted: &Path, section: &str) -> Result<String> {
        whole(self.reading(archive, wanted, section)).await
    }

    /// The section of rows, line by line while it is read; an error ends it.
    pub(super) fn rows(&self, archive: &Path, wanted: &Path) -> mpsc::Receiver<Result<Vec<u8>>> {
        let command = self.reading(archive, wanted, "data");
        let (sender, receiver) = mpsc::channel(LINES_WAITING);
        tokio::task::spawn_blocking(move || {
            if let Err(error) = lines(command, &sender) {
                let _ = sender.blocking_send(Err(error));
            }
        });
        receiver
    }

    fn reading(&self, archive: &Path, wanted: &Path, section: &str) -> Command {
        let mut command = self.command("pg_restore");
        command
            .arg("--no-owner")
            .arg(format!("--section={section}"))
            .arg("--use-list")
            .arg(wanted)
            .args(["--file", "-"])
            .arg(archive);
        command
    }
}

async fn whole(mut command: Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let done = tokio::task::spawn_blocking(move || command.output()).await;
    let output = done
        .map_err(|error| Error::internal("a tool's thread ended").source(error))?
        .map_err(|error| missing(&name, error))?;
    if !output.status.success() {
        return Err(refused(&String::from_utf8_lossy(&output.stderr)));
    }
    String::from_utf8(output.stdout).map_err(|error| Error::internal("an archive is not UTF-8").source(error))
}

fn lines(mut command: Command, sender: &mpsc::Sender<Result<Vec<u8>>>) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut child = command.spawn().map_err(|error| missing(&name, error))?;
    let read = |error| Error::internal("an archive cannot be read").source(error);
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::with_capacity(64 * 1024, output);
        loop {
            let mut line = Vec::new();
            if output.read_until(b'\n', &mut line).map_err(read)? == 0 {
                break;
            }
            if sender.blocking_send(Ok(line)).is_err() {
                // Nobody wants the rest.
                let _ = child.kill();
                break;
            }
        }
    }
    let mut said = String::new();
    if let Some(complaints) = child.stderr.take() {
        let _ = complaints.take(COMPLAINT).read_to_string(&mut said);
    }
    match child.wait().map_err(read)?.success() {
        true => Ok(()),
        false => Err(refused(&said)),
    }
}

fn missing(name: &str, error: std::io::Error) -> Error {
    let message =
        format!("{name} cannot be run: PostgreSQL's client programs are not installed beside Busbar");
    Error::new(Kind::Unavailable, "store.no_tools", message).source(error)
}

fn refused(said: &str) -> Error {
    let message = "PostgreSQL's client programs refused; the log says why";
    Error::new(Kind::Unavailable, "store.tools_refused", message).with("tool", said.trim())
}
