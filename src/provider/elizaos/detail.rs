//! The detail of a run: its summary, its events, and the plan steps that its actions name. One reply
//! answers the run, its events and any one of them. A run that the server does not know answers 200
//! and looks like one that has just started.

use std::sync::Arc;

use super::event::{self, Seen};
use super::lists::{counts, fact, summary};
use super::looks::Look;
use super::plan;
use super::side::{Open, Side};
use super::state::{End, Evidence, error_text};
use super::{besides, envelope};
use crate::model::{
    Ask, Batch, Event, Kind, Of, Page, Record, Reply, Row, Run, RunRef, RunStatus, Time, Tokens,
};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// A reply read whole.
pub(super) struct Detail {
    pub run: Run,
    /// Id of the message that began it.
    pub message: Option<String>,
    pub events: Vec<Event>,
    skipped: u32,
}

/// The run alone. One without an end is asked of the server's age too: a restart may have cut it off.
pub(super) fn run(run: &RunRef, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let Some(detail) = read(run, reply)? else {
        return elsewhere(run, Ask::Run);
    };
    let mut told = detail.run;
    let boot = (!told.status.is_final()).then(|| Side::Boot {
        open: vec![Open {
            run: told.id.clone(),
            start: told.started_at.map(Time::millis),
            followed: false,
        }],
    });
    told.hearsay = !told.status.is_final();
    Ok(Batch {
        also: boot
            .and_then(|side| side.ask(&Of::Run(run.clone())))
            .into_iter()
            .collect(),
        rows: vec![Row::Full(Record::Run(told))],
        ..Batch::default()
    })
}

/// What the reply says of the run, its steps and its events, and where the rest of it is to be had.
pub(super) fn events(run: &RunRef, page: &Page, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let again = |run, look: Look| Ask::Events {
        run,
        page: Page {
            cursor: look.cursor(),
            index: page.index.saturating_add(1),
            ..page.clone()
        },
    };
    let look = Look::of(page);
    let Some(mut detail) = read(run, reply)? else {
        return elsewhere(run, |run| again(run, look));
    };
    let mut batch = Batch {
        skipped: detail.skipped,
        ..Batch::default()
    };
    // Servers before 1.6.5 keep model calls under another room: a run without any is read again
    // without the room filter. What was read already keeps its ids.
    let ended = detail.run.status.is_final();
    if run.room.is_some() && look.wants_other_rooms(ended) && lacks_models(&detail) {
        let bare = RunRef {
            room: None,
            ..run.clone()
        };
        batch.also.push(again(bare, Look::Again));
    }
    batch
        .also
        .extend(besides::asks(run, page, look, &detail, reply));
    // What was said last is read besides, and stands before the end: the next look brings that.
    if look.sees_end(ended) && !batch.also.is_empty() {
        let is_end = |event: &Event| event::normal(&event.type_sent) == "RUN_ENDED";
        detail.events.retain(|event| !is_end(event));
    }
    detail.run.hearsay = !ended;
    let run = std::iter::once(Row::Patch(Record::Run(detail.run)));
    let steps = plan::steps(&detail.events).into_iter();
    let steps = steps.map(|step| Row::Full(Record::Step(step)));
    let events = detail.events.into_iter().map(row);
    batch.rows = run.chain(steps).chain(events).collect();
    Ok(batch)
}

/// What other lists tell of an event is not taken back when the run is read again.
fn row(event: Event) -> Row {
    let told_elsewhere = match event.kind {
        Kind::ToolCall | Kind::ToolResult => true,
        Kind::ModelCall => event.is_error == Some(true),
        _ => false,
    };
    if told_elsewhere {
        Row::Patch(Record::Event(event))
    } else {
        Row::Full(Record::Event(event))
    }
}

/// Whether no model was called as far as the reply tells, although the agent did more than to skip the
/// message.
fn lacks_models(detail: &Detail) -> bool {
    let called = detail
        .events
        .iter()
        .any(|event| event::normal(&event.type_sent) == "MODEL_USED");
    let skipped = detail.run.status == RunStatus::Cancelled;
    !called && !skipped && !detail.events.is_empty()
}

/// One event of the run.
pub(super) fn event(run: &RunRef, id: &Arc<str>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let again = |run| Ask::Event {
        run,
        event: Arc::clone(id),
    };
    let Some(detail) = read(run, reply)? else {
        return elsewhere(run, again);
    };
    let Some(event) = detail.events.into_iter().find(|event| event.id == **id) else {
        return elsewhere(run, again)
            .map_err(|_| ReadError::Missing(format!("the run has no event {id}")));
    };
    let skipped = u32::from(event.kind == Kind::Unknown && event.type_sent.is_empty());
    Ok(Batch {
        rows: vec![Row::Full(Record::Event(event))],
        skipped,
        ..Batch::default()
    })
}

/// A run that looks unknown may only have its rows under another room.
fn elsewhere(run: &RunRef, again: impl FnOnce(RunRef) -> Ask) -> Result<Batch, ReadError> {
    if run.room.is_none() {
        return Err(ReadError::Missing(format!(
            "the server has no trace of run {}: unknown, or too old for its log window",
            run.run
        )));
    }
    let also = vec![again(RunRef {
        room: None,
        ..run.clone()
    })];
    Ok(Batch {
        also,
        ..Batch::default()
    })
}

/// The whole reply; none where the server knows nothing of the run.
fn read(asked: &RunRef, reply: &Reply<'_>) -> Result<Option<Detail>, ReadError> {
    let data = envelope::data(reply)?;
    let whole = Object::read(data)
        .ok_or_else(|| ReadError::Foreign("a run that is no JSON object".to_owned()))?;
    let inner = whole.object("summary");
    let object = inner.as_ref().unwrap_or(&whole);
    let rows = whole.array("events");
    let Some(rows) = rows
        .or_else(|| inner.is_some().then(Vec::new))
        .or_else(|| object.raw("runId").map(|_| Vec::new()))
    else {
        return Err(ReadError::Foreign(
            "neither a run nor its events in the answer".to_owned(),
        ));
    };
    let mut run = summary(&asked.mission, asked.run.to_string(), object);
    if run.started_at.is_none() && rows.is_empty() {
        return Ok(None);
    }
    run.raw = wire::payload(reply, whole.raw("summary").unwrap_or(data));
    let mut seen = Seen::default();
    let read = rows
        .iter()
        .map(|raw| event::read(wire::payload(reply, raw), raw, &mut seen));
    let (mut events, readable): (Vec<Event>, Vec<bool>) = read.unzip();
    let skipped = readable.iter().filter(|readable| !**readable).count();
    plan::pair(&mut events, &rows);
    judge(&mut run, object, &events, &rows, reply);
    counts(&mut run, object, &["actions", "evaluators", "errors"]);
    let models = events
        .iter()
        .filter(|event| event::normal(&event.type_sent) == "MODEL_USED")
        .count();
    // The server counts calls made inside actions twice.
    fact(&mut run.facts, "model calls", Some(models.to_string()));
    Ok(Some(Detail {
        run,
        message: object.some_text("messageId"),
        events,
        skipped: u32::try_from(skipped).unwrap_or(u32::MAX),
    }))
}

/// Status, error, tokens and last sign of life, from summary and events together.
fn judge(
    run: &mut Run,
    object: &Object<'_>,
    events: &[Event],
    rows: &[Raw<'_>],
    reply: &Reply<'_>,
) {
    let mut ends = Vec::new();
    for (event, raw) in events.iter().zip(rows) {
        if event::normal(&event.type_sent) == "RUN_ENDED"
            && let Some(data) = Object::read(raw).and_then(|event| event.object("data"))
        {
            let (status, error) = (data.some_text("status"), error_text(&data, "error"));
            ends.push((event.order, End { status, error }));
        }
    }
    ends.sort_by_key(|(order, _)| *order);
    let heard = events.iter().filter_map(|event| event.time).max();
    let failed = |event: &&Event| event.kind == Kind::ToolResult && event.is_error == Some(true);
    let state = Evidence {
        word: run.status_sent.clone(),
        ends: ends.into_iter().map(|(_, end)| end).collect(),
        errors: object
            .array("errors")
            .unwrap_or_default()
            .into_iter()
            .filter_map(said)
            .collect(),
        failed_actions: events.iter().filter(failed).count(),
        heard: heard.max(run.started_at),
        now: Some(reply.received),
    }
    .state();
    run.status = state.status;
    run.status_reason = state.reason;
    run.error = state.error;
    run.quiet_since = state.quiet_since;
    if run.started_at.is_none() && !run.status.is_final() {
        run.status_reason = Some(
            "its start is not in the log: it began before what the server looks at, or these are \
             calls of a model outside any run"
                .to_owned(),
        );
    }
    run.updated_at = heard.max(run.ended_at).max(run.started_at);
    let reported = object
        .object("tokensUsed")
        .and_then(|tokens| event::usage_tokens(&tokens));
    run.tokens = reported.or_else(|| sum(events));
}

/// A documented error: text, or whatever it is as spelled.
fn said(raw: Raw<'_>) -> Option<String> {
    let text = wire::text(raw).unwrap_or_else(|| raw.get().to_owned());
    (text != "null" && !text.trim().is_empty()).then_some(text)
}

/// What the events report together; what none reports stays absent.
fn sum(events: &[Event]) -> Option<Tokens> {
    let mut all = Tokens::default();
    let add = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (None, None) => None,
        (a, b) => Some(a.unwrap_or(0).saturating_add(b.unwrap_or(0))),
    };
    for tokens in events.iter().filter_map(|event| event.tokens) {
        all = Tokens {
            input: add(all.input, tokens.input),
            output: add(all.output, tokens.output),
            total: add(all.total, tokens.sum()),
            cached: add(all.cached, tokens.cached),
            reasoning: add(all.reasoning, tokens.reasoning),
        };
    }
    all.reported()
}
