//! `busbar adopt`: takes over a PostgreSQL database that InsForge made.

use std::process::ExitCode;

use busbar_identity::IdentitySettings;
use busbar_identity::secrets::{Cipher, KEY_CHECK, RootSecrets, Sealed};
use busbar_kernel::variables::Settings;
use busbar_kernel::{Error, Result, Secret, SystemClock};
use busbar_store::{MigrationSet, StoreSettings, Survey};
use busbar_workbench::{Adoption, Found, FoundBucket};

use super::output::{say, say_problems};
use crate::environment;

/// All migrations of the data scope, in the order in which a start applies them.
static SETS: &[&MigrationSet] = &[
    &busbar_schema::MIGRATIONS,
    &busbar_identity::schema::MIGRATIONS,
    &busbar_files::MIGRATIONS,
    &busbar_workbench::MIGRATIONS,
];

/// Says what is found and what would change; with `yes`, changes it.
pub(super) async fn run(yes: bool) -> ExitCode {
    let settings = match environment::settings() {
        Ok(settings) => settings,
        Err(problems) => {
            say_problems(&problems);
            return ExitCode::FAILURE;
        }
    };
    match adopt(&settings, yes).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!(
                "Not adopted, and nothing was changed: {}",
                error.operator_line()
            ));
            ExitCode::FAILURE
        }
    }
}

async fn adopt(settings: &Settings, yes: bool) -> Result<()> {
    let survey = Survey::open(&StoreSettings::from_settings(settings)?)?.ok_or_else(|| {
        let message = "DATABASE_URL or POSTGRES_HOST names the PostgreSQL database to adopt";
        Error::invalid("DATABASE_URL", message)
    })?;
    let mut adoption = Adoption::plan(survey, SETS, &SystemClock).await?;
    let root = RootSecrets::configured(&IdentitySettings::from_settings(settings));
    try_key(&mut adoption, root.as_ref(), yes)?;
    report(&adoption);
    if !yes {
        say("Nothing was changed. `busbar adopt --yes` does it, in one transaction; make a backup first.");
        return Ok(());
    }
    adoption.adopt().await?;
    say("Adopted. `busbar serve` starts on it, with the ENCRYPTION_KEY and JWT_SECRET that InsForge had.");
    Ok(())
}

/// Refuses a sealing key that does not open what InsForge sealed. Where nothing is sealed, the adoption seals something, so
/// that no later start can take another key for the right one.
fn try_key(adoption: &mut Adoption, root: Option<&RootSecrets>, yes: bool) -> Result<()> {
    let kept: Vec<Sealed> = adoption
        .found()
        .secrets
        .iter()
        .map(|found| Sealed {
            key: found.key.clone(),
            value_ciphertext: found.value_ciphertext.clone(),
            is_reserved: found.is_reserved,
        })
        .collect();
    match root {
        Some(root) => {
            root.try_on(&kept)?;
            if kept.is_empty() {
                let sealed = Cipher::new(&root.sealing)?.seal(&Secret::new(KEY_CHECK))?;
                adoption.keep_sealed(KEY_CHECK, &sealed);
            }
            Ok(())
        }
        None if yes && kept.is_empty() => {
            let message = "Set the ENCRYPTION_KEY, or the JWT_SECRET, that InsForge had: \
                 nothing in the database tells which is right";
            Err(Error::invalid("ENCRYPTION_KEY", message))
        }
        None => Ok(()),
    }
}

fn report(adoption: &Adoption) {
    let Found {
        migrations,
        people,
        buckets,
        tables,
        open,
        unused,
        ..
    } = adoption.found();
    say(&format!(
        "Found at {}: a database of InsForge",
        adoption.describe()
    ));
    say(&format!("  {migrations} of its migrations were applied"));
    say(&format!(
        "  {people} people, {} buckets, {} objects",
        buckets.len(),
        objects(buckets)
    ));
    for table in tables {
        let security = if table.row_security { "on" } else { "off" };
        let (name, policies) = (&table.name, table.policies);
        say(&format!(
            "  table {name}: row security {security}, {policies} policies"
        ));
    }
    section("Would change", adoption.changes());
    section("Open, and stays so", open);
    section("Stays, and is not used", unused);
    if objects(buckets) > 0 {
        say_bytes(buckets);
    }
    say("Sign-ins of InsForge end: its refresh tokens are not kept anywhere. Passwords and keys stay.");
}

fn objects(buckets: &[FoundBucket]) -> u64 {
    buckets.iter().map(|bucket| bucket.objects).sum()
}

/// What does not come along, and how it is brought.
fn say_bytes(buckets: &[FoundBucket]) {
    say(&format!(
        "THE BYTES OF {} OBJECTS ARE NOT IN THE DATABASE AND ARE NOT ADOPTED. Busbar lists these objects and answers 404 \
         for each until its bytes are there. Bring them once Busbar serves, with an access key of its S3 gateway \
         (POST /api/storage/s3/access-keys); keys and owners of the objects stay:",
        objects(buckets)
    ));
    for FoundBucket { name, objects } in buckets.iter().filter(|bucket| bucket.objects > 0) {
        say(&format!(
            "  aws s3 cp --recursive \"$STORAGE_DIR/{name}\" s3://{name} --endpoint-url http://localhost:7130/storage/v1/s3  # {objects} objects"
        ));
    }
    say(
        "STORAGE_DIR is InsForge's. Where it kept files in S3, their place is s3://<its bucket>/<its APP_KEY>/<bucket>.",
    );
}

fn section(title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    say(&format!("{title}:"));
    for line in lines {
        say(&format!("  - {line}"));
    }
}
