//! A mission. It has no status of its own; its tools, knowledge bases and servers are promised for the
//! single read but not typed there, so they are taken where they come along and asked for else.

use super::asides;
use crate::model::{Fact, Mission, Record, Reply};
use crate::provider::wire::{self, Object, Raw};

/// The mission that `raw` is; none without an id.
pub(super) fn read(reply: &Reply<'_>, raw: Raw<'_>) -> Option<Record> {
    let object = Object::read(raw)?;
    let id = object.some_text("mission_id")?;
    let mut facts = Vec::new();
    for (label, member) in [
        ("model", "model"),
        ("execution", "execution_mode"),
        ("instructions", "instructions"),
    ] {
        let text = object.some_text(member);
        facts.extend(text.map(|value| Fact {
            label,
            value,
            of: None,
        }));
    }
    let (owned, extras) = asides::came_along(reply, &object);
    facts.extend(owned);
    Some(Record::Mission(Mission {
        name: object.some_text("name").unwrap_or_else(|| id.clone()),
        id,
        description: object.some_text("description"),
        status: None,
        created_at: object.time("created_at"),
        updated_at: object.time("updated_at"),
        facts,
        extras,
        raw: wire::payload(reply, raw),
    }))
}
