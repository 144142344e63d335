//! A run. The service changes nothing by itself: a run whose agent died says `running` for ever, so
//! how long nothing was heard is told beside its status and never in its place.

use std::time::Duration;

use crate::model::{Fact, Record, Reply, Row, Run, RunRef, RunStatus, Time};
use crate::provider::wire::{self, Object, Raw};

/// Silence from which a running run counts as quiet.
const QUIET: Duration = Duration::from_secs(3600);

/// The run that `raw` is; none without an id. `mission` is the one that was asked.
pub(super) fn read(reply: &Reply<'_>, raw: Raw<'_>, mission: &str) -> Option<Record> {
    let object = Object::read(raw)?;
    let id = object.some_text("run_id")?;
    let status_sent = object.some_text("status");
    let status = status(status_sent.as_deref());
    let input = object.object("input");
    let started_at = object.time("started_at");
    let updated_at = object.time("updated_at");
    let (ended_at, approximate) = end(&object, status, updated_at);
    Some(Record::Run(Run {
        mission_id: object
            .some_text("mission_id")
            .unwrap_or_else(|| mission.to_owned()),
        id,
        title: input
            .as_ref()
            .and_then(|input| input.some_text("original_request"))
            .map_or_else(String::new, |text| wire::one_line(&text, 200)),
        status,
        status_sent,
        status_reason: approximate
            .then(|| "no end was reported; the last change stands for it".to_owned()),
        hearsay: false,
        started_at,
        ended_at,
        quiet_since: quiet_since(status, updated_at.or(started_at), reply.received),
        updated_at,
        duration: ended_at.and_then(|end| end.since(started_at?)),
        tokens: None,
        error: object.some_text("error"),
        parent_run_id: None,
        parent_event_id: None,
        room: None,
        facts: facts(&object, input.as_ref()),
        extras: Vec::new(),
        raw: wire::payload(reply, raw),
    }))
}

/// What is known of a run from what lies in it: that it was alive then. Whether that is the last that
/// was heard of it depends on what else is known, and whether it counts on its status.
pub(super) fn heard(reply: &Reply<'_>, run: &RunRef, at: Time) -> Row {
    Row::Patch(Record::Run(Run {
        id: run.run.to_string(),
        mission_id: run.mission.to_string(),
        updated_at: Some(at),
        quiet_since: quiet(at, reply.received),
        ..Run::default()
    }))
}

fn status(sent: Option<&str>) -> RunStatus {
    match sent {
        Some("pending") => RunStatus::Pending,
        Some("running") => RunStatus::Running,
        Some("paused") => RunStatus::Paused,
        Some("succeeded") => RunStatus::Succeeded,
        Some("failed") => RunStatus::Failed,
        Some("cancelled") => RunStatus::Cancelled,
        _ => RunStatus::Unknown,
    }
}

/// When the run ended, and whether that is only the time of its last change.
fn end(object: &Object<'_>, status: RunStatus, updated: Option<Time>) -> (Option<Time>, bool) {
    match object.time("finished_at") {
        Some(end) => (Some(end), false),
        None if status.is_final() => (updated, updated.is_some()),
        None => (None, false),
    }
}

fn quiet_since(status: RunStatus, last: Option<Time>, now: Time) -> Option<Time> {
    quiet(last.filter(|_| status == RunStatus::Running)?, now)
}

fn quiet(last: Time, now: Time) -> Option<Time> {
    let since = now.since(last)?;
    (since >= QUIET).then_some(last)
}

fn facts(object: &Object<'_>, input: Option<&Object<'_>>) -> Vec<Fact> {
    let context = input.and_then(|input| input.some_text("context"));
    let result = object.some_text("result_summary");
    wire::facts([("request context", context), ("result", result)])
}
