//! Group commit: many batches, one sync, and the guilty one fails alone.

use busbar_kernel::{Error, Result};

use super::connection::Conn;
use super::file::OpenFile;
use super::statement;
use super::writer::Batch;
use crate::StepRows;

/// Runs the batches in one transaction, each in a savepoint, and answers them once its COMMIT has returned.
pub(super) fn run(file: &OpenFile, batches: Vec<Batch>) {
    let mut batches: Vec<Batch> = batches
        .into_iter()
        .filter(|batch| !batch.reply.is_closed())
        .collect();
    if batches.is_empty() {
        return;
    }
    let done = file.with_writer(|connection| {
        let answers = together(&connection, &batches);
        let sound = connection.settle().is_ok();
        (sound.then_some(connection), answers)
    });
    match done {
        Ok(answers) => {
            for (batch, answer) in batches.into_iter().zip(answers) {
                let _ = batch.reply.send(answer);
            }
        }
        Err(error) => {
            let again = || Error::unavailable("store.unavailable", "The database cannot be opened");
            if let Some(first) = batches.pop() {
                let _ = first.reply.send(Err(error));
            }
            for batch in batches {
                let _ = batch.reply.send(Err(again()));
            }
        }
    }
}

/// One answer per batch, in order.
fn together(connection: &Conn, batches: &[Batch]) -> Vec<Result<Vec<StepRows>>> {
    match batches {
        [only] => vec![single(connection, only)],
        _ => match shared(connection, batches) {
            Ok(answers) => answers,
            // The common transaction is lost: each batch runs again in one of its own, so only the guilty fails.
            Err(_) => batches
                .iter()
                .map(|batch| {
                    connection.settle()?;
                    single(connection, batch)
                })
                .collect(),
        },
    }
}

/// A batch in a transaction of its own.
fn single(connection: &Conn, batch: &Batch) -> Result<Vec<StepRows>> {
    connection.control("BEGIN IMMEDIATE")?;
    let answer = steps(connection, batch).and_then(|rows| {
        connection.control("COMMIT")?;
        Ok(rows)
    });
    if answer.is_err() {
        connection.settle()?;
    }
    answer
}

/// All batches in one transaction. The outer error means that nothing of it holds.
fn shared(connection: &Conn, batches: &[Batch]) -> Result<Vec<Result<Vec<StepRows>>>> {
    connection.control("BEGIN IMMEDIATE")?;
    let mut answers = Vec::with_capacity(batches.len());
    for batch in batches {
        connection.control("SAVEPOINT member")?;
        let answer = steps(connection, batch);
        if answer.is_err() {
            // Some errors end the whole transaction (a full disk); then this fails and everyone is run again.
            connection.control("ROLLBACK TO member")?;
        }
        connection.control("RELEASE member")?;
        answers.push(answer);
    }
    connection.control("COMMIT")?;
    Ok(answers)
}

fn steps(connection: &Conn, batch: &Batch) -> Result<Vec<StepRows>> {
    connection.limit_to(batch.limit);
    let done = connection.on_behalf(&batch.told, |connection| {
        let mut done = Vec::with_capacity(batch.steps.len());
        for (ready, step) in batch.statements.iter().zip(&batch.steps) {
            let rows = match &step.fed {
                None => statement::run(connection, ready)?,
                Some(fed) => statement::run(connection, &ready.with(fed.params(&done)?))?,
            };
            step.verify(&rows)?;
            if let Some(then) = &step.then {
                statement::run_made(connection, &then.made(&rows.rows)?)?;
            }
            done.push(rows);
        }
        Ok(done)
    });
    connection.unlimited();
    done
}
