//! A transaction of the store's own making: how it begins, on whose behalf, and how it ends.

use std::sync::Arc;
use std::time::Duration;

use busbar_kernel::Result;

use super::error::Trouble;
use super::flight::{Answer, Message, fetch, fly};
use super::pool::Lease;
use crate::sql::{Ready, Resolver};
use crate::{Params, Session, Step, StepRows, Value};

/// The most statements in one flight.
const FLIGHT: usize = 64;

/// What a request may have left in its session; one text, so that it costs no round trip.
const TIDY: &str = "RESET ALL; DISCARD TEMP; UNLISTEN *; CLOSE ALL";
/// Locks of the session can be left too; looking for them costs a sixth of a read, so only writes pay for it.
const UNLOCK: &str = "SELECT pg_advisory_unlock_all()";

/// How a transaction begins and ends.
pub(super) struct Frame {
    begin: &'static str,
    commit: String,
    rollback: String,
    set: Ready,
    first: Option<String>,
    /// What names mean: search path and role.
    pub(super) place: Arc<str>,
}

/// How much of the database a transaction sees and may change.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    Write,
    Read,
    Snapshot,
}

impl Frame {
    /// The frame of a session in `path`; one with a role leaves nothing behind for the next.
    pub(super) fn new(session: &Session, path: &str, view: View, resolver: &Resolver) -> Result<Self> {
        let mut params: Params = vec![
            "search_path".into(),
            path.into(),
            "statement_timeout".into(),
            milliseconds(session.time_limit).into(),
        ];
        for (name, value) in &session.settings {
            params.extend([Value::from(name), Value::from(value)]);
        }
        // The role comes last: the settings before it are the login's to make.
        if let Some(role) = &session.role {
            params.extend([Value::from("role"), Value::from(role)]);
        }
        let calls = (0..params.len()).step_by(2);
        let calls: Vec<_> = calls
            .map(|at| format!("set_config(${},${},true)", at + 1, at + 2))
            .collect();
        let text = resolver.statement(&format!("SELECT {}", calls.join(",")))?;
        let role = session.role.as_deref();
        let ending = |word: &str| match (role, view) {
            (Some(_), View::Write) => format!("{word}; {TIDY}; {UNLOCK}"),
            (Some(_), _) => format!("{word}; {TIDY}"),
            (None, _) => word.to_owned(),
        };
        Ok(Self {
            begin: match view {
                View::Write => "BEGIN",
                View::Read => "BEGIN READ ONLY",
                View::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            },
            commit: ending("COMMIT"),
            rollback: ending("ROLLBACK"),
            set: Ready { text, params },
            first: session.first.clone(),
            place: match role {
                Some(role) => format!("{path}\u{1f}{role}").into(),
                None => path.into(),
            },
        })
    }

    /// The messages that begin the transaction.
    pub(super) async fn opening(&self, lease: &mut Lease) -> Result<Vec<Message<'_>>, Trouble> {
        let set = lease.text(&Arc::from(""), &self.set.text).await?;
        let mut messages = vec![Message::Simple(self.begin), Message::Rows(set, &self.set.params)];
        messages.extend(self.first.as_deref().map(Message::Simple));
        Ok(messages)
    }

    /// The message that ends it well.
    pub(super) fn closing(&self) -> Message<'_> {
        Message::Simple(&self.commit)
    }

    /// Begins it and waits until it has begun.
    pub(super) async fn begin(&self, lease: &mut Lease) -> Result<(), Trouble> {
        lease.unsettle();
        let opening = self.opening(lease).await?;
        self.land(lease, opening).await.map(|_| ())
    }

    /// Ends it well.
    pub(super) async fn commit(&self, lease: &mut Lease) -> Result<(), Trouble> {
        lease.client.batch_execute(&self.commit).await?;
        lease.settle();
        Ok(())
    }

    /// Undoes it, or whatever is left of it; a connection on which that fails is given up.
    pub(super) async fn roll_back(&self, lease: &mut Lease) {
        if lease.client.batch_execute(&self.rollback).await.is_ok() {
            lease.settle();
        }
    }

    /// Flies messages and answers the first error among their answers.
    pub(super) async fn land(
        &self,
        lease: &Lease,
        messages: Vec<Message<'_>>,
    ) -> Result<Vec<Answer>, Trouble> {
        let answers = fly(&lease.client, messages).await;
        Ok(answers.into_iter().collect::<Result<_, _>>()?)
    }
}

/// Runs a batch in a frame: in one flight where every statement is known and nothing has to be looked at.
pub(super) async fn batch(
    lease: &mut Lease,
    frame: &Frame,
    work: &[Ready],
    steps: &[Step],
) -> Result<Vec<StepRows>, Trouble> {
    lease.unsettle();
    let done = try_batch(lease, frame, work, steps).await;
    match &done {
        Ok(_) => lease.settle(),
        Err(_) => frame.roll_back(lease).await,
    }
    done
}

async fn try_batch(
    lease: &mut Lease,
    frame: &Frame,
    work: &[Ready],
    steps: &[Step],
) -> Result<Vec<StepRows>, Trouble> {
    let mut messages = frame.opening(lease).await?;
    // The opening's own answer comes first and is dropped at the end.
    let mut rows = Vec::with_capacity(work.len() + 1);
    for (ready, step) in work.iter().zip(steps) {
        if let Some(fed) = &step.fed {
            rows.extend(only_rows(frame.land(lease, std::mem::take(&mut messages)).await?));
            let params = fed.params(rows.get(1..).unwrap_or_default())?;
            let answered = single(lease, frame, &ready.with(params)).await?;
            step.verify(&answered)?;
            rows.push(answered);
            continue;
        }
        let text = match lease.known(&frame.place, &ready.text) {
            Some(text) => text,
            None => {
                // What came before may make the tables that this one needs.
                rows.extend(only_rows(frame.land(lease, std::mem::take(&mut messages)).await?));
                lease.text(&frame.place, &ready.text).await?
            }
        };
        messages.push(Message::Rows(text, &ready.params));
        if step.check.is_some() || step.then.is_some() || messages.len() >= FLIGHT {
            rows.extend(only_rows(frame.land(lease, std::mem::take(&mut messages)).await?));
            if let Some(last) = rows.last() {
                step.verify(last)?;
                if let Some(then) = &step.then {
                    run_made(lease, &then.made(&last.rows)?).await?;
                }
            }
        }
    }
    messages.push(frame.closing());
    rows.extend(only_rows(frame.land(lease, messages).await?));
    rows.remove(0);
    Ok(rows)
}

/// Runs statements that were made for this moment, one after the other.
pub(super) async fn run_made(lease: &Lease, texts: &[String]) -> Result<(), Trouble> {
    for text in texts {
        lease.client.batch_execute(text).await?;
    }
    Ok(())
}

fn only_rows(answers: Vec<Answer>) -> impl Iterator<Item = StepRows> {
    answers.into_iter().filter_map(|answer| match answer {
        Answer::Rows(rows) => Some(rows),
        _ => None,
    })
}

/// Runs one statement in a frame that has begun.
pub(super) async fn single(lease: &mut Lease, frame: &Frame, ready: &Ready) -> Result<StepRows, Trouble> {
    let text = lease.text(&frame.place, &ready.text).await?;
    Ok(fetch(&lease.client, &text, &ready.params).await?)
}

/// A time limit as `statement_timeout` takes it, at least a millisecond: zero would mean none.
fn milliseconds(limit: Duration) -> String {
    format!("{}", limit.as_millis().clamp(1, i32::MAX as u128))
}
