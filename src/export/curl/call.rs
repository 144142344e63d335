//! A call that carries its own request: a tool that was given method and address, perhaps headers and a
//! body. Where one of the two is missing nothing is guessed.

use std::{
    borrow::Cow,
    collections::HashMap,
    fmt::{self, Write as _},
};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

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
    let text = unwrapped(arguments)?;
    let members: Members<'_> = serde_json::from_str(&text).ok()?;
    request(&members).or_else(|| {
        let inner: Members<'_> = serde_json::from_str(members.get("request")?.get()).ok()?;
        request(&inner)
    })
}

/// Arguments as JSON; those in a string are what the string says. None where they are no text.
pub(super) fn unwrapped(arguments: &[u8]) -> Option<Cow<'_, str>> {
    let text = str::from_utf8(arguments).ok()?.trim();
    let said = text.starts_with('"').then(|| serde_json::from_str(text));
    Some(match said {
        Some(said) => Cow::Owned(said.ok()?),
        None => Cow::Borrowed(text),
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
    (is_method && is_web(&url)).then_some(())?;
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

/// Whether an address is one that curl is to be given.
pub(super) fn is_web(url: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// What the body is, and whether it is JSON.
fn body(members: &Members<'_>) -> Option<(Vec<u8>, bool)> {
    let raw = ["body", "json", "data", "payload"]
        .iter()
        .filter_map(|name| members.get(*name))
        // Who names a body that is null sends none, or has it under another name.
        .find(|raw| raw.get() != "null")?;
    match raw.get().as_bytes().first() {
        Some(b'"') => {
            let said = string(raw)?;
            let is_json =
                serde_json::from_str::<&RawValue>(&said).is_ok() && said.starts_with(['{', '[']);
            Some((said.into_bytes(), is_json))
        }
        _ => Some((raw.get().as_bytes().to_vec(), true)),
    }
}

/// An object of names and values, or a list of pairs or of objects that have a name and a value. Where a
/// value is a list the name is meant once for each. Numbers are as they were written.
pub(super) fn listed(raw: &RawValue) -> Vec<(String, String)> {
    let text = raw.get();
    if let Ok(Pairs(pairs)) = serde_json::from_str(text) {
        let all = pairs.into_iter().flat_map(|(name, value)| {
            let values = scalars(value).into_iter();
            values.map(move |value| (name.clone(), value))
        });
        return all.collect();
    }
    let rows: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
    let pairs = rows.into_iter().filter_map(|row| {
        let pair: Option<(&RawValue, &RawValue)> = serde_json::from_str(row.get()).ok();
        let (name, value) = if let Some(pair) = pair {
            pair
        } else {
            let members: Members<'_> = serde_json::from_str(row.get()).ok()?;
            let name = members.get("name").or_else(|| members.get("key"))?;
            (*name, *members.get("value")?)
        };
        Some((string(name)?, scalars(value)))
    });
    let all = pairs.flat_map(|(name, values)| {
        let values = values.into_iter();
        values.map(move |value| (name.clone(), value))
    });
    all.collect()
}

/// What a value says, or each of a list of them, objects as their JSON; nothing for null.
pub(super) fn scalars(raw: &RawValue) -> Vec<String> {
    let scalar = |raw: &RawValue| match raw.get().as_bytes().first() {
        Some(b'"') => string(raw),
        Some(b'n') | None => None,
        Some(_) => Some(raw.get().to_owned()),
    };
    match serde_json::from_str::<Vec<&RawValue>>(raw.get()) {
        Ok(rows) => rows.into_iter().filter_map(scalar).collect(),
        Err(_) => scalar(raw).into_iter().collect(),
    }
}

/// The members of an object in their order, also those of one name.
struct Pairs<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(InOrder).map(Pairs)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = members.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}

/// The members of an object in their order; none where it is no object.
pub(super) fn pairs(text: &str) -> Option<Vec<(String, &RawValue)>> {
    let Pairs(pairs) = serde_json::from_str(text).ok()?;
    Some(pairs)
}

/// An object of these members, each value as it was written.
pub(super) fn object(pairs: &[(String, &RawValue)]) -> String {
    let members = pairs
        .iter()
        .map(|(name, value)| format!("{}:{}", serde_json::Value::from(name.as_str()), value.get()));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

/// An address with what cannot stand in one spelled.
pub(super) fn spelled(url: &str) -> String {
    let mut address = String::with_capacity(url.len());
    for letter in url.chars() {
        if letter.is_ascii_graphic() {
            address.push(letter);
        } else {
            address.push_str(&encoded(&letter.to_string()));
        }
    }
    address
}

/// The address with the parameters that were given apart from it.
fn address(url: &str, members: &Members<'_>) -> String {
    let address = spelled(url);
    let given = ["params", "query", "query_params"]
        .iter()
        .find_map(|name| members.get(*name));
    with_query(address, &given.map(|raw| listed(raw)).unwrap_or_default())
}

/// An address with these parameters behind those that it has.
pub(super) fn with_query(mut address: String, pairs: &[(String, String)]) -> String {
    // What is behind a `#` is never sent, and parameters there would not be either.
    let behind = address.find('#').map(|at| address.split_off(at));
    for (name, value) in pairs {
        address.push(if address.contains('?') { '&' } else { '?' });
        let _ = write!(address, "{}={}", encoded(name), encoded(value));
    }
    address + behind.as_deref().unwrap_or_default()
}

pub(super) fn string(raw: &RawValue) -> Option<String> {
    serde_json::from_str(raw.get()).ok()
}

/// Whether a header may be called so.
pub(super) fn is_token(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}
