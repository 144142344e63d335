//! Spans → how long events took and what turns cost, by the ids that spans name; a span that names no
//! event (a call of the model, a guardrail) is an event of its own, in the span or the call around it.
//! Their texts are left out of the list and fetched when somebody opens one. A thought's span names no event although there is one,
//! and would be told twice. All of them are kept beside the run as sent.

use std::collections::HashMap;

use super::cursor::Cursor;
use super::{aside, made_id, object, page_key, rows, session};
use crate::model::{
    Ask, Batch, Content, Event, Extra, Kind, Order, Page, Payload, Record, Reply, Row, RunRef,
    Tokens,
};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

const PREFIX: &str = "span:";
/// The texts of a span, in the order in which they came to be.
const TEXTS: [&str; 8] = [
    "system_instructions",
    "input_messages",
    "thinking",
    "tool_arguments",
    "tool_result",
    "output_text",
    "output_messages",
    "guardrail_issues",
];

/// The ids of trace and span in an event's id of ours.
pub(super) fn named(event: &str) -> Option<(&str, &str)> {
    event.strip_prefix(PREFIX)?.split_once('/')
}

/// An event's id of ours for a span.
pub(super) fn id(trace: &str, span: &str) -> String {
    format!("{PREFIX}{trace}/{span}")
}

/// What asks for the spans of a trace.
pub(super) fn ask(run: &RunRef, trace: &str) -> Ask {
    aside::of_run(run, aside::SPANS, Cursor::noted(trace.to_owned()))
}

pub(super) fn list(
    run: &RunRef,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sent = rows(&whole, "spans")?;
    let cursor = Cursor::of(page);
    let trace = cursor.note.clone();
    let mut batch = Batch::default();
    let mut patch = session::patch(run);
    let around = Around::of(&trace, &sent);
    for raw in &sent {
        let Some(span) = Span::read(&trace, raw, reply) else {
            batch.skipped += 1;
            let event = super::event::unreadable(raw, reply);
            batch.rows.push(Row::Full(Record::Event(event)));
            continue;
        };
        if patch.facts.is_empty() {
            patch.facts = wire::facts([("model", span.attribute("model"))]);
        }
        match span.partner() {
            Some(event) => batch
                .rows
                .push(Row::Patch(Record::Event(span.told_of(event)))),
            None if span.operation() == "thinking" => {}
            None => {
                let event = Event {
                    parent_id: around.event(&span),
                    ..span.event()
                };
                batch.rows.push(Row::Full(Record::Event(event)));
            }
        }
    }
    if let Some(raw) = whole.raw("spans").filter(|_| !sent.is_empty()) {
        let label = match page.index {
            0 => format!("spans of {trace}"),
            n => format!("spans of {trace}, page {}", n + 1),
        };
        let raw = wire::payload(reply, raw);
        patch.extras.push(Extra { label, raw });
        batch.rows.push(Row::Patch(Record::Run(patch)));
    }
    let next = cursor.next(page, sent.len(), page_key(&whole));
    batch.next = next.map(|page| aside::of_run(run, aside::SPANS, page));
    Ok(batch)
}

/// One span with its texts.
pub(super) fn one(id: &str, whole: Raw<'_>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    if object(whole)?.first(&["span_id", "operation"]).is_none() {
        return Err(ReadError::Foreign("not a span".to_owned()));
    }
    let (trace, _) = named(id).unwrap_or_default();
    let Some(span) = Span::read(trace, whole, reply) else {
        return Err(ReadError::Foreign("not a span".to_owned()));
    };
    let event = Event {
        id: id.to_owned(),
        content: None,
        ..span.event()
    };
    Ok(Batch {
        rows: vec![Row::Patch(Record::Event(event))],
        ..Batch::default()
    })
}

/// The spans of a page, for finding the event in which one of them happened.
struct Around {
    /// By the service's id: the event that stands for the span, and the span around it.
    spans: HashMap<String, (Option<String>, Option<String>)>,
    trace: String,
}

impl Around {
    fn of(trace: &str, sent: &[Raw<'_>]) -> Self {
        let read = |raw: &Raw<'_>| {
            let span = Object::read(raw)?;
            let id = span.some_text("span_id")?;
            let attribute = |name: &str| span.object("attributes")?.some_text(name);
            let named = span.some_text("event_id").or_else(|| attribute("event_id"));
            let event = match span.some_text("operation").as_deref() {
                // What happened in a tool happened in its call. A turn is no event, only its answer is.
                Some("execute_tool") => attribute("tool_input_event_id"),
                Some("invoke_agent") if turn_event(&attribute).is_some() => None,
                Some("thinking") => None,
                _ if named.is_some() => None,
                _ => Some(format!("{PREFIX}{trace}/{id}")),
            };
            Some((id, (event, span.some_text("parent_span_id"))))
        };
        Self {
            spans: sent.iter().filter_map(read).collect(),
            trace: trace.to_owned(),
        }
    }

    /// The nearest span around it that is an event, or has one. One that is on another page may be one.
    fn event(&self, span: &Span<'_>) -> Option<String> {
        let mut above = span.fields.some_text("parent_span_id")?;
        // Parents may form a circle.
        for _ in 0..=self.spans.len() {
            let Some((event, next)) = self.spans.get(&above) else {
                return Some(format!("{PREFIX}{}/{above}", self.trace)).filter(|id| *id != span.id);
            };
            if let Some(event) = event {
                return Some(event.clone()).filter(|id| *id != span.id);
            }
            above = next.clone()?;
        }
        None
    }
}

/// A turn that went wrong has no answer, but it has a question.
fn turn_event(attribute: &impl Fn(&str) -> Option<String>) -> Option<String> {
    attribute("output_event_id").or_else(|| attribute("input_event_id"))
}

struct Span<'a> {
    id: String,
    has_id: bool,
    fields: Object<'a>,
    attributes: Option<Object<'a>>,
    raw: Payload,
    all: Raw<'a>,
}

impl<'a> Span<'a> {
    fn read(trace: &str, raw: Raw<'a>, reply: &Reply<'_>) -> Option<Self> {
        let span = Object::read(raw)?;
        let id = span.some_text("span_id");
        Some(Self {
            has_id: id.is_some(),
            id: format!("{PREFIX}{trace}/{}", id.unwrap_or_else(|| made_id(raw))),
            attributes: span.object("attributes"),
            raw: wire::payload(reply, raw),
            all: raw,
            fields: span,
        })
    }

    fn operation(&self) -> String {
        self.fields.some_text("operation").unwrap_or_default()
    }

    fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.as_ref()?.some_text(name)
    }

    /// The event that it is about.
    fn partner(&self) -> Option<String> {
        let own = || {
            let own = self.fields.some_text("event_id");
            own.or_else(|| self.attribute("event_id"))
        };
        match self.operation().as_str() {
            "invoke_agent" => turn_event(&|name| self.attribute(name)),
            "execute_tool" => {
                let output = self.attribute("tool_output_event_id");
                output.or_else(|| self.attribute("tool_input_event_id"))
            }
            _ => own(),
        }
    }

    fn tokens(&self) -> Option<Tokens> {
        let attributes = self.attributes.as_ref()?;
        Tokens {
            input: attributes.count("input_tokens"),
            output: attributes.count("output_tokens"),
            cached: attributes.count("cache_read_input_tokens"),
            ..Tokens::default()
        }
        .reported()
    }

    fn told_of(&self, event: String) -> Event {
        // A turn is longer than its answer, which has a span of its own.
        let operation = self.operation();
        let turn = operation == "invoke_agent";
        let duration = self.fields.millis("duration_ms").filter(|_| !turn);
        let begins = self.attribute("tool_input_event_id").as_ref() == Some(&event);
        let whole = matches!(operation.as_str(), "execute_tool" | "output") && !begins;
        Event {
            id: event,
            // Results and answers are stored when they are whole.
            at_end: duration.is_some() && whole,
            duration,
            tokens: self.tokens(),
            ..Event::default()
        }
    }

    fn event(&self) -> Event {
        let operation = self.operation();
        let time = self.fields.time("started_at");
        let failed = self.fields.some_text("status").map(|word| word == "error");
        let name = match operation.as_str() {
            "chat" | "invoke_agent" => self.attribute("model"),
            _ => self
                .attribute("tool_key")
                .or_else(|| self.attribute("tool_name")),
        };
        let texts = self.texts();
        Event {
            id: self.id.clone(),
            kind: Kind::Span,
            order: Order {
                at: time.map_or(0, |time| time.0),
                tie: 0,
            },
            time,
            duration: self.fields.millis("duration_ms"),
            step_id: self.fields.some_text("step_name"),
            agent: self.attribute("agent_name"),
            tool: name,
            is_error: failed,
            tokens: self.tokens(),
            title: Some(operation.replace('_', " ")).filter(|title| !title.is_empty()),
            summary: self.summary(),
            content: Some(Content::default()).filter(|_| texts.is_empty() && self.has_id),
            prose: texts,
            body: wire::span(&self.raw, self.fields.raw("attributes").unwrap_or(self.all)),
            type_sent: operation,
            raw: self.raw.clone(),
            ..Event::default()
        }
    }

    fn summary(&self) -> Option<String> {
        let passed = match self.attribute("guardrail_passed").as_deref() {
            Some("true") => Some("passed".to_owned()),
            Some("false") => Some("not passed".to_owned()),
            _ => None,
        };
        let reasons = self.attributes.as_ref().and_then(|attributes| {
            let reasons = super::texts(attributes.raw("finish_reasons"));
            (!reasons.is_empty()).then(|| format!("ended with {}", reasons.join(", ")))
        });
        let parts = [
            self.fields.some_text("error_message"),
            passed,
            self.attribute("model"),
            reasons,
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| wire::one_line(&parts.join(", "), 100))
    }

    fn texts(&self) -> Vec<crate::model::Span> {
        let Some(content) = self.fields.object("content") else {
            return Vec::new();
        };
        let texts = TEXTS.iter().filter_map(|name| content.raw(name));
        texts
            .filter(|text| text.get().starts_with('"') && text.get().len() > 2)
            .filter_map(|text| wire::span(&self.raw, text))
            .collect()
    }
}
