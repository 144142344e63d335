//! The events of a run. The contract has no order, no call ids, no error flag and no schema for
//! payloads. Order comes from the time stamp, then from the place in the list, turned round where a
//! page proves to be newest first; the rest from payload members that writers agree on.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::{Batch, Event, Kind, Order, Page, Payload, Record, Reply, Row, Span, Time};
use crate::provider::wire::{self, Object, Raw};

/// All events of a page, in the order sent.
pub(super) fn read_all(reply: &Reply<'_>, rows: &[Raw<'_>], page: &Page) -> Batch {
    let mut batch = Batch::default();
    let objects: Vec<Option<Object<'_>>> = rows.iter().map(|raw| readable(raw)).collect();
    let times: Vec<Option<Time>> = objects
        .iter()
        .map(|object| object.as_ref()?.time("timestamp"))
        .collect();
    let newest_first = falls(&times, page);
    let mut at = times.iter().flatten().next().map_or(0, |time| time.0);
    let mut ids = HashSet::new();
    for (place, (raw, object)) in rows.iter().zip(&objects).enumerate() {
        let position = u64::from(page.seen) + place as u64;
        let mut event = if let Some(object) = object {
            read(reply, raw, object)
        } else {
            batch.skipped += 1;
            unreadable(reply, raw, position)
        };
        at = event.time.map_or(at, |time| time.0);
        let tie = if newest_first {
            u64::MAX - position
        } else {
            position
        };
        event.order = Order { at, tie };
        if event.id.is_empty() {
            event.id = derived_id(raw);
            while !ids.insert(event.id.clone()) {
                event.id.push('+');
            }
        }
        batch.rows.push(Row::Full(Record::Event(event)));
    }
    batch
}

/// What cannot be read, with its bytes. `place` is its place in the whole list.
pub(super) fn unreadable(reply: &Reply<'_>, raw: Raw<'_>, place: u64) -> Event {
    Event {
        id: format!("{}-{place}", derived_id(raw)),
        kind: Kind::Unknown,
        order: Order { at: 0, tie: place },
        raw: wire::payload(reply, raw),
        ..Event::default()
    }
}

/// An object with at least one of the members that make it an event.
fn readable(raw: Raw<'_>) -> Option<Object<'_>> {
    let required = ["event_id", "type", "summary", "timestamp"];
    Object::read(raw).filter(|object| object.first(&required).is_some())
}

/// Whether times fall along the page. A page of equal times is compared with the pages before it.
fn falls(times: &[Option<Time>], page: &Page) -> bool {
    let mut known = times.iter().flatten();
    let (first, last) = (known.next(), known.next_back());
    match (first, last) {
        (Some(first), Some(last)) if first != last => first > last,
        (Some(first), _) => page.before.is_some_and(|before| first.0 < before),
        (None, _) => false,
    }
}

fn read(reply: &Reply<'_>, raw: Raw<'_>, object: &Object<'_>) -> Event {
    let record = wire::payload(reply, raw);
    let type_sent = object.text_of("type").unwrap_or_default();
    let kind = kind(&type_sent);
    let body = object.raw("payload");
    let payload = body.and_then(Object::read);
    let agent = object.some_text("agent_id");
    let prose = prose(&record, object, payload.as_ref());
    Event {
        id: object.some_text("event_id").unwrap_or_default(),
        kind,
        time: object.time("timestamp"),
        duration: payload
            .as_ref()
            .filter(|_| kind == Kind::ToolResult)
            .and_then(|payload| payload.millis("duration_ms")),
        step_id: object.some_text("step_id").filter(|id| id != "-"),
        title: title(kind, &type_sent, agent.as_deref()),
        agent,
        tool: payload.as_ref().and_then(|payload| tool(kind, payload)),
        call_id: payload.as_ref().and_then(|payload| call_id(kind, payload)),
        is_error: is_error(kind, &type_sent, payload.as_ref()),
        summary: payload
            .as_ref()
            .filter(|_| prose.is_empty())
            .and_then(|payload| stand_in(kind, payload)),
        prose,
        body: body.and_then(|body| wire::span(&record, body)),
        type_sent,
        raw: record,
        ..Event::default()
    }
}

fn kind(sent: &str) -> Kind {
    match sent {
        "status_change" => Kind::Status,
        "step_started" | "step_completed" | "step_failed" => Kind::Step,
        "tool_call" => Kind::ToolCall,
        "tool_result" => Kind::ToolResult,
        "message" => Kind::Message,
        "error" => Kind::Error,
        "custom" => Kind::Data,
        _ => Kind::Unknown,
    }
}

fn title(kind: Kind, sent: &str, agent: Option<&str>) -> Option<String> {
    match kind {
        Kind::Message => agent.map(str::to_owned),
        Kind::Step => Some(sent.replace('_', " ")),
        _ => None,
    }
}

/// The line for humans; where it is blank, the payload's message.
fn prose(record: &Payload, object: &Object<'_>, payload: Option<&Object<'_>>) -> Vec<Span> {
    let text = |object: &Object<'_>, name: &str| {
        let raw = object.raw(name).filter(|raw| raw.get().starts_with('"'))?;
        object.some_text(name)?;
        wire::span(record, raw)
    };
    text(object, "summary")
        .or_else(|| text(payload?, "message"))
        .into_iter()
        .collect()
}

/// What stands for a summary that is blank: the change of state, or the tool.
fn stand_in(kind: Kind, payload: &Object<'_>) -> Option<String> {
    if kind == Kind::Status {
        return change(payload).map(|(from, to)| match from {
            Some(from) => format!("{from} → {to}"),
            None => format!("→ {to}"),
        });
    }
    let tool = payload.some_text("tool");
    tool.filter(|_| !matches!(kind, Kind::ToolCall | Kind::ToolResult))
}

/// The states before and after, in any of the namings that writers use.
fn change(payload: &Object<'_>) -> Option<(Option<String>, String)> {
    let names = [
        ("from", "to"),
        ("old_status", "new_status"),
        ("previous_status", "status"),
    ];
    names
        .iter()
        .find_map(|(from, to)| Some((payload.some_text(from), payload.some_text(to)?)))
}

fn is_tool(kind: Kind) -> bool {
    matches!(kind, Kind::ToolCall | Kind::ToolResult)
}

/// `tool` means the tool wherever it stands, the other names only in calls and results.
fn tool(kind: Kind, payload: &Object<'_>) -> Option<String> {
    let named = payload.some_text("tool");
    if named.is_some() || !is_tool(kind) {
        return named;
    }
    let names = ["tool_name", "name"];
    names.iter().find_map(|name| payload.some_text(name))
}

/// A call's arguments lie beside its id, so a plain `id` is as likely a customer's as the call's and
/// is not taken for one.
fn call_id(kind: Kind, payload: &Object<'_>) -> Option<String> {
    let names = ["tool_call_id", "call_id"];
    let mut found = names.iter().filter_map(|name| payload.some_text(name));
    found.next().filter(|_| is_tool(kind))
}

/// Errors and failed steps are failures by their type. A result is one where its writer says so; all
/// else says nothing about failing.
fn is_error(kind: Kind, sent: &str, payload: Option<&Object<'_>>) -> Option<bool> {
    match kind {
        Kind::Error => Some(true),
        Kind::Step => (sent == "step_failed").then_some(true),
        Kind::Status => change(payload?).and_then(|(_, to)| (to == "failed").then_some(true)),
        Kind::ToolResult => {
            let payload = payload?;
            let flag = payload.boolean("is_error");
            flag.or_else(|| holds_error(payload).then_some(true))
        }
        _ => None,
    }
}

/// Whether there is an `error` that says something: text, an object with members, `true`.
fn holds_error(payload: &Object<'_>) -> bool {
    let Some(raw) = payload.raw("error") else {
        return false;
    };
    match wire::text(raw) {
        Some(text) => !matches!(text.trim(), "" | "false" | "0"),
        None => Object::read(raw).is_some_and(|error| !error.members().is_empty()),
    }
}

/// The same bytes give the same id at every load.
fn derived_id(raw: Raw<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    raw.get().hash(&mut hasher);
    format!("unnamed-{:016x}", hasher.finish())
}
