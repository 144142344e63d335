//! From shorthand lines to messages with ids, times and the exact text of their content. A message
//! that streams is empty and `IN_PROGRESS` until it is whole, as the service stores it.

use serde_json::{Value, json};

use super::script::{Script, seed};
use crate::demo::clock::Clock;

/// One message of a task, its content as JSON text in the two states it can be seen in.
#[derive(Clone, Debug)]
pub struct Message {
    pub id: String,
    /// When it was created, an offset in seconds.
    pub at: f64,
    /// How long it streams; `None`: written in one piece; infinite: never finished.
    pub took: Option<f64>,
    pub content: String,
    /// What is stored while it streams.
    pub blank: String,
    /// Creation in milliseconds since 1970: the service sorts by this.
    pub millis: i64,
}

/// What a line of a story or a generator says, before it has an id.
#[derive(Clone, Debug)]
pub struct Draft {
    pub at: f64,
    pub took: Option<f64>,
    pub content: String,
    pub blank: String,
}

impl Draft {
    /// A message with this content, `at` seconds after the demo's start.
    pub fn new(at: f64, took: Option<f64>, content: &Value) -> Self {
        Self {
            at,
            took,
            content: content.to_string(),
            blank: blank(content).to_string(),
        }
    }
}

/// The transcript lines of a script with `times` blocks written out.
pub fn unrolled(lines: &[Value]) -> Vec<Value> {
    let mut out = Vec::new();
    for line in lines {
        let Some(times) = line.get("times").and_then(Value::as_u64) else {
            out.push(line.clone());
            continue;
        };
        for n in 1..=times {
            let block = line.get("do").map(Value::to_string).unwrap_or_default();
            let block = block.replace("{n}", &n.to_string());
            out.extend(serde_json::from_str::<Vec<Value>>(&block).unwrap_or_default());
        }
    }
    out
}

/// The messages a script's lines write, in time order. Lines that only reach the inbox are not here.
pub fn drafts(script: &Script) -> Vec<Draft> {
    let mut at = script.created;
    let mut out = Vec::new();
    for line in unrolled(&script.lines) {
        at += line.get("+").and_then(Value::as_f64).unwrap_or_default();
        let Some(content) = content(&line) else {
            continue;
        };
        let took = if line.get("stuck").is_some() {
            Some(f64::INFINITY)
        } else {
            line.get("took").and_then(Value::as_f64)
        };
        out.push(Draft::new(at, took, &content));
    }
    out
}

/// Gives drafts their ids, which rise with time and are the same at every start.
pub fn settled(drafts: Vec<Draft>, task: &str, clock: &Clock) -> Vec<Message> {
    let owner = owner(task);
    let place = |(n, draft): (usize, Draft)| Message {
        id: format!("{:08x}{owner}{n:06x}", seconds(draft.at)),
        at: draft.at,
        took: draft.took,
        millis: clock.at(draft.at).as_millisecond(),
        content: draft.content,
        blank: draft.blank,
    };
    drafts.into_iter().enumerate().map(place).collect()
}

/// The part of a message id that is the same in a whole task.
pub fn owner(task: &str) -> String {
    format!("{:010x}", seed(task) & 0xFF_FFFF_FFFF)
}

/// The clock part of an id. It counts from a fixed moment, so that ids do not depend on the start.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "offsets are some years at most, the sum stays positive and below 32 bits"
)]
fn seconds(at: f64) -> u32 {
    (f64::from(0x6B00_0000_u32) + at.floor()) as u32
}

/// The content object of a line; `None` when the line writes no message.
pub fn content(line: &Value) -> Option<Value> {
    let text = |key: &str| line.get(key).cloned().unwrap_or_default();
    if let Some(raw) = line.get("raw") {
        return Some(raw.clone());
    }
    let say = |author: &str| {
        let format = line
            .get("format")
            .cloned()
            .unwrap_or_else(|| json!("plain"));
        json!({"type": "text", "author": author, "style": "static", "format": format,
            "content": text(author), "attachments": text("files")})
    };
    if line.get("user").is_some() {
        return Some(say("user"));
    }
    if line.get("agent").is_some() {
        return Some(say("agent"));
    }
    if let Some(thought) = line.get("think") {
        let whole = if thought == "" {
            Value::Null
        } else {
            json!([thought])
        };
        let summary = line.get("summary").cloned().unwrap_or_else(|| json!([]));
        return Some(
            json!({"type": "reasoning", "author": "agent", "style": "static",
            "summary": summary, "content": whole}),
        );
    }
    if let Some(data) = line.get("data") {
        return Some(json!({"type": "data", "author": "agent", "style": "static", "data": data}));
    }
    if line.get("call").is_some() {
        return Some(
            json!({"type": "tool_request", "author": "agent", "style": "static",
            "tool_call_id": text("id"), "name": text("call"), "arguments": text("args")}),
        );
    }
    line.get("back")?;
    Some(
        json!({"type": "tool_response", "author": "agent", "style": "static",
        "tool_call_id": text("id"), "name": text("back"), "content": text("out"), "is_error": text("err")}),
    )
}

/// What the store holds of this content before the stream ends.
fn blank(content: &Value) -> Value {
    let mut empty = content.clone();
    let Some(fields) = empty.as_object_mut() else {
        return empty;
    };
    match content.get("type").and_then(Value::as_str) {
        Some("text") => fields.insert("content".into(), json!("")),
        Some("reasoning") => {
            fields.insert("summary".into(), json!([]));
            fields.insert("content".into(), json!([]))
        }
        Some("tool_request") => fields.insert("arguments".into(), json!({})),
        Some("data") => fields.insert("data".into(), json!({})),
        _ => None,
    };
    empty
}

impl Message {
    /// The message as the service answers it `elapsed` seconds after the start.
    pub fn body(&self, task: &str, clock: &Clock, elapsed: f64) -> String {
        let (content, status, updated) = match self.took {
            None => (&self.content, "null", self.at),
            Some(took) if self.at + took <= elapsed => (&self.content, "\"DONE\"", self.at + took),
            Some(_) => (&self.blank, "\"IN_PROGRESS\"", self.at),
        };
        let (created, updated) = (stored(clock, self.at), stored(clock, updated));
        format!(
            r#"{{"id":"{}","task_id":"{task}","content":{content},"streaming_status":{status},"created_at":"{created}","updated_at":"{updated}"}}"#,
            self.id
        )
    }
}

/// A time as stored messages and states spell it: milliseconds shown as six digits, no zone, and
/// no fraction at all when the milliseconds are zero.
pub fn stored(clock: &Clock, at: f64) -> String {
    let at = clock.at(at);
    if at.as_millisecond() % 1000 == 0 {
        return at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
    }
    at.strftime("%Y-%m-%dT%H:%M:%S.%3f000").to_string()
}

/// A time as every other object spells it: microseconds and `Z`.
pub fn zoned(clock: &Clock, at: f64) -> String {
    clock.at(at).strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
