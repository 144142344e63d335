//! The service's own words when it says no. It has several shapes for them; the first of `message`
//! and `detail` is meant for people, though a 422 is debug text.

use crate::model::Reply;
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// Longest message that is passed on.
const LONGEST: usize = 300;

/// What a reply without success says.
pub fn refusal(reply: &Reply<'_>) -> ReadError {
    let Ok(whole) = wire::body(reply) else {
        return ReadError::Said(plain(reply));
    };
    let Some(words) = Object::read(whole).and_then(|object| words_of(&object)) else {
        return ReadError::Said(wire::one_line(whole.get(), LONGEST));
    };
    // This body is the web framework's: the path, not the object, is unknown.
    if reply.status == 404 && words == "Not Found" {
        return ReadError::Said("Not Found: this server has no such path".to_owned());
    }
    ReadError::Said(words)
}

/// Whether a reply means that this server does not have the path at all (it is older, or the feature is
/// switched off), as opposed to an object that does not exist.
pub fn is_no_route(reply: &Reply<'_>) -> bool {
    reply.status == 404 && words(reply).is_none_or(|words| words == "Not Found")
}

/// The words of a refusal, where it has some.
pub fn words(reply: &Reply<'_>) -> Option<String> {
    words_of(&Object::read(wire::body(reply).ok()?)?)
}

/// A success that is not what was asked for.
pub fn foreign(whole: Raw<'_>, expected: &str) -> ReadError {
    if let Some(object) = Object::read(whole).filter(is_refusal) {
        return ReadError::Said(words_of(&object).unwrap_or_default());
    }
    let sort = match whole.get().as_bytes().first() {
        Some(b'{') => "an object of another shape",
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        _ => "a bare value",
    };
    ReadError::Foreign(format!("{sort} where {expected} was expected"))
}

/// Whether an object is an error body: words, and none of what a record has.
pub fn is_refusal(object: &Object<'_>) -> bool {
    object.raw("id").is_none() && object.raw("content").is_none() && words_of(object).is_some()
}

pub(super) fn words_of(object: &Object<'_>) -> Option<String> {
    let words = object
        .some_text("message")
        .or_else(|| object.some_text("detail"));
    let words = words.or_else(|| details(&object.array("detail")?))?;
    Some(wire::one_line(&words, LONGEST))
}

/// `[{"loc": …, "msg": …}]`, which the service documents for bad parameters and does not send.
fn details(items: &[Raw<'_>]) -> Option<String> {
    let text = |item: &Raw<'_>| wire::text(item).or_else(|| Object::read(item)?.some_text("msg"));
    let all: Vec<String> = items.iter().filter_map(text).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// The words of a body that is no JSON.
fn plain(reply: &Reply<'_>) -> String {
    let text = String::from_utf8_lossy(reply.body);
    if text.trim_start().starts_with('<') {
        return "a page of HTML instead of the service's words".to_owned();
    }
    if text.trim().is_empty() {
        return "no words, an empty body".to_owned();
    }
    wire::one_line(&text, LONGEST)
}
