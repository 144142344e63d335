//! Records as sortie writes them (bundles, JSON and JSON lines of every command), read back into what they
//! were made of. Lenient: what is missing is absent, what is not known is let be.

use std::{sync::Mutex, sync::PoisonError, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde_json::value::RawValue;

use crate::{
    model::{
        Content, Event, Extra, Fact, Kind, Mission, Order, Payload, Run, RunStatus, Span, Step,
        StepStatus, Tokens,
    },
    provider::wire::{self, Object},
    text::json::at_place,
};

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    Header,
    Mission,
    Run,
    Step,
    Event,
    End,
    /// Of a newer sortie.
    Unknown,
}

impl Sort {
    /// Its word in a bundle.
    pub fn word(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Mission => "mission",
            Self::Run => "run",
            Self::Step => "step",
            Self::Event => "event",
            Self::End => "end",
            Self::Unknown => "",
        }
    }

    /// Under which what is left of its `kept` is known.
    pub fn word_of_kept(self) -> &'static str {
        match self {
            Self::Mission => "mission.kept",
            Self::Run => "run.kept",
            Self::Step => "step.kept",
            Self::Event => "event.kept",
            Self::Header | Self::End | Self::Unknown => "",
        }
    }
}

/// A record's members, if the bytes are one JSON object.
pub(super) fn object(record: &[u8]) -> Option<Object<'_>> {
    let text = std::str::from_utf8(record).ok()?;
    Object::read(serde_json::from_str::<&RawValue>(text).ok()?)
}

/// What the record is; none where sortie writes none like it.
pub(super) fn sort(object: &Object<'_>) -> Option<Sort> {
    // What has no value stands there as null, so the names alone tell.
    let has = |names: &[&str]| {
        let mut names = names.iter();
        names.all(|name| object.members().iter().any(|(key, _)| key == name))
    };
    if let Some(word) = object.some_text("record") {
        let known = [
            Sort::Header,
            Sort::Mission,
            Sort::Run,
            Sort::Step,
            Sort::Event,
            Sort::End,
        ];
        let found = known.into_iter().find(|sort| sort.word() == word);
        // Others name things so too.
        let is_ours = match found {
            Some(Sort::Event) => has(&["context", "provider", "id", "kind"]),
            Some(Sort::Run | Sort::Mission) => has(&["context", "provider", "id"]),
            Some(Sort::Step) => has(&["run_id", "id"]),
            Some(Sort::Header) => has(&["schema"]),
            Some(Sort::End | Sort::Unknown) | None => true,
        };
        return is_ours.then(|| found.unwrap_or(Sort::Unknown));
    }
    match () {
        () if !has(&["id", "raw"]) => None,
        () if has(&["context", "provider", "run_id", "kind", "seq", "call_id"]) => {
            Some(Sort::Event)
        }
        () if has(&["context", "provider", "mission_id", "status", "quiet_since"]) => {
            Some(Sort::Run)
        }
        () if has(&["context", "provider", "name", "description", "extras"]) => Some(Sort::Mission),
        () if has(&["run_id", "parent_id", "status_sent", "ended_at"]) => Some(Sort::Step),
        () => None,
    }
}

/// A mission.
pub(super) fn mission(bytes: &Bytes, object: &Object<'_>) -> Mission {
    let text = |name| object.some_text(name);
    let id = text("id").unwrap_or_default();
    Mission {
        // Of some only what lies beside them was read.
        name: text("name").unwrap_or_else(|| id.clone()),
        id,
        description: text("description"),
        status: text("status"),
        created_at: object.time("created_at"),
        updated_at: object.time("updated_at"),
        facts: facts(object),
        extras: extras(bytes, object),
        raw: raw(bytes, object),
    }
}

/// A run.
pub(super) fn run(bytes: &Bytes, object: &Object<'_>) -> Run {
    let text = |name| object.some_text(name);
    let kept = object.object("kept");
    let kept = kept.as_ref();
    let word = text("status").unwrap_or_default();
    Run {
        mission_id: text("mission_id").unwrap_or_default(),
        id: text("id").unwrap_or_default(),
        title: text("title").unwrap_or_default(),
        status: RunStatus::of_word(&word).unwrap_or_default(),
        status_sent: text("status_sent"),
        status_reason: text("status_reason"),
        hearsay: kept.and_then(|kept| kept.boolean("hearsay")) == Some(true),
        started_at: object.time("started_at"),
        ended_at: object.time("ended_at"),
        quiet_since: object.time("quiet_since"),
        updated_at: kept.and_then(|kept| kept.time("updated_at")),
        duration: duration(object),
        tokens: tokens(object),
        error: text("error"),
        parent_run_id: text("parent_run_id"),
        parent_event_id: text("parent_event_id"),
        room: kept.and_then(|kept| kept.some_text("room")),
        facts: facts(object),
        extras: extras(bytes, object),
        raw: raw(bytes, object),
    }
}

/// A step. `place` is where it stands among those of its run, if it does not say so.
pub(super) fn step(bytes: &Bytes, object: &Object<'_>, place: i64) -> Step {
    let text = |name| object.some_text(name);
    let kept = object.object("kept");
    let word = text("status").unwrap_or_default();
    Step {
        id: text("id").unwrap_or_default(),
        parent_id: text("parent_id"),
        sequence: kept
            .and_then(|kept| integer(&kept, "sequence"))
            .unwrap_or(place),
        title: text("title").unwrap_or_default(),
        status: step_status(&word),
        status_sent: text("status_sent"),
        started_at: object.time("started_at"),
        ended_at: object.time("ended_at"),
        raw: raw(bytes, object),
    }
}

/// An event; none where the record is none. `number` is where it stands in the file.
pub(super) fn event(record: &Payload, number: u32) -> Option<Event> {
    let bytes = record.bytes();
    let object = &object(bytes)?;
    if sort(object)? != Sort::Event {
        return None;
    }
    let text = |name| object.some_text(name);
    let kept = object.object("kept");
    let kept = kept.as_ref();
    let own = |flag, name| {
        let is_made = kept.and_then(|kept| kept.boolean(flag)) == Some(false);
        if is_made { None } else { text(name) }
    };
    let raw = raw(bytes, object);
    let body = object.raw("body_at").and_then(|place| span(&raw, place));
    let prose = object.array("prose_at").unwrap_or_default();
    let prose = prose.into_iter().filter_map(|place| span(&raw, place));
    let lacks = kept.and_then(|kept| kept.boolean("lacks_content")) == Some(true);
    let size = object.count("content_bytes");
    Some(Event {
        id: text("id").unwrap_or_else(|| format!("line-{number}")),
        kind: text("kind")
            .and_then(|word| Kind::of_word(&word))
            .unwrap_or_default(),
        type_sent: text("type").unwrap_or_default(),
        order: kept.and_then(order).unwrap_or(Order {
            at: i64::from(number),
            tie: 0,
        }),
        time: object.time("time"),
        duration: duration(object),
        at_end: object.boolean("at_end") == Some(true),
        parent_id: text("parent_id"),
        step_id: text("step_id"),
        agent: text("agent"),
        tool: text("tool"),
        call_id: text("call_id"),
        is_error: object.boolean("is_error"),
        tokens: tokens(object),
        title: own("titled", "title"),
        summary: own("summarized", "summary"),
        prose: prose.collect(),
        body,
        content: (lacks || size.is_some()).then_some(Content { size }),
        raw,
    })
}

/// The record as the service sent it.
fn raw(bytes: &Bytes, object: &Object<'_>) -> Payload {
    let sent = object.object("kept").and_then(|kept| {
        let text = kept.some_text("sent_base64")?;
        STANDARD.decode(text).ok()
    });
    if let Some(sent) = sent {
        return Payload::new(sent.into());
    }
    match object.raw("raw") {
        Some(raw) => part(bytes, raw.get()),
        None => decoded(object).unwrap_or_default(),
    }
}

fn part(bytes: &Bytes, text: &str) -> Payload {
    let whole = Payload::new(bytes.clone());
    let span = whole.span_of(text.as_bytes());
    span.map(|span| whole.sub(span)).unwrap_or_default()
}

fn decoded(object: &Object<'_>) -> Option<Payload> {
    let text = object.some_text("raw_base64")?;
    Some(Payload::new(STANDARD.decode(text).ok()?.into()))
}

fn extras(bytes: &Bytes, object: &Object<'_>) -> Vec<Extra> {
    let Some(all) = object.object("extras") else {
        return Vec::new();
    };
    let each = all.members().iter().map(|(label, value)| {
        let is_packed = value.get().starts_with("{\"raw\":null,\"raw_base64\":");
        let packed = is_packed.then(|| decoded(&Object::read(value)?)).flatten();
        let is_null = value.get() == "null";
        Extra {
            label: label.clone().into_owned(),
            raw: packed.unwrap_or_else(|| {
                if is_null {
                    Payload::default()
                } else {
                    part(bytes, value.get())
                }
            }),
        }
    });
    each.collect()
}

/// The value of a place (see `text::json::place_of`).
fn span(raw: &Payload, place: &RawValue) -> Option<Span> {
    let place: Vec<u32> = serde_json::from_str(place.get()).ok()?;
    if place.is_empty() {
        return Span::new(0, raw.len());
    }
    let range = at_place(raw.bytes(), &place)?;
    Span::new(range.start, range.end)
}

fn order(kept: &Object<'_>) -> Option<Order> {
    let (at, tie) = serde_json::from_str(kept.raw("order")?.get()).ok()?;
    Some(Order { at, tie })
}

fn integer(object: &Object<'_>, name: &str) -> Option<i64> {
    serde_json::from_str(object.raw(name)?.get()).ok()
}

/// Milliseconds with fractions down to the nanosecond.
fn duration(object: &Object<'_>) -> Option<Duration> {
    let spelled = object.raw("duration_ms")?.get();
    if let Ok(whole) = spelled.parse() {
        return Some(Duration::from_millis(whole));
    }
    let nanos = (object.number("duration_ms")? * 1.0e6).round();
    wire::to_count(nanos).map(Duration::from_nanos)
}

fn tokens(object: &Object<'_>) -> Option<Tokens> {
    let told = object.object("tokens")?;
    Some(Tokens {
        input: told.count("input"),
        output: told.count("output"),
        total: told.count("total"),
        cached: told.count("cached"),
        reasoning: told.count("reasoning"),
    })
}

fn step_status(word: &str) -> StepStatus {
    let all = [
        StepStatus::Pending,
        StepStatus::Running,
        StepStatus::Succeeded,
        StepStatus::Failed,
        StepStatus::Skipped,
    ];
    let found = all.into_iter().find(|status| status.word() == word);
    found.unwrap_or_default()
}

fn facts(object: &Object<'_>) -> Vec<Fact> {
    let told = object.object("kept").and_then(|kept| kept.array("facts"));
    let each = told.unwrap_or_default().into_iter().filter_map(|fact| {
        let fact = Object::read(fact)?;
        Some(Fact {
            label: label(&fact.some_text("label")?),
            value: fact.some_text("value")?,
            of: fact.some_text("of"),
        })
    });
    each.collect()
}

/// So many labels of so many bytes are told apart; services have a few dozen.
const LABELS: usize = 512;
const LABEL: usize = 64;

/// A label that lives as long as the program, as those of the services do.
fn label(text: &str) -> &'static str {
    static KNOWN: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(label) = known.iter().find(|label| **label == text) {
        return label;
    }
    if known.len() >= LABELS || text.len() > LABEL {
        return "fact";
    }
    let label: &'static str = Box::leak(text.to_owned().into_boxed_str());
    known.push(label);
    label
}
