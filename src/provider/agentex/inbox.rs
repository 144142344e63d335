//! The inbox of an async agent: what was sent to it, each record immutable and numbered over the whole
//! server. The agent usually repeats what it got as a message, so these rows name themselves inbox and
//! never pass for the transcript.

use super::content::Content;
use super::derived_id;
use super::message::tie;
use crate::model::{Event, Kind, Order, Reply};
use crate::provider::wire::{self, Object, Raw};

/// The event of an inbox record, and whether it could be read.
pub fn event(reply: &Reply<'_>, raw: Raw<'_>) -> (Event, bool) {
    let bytes = wire::payload(reply, raw);
    let Some(record) = Object::read(raw) else {
        let id = derived_id(raw.get());
        let unread = Event {
            order: order(0, None, &id),
            id,
            type_sent: "event".to_owned(),
            raw: bytes,
            ..Event::default()
        };
        return (unread, false);
    };
    let id = record.some_text("id");
    let id = id.unwrap_or_else(|| derived_id(raw.get()));
    let time = record.time("created_at");
    let mut event = Event {
        order: order(time.map_or(0, |time| time.0), sequence(&record), &id),
        id,
        time,
        raw: bytes,
        ..Event::default()
    };
    let readable = fill(&record, &mut event);
    (event, readable)
}

/// Numbers have 64 bits: a float would join neighbours.
fn sequence(record: &Object<'_>) -> Option<u64> {
    record.some_text("sequence_id")?.trim().parse().ok()
}

fn order(at: i64, sequence: Option<u64>, id: &str) -> Order {
    Order {
        at,
        tie: sequence.unwrap_or_else(|| tie(id)),
    }
}

fn fill(record: &Object<'_>, event: &mut Event) -> bool {
    let Some(raw) = record.raw("content") else {
        event.kind = Kind::Data;
        "event".clone_into(&mut event.type_sent);
        event.title = Some("inbox: wake-up".to_owned());
        event.summary = Some("(no content)".to_owned());
        return true;
    };
    let Some(object) = Object::read(raw) else {
        "event".clone_into(&mut event.type_sent);
        event.body = wire::span(&event.raw, raw);
        return false;
    };
    let bytes = event.raw.clone();
    Content { bytes, object }.fill(event);
    let sort = std::mem::take(&mut event.type_sent);
    let what = event.title.take().or_else(|| event.tool.clone());
    event.title = Some(format!("inbox: {}", what.as_deref().unwrap_or(&sort)));
    event.type_sent = format!("event:{sort}");
    true
}
