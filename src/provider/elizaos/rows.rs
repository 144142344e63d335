//! Rows of the log and of memories that somebody captured: each is an event of the run that it names. The
//! server makes the events of a run of these rows, so they get the ids that the run's own events have.

use std::collections::HashMap;

use super::event::{self, Seen};
use super::lists::summary;
use super::state::{End, Evidence, error_text};
use super::{envelope, side};
use crate::model::{Batch, Elsewhere, Event, Record, Reply, Row, Run};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// What such a list tells.
pub(super) fn read(reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let Some(rows) = Object::read(data).and_then(|data| data.array("logs")) else {
        return side::memories(reply);
    };
    let mut logged: Vec<Logged<'_>> = Vec::new();
    let mut batch = Batch::default();
    // Newest first.
    for raw in rows.into_iter().rev() {
        match Logged::read(raw) {
            Some(row) => logged.push(row),
            None => batch.skipped = batch.skipped.saturating_add(1),
        }
    }
    let parents = parents(&logged);
    let mut seen: HashMap<String, Seen> = HashMap::new();
    for row in &logged {
        let run = row.run(&parents);
        let event = row.event(reply, seen.entry(run.clone()).or_default());
        let told = Elsewhere {
            mission: String::new(),
            run,
            event,
        };
        batch
            .rows
            .push(Row::Full(Record::Elsewhere(Box::new(told))));
    }
    batch.rows.extend(runs(&logged, reply));
    Ok(batch)
}

struct Logged<'a> {
    raw: Raw<'a>,
    row: Object<'a>,
    body: Object<'a>,
    sort: String,
}

impl<'a> Logged<'a> {
    fn read(raw: Raw<'a>) -> Option<Self> {
        let row = Object::read(raw)?;
        Some(Self {
            raw,
            body: row.object("body")?,
            sort: row.some_text("type")?,
            row,
        })
    }

    /// The run that it is of. What an action began names only the group of actions, and what ended it both.
    fn run(&self, parents: &HashMap<String, String>) -> String {
        let own = self.body.some_text("parentRunId");
        let group = || self.body.some_text("runId");
        let parent = own.or_else(|| parents.get(&group()?).cloned());
        parent.or_else(group).unwrap_or_default()
    }

    /// The type that the server gives the event it makes of the row.
    fn sent(&self) -> Option<&'static str> {
        Some(match self.sort.as_str() {
            "run_event" if self.body.text_of("status").as_deref() == Some("started") => {
                "RUN_STARTED"
            }
            "run_event" => "RUN_ENDED",
            "action_event" => "ACTION_STARTED",
            "action" => "ACTION_COMPLETED",
            "evaluator" => "EVALUATOR_COMPLETED",
            "embedding_event" => "EMBEDDING_EVENT",
            sort if sort.starts_with("useModel") => "MODEL_USED",
            _ => return None,
        })
    }

    fn event(&self, reply: &Reply<'_>, seen: &mut Seen) -> Event {
        let sent = self.sent().map_or_else(|| self.sort.clone(), str::to_owned);
        let record = wire::payload(reply, self.raw);
        let time = self.row.time("createdAt");
        let mut event = event::of(record, sent, time, self.row.raw("body"), seen);
        event.type_sent.clone_from(&self.sort);
        if let Some(error) =
            error_text(&self.body, "error").filter(|_| self.sort == "embedding_event")
        {
            event.summary = Some(format!("failed: {}", wire::one_line(&error, 200)));
        }
        event
    }
}

/// The runs of groups of actions.
fn parents(logged: &[Logged<'_>]) -> HashMap<String, String> {
    let pairs = logged.iter().filter_map(|row| {
        let (group, run) = (
            row.body.some_text("runId")?,
            row.body.some_text("parentRunId")?,
        );
        Some((group, run))
    });
    pairs.collect()
}

/// How the runs stand, as far as their own rows tell, oldest first.
fn runs(logged: &[Logged<'_>], reply: &Reply<'_>) -> Vec<Row> {
    let mut known: Vec<(String, Vec<&Logged<'_>>)> = Vec::new();
    let own = logged.iter().filter(|row| row.sort == "run_event");
    for row in own {
        let Some(id) = row.body.some_text("runId") else {
            continue;
        };
        match known.iter_mut().find(|(run, _)| *run == id) {
            Some((_, rows)) => rows.push(row),
            None => known.push((id, vec![row])),
        }
    }
    let rows = known
        .into_iter()
        .filter_map(|(id, rows)| Some(Row::Patch(Record::Run(run(id, &rows, reply)?))));
    rows.collect()
}

fn run(id: String, rows: &[&Logged<'_>], reply: &Reply<'_>) -> Option<Run> {
    let mut run = summary("", id, &rows.last()?.body);
    let ends = rows.iter().filter(|row| row.sent() == Some("RUN_ENDED"));
    let ends = ends.map(|row| End {
        status: row.body.text_of("status"),
        error: error_text(&row.body, "error"),
    });
    let state = Evidence {
        word: run.status_sent.clone(),
        ends: ends.collect(),
        heard: run.ended_at.or(run.started_at),
        now: Some(reply.received),
        ..Evidence::default()
    }
    .state();
    run.status = state.status;
    run.status_reason = state.reason;
    run.error = state.error;
    run.quiet_since = state.quiet_since;
    run.hearsay = !run.status.is_final();
    Some(run)
}
