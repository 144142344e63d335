//! What must not come into the model is left out of a record here; everything else stays as it was sent.

use super::wire::Object;

/// The object without the members of that name; none where there is nothing to leave out.
pub(super) fn without(object: &Object<'_>, name: &str) -> Option<String> {
    let is_secret = |key: &str| key.eq_ignore_ascii_case(name);
    if !object.members().iter().any(|(key, _)| is_secret(key)) {
        return None;
    }
    let kept = object.members().iter().filter(|(key, _)| !is_secret(key));
    let kept: Vec<String> = kept
        .map(|(key, value)| format!("{}:{}", serde_json::Value::from(&**key), value.get()))
        .collect();
    Some(format!("{{{}}}", kept.join(",")))
}
