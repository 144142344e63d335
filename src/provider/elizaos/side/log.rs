//! What only the raw log knows of a run: actions that have begun and whose end is not written yet (the
//! run's own events show an action only from its end on), and why an embedding failed. Rows of other
//! runs lie between; the row of an action's start names no run, so room and time must do.

use serde::{Deserialize, Serialize};

use super::patch;
use crate::model::{Batch, Event, Fact, Kind, Of, Order, Record, Reply, Row, Run, Time};
use crate::provider::ReadError;
use crate::provider::elizaos::state::error_text;
use crate::provider::elizaos::{envelope, event};
use crate::provider::wire::{self, Object, Raw};

/// The run whose actions are looked for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::provider::elizaos) struct Span {
    pub run: String,
    pub room: String,
    /// Epoch milliseconds.
    pub start: i64,
    /// None while it runs.
    pub end: Option<i64>,
    /// The actions that its events know.
    pub known: Vec<String>,
}

/// Rows of the log with their bodies.
fn rows<'a>(reply: &'a Reply<'_>) -> Result<Vec<(Raw<'a>, Object<'a>, Object<'a>)>, ReadError> {
    let list = wire::array(envelope::data(reply)?).unwrap_or_default();
    let row = |raw: Raw<'a>| {
        let row = Object::read(raw)?;
        let body = row.object("body")?;
        Some((raw, row, body))
    };
    Ok(list.into_iter().filter_map(row).collect())
}

/// Actions at work, or that never came to an end.
pub(super) fn begun(reply: &Reply<'_>, span: &Span) -> Result<Batch, ReadError> {
    let mut batch = Batch::default();
    for (n, (raw, row, body)) in rows(reply)?.into_iter().enumerate() {
        let (Some(time), Some(action)) = (row.time("createdAt"), body.some_text("actionId")) else {
            continue;
        };
        let within = time.millis() >= span.start && span.end.is_none_or(|end| time.millis() <= end);
        let here = row.some_text("roomId").is_none_or(|room| room == span.room);
        if !within || !here || span.known.contains(&action) {
            continue;
        }
        let record = wire::payload(reply, raw);
        batch.rows.push(Row::Patch(Record::Event(Event {
            // The id that it will have among the run's events, once the action has ended.
            id: event::id_of("ACTION_STARTED", &time.millis().to_string(), &action),
            kind: Kind::ToolCall,
            type_sent: row
                .some_text("type")
                .unwrap_or_else(|| "action_event".to_owned()),
            order: Order {
                at: time.0,
                tie: u64::MAX - n as u64,
            },
            time: Some(Time(time.0)),
            tool: body.some_text("actionName"),
            call_id: Some(action),
            step_id: body.some_text("planStep"),
            summary: span
                .end
                .map(|_| "began, and its end was never logged".to_owned()),
            body: row.raw("body").and_then(|body| wire::span(&record, body)),
            raw: record,
            ..Event::default()
        })));
    }
    Ok(batch)
}

/// Why embeddings failed: `wanted` are the ids of the events and of the memories that they are about.
pub(super) fn embeddings(
    reply: &Reply<'_>,
    run: &str,
    wanted: &[(String, String)],
) -> Result<Batch, ReadError> {
    let rows = rows(reply)?;
    let why = |memory: &str| {
        let own = |body: &&Object<'_>| {
            body.text_of("runId").as_deref() == Some(run)
                && body.text_of("memoryId").as_deref() == Some(memory)
        };
        let mut bodies = rows.iter().map(|(_, _, body)| body).filter(own);
        bodies.find_map(|body| error_text(body, "error"))
    };
    let told = wanted.iter().filter_map(|(event, memory)| {
        let why = wire::one_line(&why(memory)?, 200);
        Some(Row::Patch(Record::Event(Event {
            id: event.clone(),
            kind: Kind::ModelCall,
            summary: Some(format!("failed: {why}")),
            ..Event::default()
        })))
    });
    Ok(Batch {
        rows: told.collect(),
        ..Batch::default()
    })
}

/// What is left where the log cannot be read.
pub(super) fn unread(of: &Of, run: &str, why: &str) -> Batch {
    Batch {
        rows: vec![Row::Patch(Record::Run(Run {
            facts: vec![Fact {
                of: None,
                label: "log",
                value: format!("not read: {why}"),
            }],
            ..patch(of, run)
        }))],
        ..Batch::default()
    }
}
