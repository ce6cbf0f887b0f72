//! Batches that are undone once they have run.

use std::sync::{Arc, Mutex, PoisonError};

use busbar_kernel::{Error, Kind, Result};

use crate::{Dialect, Params, Step, StepRows};

/// The refusal that undoes the batch; nobody else sees it.
const CODE: &str = "store.undone";

/// What the steps of an undone batch answered.
pub(crate) struct Kept(Arc<Mutex<Vec<StepRows>>>);

impl Kept {
    /// The answers, when the batch came to its end.
    pub(crate) fn of(&self, done: Result<Vec<StepRows>>) -> Result<Vec<StepRows>> {
        match done {
            Err(error) if error.code_str() == CODE => Ok(std::mem::take(
                &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner),
            )),
            done => done,
        }
    }
}

/// The same steps, whose answers are kept and whose end is a refusal. Constraints that wait for the end are
/// checked before it on PostgreSQL; SQLite checks those of its deferred foreign keys at COMMIT alone.
pub(crate) fn undone(steps: Vec<Step>, dialect: Dialect) -> (Vec<Step>, Kept) {
    let kept: Arc<Mutex<Vec<StepRows>>> = Arc::default();
    let mut wrapped: Vec<Step> = Vec::with_capacity(steps.len() + 1);
    for (place, step) in steps.into_iter().enumerate() {
        let (inner, kept) = (step.clone(), kept.clone());
        wrapped.push(step.check(move |rows| {
            inner.verify(rows)?;
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            // A batch may be run again from its start.
            kept.truncate(place);
            kept.push(rows.clone());
            Ok(())
        }));
    }
    let last = match dialect {
        Dialect::Postgres => "SET CONSTRAINTS ALL IMMEDIATE",
        Dialect::Sqlite => "SELECT 1",
    };
    wrapped.push(Step::new(last, Params::new()).check(|_| {
        Err(Error::new(
            Kind::Conflict,
            CODE,
            "The batch ran and was undone, as asked",
        ))
    }));
    (wrapped, Kept(kept))
}
