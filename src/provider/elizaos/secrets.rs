//! An agent's stored record without its secrets. The server sends `settings.secrets`, normally
//! encrypted but sometimes plain, with a copy of its own environment in it; nothing of it may come
//! into the model. Everything else stays as it was sent.

use bytes::Bytes;

use crate::model::Payload;
use crate::provider::wire::{self, Object, Raw};

/// What lies deeper than this in a record is not looked into.
const DEPTH: u8 = 32;

/// The record's bytes, always a copy: a slice would keep the whole reply, with the secrets in it.
pub(super) fn payload(raw: Raw<'_>) -> Payload {
    let kept = without(raw, DEPTH);
    let bytes = kept.map_or_else(|| Bytes::copy_from_slice(raw.get().as_bytes()), Bytes::from);
    Payload::new(bytes)
}

/// The value without members named `secrets`, wherever they lie; none where it has none.
fn without(raw: Raw<'_>, depth: u8) -> Option<String> {
    let Some(depth) = depth.checked_sub(1) else {
        return has_secrets(raw.get()).then(|| "null".to_owned());
    };
    if let Some(object) = Object::read(raw) {
        return of_object(&object, depth);
    }
    if let Some(items) = wire::array(raw) {
        let inner: Vec<Option<String>> = items.iter().map(|item| without(item, depth)).collect();
        inner.iter().any(Option::is_some).then(|| {
            let kept = inner.into_iter().zip(&items);
            let kept = kept.map(|(inner, item)| inner.unwrap_or_else(|| item.get().to_owned()));
            format!("[{}]", kept.collect::<Vec<_>>().join(","))
        })
    } else {
        // Settings that were stored as text. A sentence that mentions secrets is none.
        let text = wire::text(raw).filter(|text| text.trim_start().starts_with(['{', '[', '"']))?;
        has_secrets(&text).then(|| "null".to_owned())
    }
}

fn of_object(object: &Object<'_>, depth: u8) -> Option<String> {
    let mut changed = false;
    let mut kept = Vec::new();
    for (key, value) in object.members() {
        if key.eq_ignore_ascii_case("secrets") {
            changed = true;
            continue;
        }
        let inner = without(value, depth);
        changed |= inner.is_some();
        let value = inner.unwrap_or_else(|| value.get().to_owned());
        kept.push(format!("{}:{value}", serde_json::Value::from(&**key)));
    }
    changed.then(|| format!("{{{}}}", kept.join(",")))
}

fn has_secrets(text: &str) -> bool {
    text.to_ascii_lowercase().contains("secrets") || text.contains("\\u")
}
