//! A Task is a run. Most tasks stay `RUNNING` for ever and their `updated_at` does not move when
//! messages come, so nothing here claims to know since when one is quiet.

use super::derived_id;
use crate::model::{Fact, Record, Reply, Run, RunStatus};
use crate::provider::wire::{self, Object, Raw};

/// The run of a Task, and whether the record could be read at all.
pub fn run(reply: &Reply<'_>, raw: Raw<'_>, mission: &str) -> (Record, bool) {
    let bytes = wire::payload(reply, raw);
    let Some(task) = Object::read(raw) else {
        let unread = Run {
            mission_id: mission.to_owned(),
            id: derived_id(raw.get()),
            title: "(cannot be read)".to_owned(),
            raw: bytes,
            ..Run::default()
        };
        return (Record::Run(unread), false);
    };
    let id = task.some_text("id");
    let readable = id.is_some();
    let sent = task.some_text("status");
    let (status, over) = sent.as_deref().map_or((RunStatus::Unknown, false), state);
    let started_at = task.time("created_at");
    let updated_at = task.time("updated_at");
    let ended_at = updated_at.filter(|_| over);
    let reason = task.some_text("status_reason");
    let read = Run {
        mission_id: owner(&task, mission),
        id: id.unwrap_or_else(|| derived_id(raw.get())),
        title: title(&task),
        status,
        status_sent: sent,
        error: reason.clone().filter(|_| status.is_failure()),
        status_reason: reason,
        started_at,
        ended_at,
        updated_at,
        duration: ended_at
            .zip(started_at)
            .and_then(|(end, start)| end.since(start)),
        parent_run_id: parent(&task),
        facts: facts(&task),
        raw: bytes,
        ..Run::default()
    };
    (Record::Run(read), readable)
}

/// Whether a task is over, in the service's word for its state.
pub fn is_over(raw: Raw<'_>) -> bool {
    let word = Object::read(raw).and_then(|task| task.some_text("status"));
    word.is_some_and(|word| state(&word).1)
}

/// Our word for the service's, and whether the task is over. `DELETED` is over, but says nothing
/// about how it went.
fn state(word: &str) -> (RunStatus, bool) {
    match word.to_ascii_uppercase().as_str() {
        "RUNNING" => (RunStatus::Running, false),
        "INTERRUPTED" => (RunStatus::Paused, false),
        "COMPLETED" => (RunStatus::Succeeded, true),
        "FAILED" => (RunStatus::Failed, true),
        "CANCELED" | "CANCELLED" | "TERMINATED" => (RunStatus::Cancelled, true),
        "TIMED_OUT" => (RunStatus::TimedOut, true),
        "DELETED" => (RunStatus::Unknown, true),
        _ => (RunStatus::Unknown, false),
    }
}

/// `task_metadata.display_name`, else the name; many tasks have neither.
fn title(task: &Object<'_>) -> String {
    let shown = task
        .object("task_metadata")
        .and_then(|data| data.raw("display_name"));
    let shown = shown
        .filter(|raw| raw.get().starts_with('"'))
        .and_then(wire::text);
    let shown = shown.filter(|text| !text.trim().is_empty());
    shown.or_else(|| task.some_text("name")).unwrap_or_default()
}

/// The task that this one says it was started by: a habit of some agents, no field of the service's.
fn parent(task: &Object<'_>) -> Option<String> {
    task.object("task_metadata")?.some_text("parent_task_id")
}

/// The mission that the ask named; for a run found by its id alone, its first agent.
fn owner(task: &Object<'_>, asked: &str) -> String {
    if !asked.is_empty() {
        return asked.to_owned();
    }
    let agents = agents(task);
    agents
        .first()
        .and_then(|agent| agent.some_text("id"))
        .unwrap_or_default()
}

/// The ids of a task's agents that have an inbox. Sync agents have none.
pub fn listening(raw: Raw<'_>) -> Vec<String> {
    let Some(task) = Object::read(raw) else {
        return Vec::new();
    };
    let agents = agents(&task);
    agents
        .iter()
        .filter(|agent| agent.some_text("acp_type").as_deref() != Some("sync"))
        .filter_map(|agent| agent.some_text("id"))
        .collect()
}

fn agents<'a>(task: &Object<'a>) -> Vec<Object<'a>> {
    let agents = task.array("agents").unwrap_or_default();
    agents.into_iter().filter_map(Object::read).collect()
}

fn facts(task: &Object<'_>) -> Vec<Fact> {
    let mut facts = Vec::new();
    if let Some(at) = task.some_text("cleaned_at") {
        let value = format!("removed by retention on {at}");
        facts.push(Fact {
            of: None,
            label: "content",
            value,
        });
    }
    let schedule = task
        .object("task_metadata")
        .and_then(|data| data.some_text("schedule_id"));
    facts.extend(schedule.map(|value| Fact {
        of: None,
        label: "schedule",
        value,
    }));
    let names: Vec<String> = agents(task)
        .iter()
        .filter_map(|agent| agent.some_text("name"))
        .collect();
    if names.len() > 1 {
        let value = names.join(", ");
        facts.push(Fact {
            of: None,
            label: "agents",
            value,
        });
    }
    facts
}
