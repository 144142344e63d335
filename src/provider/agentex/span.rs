//! Spans: timed operations that some agents store beside the transcript. Each becomes an event
//! behind what it times, at its end, so that a call is followed by its result and then by its span, and
//! names the span it lies in. Their counts give the run's tokens.

use std::collections::HashSet;

use super::derived_id;
use super::message::tie;
use crate::model::{Event, Kind, Order, Reply, Tokens};
use crate::provider::wire::{self, Object, Raw};

/// Whether a span belongs to a task, as far as it says. Older agents stored the task's id as the
/// trace's only.
pub fn is_of(raw: Raw<'_>, task: &str) -> bool {
    let Some(span) = Object::read(raw) else {
        return true;
    };
    let id = |name: &str| {
        let raw = span.raw(name).filter(|raw| raw.get().starts_with('"'))?;
        wire::text(raw)
    };
    let ids = [id("task_id"), id("trace_id")];
    let mut known = ids.iter().flatten().peekable();
    known.peek().is_none() || known.any(|id| id == task)
}

/// The event of a span, and whether it could be read.
pub fn event(reply: &Reply<'_>, raw: Raw<'_>) -> (Event, bool) {
    let bytes = wire::payload(reply, raw);
    let Some(span) = Object::read(raw) else {
        let id = derived_id(raw.get());
        let unread = Event {
            id,
            raw: bytes,
            ..Event::default()
        };
        return (unread, false);
    };
    let id = span.some_text("id");
    let id = id.unwrap_or_else(|| derived_id(raw.get()));
    let start = span.time("start_time");
    let end = span.time("end_time");
    let parent = span.some_text("parent_id").filter(|parent| *parent != id);
    // Behind the messages of the moment in which it ended, and behind the spans in it.
    let behind = parent.as_ref().map_or(u64::MAX, |_| tie(&id) | 1 << 63);
    let failure = failure(&span);
    let payload = ["output", "data", "input"];
    let payload = match failure {
        Some(_) => span.raw("data"),
        None => span.first(&payload),
    };
    let event = Event {
        kind: Kind::Span,
        type_sent: "span".to_owned(),
        order: Order {
            at: end.or(start).map_or(0, |time| time.0),
            tie: behind,
        },
        time: start.or(end),
        duration: end.zip(start).and_then(|(end, start)| end.since(start)),
        at_end: start.is_none() && end.is_some(),
        parent_id: parent,
        tool: span.some_text("name"),
        is_error: failed(&span, failure.is_some()),
        tokens: usage(&span)
            .map(|usage| tokens(&usage))
            .and_then(Tokens::reported),
        summary: failure.or_else(|| model(&span)).or_else(|| {
            let open = end.is_none() && payload.is_none();
            open.then(|| "(not ended)".to_owned())
        }),
        body: payload.and_then(|part| wire::span(&bytes, part)),
        prose: thought(&span)
            .and_then(|part| wire::span(&bytes, part))
            .into_iter()
            .collect(),
        id,
        raw: bytes,
        ..Event::default()
    };
    (event, true)
}

/// What a failed span says of it.
fn failure(span: &Object<'_>) -> Option<String> {
    let data = span.object("data")?;
    let raw = data.raw("__error__")?;
    let words = match Object::read(raw) {
        Some(error) => error
            .some_text("message")
            .or_else(|| error.some_text("type")),
        None => wire::text(raw),
    };
    let words = words.unwrap_or_else(|| "failed".to_owned());
    Some(format!("error: {}", wire::one_line(&words, 200)))
}

fn failed(span: &Object<'_>, says_so: bool) -> Option<bool> {
    if says_so {
        return Some(true);
    }
    span.object("data")?.boolean("is_error")
}

/// The text of a reasoning span, which lies in its output under the same name.
fn thought<'a>(span: &Object<'a>) -> Option<Raw<'a>> {
    if span.some_text("name")? != "reasoning" {
        return None;
    }
    let text = span.object("output")?.raw("output")?;
    text.get().starts_with('"').then_some(text)
}

/// A turn tells its totals in its data, one call of a model in its output.
fn usage<'a>(span: &Object<'a>) -> Option<Object<'a>> {
    let within = |part: &str| span.object(part)?.object("usage");
    within("data").or_else(|| within("output"))
}

fn model(span: &Object<'_>) -> Option<String> {
    let told = usage(span).and_then(|usage| usage.some_text("model"));
    let part = |name: &str| span.object(name)?.some_text("model");
    told.or_else(|| part("output"))
        .or_else(|| part("input"))
        .or_else(|| part("data"))
}

fn tokens(usage: &Object<'_>) -> Tokens {
    let count = |names: &[&str]| names.iter().find_map(|name| usage.count(name));
    let inside = |name: &str, member: &str| usage.object(name)?.count(member);
    Tokens {
        input: count(&["input_tokens", "prompt_tokens"]),
        output: count(&["output_tokens", "completion_tokens"]),
        total: count(&["total_tokens"]),
        cached: count(&["cached_input_tokens"])
            .or_else(|| inside("input_tokens_details", "cached_tokens")),
        reasoning: count(&["reasoning_tokens"])
            .or_else(|| inside("output_tokens_details", "reasoning_tokens")),
    }
}

/// The tokens of a run, from all its spans: the outermost of those that report any, because what a
/// turn reports counts the calls in it once more.
pub fn total(rows: &[Raw<'_>]) -> Option<Tokens> {
    let spans: Vec<Object<'_>> = rows.iter().filter_map(|raw| Object::read(raw)).collect();
    let counted: Vec<(Tokens, Option<String>)> = spans
        .iter()
        .filter_map(|span| Some((tokens(&usage(span)?).reported()?, span.some_text("id"))))
        .collect();
    let ids: HashSet<&str> = counted.iter().filter_map(|(_, id)| id.as_deref()).collect();
    let parents: std::collections::HashMap<String, String> = spans
        .iter()
        .filter_map(|span| Some((span.some_text("id")?, span.some_text("parent_id")?)))
        .collect();
    let inner = |id: &Option<String>| {
        let mut at = id.as_deref().and_then(|id| parents.get(id));
        // Parents may form a circle.
        for _ in 0..parents.len() {
            let Some(parent) = at else { return false };
            if ids.contains(parent.as_str()) && Some(parent) != id.as_ref() {
                return true;
            }
            at = parents.get(parent);
        }
        false
    };
    let outer = counted.iter().filter(|(_, id)| !inner(id));
    outer.map(|(tokens, _)| *tokens).reduce(add)
}

fn add(a: Tokens, b: Tokens) -> Tokens {
    let sum = |a: Option<u64>, b: Option<u64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.saturating_add(b)),
        (a, b) => a.or(b),
    };
    Tokens {
        input: sum(a.input, b.input),
        output: sum(a.output, b.output),
        // Where one has no total, a total of the others would be too small.
        total: a.total.zip(b.total).map(|(a, b)| a.saturating_add(b)),
        cached: sum(a.cached, b.cached),
        reasoning: sum(a.reasoning, b.reasoning),
    }
}
