//! Sessions that sub-agents made → child runs of the session that called them. A result names the
//! child's session and not its agent; that is in the configuration of the tool, which the calling
//! agent's record holds. Without it the child cannot be asked for and is shown by its result alone.
//! Then the child's own session says what it is and its newest event how it ended: both are asked for
//! beside the parent, under which the child stands, and need not be there any more.

use super::cursor::Cursor;
use super::{aside, asks, object, session};
use crate::model::{Ask, Batch, Event, Kind, Page, Record, Reply, Request, Row, Run, RunRef};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

const BETWEEN: char = '\u{1e}';
const INSIDE: char = '\u{1d}';
/// How many children of one page of events are asked for themselves.
const LOOKED_INTO: usize = 10;

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
    let children: Vec<Run> = note.split(BETWEEN).filter_map(child).collect();
    let also = children.iter().take(LOOKED_INTO).map(|child| {
        let note = Place::of(child).note("");
        aside::of_run(run, aside::CHILD, Cursor::noted(note))
    });
    Ok(Batch {
        also: also.collect(),
        rows: children
            .into_iter()
            .map(|run| Row::Patch(Record::Run(run)))
            .collect(),
        ..Batch::default()
    })
}

/// Where a child belongs and how it is asked for, as its asks carry it.
struct Place {
    agent: String,
    session: String,
    event: String,
}

impl Place {
    fn of(child: &Run) -> Self {
        Self {
            agent: child.mission_id.clone(),
            session: child.id.clone(),
            event: child.parent_event_id.clone().unwrap_or_default(),
        }
    }

    fn note(&self, rest: &str) -> String {
        let parts = [&self.agent, &self.session, &self.event, rest];
        parts.join(&INSIDE.to_string())
    }

    /// With what else the note carries.
    fn read(page: &Page) -> Option<(Self, String)> {
        let note = Cursor::of(page).note;
        let mut parts = note.splitn(4, INSIDE).map(str::to_owned);
        let place = Self {
            agent: parts.next()?,
            session: parts.next()?,
            event: parts.next()?,
        };
        Some((place, parts.next().unwrap_or_default()))
    }

    fn run_ref(&self) -> RunRef {
        RunRef {
            mission: self.agent.as_str().into(),
            run: self.session.as_str().into(),
            room: None,
        }
    }

    /// The rows of the child, as rows of a child of this run.
    fn under(&self, parent: &RunRef, rows: Vec<Row>) -> Vec<Row> {
        let under = |row: Row| match row {
            Row::Full(Record::Run(run)) | Row::Patch(Record::Run(run)) => {
                Row::Patch(Record::Run(Run {
                    parent_run_id: Some(parent.run.to_string()),
                    parent_event_id: Some(self.event.clone()),
                    ..run
                }))
            }
            other => other,
        };
        rows.into_iter().map(under).collect()
    }
}

/// What asks for the session of a child, or for its newest event.
pub(super) fn request(what: &str, page: &Page) -> Option<Request> {
    let (place, _) = Place::read(page)?;
    let ids = [place.agent.as_str(), place.session.as_str()];
    Some(match what {
        aside::CHILD => Request::get(asks::SESSION, &ids),
        _ => asks::newest(&place.run_ref()),
    })
}

/// The session of a child.
pub(super) fn session(
    parent: &RunRef,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let Some((place, _)) = Place::read(page) else {
        return Ok(Batch::default());
    };
    let batch = session::one(&place.run_ref(), whole, reply)?;
    let peek = batch.also.iter().find_map(session::Peek::text);
    let also = peek.map(|peek| {
        let page = Cursor::noted(place.note(&peek));
        aside::of_run(parent, aside::CHILD_NEWEST, page)
    });
    Ok(Batch {
        rows: place.under(parent, batch.rows),
        also: also.into_iter().collect(),
        ..Batch::default()
    })
}

/// Its newest event.
pub(super) fn newest(
    parent: &RunRef,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let Some((place, peek)) = Place::read(page) else {
        return Ok(Batch::default());
    };
    let Some(peek) = session::Peek::read(&peek) else {
        return Ok(Batch::default());
    };
    let batch = session::peeked(&place.run_ref(), &peek, whole, reply)?;
    Ok(Batch {
        rows: place.under(parent, batch.rows),
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
