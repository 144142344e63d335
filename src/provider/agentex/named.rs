//! What an id alone names: a message, an event of an inbox, or a span. Each has an address of its own and
//! tells its task; one after the other is tried, since an id does not say which it is.

use std::sync::Arc;

use super::{single, wire::Object};
use crate::{
    model::{Ask, Batch, Elsewhere, Event, Record, Reply, Request, Row},
    provider::ReadError,
};

/// Where each is, in the order in which they are tried.
const WAYS: [&str; 3] = ["/messages/{}", "/events/{}", "/spans/{}"];

/// The request for a way; none behind the last. What is no UUID can only be a message.
pub(super) fn request(id: &str, way: u8) -> Option<Request> {
    let is_uuid = id.len() == 36 && id.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
    let template = WAYS.get(usize::from(way)).filter(|_| is_uuid || way == 0)?;
    Some(Request::get(template, &[id]))
}

/// What was there; where nothing was, the next way.
pub(super) fn read(id: &Arc<str>, way: u8, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let mut batch = Batch::default();
    if reply.status == 404 {
        let next = way.saturating_add(1);
        batch.next = request(id, next).map(|_| Ask::Named {
            id: Arc::clone(id),
            way: next,
        });
        return Ok(batch);
    }
    let raw = single(reply)?;
    let task = Object::read(raw).and_then(|object| object.text_of("task_id"));
    if let Some(task) = task {
        let event = Event {
            id: id.to_string(),
            ..Event::default()
        };
        let found = Box::new(Elsewhere {
            mission: String::new(),
            run: task,
            event,
        });
        batch.rows.push(Row::Full(Record::Elsewhere(found)));
    }
    Ok(batch)
}
