//! The stored mailbox: mail that goes nowhere else, kept for the operator to read.

mod empty;
mod list;
mod send;
mod show;

use std::sync::Arc;

use busbar_kernel::{Clock, Result, Timestamp};
use busbar_ports::mail::Mail;
use busbar_store::{Db, Scope, Store};

pub use list::{MOST_LISTED, MailPage, MailQuery, MailSummary};

use crate::schema::MIGRATIONS;

/// The most messages the mailbox keeps; an older one goes when a new one comes.
pub const CAPACITY: u64 = 10_000;

busbar_kernel::typed_id!(
    /// The identifier of a stored message.
    MailId,
    "mail"
);

/// A stored message.
#[derive(Clone, Debug)]
pub struct StoredMail {
    /// Its identifier.
    pub id: MailId,
    /// When it was handed over.
    pub sent_at: Timestamp,
    /// The message, complete.
    pub mail: Mail,
}

/// The mailbox; clones share it.
#[derive(Clone)]
pub struct Mailbox {
    db: Db,
    clock: Arc<dyn Clock>,
    capacity: u64,
}

impl Mailbox {
    /// Opens the mailbox in the platform scope and brings its table up to date.
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn open(store: &Store, clock: Arc<dyn Clock>) -> Result<Self> {
        Self::with_capacity(store, clock, CAPACITY).await
    }

    /// The same with another bound than [`CAPACITY`].
    ///
    /// # Errors
    /// Troubles of the database.
    pub async fn with_capacity(store: &Store, clock: Arc<dyn Clock>, capacity: u64) -> Result<Self> {
        let db = store.scope(Scope::Platform).await?;
        store.migrate(&db, &MIGRATIONS).await?;
        Ok(Self { db, clock, capacity })
    }
}
