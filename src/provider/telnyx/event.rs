//! The events of a run. The contract has no order, no call ids, no error flag and no schema for
//! payloads. Order comes from the time stamp, then from the place in the list, turned round where a
//! page proves to be newest first; the rest from payload members that writers agree on.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::model::{Batch, Event, Kind, Order, Payload, Record, Reply, Row, Span, Time};
use crate::provider::wire::{self, Object, Raw};

/// Where a page lies in its list.
#[derive(Default)]
pub(super) struct Place {
    /// Rows before it.
    pub(super) first: u64,
    /// Rows in the whole list, where it says so.
    pub(super) total: Option<u64>,
    /// The smallest `Order::at` on the pages before it.
    pub(super) before: Option<i64>,
}

/// Which way times go along a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Rising,
    Falling,
    /// Neither way.
    Mixed,
    /// There are not two different times.
    Unclear,
}

/// A page of events.
pub(super) struct Reading {
    /// All of them, in the order sent.
    pub(super) batch: Batch,
    pub(super) direction: Direction,
    /// The youngest, in nanoseconds.
    pub(super) newest: Option<i64>,
    /// The oldest.
    pub(super) oldest: Option<i64>,
}

impl Reading {
    /// The events themselves.
    fn events(&self) -> impl Iterator<Item = &Event> {
        self.batch.rows.iter().filter_map(|row| match row.record() {
            Record::Event(event) => Some(event),
            _ => None,
        })
    }

    fn since(&self, after: i64) -> impl Iterator<Item = &Event> {
        let young = move |event: &&Event| event.time.is_some_and(|time| time.0 > after);
        self.events().filter(young)
    }

    /// How many happened after that moment.
    pub(super) fn younger_than(&self, after: i64) -> u64 {
        self.since(after).count() as u64
    }

    /// Whether one that happened after that moment tells of the plan or of the run's state.
    pub(super) fn moves_the_plan(&self, after: i64) -> bool {
        self.since(after)
            .any(|event| matches!(event.kind, Kind::Step | Kind::Status))
    }
}

/// All events of a page, in the order sent.
pub(super) fn read_all(reply: &Reply<'_>, rows: &[Raw<'_>], place: &Place) -> Reading {
    let mut batch = Batch {
        // The run is told about besides.
        rows: Vec::with_capacity(rows.len().saturating_add(1)),
        ..Batch::default()
    };
    let objects: Vec<Option<Object<'_>>> = rows.iter().map(|raw| readable(raw)).collect();
    let times: Vec<Option<Time>> = objects
        .iter()
        .map(|object| object.as_ref()?.time("timestamp"))
        .collect();
    let known: Vec<i64> = times.iter().flatten().map(|time| time.0).collect();
    let direction = direction(&known);
    let ties = Ties::of(place, rows.len(), falls(direction, &known, place));
    let mut at = known.first().copied().unwrap_or(0);
    let mut ids = HashSet::new();
    for (i, (raw, object)) in rows.iter().zip(&objects).enumerate() {
        let tie = ties.of_row(i as u64);
        let mut event = if let Some(object) = object {
            read(reply, raw, object)
        } else {
            batch.skipped += 1;
            unreadable(reply, raw, tie)
        };
        at = event.time.map_or(at, |time| time.0);
        event.order = Order { at, tie };
        if event.id.is_empty() {
            event.id = derived_id(raw);
            while !ids.insert(event.id.clone()) {
                event.id.push('+');
            }
        }
        batch.rows.push(Row::Full(Record::Event(event)));
    }
    Reading {
        batch,
        direction,
        newest: known.iter().max().copied(),
        oldest: known.iter().min().copied(),
    }
}

/// The places of rows counted from the oldest, so that a row keeps its place when news come.
struct Ties {
    first: u64,
    falls: bool,
    last: u64,
}

impl Ties {
    fn of(place: &Place, rows: usize, falls: bool) -> Self {
        let here = place.first.saturating_add(rows as u64);
        // A count that the list belies counts nothing.
        let total = place.total.filter(|total| *total >= here);
        Self {
            first: place.first,
            falls,
            last: total.map_or(u64::MAX, |total| total.saturating_sub(1)),
        }
    }

    fn of_row(&self, row: u64) -> u64 {
        let position = self.first.saturating_add(row);
        if self.falls {
            self.last.saturating_sub(position)
        } else {
            position
        }
    }
}

/// A row out of place now and then does not turn a list round.
fn direction(times: &[i64]) -> Direction {
    let pairs = || times.iter().zip(times.iter().skip(1));
    let rises = pairs().filter(|(a, b)| a < b).count();
    let falls = pairs().filter(|(a, b)| a > b).count();
    match (rises, falls) {
        (0, 0) => Direction::Unclear,
        _ if falls * 8 <= rises => Direction::Rising,
        _ if rises * 8 <= falls => Direction::Falling,
        _ => Direction::Mixed,
    }
}

/// Whether the list comes newest first. A page of equal times is compared with the pages before it.
fn falls(direction: Direction, times: &[i64], place: &Place) -> bool {
    match direction {
        Direction::Falling => true,
        Direction::Rising | Direction::Mixed => false,
        Direction::Unclear => {
            let first = times.first();
            first.is_some_and(|first| place.before.is_some_and(|before| *first < before))
        }
    }
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

/// The id of the run that an event names.
pub(super) fn run_of(raw: Raw<'_>) -> Option<String> {
    Object::read(raw)?.some_text("run_id")
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
        // A result is written when the tool is done.
        at_end: kind == Kind::ToolResult,
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
        Kind::Message => agent.map(|agent| without_id(agent).to_owned()),
        Kind::Step => Some(sent.replace('_', " ")),
        _ => None,
    }
}

/// An agent's name without the long id behind it (`assistant-3d1f9c52-…`), which would leave no room
/// for what it says. The whole name stays in the agent's own field.
fn without_id(agent: &str) -> &str {
    let is_id = |rest: &str| {
        rest.len() >= 20
            && rest
                .bytes()
                .all(|b| b == b'-' || b == b'_' || b.is_ascii_hexdigit())
    };
    let parts = agent
        .char_indices()
        .filter(|(_, c)| matches!(c, '-' | '_' | ':' | '/'));
    let mut names = parts.filter_map(|(at, _)| Some((agent.get(..at)?, agent.get(at + 1..)?)));
    let found = names.find(|(name, rest)| !name.is_empty() && is_id(rest));
    found.map_or(agent, |(name, _)| name)
}

/// The line for humans; where it is blank, the payload's message.
fn prose(record: &Payload, object: &Object<'_>, payload: Option<&Object<'_>>) -> Vec<Span> {
    let text = |object: &Object<'_>, name: &str| {
        let raw = object.raw(name).filter(|raw| raw.get().starts_with('"'))?;
        object.says(name).then(|| wire::span(record, raw))?
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
    if !is_tool(kind) {
        return None;
    }
    let names = ["tool_call_id", "call_id"];
    names.iter().find_map(|name| payload.some_text(name))
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

/// Whether there is an `error` that says something: text, an object with members, `true`. Words with
/// which writers fill in that there is none say nothing.
fn holds_error(payload: &Object<'_>) -> bool {
    let Some(raw) = payload.raw("error") else {
        return false;
    };
    match wire::text(raw) {
        Some(text) => !is_none(text.trim()),
        None => Object::read(raw).is_some_and(|error| !error.members().is_empty()),
    }
}

fn is_none(said: &str) -> bool {
    let words = [
        "",
        "false",
        "0",
        "none",
        "null",
        "nil",
        "no",
        "ok",
        "okay",
        "n/a",
        "na",
        "-",
        "--",
        "no error",
        "no errors",
        "noerror",
        "no_error",
        "success",
        "undefined",
        "[]",
        "{}",
    ];
    words.iter().any(|word| said.eq_ignore_ascii_case(word))
}

/// The same bytes give the same id at every load.
fn derived_id(raw: Raw<'_>) -> String {
    let mut hasher = DefaultHasher::new();
    raw.get().hash(&mut hasher);
    format!("unnamed-{:016x}", hasher.finish())
}
