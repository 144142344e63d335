//! Agents and pages of runs. There is no cursor: a page goes back to the moment before the earliest
//! start seen, until a page is empty. What a list is wrong or silent about (ends of runs that straddle
//! a page, errors, skipped runs, titles) is asked of the side lists.

use std::sync::Arc;

use super::asks;
use super::side::{Side, Want};
use super::state::{Evidence, HOUR};
use super::{envelope, secrets};
use crate::model::{Ask, Batch, Fact, Mission, Page, Record, Reply, Row, Run, RunStatus, Time};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// All agents, running or not.
pub(super) fn missions(reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let agents = list_of(data, "agents")?;
    let mut batch = Batch::default();
    for (n, raw) in agents.iter().enumerate() {
        let mission = agent(reply, raw).unwrap_or_else(|| {
            batch.skipped += 1;
            Mission {
                id: format!("unreadable-{n}"),
                name: "unreadable record".to_owned(),
                raw: secrets::payload(reply, raw),
                ..Mission::default()
            }
        });
        batch.rows.push(Row::Full(Record::Mission(mission)));
    }
    Ok(batch)
}

/// One agent in full.
pub(super) fn mission(id: &str, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let object = Object::read(data)
        .ok_or_else(|| ReadError::Foreign("an agent that is no JSON object".to_owned()))?;
    let mut mission = agent(reply, data).unwrap_or_default();
    if mission.id.is_empty() {
        id.clone_into(&mut mission.id);
        mission.raw = secrets::payload(reply, data);
    }
    for (label, name) in [("system", "system"), ("username", "username")] {
        fact(&mut mission.facts, label, object.some_text(name));
    }
    for label in ["topics", "adjectives", "plugins"] {
        fact(
            &mut mission.facts,
            label,
            object.raw(label).and_then(|raw| lines(raw, ", ")),
        );
    }
    Ok(Batch {
        rows: vec![Row::Full(Record::Mission(mission))],
        ..Batch::default()
    })
}

fn agent(reply: &Reply<'_>, raw: Raw<'_>) -> Option<Mission> {
    let object = Object::read(raw)?;
    Some(Mission {
        id: object
            .some_text("id")
            .or_else(|| object.some_text("agentId"))?,
        name: object
            .some_text("name")
            .or_else(|| object.some_text("characterName"))
            .unwrap_or_default(),
        description: object.raw("bio").and_then(|bio| lines(bio, "\n")),
        status: object.some_text("status"),
        created_at: object.time("createdAt"),
        updated_at: object.time("updatedAt"),
        facts: Vec::new(),
        extras: Vec::new(),
        raw: secrets::payload(reply, raw),
    })
}

/// A string, or an array of strings joined.
fn lines(raw: Raw<'_>, joint: &str) -> Option<String> {
    let all = match wire::array(raw) {
        Some(items) => items
            .into_iter()
            .filter_map(wire::text)
            .collect::<Vec<_>>()
            .join(joint),
        None => wire::text(raw)?,
    };
    (!all.trim().is_empty()).then_some(all)
}

/// The rows of a list: under its name, or the value itself.
fn list_of<'a>(data: Raw<'a>, name: &str) -> Result<Vec<Raw<'a>>, ReadError> {
    let inside = Object::read(data).and_then(|object| object.array(name));
    inside
        .or_else(|| wire::array(data))
        .ok_or_else(|| ReadError::Foreign(format!("no list of {name} in the answer")))
}

pub(super) fn fact(facts: &mut Vec<Fact>, label: &'static str, value: Option<String>) {
    facts.extend(value.map(|value| Fact { label, value }));
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
    name_superseded(&mut found);
    batch.next = next(ask, mission, page, &found);
    batch.also = Side::after(ask, page, want);
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

/// A run that never ended and was followed by another in its room within the hour that a run may
/// take was most probably superseded; the service never says so.
fn name_superseded(runs: &mut [Run]) {
    let starts: Vec<(Option<String>, Option<Time>)> = runs
        .iter()
        .map(|run| (run.room.clone(), run.started_at))
        .collect();
    for run in runs.iter_mut().filter(|run| run.quiet_since.is_some()) {
        let followed = starts.iter().any(|(room, start)| {
            let after = start
                .zip(run.started_at)
                .and_then(|(newer, own)| newer.since(own));
            room.is_some()
                && *room == run.room
                && after.is_some_and(|gap| !gap.is_zero() && gap <= HOUR)
        });
        if followed {
            run.status = RunStatus::Cancelled;
            run.status_reason =
                Some("never ended; probably superseded by a newer message in its room".to_owned());
        }
    }
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
