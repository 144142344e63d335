//! Files of a session → events of kind artifact. The list leaves out what is in them; one file is
//! fetched whole, in base64, when somebody opens it. Text is then decoded and put beside its base64
//! as a member of our own, `data as text`, since what is read must lie in the record's bytes.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use bytes::Bytes;

use super::cursor::Cursor;
use super::event::size;
use super::{aside, made_id, object, rows};
use crate::model::{
    Batch, Content, Event, Kind, Order, Page, Payload, Record, Reply, Row, RunRef, Span,
};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

const PREFIX: &str = "artifact:";
const AS_TEXT: &str = "data as text";

/// An event's id of ours for a file.
pub(super) fn id(artifact: &str) -> String {
    format!("{PREFIX}{artifact}")
}

/// The service's id in an event's id of ours.
pub(super) fn named(event: &str) -> Option<&str> {
    event.strip_prefix(PREFIX)
}

pub(super) fn list(
    run: &RunRef,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sent = rows(&whole, "artifacts")?;
    let mut batch = Batch::default();
    for raw in &sent {
        let event = event(raw, wire::payload(reply, raw));
        batch.skipped += u32::from(event.kind == Kind::Unknown);
        batch.rows.push(Row::Full(Record::Event(event)));
    }
    let next = Cursor::of(page).next(page, sent.len(), super::page_key(&whole));
    batch.next = next.map(|page| aside::of_run(run, aside::ARTIFACTS, page));
    Ok(batch)
}

/// One file with what is in it.
pub(super) fn one(id: &str, whole: Raw<'_>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let file = object(whole)?;
    if file.first(&["artifact_id", "filename", "data"]).is_none() {
        return Err(ReadError::Foreign("not an artifact".to_owned()));
    }
    let mut event = event(whole, wire::payload(reply, whole));
    id.clone_into(&mut event.id);
    event.kind = Kind::Artifact;
    event.content = None;
    if let Some((raw, span)) = file
        .text_of("data")
        .and_then(|data| text_in(&file, &data))
        .and_then(|text| with_text(&event.raw, &text))
    {
        event.raw = raw;
        event.body = None;
        event.prose = vec![span];
    }
    Ok(Batch {
        rows: vec![Row::Patch(Record::Event(event))],
        ..Batch::default()
    })
}

fn event(raw: Raw<'_>, payload: Payload) -> Event {
    let file = Object::read(raw).filter(|file| {
        file.first(&["artifact_id", "filename", "mime_type"])
            .is_some()
    });
    let text = |name: &str| file.as_ref().and_then(|file| file.some_text(name));
    let id = text("artifact_id");
    let time = file.as_ref().and_then(|file| file.time("created_at"));
    Event {
        kind: if file.is_some() {
            Kind::Artifact
        } else {
            Kind::Unknown
        },
        type_sent: "artifact".to_owned(),
        order: Order {
            at: time.map_or(0, |time| time.0),
            tie: 0,
        },
        time,
        summary: file.as_ref().map(line),
        content: id.as_ref().map(|_| Content {
            size: file.as_ref().and_then(|file| file.count("size_bytes")),
        }),
        id: format!("{PREFIX}{}", id.unwrap_or_else(|| made_id(raw))),
        body: wire::span(&payload, raw),
        raw: payload,
        ..Event::default()
    }
}

fn line(file: &Object<'_>) -> String {
    let mut line = file
        .some_text("filename")
        .or_else(|| file.some_text("artifact_id"))
        .unwrap_or_else(|| "a file without a name".to_owned());
    let facts = [
        file.some_text("mime_type"),
        file.number("size_bytes").map(size),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    if !facts.is_empty() {
        line = format!("{line} ({})", facts.join(", "));
    }
    if let Some(about) = file.some_text("description") {
        line = format!("{line}: {about}");
    }
    wire::one_line(&line, 100)
}

/// The text of a file that is one.
fn text_in(file: &Object<'_>, data: &str) -> Option<String> {
    let kind = file.some_text("mime_type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let readable = [
        "json",
        "xml",
        "yaml",
        "csv",
        "javascript",
        "markdown",
        "sql",
    ];
    let is_text = kind.starts_with("text/")
        || readable.iter().any(|end| kind.ends_with(end))
        || kind.is_empty();
    if !is_text {
        return None;
    }
    let data = data.trim();
    let bytes = STANDARD.decode(data).or_else(|_| URL_SAFE.decode(data));
    String::from_utf8(bytes.ok()?).ok()
}

/// The record with its text beside it, and where that lies.
fn with_text(record: &Payload, text: &str) -> Option<(Payload, Span)> {
    let sent = record.bytes().trim_ascii_end().strip_suffix(b"}")?;
    let text = serde_json::to_string(text).ok()?;
    let mut all = sent.to_vec();
    all.extend_from_slice(format!(",\"{AS_TEXT}\":").as_bytes());
    let start = all.len();
    all.extend_from_slice(text.as_bytes());
    let span = Span::new(start, all.len())?;
    all.push(b'}');
    Some((Payload::new(Bytes::from(all)), span))
}
