//! A plain record of an event. No two programs call its members the same, so for each meaning there is
//! a ladder of names, and the first that is present wins. What no ladder reaches stays in the bytes.

use serde_json::value::RawValue;

use crate::model::{Event, Kind, Order, Payload, Span, Time};
use crate::provider::wire::{self, Object, Raw};
use crate::text::json::{self, Scanner, Sort, Token, Wrong};

pub(super) const ID: [&str; 2] = ["id", "event_id"];
pub(super) const RUN: [&str; 4] = ["run_id", "task_id", "session_id", "trace_id"];
pub(super) const TIME: [&str; 4] = ["ts", "timestamp", "time", "created_at"];
const TYPE: [&str; 3] = ["type", "kind", "event"];
const TITLE: [&str; 5] = ["label", "summary", "title", "message", "name"];
const TOOL: [&str; 4] = ["tool", "tool_name", "data.tool", "payload.tool"];
const CALL: [&str; 3] = ["call_id", "tool_call_id", "data.call_id"];
const AGENT: [&str; 2] = ["agent", "agent_id"];
const STEP: [&str; 2] = ["step_id", "step"];
const ERROR: [&str; 2] = ["is_error", "error"];
const BODY: [&str; 3] = ["data", "payload", "content"];

/// Bytes of a document that are looked at to say what it is.
const HEAD: usize = 8 << 10;
/// Characters of a title that are kept.
const LINE: usize = 200;

/// What must be known of a record when its file is opened.
#[derive(Default)]
pub(super) struct Head {
    pub id: Option<String>,
    pub run: Option<String>,
    pub time: Option<Time>,
    /// Whether it is no JSON object, so that it can name nothing.
    pub is_bare: bool,
}

impl Head {
    /// Reads it; empty where the record is no JSON object.
    pub fn read(record: &[u8]) -> Self {
        let Some(object) = parse(record).and_then(Object::read) else {
            return Self {
                is_bare: true,
                ..Self::default()
            };
        };
        Self {
            is_bare: false,
            id: text(&object, &ID),
            run: text(&object, &RUN),
            time: time(&object),
        }
    }
}

/// The event that a record is, and whether it is broken: not JSON at all. `number` counts the file's
/// records from 1; `repeats` says that its id is taken.
pub(super) fn event(raw: Payload, number: u32, repeats: bool) -> (Event, bool) {
    let mut event = Event {
        id: format!("line-{number}"),
        order: Order {
            at: i64::from(number),
            tie: 0,
        },
        ..Event::default()
    };
    // The handle is shared: what is read from it lies in the bytes that the event keeps.
    let bytes = raw.bytes().clone();
    event.raw = raw;
    let Some(whole) = parse(&bytes) else {
        let cut = json::fault(&bytes).filter(|fault| fault.what == Wrong::Cut && fault.at > 0);
        let broken = cut.map(|fault| format!(": it {fault}")).unwrap_or_default();
        event.title = Some(format!("record {number} is not JSON{broken}"));
        return (event, true);
    };
    match Object::read(whole) {
        Some(object) => fill(&mut event, &object, number, repeats),
        None => event.body = wire::span(&event.raw, whole),
    }
    (event, false)
}

/// The event that a file is whose lines are no records, and how much of it is broken: JSON that is cut or
/// wrong counts, a text does not. What it is stands in its type, by its name and its first bytes.
pub(super) fn document(raw: Payload, name: &str) -> (Event, u32) {
    let bytes = raw.bytes();
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let extension = name.rsplit_once('.').map_or("", |(_, last)| last);
    let is_named = |names: &[&str]| names.iter().any(|own| own.eq_ignore_ascii_case(extension));
    let is_json = is_named(&["json"]) || begins_json(head);
    let sort = match () {
        () if head.contains(&0) => "binary",
        () if is_named(&["md", "markdown"]) => "markdown",
        () if is_json => "broken JSON",
        () => "text",
    };
    let event = Event {
        id: "line-1".to_owned(),
        type_sent: sort.to_owned(),
        body: Span::new(0, raw.len()),
        raw,
        ..Event::default()
    };
    (event, u32::from(sort == "broken JSON"))
}

/// Whether a text begins as an object with a member or an array with more than a word in brackets.
fn begins_json(head: &[u8]) -> bool {
    let mut tokens = Scanner::new(head).map_while(Result::ok).take(3);
    let is_open = |token: Token| matches!(token.sort, Sort::Open(_));
    tokens.next().is_some_and(is_open) && tokens.count() == 2
}

/// Whether it is one JSON value.
pub(super) fn is_json(record: &[u8]) -> bool {
    parse(record).is_some()
}

fn fill(event: &mut Event, object: &Object<'_>, number: u32, repeats: bool) {
    match text(object, &ID) {
        Some(id) if repeats => event.id = format!("{id}@{number}"),
        Some(id) => event.id = id,
        None => {}
    }
    event.type_sent = text(object, &TYPE).unwrap_or_default();
    event.kind = kind(&event.type_sent);
    event.time = time(object);
    event.title = text(object, &TITLE).map(|title| wire::one_line(&title, LINE));
    event.tool = text(object, &TOOL);
    event.call_id = text(object, &CALL);
    event.agent = text(object, &AGENT);
    event.step_id = text(object, &STEP);
    event.is_error = is_error(object);
    let body = object.first(&BODY);
    let is_prose = matches!(event.kind, Kind::Message | Kind::Reasoning);
    match body {
        Some(body) if is_prose && body.get().starts_with('"') => {
            event.prose = wire::span(&event.raw, body).into_iter().collect();
        }
        Some(body) => event.body = wire::span(&event.raw, body),
        None => event.body = event.raw.span_of(object.text().as_bytes()),
    }
}

fn parse(record: &[u8]) -> Option<Raw<'_>> {
    let text = std::str::from_utf8(record).ok()?;
    serde_json::from_str::<&RawValue>(text).ok()
}

/// The first of `names` that holds text that is not blank. A name with a dot is a member's member.
fn text(object: &Object<'_>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| match name.split_once('.') {
        Some((outer, inner)) => object.object(outer)?.some_text(inner),
        None => object.some_text(name),
    })
}

fn time(object: &Object<'_>) -> Option<Time> {
    TIME.iter().find_map(|name| object.time(name))
}

fn is_error(object: &Object<'_>) -> Option<bool> {
    let Some(said) = object.first(&ERROR) else {
        return object.object("data")?.boolean("ok").map(|ok| !ok);
    };
    Some(!matches!(
        said.get().trim(),
        "false" | "\"false\"" | "\"\"" | "0" | "{}" | "[]"
    ))
}

/// The kind of a type, in the words of records and of the four services.
fn kind(sent: &str) -> Kind {
    let word = sent
        .trim()
        .to_ascii_lowercase()
        .replace(['-', '.', ' ', ':'], "_");
    if let Some(kind) = Kind::of_word(&word) {
        return kind;
    }
    match word.as_str() {
        "tool_input" | "tool_request" | "tool_use" | "function_call" | "action_started" => {
            Kind::ToolCall
        }
        "tool_output" | "tool_response" | "function_call_output" | "action_completed" => {
            Kind::ToolResult
        }
        "thinking" | "thought" => Kind::Reasoning,
        "text" | "input_message" | "agent_output" | "structured_output" => Kind::Message,
        "llm_call" | "model_used" | "embedding_event" => Kind::ModelCall,
        "custom" | "skill_load" | "image_read" | "context" | "evaluator_completed" => Kind::Data,
        "artifact_upload" => Kind::Artifact,
        "status_change" | "compaction" | "session_interrupted" | "client_tool_pending" => {
            Kind::Status
        }
        word if word.starts_with("run_") => Kind::Status,
        word if word.starts_with("step_") => Kind::Step,
        word if word.ends_with("_limit_exceeded") => Kind::Error,
        _ => Kind::Unknown,
    }
}
