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
    let task = match Object::read(whole) {
        Some(object) => {
            export(&object).or_else(|| task_of(&Object::read(object.array("data")?.first()?)?))
        }
        None => task_of(&Object::read(wire::array(whole)?.first()?)?),
    }?;
    let run = RunRef {
        mission: Arc::from(""),
        run: Arc::from(task),
        room: None,
    };
    Some(Ask::Events {
        run,
        page: Page::default(),
    })
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
