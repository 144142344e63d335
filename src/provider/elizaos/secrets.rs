//! An agent's stored record without its secrets. The server sends `settings.secrets`, normally
//! encrypted but sometimes plain, with a copy of its own environment in it; nothing of it may come
//! into the model. Everything else stays as it was sent.

use bytes::Bytes;

use crate::model::{Payload, Reply};
use crate::provider::wire::{self, Object, Raw};

/// Where a record may hold settings inside.
const INSIDE: [&str; 3] = ["settings", "character", "agent"];

/// The record's bytes; a copy only where something had to be left out.
pub(super) fn payload(reply: &Reply<'_>, raw: Raw<'_>) -> Payload {
    match without(raw, 4) {
        Some(kept) => Payload::new(Bytes::from(kept)),
        None => wire::payload(reply, raw),
    }
}

/// The object without members named `secrets`; none where it has none.
fn without(raw: Raw<'_>, depth: u8) -> Option<String> {
    let object = Object::read(raw)?;
    let depth = depth.checked_sub(1)?;
    let mut changed = false;
    let mut kept = Vec::new();
    for (key, value) in object.members() {
        if key.eq_ignore_ascii_case("secrets") {
            changed = true;
            continue;
        }
        let inner = INSIDE
            .contains(&key.as_str())
            .then(|| without(value, depth))
            .flatten();
        changed |= inner.is_some();
        let value = inner.unwrap_or_else(|| value.get().to_owned());
        kept.push(format!("{}:{value}", serde_json::Value::from(key.as_str())));
    }
    changed.then(|| format!("{{{}}}", kept.join(",")))
}
