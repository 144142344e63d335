//! Recognises a captured transcript: a list of messages, a page of them, or a task's export. Looks
//! at the first message only; it promises nothing about the rest.

use std::sync::Arc;

use crate::model::{Ask, Page, RunRef};
use crate::provider::wire::{self, Object, Raw};

/// The ask that these bytes answer, if they are a transcript.
pub fn sniff(bytes: &[u8]) -> Option<Ask> {
    let text = std::str::from_utf8(bytes)
        .ok()?
        .trim_start_matches('\u{feff}');
    let whole: Raw<'_> = serde_json::from_str(text).ok()?;
    let Some(object) = Object::read(whole) else {
        return list(&wire::array(whole)?);
    };
    if let Some(task) = export(&object) {
        return Some(events(&task));
    }
    if let Some(rows) = object.array("data") {
        return task_of(&Object::read(rows.first()?)?).map(|task| events(&task));
    }
    alone(&object)
}

/// A list as the service sends it.
fn list(rows: &[Raw<'_>]) -> Option<Ask> {
    let first = Object::read(rows.first()?)?;
    if let Some(task) = task_of(&first) {
        return Some(events(&task));
    }
    let page = Page::default();
    if is_task(&first) {
        return Some(Ask::Runs {
            mission: Arc::from(""),
            status: None,
            page,
        });
    }
    is_agent(&first).then_some(Ask::Missions { page })
}

/// One record.
fn alone(record: &Object<'_>) -> Option<Ask> {
    let id: Arc<str> = record.some_text("id")?.into();
    if let Some(task) = task_of(record) {
        let run = run(&task);
        return Some(Ask::Event { run, event: id });
    }
    if is_task(record) {
        return Some(Ask::Run(run(&id)));
    }
    is_agent(record).then_some(Ask::Mission { mission: id })
}

fn events(task: &str) -> Ask {
    Ask::Events {
        run: run(task),
        page: Page::default(),
    }
}

fn run(task: &str) -> RunRef {
    RunRef {
        mission: Arc::from(""),
        run: Arc::from(task),
        room: None,
    }
}

fn has(record: &Object<'_>, name: &str) -> bool {
    record.members().iter().any(|(key, _)| key == name)
}

/// Members that are null tell it too.
fn is_task(record: &Object<'_>) -> bool {
    record.says("id")
        && has(record, "status")
        && has(record, "cleaned_at")
        && has(record, "task_metadata")
}

fn is_agent(record: &Object<'_>) -> bool {
    record.says("id") && record.says("name") && record.says("acp_type")
}

/// `{"task_id", "messages", "task_states"}`; a task without messages exports an empty list.
fn export(object: &Object<'_>) -> Option<String> {
    let messages = object.array("messages")?;
    match messages.first() {
        Some(first) => task_of(&Object::read(first)?),
        None => object.raw("task_states").and(object.some_text("task_id")),
    }
}

/// The task of what looks like a message. An inbox event looks like one too, but has a number.
fn task_of(message: &Object<'_>) -> Option<String> {
    let content = message.object("content")?;
    content.raw("type")?;
    if message.raw("sequence_id").is_some() {
        return None;
    }
    message.some_text("task_id")
}
