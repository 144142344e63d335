//! A message is an event. What it says is kept as spans of its bytes. Messages carry no agent, only
//! an author, so no event claims to know which agent of a task wrote it.

use std::collections::HashSet;

use super::derived_id;
use crate::model::{Event, Kind, Order, Payload, Reply, Span, Time};
use crate::provider::wire::{self, Object, Raw};

/// Reads the messages of one reply, in the order sent.
pub struct Reader<'r> {
    reply: &'r Reply<'r>,
    /// Where the row before lay; for rows that tell nothing of time.
    last: i64,
    newest: Option<i64>,
    oldest: Option<i64>,
    derived: HashSet<String>,
}

impl<'r> Reader<'r> {
    pub fn new(reply: &'r Reply<'r>) -> Self {
        let derived = HashSet::new();
        Self {
            reply,
            last: 0,
            newest: None,
            oldest: None,
            derived,
        }
    }

    /// The latest creation read, as `Order::at`.
    pub fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// The earliest creation read, as `Order::at`.
    pub fn oldest(&self) -> Option<i64> {
        self.oldest
    }

    /// The event of a TaskMessage, and whether it could be read.
    pub fn event(&mut self, raw: Raw<'_>) -> (Event, bool) {
        let bytes = wire::payload(self.reply, raw);
        let Some(message) = Object::read(raw) else {
            let id = self.stand_in(raw);
            let order = Order {
                at: self.last,
                tie: tie(&id),
            };
            return (
                Event {
                    id,
                    order,
                    raw: bytes,
                    ..Event::default()
                },
                false,
            );
        };
        let id = message.some_text("id");
        let time = message.time("created_at");
        let at = self.place(time, &message, id.as_deref());
        let id = id.unwrap_or_else(|| self.stand_in(raw));
        let order = Order { at, tie: tie(&id) };
        let updated = message.time("updated_at");
        let streamed = message.text_of("streaming_status").as_deref() == Some("DONE");
        let mut event = Event {
            id,
            order,
            time,
            duration: updated
                .zip(time)
                .filter(|_| streamed)
                .and_then(|(end, start)| end.since(start)),
            raw: bytes,
            ..Event::default()
        };
        let readable = if let Some(content) = message.object("content") {
            Content {
                bytes: event.raw.clone(),
                object: content,
            }
            .fill(&mut event);
            true
        } else {
            event.body = message
                .raw("content")
                .and_then(|part| wire::span(&event.raw, part));
            false
        };
        let unwritten = message.text_of("streaming_status").as_deref() == Some("IN_PROGRESS");
        if unwritten && event.prose.iter().all(|part| part.end - part.start <= 2) {
            event.summary = Some("(still being written)".to_owned());
        }
        (event, readable)
    }

    /// The service sorts by creation cut to milliseconds. Without one: the second that the id was
    /// made in, else the place of the row before.
    fn place(&mut self, time: Option<Time>, message: &Object<'_>, id: Option<&str>) -> i64 {
        if let Some(time) = time {
            let at = time.millis().saturating_mul(1_000_000);
            self.newest = Some(self.newest.map_or(at, |newest| newest.max(at)));
            self.oldest = Some(self.oldest.map_or(at, |oldest| oldest.min(at)));
            self.last = at;
        } else if let Some(time) = message.time("updated_at").or_else(|| made_in(id?)) {
            self.last = time.millis().saturating_mul(1_000_000);
        }
        self.last
    }

    /// Two equal records without ids are still two records.
    fn stand_in(&mut self, raw: Raw<'_>) -> String {
        let first = derived_id(raw.get());
        let mut id = first.clone();
        let mut n = 1;
        while !self.derived.insert(id.clone()) {
            n += 1;
            id = format!("{first}-{n}");
        }
        id
    }
}

/// Ids are 24 hexadecimal digits that rise with time: of equal times their last 16 decide. An id of
/// another form decides by its beginning.
fn tie(id: &str) -> u64 {
    let digits = id.get(8..24).filter(|_| id.len() == 24);
    digits
        .and_then(|digits| u64::from_str_radix(digits, 16).ok())
        .unwrap_or_else(|| {
            let head = id.bytes().chain(std::iter::repeat(0)).take(8);
            head.fold(0, |tie, byte| tie << 8 | u64::from(byte))
        })
}

/// The first 8 digits of such an id are seconds since 1970.
fn made_in(id: &str) -> Option<Time> {
    let seconds = id.get(..8).filter(|_| id.len() == 24)?;
    let seconds = i64::from_str_radix(seconds, 16).ok()?;
    Time::from_millis(seconds.checked_mul(1000)?)
}

/// The content of a message, and the record that it lies in.
struct Content<'a> {
    bytes: Payload,
    object: Object<'a>,
}

impl Content<'_> {
    /// Fills in what the content tells. An unknown type keeps the whole content as its body.
    fn fill(&self, event: &mut Event) {
        event.type_sent = self.object.text_of("type").unwrap_or_default();
        match event.type_sent.as_str() {
            "text" => self.text(event),
            "reasoning" => self.reasoning(event),
            "data" => self.data(event),
            "tool_request" => {
                event.kind = Kind::ToolCall;
                self.tool(event);
                event.body = self.span("arguments");
            }
            "tool_response" => {
                event.kind = Kind::ToolResult;
                self.tool(event);
                event.body = self.span_or_null("content");
                event.is_error = self.failed();
            }
            _ => event.body = self.bytes.span_of(self.object.text().as_bytes()),
        }
    }

    fn text(&self, event: &mut Event) {
        event.kind = Kind::Message;
        event.title = self
            .object
            .some_text("author")
            .map(|author| match author.as_str() {
                "agent" => "assistant".to_owned(),
                _ => author,
            });
        let said = self.object.raw("content");
        event.prose = said.and_then(|raw| self.string(raw)).into_iter().collect();
        let files = self.object.array("attachments").unwrap_or_default();
        if files.is_empty() {
            event.body = if event.prose.is_empty() {
                self.span("content")
            } else {
                None
            };
            return;
        }
        event.body = self.span("attachments");
        let noun = if files.len() == 1 { "file" } else { "files" };
        let line = said.and_then(wire::text).unwrap_or_default();
        let line = wire::one_line(line.lines().next().unwrap_or_default(), 200);
        event.summary = Some(format!("{line} +{} {noun}", files.len()).trim().to_owned());
    }

    /// The thought itself, else its summary: both repeat each other.
    fn reasoning(&self, event: &mut Event) {
        event.kind = Kind::Reasoning;
        let parts = |name: &str| -> Vec<Span> {
            let Some(raw) = self.object.raw(name) else {
                return Vec::new();
            };
            let parts = wire::array(raw).unwrap_or_else(|| vec![raw]);
            parts
                .into_iter()
                .filter_map(|part| self.string(part))
                .filter(|span| span.end - span.start > 2)
                .collect()
        };
        event.prose = parts("content");
        if event.prose.is_empty() {
            event.prose = parts("summary");
        }
        if event.prose.is_empty() {
            event.summary = Some("(no text)".to_owned());
            event.body = self.span("content").or_else(|| self.span("summary"));
        }
    }

    fn data(&self, event: &mut Event) {
        event.kind = Kind::Data;
        event.body = self.span("data");
        let Some(data) = self.object.object("data") else {
            return;
        };
        let sort = data
            .raw("type")
            .filter(|raw| raw.get().starts_with('"'))
            .and_then(wire::text);
        event.summary = sort.filter(|sort| !sort.trim().is_empty()).or_else(|| {
            let keys: Vec<&str> = data
                .members()
                .iter()
                .take(5)
                .map(|(key, _)| key.as_str())
                .collect();
            (!keys.is_empty()).then(|| keys.join(", "))
        });
    }

    fn tool(&self, event: &mut Event) {
        event.tool = self.object.some_text("name");
        event.call_id = self.object.some_text("tool_call_id");
    }

    /// `is_error` where it is reported. Besides that the service's own screen calls a result failed
    /// whose `status` is `error`, in an object or in a string that holds one.
    fn failed(&self) -> Option<bool> {
        let result = self.object.raw("content");
        if result.is_some_and(says_error) {
            return Some(true);
        }
        self.object.boolean("is_error")
    }

    /// Where a member lies; none when it is absent or null.
    fn span(&self, name: &str) -> Option<Span> {
        wire::span(&self.bytes, self.object.raw(name)?)
    }

    /// The same for a member whose null is an answer.
    fn span_or_null(&self, name: &str) -> Option<Span> {
        let member = self
            .object
            .members()
            .iter()
            .rev()
            .find(|(key, _)| key == name);
        member.and_then(|(_, raw)| wire::span(&self.bytes, raw))
    }

    /// Where a string lies; none for any other value.
    fn string(&self, raw: Raw<'_>) -> Option<Span> {
        wire::span(&self.bytes, raw).filter(|_| raw.get().starts_with('"'))
    }
}

fn says_error(result: Raw<'_>) -> bool {
    let object_says = |object: &Object<'_>| {
        object
            .some_text("status")
            .is_some_and(|status| status.eq_ignore_ascii_case("error"))
    };
    if let Some(object) = Object::read(result) {
        return object_says(&object);
    }
    let Some(text) = wire::text(result).filter(|text| text.trim_start().starts_with('{')) else {
        return false;
    };
    let parsed: Option<Raw<'_>> = serde_json::from_str(&text).ok();
    parsed
        .and_then(Object::read)
        .is_some_and(|object| object_says(&object))
}
