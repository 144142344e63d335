//! Attributes of spans: names and values as the conventions write them. What a value says is for whoever
//! makes it.

use super::wire::{AnyValue, KeyValue, Value};
use crate::model::{Time, Tokens};

/// Bytes of one attribute; of more, the beginning.
const LONGEST: usize = 1 << 20;

impl KeyValue {
    /// A text.
    pub(super) fn text(key: &str, value: &str) -> Self {
        Self::of(key, Value::Text(value.to_owned()))
    }

    pub(super) fn int(key: &str, value: u64) -> Self {
        Self::of(key, Value::Int(i64::try_from(value).unwrap_or(i64::MAX)))
    }

    pub(super) fn flag(key: &str) -> Self {
        Self::of(key, Value::Flag(true))
    }

    pub(super) fn of(key: &str, value: Value) -> Self {
        Self {
            key: key.to_owned(),
            value: Some(AnyValue { value: Some(value) }),
        }
    }

    /// Whether it is more than an empty text.
    pub(super) fn says_something(&self) -> bool {
        let value = self.value.as_ref().and_then(|any| any.value.as_ref());
        !matches!(value, Some(Value::Text(text)) if text.is_empty())
    }
}

/// What a run or a call used, as far as it is told.
pub(super) fn usage(tokens: Option<Tokens>, put: &mut Vec<KeyValue>) {
    let Some(tokens) = tokens else {
        return;
    };
    let told = [
        ("gen_ai.usage.input_tokens", tokens.input),
        ("gen_ai.usage.output_tokens", tokens.output),
        ("gen_ai.usage.cache_read.input_tokens", tokens.cached),
        ("gen_ai.usage.reasoning.output_tokens", tokens.reasoning),
        ("sortie.usage.total_tokens", tokens.total),
    ];
    let known = told.into_iter().filter_map(|(key, n)| Some((key, n?)));
    put.extend(known.map(|(key, n)| KeyValue::int(key, n)));
}

/// A text that is not longer than one attribute may be, and whether that took something away.
pub(super) fn cut(mut text: String) -> (String, bool) {
    if text.len() <= LONGEST {
        return (text, false);
    }
    let mut end = LONGEST;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    (text, true)
}

/// Nanoseconds since 1970; what was before is 0.
pub(super) fn nanos(time: Time) -> u64 {
    u64::try_from(time.0).unwrap_or(0)
}
