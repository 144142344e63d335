//! Sessions that sub-agents made → child runs of the session that called them. A result names the
//! child's session and not its agent; that is in the configuration of the tool, which the calling
//! agent's record holds. Without it the child cannot be asked for and is shown by its result alone.

use super::cursor::Cursor;
use super::{aside, object};
use crate::model::{Ask, Batch, Event, Kind, Page, Record, Row, Run, RunRef};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

const BETWEEN: char = '\u{1e}';
const INSIDE: char = '\u{1d}';

/// The ask that tells whose sessions these events of kind sub-run name.
pub(super) fn ask<'a>(run: &RunRef, children: impl Iterator<Item = &'a Event>) -> Option<Ask> {
    let notes: Vec<String> = children.filter_map(note).collect();
    if notes.is_empty() {
        return None;
    }
    let note = notes.join(&BETWEEN.to_string());
    Some(aside::of_run(run, aside::CHILDREN, Cursor::noted(note)))
}

fn note(child: &Event) -> Option<String> {
    let session: String = serde_json::from_slice(child.raw.part(child.body?)).ok()?;
    let parts = [child.id.as_str(), child.tool.as_deref()?, session.as_str()];
    let plain = |part: &str| !part.contains([BETWEEN, INSIDE, '\u{1f}']);
    parts
        .into_iter()
        .all(plain)
        .then(|| parts.join(&INSIDE.to_string()))
}

pub(super) fn read(run: &RunRef, page: &Page, whole: Raw<'_>) -> Result<Batch, ReadError> {
    let agent = object(whole)?;
    let tools = agent.object("tool_configurations");
    let child = |note: &str| {
        let mut parts = note.split(INSIDE);
        let (event, tool, session) = (parts.next()?, parts.next()?, parts.next()?);
        let agent = tools
            .as_ref()?
            .object(tool)?
            .object("sub_agent_configuration")?
            .some_text("agent_key")?;
        Some(Run {
            mission_id: agent,
            id: session.to_owned(),
            status_reason: Some("not opened yet".to_owned()),
            parent_run_id: Some(run.run.to_string()),
            parent_event_id: Some(event.to_owned()),
            facts: wire::facts([("called as", Some(tool.to_owned()))]),
            ..Run::default()
        })
    };
    let note = Cursor::of(page).note;
    let rows = note.split(BETWEEN).filter_map(child);
    Ok(Batch {
        rows: rows.map(|run| Row::Patch(Record::Run(run))).collect(),
        ..Batch::default()
    })
}

/// The child session that a sub-agent's output names. A `session_key` alone proves nothing: an
/// image's output carries the session's own.
pub(super) fn event(event: &Event, own: &str) -> Option<Event> {
    let text = std::str::from_utf8(event.raw.bytes()).ok()?;
    // Most results are large and no sub-agent's: they are not read a second time.
    if event.kind != Kind::ToolResult || !text.contains("sub_agent") {
        return None;
    }
    let object = Object::read(serde_json::from_str(text).ok()?)?;
    let output = object.object("tool_output")?;
    let response = output.raw("sub_agent_response");
    let is_sub_agent = |name| object.text_of(name).as_deref() == Some("sub_agent");
    if response.is_none() && !is_sub_agent("tool_name") && !is_sub_agent("tool_type") {
        return None;
    }
    let key = output.raw("session_key")?;
    let child = wire::text(key).filter(|child| !child.is_empty() && child != own)?;
    let said = response.filter(|said| said.get().starts_with('"'));
    Some(Event {
        id: format!("{}/child", event.id),
        kind: Kind::SubRun,
        title: Some("child run".to_owned()),
        summary: Some(wire::one_line(&child, 100)),
        prose: said
            .and_then(|said| event.raw.span_of(said.get().as_bytes()))
            .into_iter()
            .collect(),
        body: event.raw.span_of(key.get().as_bytes()),
        is_error: None,
        ..event.clone()
    })
}
