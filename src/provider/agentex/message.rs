//! A message is an event. What it says is kept as spans of its bytes. Messages carry no agent, only
//! an author, so no event claims to know which agent of a task wrote it.

use std::collections::HashSet;

use super::content::Content;
use super::derived_id;
use crate::model::{Event, Order, Reply, Time};
use crate::provider::wire::{self, Object, Raw};

/// A message as an event.
pub struct Told {
    pub event: Event,
    /// Whether it could be read at all.
    pub readable: bool,
    /// Whether it is still being written: what is stored of its content until then is empty.
    pub unwritten: bool,
}

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

    /// The event of a TaskMessage.
    pub fn event(&mut self, raw: Raw<'_>) -> Told {
        let bytes = wire::payload(self.reply, raw);
        let Some(message) = Object::read(raw) else {
            return self.unreadable(raw);
        };
        let id = message.some_text("id");
        let time = message.time("created_at").and_then(cut);
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
        if unwritten && says_nothing(&event) {
            event.summary = Some("(still being written)".to_owned());
        }
        Told {
            event,
            readable,
            unwritten,
        }
    }

    fn unreadable(&mut self, raw: Raw<'_>) -> Told {
        let id = self.stand_in(raw);
        let order = Order {
            at: self.last,
            tie: tie(&id),
        };
        let event = Event {
            id,
            order,
            raw: wire::payload(self.reply, raw),
            ..Event::default()
        };
        Told {
            event,
            readable: false,
            unwritten: false,
        }
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

/// Whether there is no word and no payload in it yet.
fn says_nothing(event: &Event) -> bool {
    let payload = event.body.map_or(&b""[..], |body| event.raw.part(body));
    let is_blank = matches!(payload, b"" | b"{}" | b"[]" | b"\"\"" | b"null");
    is_blank && event.prose.iter().all(|part| part.end - part.start <= 2)
}

/// The same message has microseconds when it is created and milliseconds ever after.
fn cut(time: Time) -> Option<Time> {
    Time::from_millis(time.millis())
}

/// Ids are 24 hexadecimal digits that rise with time: of equal times their last 16 decide. An id of
/// another form decides by its beginning.
pub fn tie(id: &str) -> u64 {
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
