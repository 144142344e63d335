//! Paging as the service does it: `limit` 1 to 100 with 10 as default, opaque page keys of some
//! 170 characters, and a key even on the last page of events. A key counts rows from the newest,
//! so events that arrive between two pages push rows over the edge and are sent twice.

use std::collections::HashMap;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::refusal::Refusal;

/// One page as asked for: which list, where it begins, how long it is.
pub(super) struct Page<'a> {
    list: &'a str,
    skip: usize,
    limit: usize,
}

impl<'a> Page<'a> {
    /// The page that a request names. A key of another list is refused.
    pub(super) fn asked(
        list: &'a str,
        params: &HashMap<String, String>,
        most: usize,
    ) -> Result<Self, Refusal> {
        let limit = match params.get("limit") {
            None => 10,
            Some(word) => word
                .parse()
                .ok()
                .filter(|limit| (1..=most).contains(limit))
                .ok_or_else(|| Refusal::bad("limit", &format!("must be between 1 and {most}")))?,
        };
        let skip = match params.get("page_key").filter(|key| !key.is_empty()) {
            None => 0,
            Some(key) => {
                opened(list, key).ok_or_else(|| Refusal::bad("page_key", "is not valid"))?
            }
        };
        Ok(Self { list, skip, limit })
    }

    /// The reply: the rows of this page under `name`. With `trailing` even the last page that has
    /// rows carries a key, which leads to an empty page.
    pub(super) fn cut<T: AsRef<str>>(&self, name: &str, rows: &[T], trailing: bool) -> String {
        let rest = rows.get(self.skip..).unwrap_or_default();
        let shown = rest.get(..self.limit).unwrap_or(rest);
        let more = rest.len() > shown.len() || (trailing && !shown.is_empty());
        let size: usize = shown.iter().map(|row| row.as_ref().len() + 1).sum();
        let mut body = String::with_capacity(size + 256);
        body.push_str("{\"");
        body.push_str(name);
        body.push_str("\":[");
        for (index, row) in shown.iter().enumerate() {
            if index > 0 {
                body.push(',');
            }
            body.push_str(row.as_ref());
        }
        body.push_str("],\"metadata\":{");
        if more {
            body.push_str("\"page_key\":\"");
            body.push_str(&sealed(self.list, self.skip + shown.len()));
            body.push('"');
        }
        body.push_str("}}");
        body
    }
}

/// Whether name or description hold the `filter`, if there is one.
pub(super) fn matches(params: &HashMap<String, String>, head: &Map<String, Value>) -> bool {
    let Some(wanted) = params.get("filter") else {
        return true;
    };
    ["name", "description"]
        .iter()
        .filter_map(|field| head.get(*field)?.as_str())
        .any(|text| text.contains(wanted.as_str()))
}

fn sealed(list: &str, skip: usize) -> String {
    let mut plain = format!("{skip}|{list}|");
    while plain.len() < 126 {
        plain.push('~');
    }
    URL_SAFE_NO_PAD.encode(plain)
}

fn opened(list: &str, key: &str) -> Option<usize> {
    let plain = String::from_utf8(URL_SAFE_NO_PAD.decode(key).ok()?).ok()?;
    let mut parts = plain.split('|');
    let skip = parts.next()?.parse().ok()?;
    (parts.next()? == list).then_some(skip)
}
