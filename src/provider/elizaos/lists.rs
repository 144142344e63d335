//! Pages of runs. There is no cursor: a page goes back to the moment before the earliest start seen,
//! until a page is empty or surely the last. What a list is wrong or silent about (ends of runs that
//! straddle a page, errors, skipped runs, titles) is asked of the side lists, so its own word for a
//! run's state is hearsay.

use std::sync::Arc;

use super::asks;
use super::envelope;
use super::side::{Open, Side, Want};
use super::state::{Evidence, HOUR};
use crate::model::{Ask, Batch, Fact, Page, Record, Reply, Row, Run, RunStatus, Time};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// So few runs fill no window of rows: the server looks at twenty rows for each run that it is asked for.
const FEW: usize = 50;

/// The rows of a list: under its name, where `null` is an empty one, or the value itself.
pub(super) fn list_of<'a>(data: Raw<'a>, name: &str) -> Result<Vec<Raw<'a>>, ReadError> {
    let object = Object::read(data);
    let inside = object.as_ref().and_then(|object| object.array(name));
    let mut members = object.iter().flat_map(Object::members);
    let null = members.any(|(key, value)| key == name && value.get() == "null");
    inside
        .or_else(|| null.then(Vec::new))
        .or_else(|| wire::array(data))
        .ok_or_else(|| ReadError::Foreign(format!("no list of {name} in the answer")))
}

pub(super) fn fact(facts: &mut Vec<Fact>, label: &'static str, value: Option<String>) {
    facts.extend(value.map(|value| Fact {
        label,
        value,
        of: None,
    }));
}

/// A page of runs, and what must be asked to know how they ended and what they were about.
pub(super) fn runs(
    ask: &Ask,
    mission: &Arc<str>,
    page: &Page,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let mut batch = Batch::default();
    let mut found = Vec::new();
    let mut want = Vec::new();
    for (n, raw) in list_of(data, "runs")?.into_iter().enumerate() {
        if let Some((run, message)) = listed(mission, reply, raw) {
            want.push(Want::of(&run, message));
            found.push(run);
            continue;
        }
        batch.skipped += 1;
        found.push(Run {
            mission_id: mission.to_string(),
            id: format!("unreadable-{}-{n}", page.index),
            title: "unreadable record".to_owned(),
            raw: wire::payload(reply, raw),
            ..Run::default()
        });
    }
    if !is_last(data, &found) {
        batch.next = next(ask, mission, page, &found);
    }
    batch.also = Side::after(mission, page, want, open(&found));
    let rows = found.into_iter().map(|run| Row::Full(Record::Run(run)));
    batch.rows = rows.collect();
    Ok(batch)
}

/// The run, and the id of the message that began it.
fn listed(mission: &str, reply: &Reply<'_>, raw: Raw<'_>) -> Option<(Run, Option<String>)> {
    let object = Object::read(raw)?;
    let mut run = summary(mission, object.some_text("runId")?, &object);
    run.raw = wire::payload(reply, raw);
    let state = Evidence {
        word: run.status_sent.clone(),
        heard: run.ended_at.or(run.started_at),
        now: Some(reply.received),
        ..Evidence::default()
    }
    .state();
    run.status = state.status;
    run.status_reason = state.reason;
    run.quiet_since = state.quiet_since;
    run.hearsay = true;
    // The list counts no actions at all; its 0 says nothing.
    counts(&mut run, &object, &["modelCalls", "evaluators", "errors"]);
    Some((run, object.some_text("messageId")))
}

/// What list and detail have in common, in either form.
pub(super) fn summary(mission: &str, id: String, object: &Object<'_>) -> Run {
    let time = |a: &str, b: &str| object.time(a).or_else(|| object.time(b));
    let mut run = Run {
        mission_id: mission.to_owned(),
        id,
        status_sent: object.some_text("status"),
        started_at: time("startedAt", "startTime"),
        ended_at: time("endedAt", "endTime"),
        room: object.some_text("roomId"),
        ..Run::default()
    };
    run.updated_at = run.ended_at.or(run.started_at);
    run.duration = object
        .millis("durationMs")
        .or_else(|| object.millis("duration"))
        .or_else(|| {
            let (start, end) = (run.started_at?, run.ended_at?);
            end.since(start)
        });
    fact(&mut run.facts, "room", run.room.clone());
    fact(&mut run.facts, "triggered by", object.some_text("entityId"));
    fact(&mut run.facts, "message", object.some_text("messageId"));
    let metadata = object
        .raw("metadata")
        .filter(|raw| Object::read(raw).is_some_and(|o| !o.members().is_empty()));
    fact(
        &mut run.facts,
        "metadata",
        metadata.map(|raw| raw.get().to_owned()),
    );
    run
}

/// The summary's counts as facts.
pub(super) fn counts(run: &mut Run, object: &Object<'_>, names: &[&str]) {
    let Some(counts) = object.object("counts") else {
        return;
    };
    for name in names {
        let label = match *name {
            "actions" => "actions",
            "modelCalls" => "model calls",
            "evaluators" => "evaluators",
            _ => "errors counted",
        };
        fact(
            &mut run.facts,
            label,
            counts.count(name).map(|n| n.to_string()),
        );
    }
}

/// The runs that have not ended as far as the list knows. One that hangs and was followed by another in
/// its room within the hour that a run may take was most probably superseded; the service never says so.
fn open(runs: &[Run]) -> Vec<Open> {
    let started = |run: &&Run| {
        let hangs = run.quiet_since.is_some() && run.status == RunStatus::Unknown;
        hangs || run.status == RunStatus::Running
    };
    let of = |run: &Run| Open {
        run: run.id.clone(),
        start: run.started_at.map(Time::millis),
        followed: run.quiet_since.is_some() && runs.iter().any(|next| follows(next, run)),
    };
    runs.iter().filter(started).map(of).collect()
}

fn follows(next: &Run, run: &Run) -> bool {
    let gap = next
        .started_at
        .zip(run.started_at)
        .and_then(|(newer, own)| newer.since(own));
    run.room.is_some()
        && next.room == run.room
        && gap.is_some_and(|gap| !gap.is_zero() && gap <= HOUR)
}

/// Whether there surely is nothing before this page. `hasMore` alone speaks only of the window of rows
/// that the server looked at; a page far from full whose runs all have their start was cut by no window.
fn is_last(data: Raw<'_>, found: &[Run]) -> bool {
    let Some(data) = Object::read(data) else {
        return false;
    };
    data.boolean("hasMore") == Some(false)
        && data.count("total") == u64::try_from(found.len()).ok()
        && found.len() <= FEW
        && found.iter().all(|run| run.started_at.is_some())
}

/// The page before. A page without a start, or one that does not go back, is the last.
fn next(ask: &Ask, mission: &Arc<str>, page: &Page, found: &[Run]) -> Option<Ask> {
    let earliest = found.iter().filter_map(|run| run.started_at).min()?;
    let to = earliest.millis().checked_sub(1)?;
    if asks::to(page).is_some_and(|before| to >= before) {
        return None;
    }
    let Ask::Runs { status, .. } = ask else {
        return None;
    };
    let rows = u32::try_from(found.len()).unwrap_or(u32::MAX);
    Some(Ask::Runs {
        mission: Arc::clone(mission),
        status: *status,
        page: Page {
            cursor: Some(to.to_string().into()),
            index: page.index.saturating_add(1),
            seen: page.seen.saturating_add(rows),
            before: Some(earliest.0),
            ..Page::default()
        },
    })
}
