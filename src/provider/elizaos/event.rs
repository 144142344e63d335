//! One event of a run as a model event. The payload is the event's `data`, untouched. Both spellings
//! are read: `ACTION_STARTED` as sent and `action:started` as documented.

use std::collections::HashMap;

use super::state::error_text;
use crate::model::{Event, Kind, Order, Payload, Time, Tokens};
use crate::provider::wire::{self, Object, Raw};

/// What a reader of events must remember from one to the next.
#[derive(Debug, Default)]
pub(super) struct Seen {
    ids: HashMap<String, u32>,
    last: i64,
    count: u64,
}

/// The type in the server's spelling.
pub(super) fn normal(sent: &str) -> String {
    let upper = sent.trim().to_uppercase();
    upper.replace([':', '.', '-'], "_")
}

/// The event, and whether it could be read.
pub(super) fn read(record: Payload, raw: Raw<'_>, seen: &mut Seen) -> (Event, bool) {
    let object = Object::read(raw);
    let sent = object.as_ref().and_then(|object| object.some_text("type"));
    let readable = sent.is_some();
    let time = object.as_ref().and_then(|object| object.time("timestamp"));
    let body = object.as_ref().and_then(|object| object.raw("data"));
    let event = of(record, sent.unwrap_or_default(), time, body, seen);
    (event, readable)
}

/// An event of this type, with its data.
pub(super) fn of(
    record: Payload,
    type_sent: String,
    time: Option<Time>,
    body: Option<Raw<'_>>,
    seen: &mut Seen,
) -> Event {
    let mut event = Event {
        type_sent,
        raw: record,
        time,
        ..Event::default()
    };
    event.body = body.and_then(|raw| wire::span(&event.raw, raw));
    let data = body.and_then(Object::read);
    let key = data.as_ref().and_then(|data| {
        data.some_text("actionId")
            .or_else(|| data.some_text("memoryId"))
    });
    place(&mut event, key.as_deref(), seen);
    let kind = normal(&event.type_sent);
    event.kind = kind_of(&kind);
    event.at_end = is_end(&kind);
    if let Some(data) = data {
        fill(&mut event, &kind, &data);
    }
    event
}

/// Events have no id: type, time and what they are about make one; equals are told apart by count.
fn place(event: &mut Event, key: Option<&str>, seen: &mut Seen) {
    if let Some(Time(at)) = event.time {
        seen.last = at;
    }
    event.order = Order {
        at: seen.last,
        tie: seen.count,
    };
    seen.count += 1;
    let stamp = event
        .time
        .map_or_else(|| "none".to_owned(), |time| time.millis().to_string());
    let kind = if event.type_sent.is_empty() {
        "unreadable"
    } else {
        &event.type_sent
    };
    let stem = match key {
        Some(key) => id_of(kind, &stamp, key),
        None => format!("{kind}-{stamp}"),
    };
    let n = seen.ids.entry(stem.clone()).or_default();
    event.id = match (key, *n) {
        (Some(_), 0) => stem,
        (_, n) => format!("{stem}-{n}"),
    };
    *n += 1;
}

/// The id of what is about something with an id of its own; `stamp` is in epoch milliseconds.
pub(super) fn id_of(kind: &str, stamp: &str, key: &str) -> String {
    format!("{kind}-{stamp}-{key}")
}

fn kind_of(kind: &str) -> Kind {
    match kind {
        "RUN_STARTED" | "RUN_ENDED" | "RUN_COMPLETED" | "RUN_TIMEOUT" => Kind::Status,
        "ACTION_STARTED" => Kind::ToolCall,
        "ACTION_COMPLETED" => Kind::ToolResult,
        "MODEL_USED" | "EMBEDDING_EVENT" => Kind::ModelCall,
        "EVALUATOR_COMPLETED" => Kind::Data,
        _ => Kind::Unknown,
    }
}

/// Whether the server writes it when what it tells of is over.
fn is_end(kind: &str) -> bool {
    matches!(
        kind,
        "RUN_ENDED"
            | "RUN_COMPLETED"
            | "RUN_TIMEOUT"
            | "ACTION_COMPLETED"
            | "MODEL_USED"
            | "EMBEDDING_EVENT"
            | "EVALUATOR_COMPLETED"
    )
}

fn fill(event: &mut Event, kind: &str, data: &Object<'_>) {
    match kind {
        "RUN_STARTED" => run_started(event, data),
        "RUN_ENDED" | "RUN_COMPLETED" | "RUN_TIMEOUT" => run_ended(event, data),
        "ACTION_STARTED" => action(event, data),
        "ACTION_COMPLETED" => action_ended(event, data),
        "MODEL_USED" => model(event, data),
        "EMBEDDING_EVENT" => embedding(event, data),
        "EVALUATOR_COMPLETED" => evaluator(event, data),
        _ => {
            event.title = Some(event.type_sent.clone());
            let errors = data
                .array("errors")
                .is_some_and(|errors| !errors.is_empty());
            event.is_error = (errors || error_text(data, "error").is_some()).then_some(true);
        }
    }
}

fn run_started(event: &mut Event, data: &Object<'_>) {
    event.title = Some("run started".to_owned());
    event.summary = data
        .some_text("source")
        .map(|source| format!("by {source}"));
}

fn run_ended(event: &mut Event, data: &Object<'_>) {
    let status = data
        .some_text("status")
        .unwrap_or_else(|| "ended".to_owned());
    let error = error_text(data, "error");
    let bad = error.is_some() || matches!(status.as_str(), "error" | "timeout" | "failed");
    event.is_error = Some(bad);
    event.duration = data
        .millis("durationMs")
        .or_else(|| data.millis("duration"));
    event.title = Some("run ended".to_owned());
    event.summary = Some(match error {
        Some(error) => format!("{status}: {}", wire::one_line(&error, 200)),
        None => status,
    });
}

fn action(event: &mut Event, data: &Object<'_>) {
    event.tool = data
        .some_text("actionName")
        .or_else(|| data.some_text("action"));
    event.call_id = data.some_text("actionId");
    event.step_id = data.some_text("planStep");
}

fn action_ended(event: &mut Event, data: &Object<'_>) {
    action(event, data);
    let result = data.object("result");
    let said = result.as_ref().and_then(|result| result.some_text("text"));
    let error = result
        .as_ref()
        .and_then(|result| error_text(result, "error"))
        .or_else(|| error_text(data, "error"));
    event.is_error = outcome(event, data, result.as_ref(), error.is_some());
    let line = match (said, error) {
        (Some(said), Some(error)) => Some(format!("{said}: {error}")),
        (said, error) => said.or(error),
    };
    event.summary = line.map(|line| wire::one_line(&line, 200));
}

/// Whether an action failed. The server loses most results and then says success whatever happened,
/// so its yes counts only with a result; its no always does.
fn outcome(
    event: &Event,
    data: &Object<'_>,
    result: Option<&Object<'_>>,
    error: bool,
) -> Option<bool> {
    if error || data.boolean("success") == Some(false) {
        return Some(true);
    }
    let documented = event.type_sent.contains(':');
    match result {
        Some(result) => match (result.boolean("success"), result.boolean("legacy")) {
            (Some(success), _) => Some(!success),
            // A handler that gave back a bare true.
            (None, Some(true)) => Some(false),
            (None, _) => None,
        },
        None if documented => data.boolean("success").map(|success| !success),
        None => None,
    }
}

fn model(event: &mut Event, data: &Object<'_>) {
    event.tool = data.some_text("modelType");
    event.duration = data
        .millis("executionTime")
        .or_else(|| data.millis("durationMs"));
    event.tokens = tokens(data);
    let response = data.raw("response").filter(|raw| {
        raw.get().starts_with('"') && raw.get() != "\"[array]\"" && raw.get() != "\"\""
    });
    event.prose = response
        .and_then(|raw| wire::span(&event.raw, raw))
        .into_iter()
        .collect();
    let inside = data
        .object("actionContext")
        .and_then(|context| context.some_text("actionName"));
    let words = [
        data.some_text("provider")
            .map(|provider| format!("via {provider}")),
        inside.map(|action| format!("in {action}")),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    event.summary = (!words.is_empty()).then(|| words.join(" "));
}

fn embedding(event: &mut Event, data: &Object<'_>) {
    let status = data.some_text("status");
    event.title = Some("embedding".to_owned());
    event.duration = data.millis("durationMs");
    event.is_error = match status.as_deref() {
        Some("failed") => Some(true),
        Some("completed") => Some(false),
        _ => None,
    };
    // Why it failed is in the log, and must not be painted over when the run is read again.
    event.summary = status.filter(|_| event.is_error != Some(true));
}

fn evaluator(event: &mut Event, data: &Object<'_>) {
    event.title = data
        .some_text("evaluatorName")
        .or_else(|| data.some_text("evaluator"));
    event.is_error = data.boolean("success").map(|success| !success);
}

/// Tokens as plugins report them; the stock server reports none.
fn tokens(data: &Object<'_>) -> Option<Tokens> {
    let usage = data.object("usage");
    let from_usage = usage.as_ref().and_then(usage_tokens);
    let flat = Tokens {
        input: data.count("inputTokens"),
        output: data.count("outputTokens"),
        ..Tokens::default()
    };
    let spelled = data
        .object("tokens")
        .and_then(|tokens| usage_tokens(&tokens));
    from_usage.or_else(|| flat.reported()).or(spelled)
}

/// Token counts under any of the names seen.
pub(super) fn usage_tokens(usage: &Object<'_>) -> Option<Tokens> {
    let first = |names: &[&str]| names.iter().find_map(|name| usage.count(name));
    let inside = |outer: &[&str], names: &[&str]| {
        let details = outer.iter().find_map(|name| usage.object(name))?;
        names.iter().find_map(|name| details.count(name))
    };
    Tokens {
        input: first(&[
            "prompt_tokens",
            "promptTokens",
            "input_tokens",
            "inputTokens",
            "prompt",
        ]),
        output: first(&[
            "completion_tokens",
            "completionTokens",
            "output_tokens",
            "outputTokens",
            "completion",
        ]),
        total: first(&["total_tokens", "totalTokens", "total"]),
        cached: first(&["cached_tokens", "cachedTokens", "cachedInputTokens"]).or_else(|| {
            inside(
                &["prompt_tokens_details", "promptTokensDetails"],
                &["cached_tokens", "cachedTokens"],
            )
        }),
        reasoning: first(&["reasoning_tokens", "reasoningTokens"]).or_else(|| {
            inside(
                &["completion_tokens_details", "completionTokensDetails"],
                &["reasoning_tokens", "reasoningTokens"],
            )
        }),
    }
    .reported()
}
