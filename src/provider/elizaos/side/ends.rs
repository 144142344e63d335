//! How the runs of a page truly ended. The run event rows of the log say it, of all agents of the
//! server mixed; servers before 1.6.5 give only rows written by the agent itself, so that a run may
//! have none and stays as the list said.

use super::{Side, Want, patch};
use crate::model::{Batch, Of, Record, Reply, Row, Run, RunStatus};
use crate::provider::ReadError;
use crate::provider::elizaos::envelope;
use crate::provider::elizaos::state::{End, Evidence, error_text};
use crate::provider::wire::{self, Object};

/// Rows of run events at once: twice what a page of runs has, for other agents' rows between them.
pub(super) const ROWS: u32 = 400;
/// How often the log is followed.
const TURNS: u32 = 10;

/// Patches of the runs whose end is among the rows.
pub(super) fn read(
    of: &Of,
    reply: &Reply<'_>,
    want: Vec<Want>,
    (offset, turn): (u32, u32),
) -> Result<Batch, ReadError> {
    let rows = wire::array(envelope::data(reply)?).unwrap_or_default();
    let bodies: Vec<Object<'_>> = rows
        .iter()
        .filter_map(|raw| Object::read(raw)?.object("body"))
        .collect();
    let mut batch = Batch::default();
    let mut open = Vec::new();
    for one in want {
        let own: Vec<&Object<'_>> = bodies
            .iter()
            .filter(|body| body.text_of("runId").as_deref() == Some(one.run.as_str()))
            .collect();
        if own.is_empty() {
            open.push(one);
        } else {
            batch.rows.extend(ended(of, &one.run, &own, reply));
        }
    }
    let oldest = bodies
        .iter()
        .filter_map(|body| body.time("startTime"))
        .min();
    let reached = open
        .iter()
        .filter_map(|one| one.start)
        .all(|start| oldest.is_none_or(|oldest| oldest.millis() < start));
    let full = rows.len() >= ROWS as usize;
    if full && turn < TURNS && !open.is_empty() && !reached {
        let side = Side::Ends {
            want: open,
            offset: offset.saturating_add(ROWS),
            turn: turn + 1,
        };
        batch.also.extend(side.ask(of));
    }
    Ok(batch)
}

/// What a run's rows, newest first, say of its end; none while it has not ended.
fn ended(of: &Of, run: &str, rows: &[&Object<'_>], reply: &Reply<'_>) -> Option<Row> {
    let is_end = |row: &&&Object<'_>| {
        row.text_of("status")
            .is_some_and(|status| status != "started")
    };
    let last = rows.iter().find(is_end)?;
    let ends = rows.iter().rev().filter(is_end).map(|row| End {
        status: row.text_of("status"),
        error: error_text(row, "error"),
    });
    let state = Evidence {
        word: last.text_of("status"),
        ends: ends.collect(),
        now: Some(reply.received),
        ..Evidence::default()
    }
    .state();
    let ended_at = last.time("endTime");
    Some(Row::Patch(Record::Run(Run {
        status: state.status,
        status_sent: last.text_of("status"),
        status_reason: state.reason,
        started_at: last.time("startTime"),
        ended_at,
        updated_at: ended_at,
        duration: ended_at
            .zip(last.time("startTime"))
            .and_then(|(end, start)| end.since(start)),
        error: state.error,
        ..patch(of, run)
    })))
}

/// What is left where the log cannot be read: of a run that is said to have completed nobody knows
/// whether it crashed. What was learnt of it before stays.
pub(super) fn unread(of: &Of, want: Vec<Want>, why: &str) -> Batch {
    let completed = want.into_iter().filter(|one| one.completed);
    let rows = completed.map(|one| {
        Row::Patch(Record::Run(Run {
            status: RunStatus::Succeeded,
            status_reason: Some(format!(
                "said completed; whether it crashed cannot be read: {why}"
            )),
            hearsay: true,
            ..patch(of, &one.run)
        }))
    });
    Batch {
        rows: rows.collect(),
        ..Batch::default()
    }
}
