//! A call that carries its own request: a tool that was given method and address, perhaps headers and a
//! body. Where one of the two is missing nothing is guessed.

use std::{collections::HashMap, fmt::Write as _};

use serde_json::{Value, value::RawValue};

use super::names::Secretly;
use crate::text::percent::encoded;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sent {
    /// In capitals.
    pub method: String,
    /// Whole, with what cannot stand in one spelled.
    pub url: String,
    /// In order.
    pub headers: Vec<(String, Secretly)>,
    /// As sent.
    pub body: Option<Vec<u8>>,
    /// Whether the body is JSON.
    pub is_json: bool,
    /// Whether it calls a tool that does what nobody knows.
    pub calls: bool,
}

type Members<'a> = HashMap<String, &'a RawValue>;

/// The request that arguments carry; none where they lack method or address.
pub(super) fn read(arguments: &[u8]) -> Option<Sent> {
    let unwrapped: String;
    let mut text = str::from_utf8(arguments).ok()?;
    if text.trim_start().starts_with('"') {
        unwrapped = serde_json::from_str(text).ok()?;
        text = &unwrapped;
    }
    let members: Members<'_> = serde_json::from_str(text).ok()?;
    request(&members).or_else(|| {
        let inner: Members<'_> = serde_json::from_str(members.get("request")?.get()).ok()?;
        request(&inner)
    })
}

fn request(members: &Members<'_>) -> Option<Sent> {
    let named = |names: &[&str]| {
        let mut found = names.iter().filter_map(|name| string(members.get(*name)?));
        found.find(|said| !said.is_empty())
    };
    let method = named(&["method", "http_method", "httpMethod", "verb"])?.to_ascii_uppercase();
    let is_method =
        (3..=10).contains(&method.len()) && method.bytes().all(|b| b.is_ascii_uppercase());
    let url = named(&["url", "uri", "endpoint"])?;
    let is_web = ["http://", "https://"].iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    });
    (is_method && is_web).then_some(())?;
    let mut headers = members
        .get("headers")
        .map(|raw| listed(raw))
        .unwrap_or_default();
    headers.retain(|(name, value)| is_token(name) && !value.contains(['\r', '\n', '\0']));
    let (body, is_json) = match body(members) {
        Some((body, is_json)) => (Some(body), is_json),
        None => (None, false),
    };
    let has_type = headers
        .iter()
        .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    if is_json && !has_type {
        headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
    }
    let headers = headers
        .into_iter()
        .map(|(name, value)| (name, Secretly::Sent(value)));
    Some(Sent {
        url: address(&url, members),
        method,
        headers: headers.collect(),
        body,
        is_json,
        calls: false,
    })
}

/// What the body is, and whether it is JSON.
fn body(members: &Members<'_>) -> Option<(Vec<u8>, bool)> {
    let raw = ["body", "json", "data", "payload"]
        .iter()
        .find_map(|name| members.get(*name))?;
    match raw.get().as_bytes().first() {
        Some(b'n') => None,
        Some(b'"') => {
            let said = string(raw)?;
            let is_json =
                serde_json::from_str::<&RawValue>(&said).is_ok() && said.starts_with(['{', '[']);
            Some((said.into_bytes(), is_json))
        }
        _ => Some((raw.get().as_bytes().to_vec(), true)),
    }
}

/// An object of names and values, or a list of pairs or of objects that have a name and a value.
fn listed(raw: &RawValue) -> Vec<(String, String)> {
    let scalar = |value: &Value| match value {
        Value::String(said) => Some(said.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    match serde_json::from_str::<Value>(raw.get()) {
        Ok(Value::Object(members)) => {
            let pairs = members
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), scalar(value)?)));
            pairs.collect()
        }
        Ok(Value::Array(rows)) => {
            let pairs = rows.iter().filter_map(|row| {
                let (name, value) = match row {
                    Value::Array(pair) => (pair.first()?, pair.get(1)?),
                    _ => (
                        row.get("name").or_else(|| row.get("key"))?,
                        row.get("value")?,
                    ),
                };
                Some((name.as_str()?.to_owned(), scalar(value)?))
            });
            pairs.collect()
        }
        _ => Vec::new(),
    }
}

/// The address with the parameters that were given apart from it.
fn address(url: &str, members: &Members<'_>) -> String {
    let mut address = String::with_capacity(url.len());
    for letter in url.chars() {
        if letter.is_ascii_graphic() {
            address.push(letter);
        } else {
            address.push_str(&encoded(&letter.to_string()));
        }
    }
    let given = ["params", "query", "query_params"]
        .iter()
        .find_map(|name| members.get(*name));
    for (name, value) in given.map(|raw| listed(raw)).unwrap_or_default() {
        address.push(if address.contains('?') { '&' } else { '?' });
        let _ = write!(address, "{}={}", encoded(&name), encoded(&value));
    }
    address
}

fn string(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

/// Whether a header may be called so.
fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
