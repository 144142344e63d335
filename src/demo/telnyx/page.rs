//! What a request may ask: the page by number, filters by one exact value each, ids that have to be
//! UUIDs. Faults are collected and told together, as the framework behind the service does.

use std::ops::Range;

use serde_json::{Value, json};

const LARGEST: usize = 1_000;

/// Which page of a list, from 1.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page {
    pub(super) number: usize,
    pub(super) size: usize,
}

impl Page {
    /// The rows of this page in a list of `total`.
    pub(super) fn range(self, total: usize) -> Range<usize> {
        let from = (self.number - 1).saturating_mul(self.size).min(total);
        from..from.saturating_add(self.size).min(total)
    }
}

/// One thing that did not validate.
#[derive(Debug)]
pub(super) struct Fault {
    place: [String; 2],
    kind: &'static str,
    message: String,
    input: String,
}

impl Fault {
    fn query(name: &str, kind: &'static str, message: &str, input: &str) -> Self {
        Self {
            place: ["query".to_owned(), name.to_owned()],
            kind,
            message: message.to_owned(),
            input: input.to_owned(),
        }
    }

    pub(super) fn told(&self) -> Value {
        json!({"type": self.kind, "loc": self.place, "msg": self.message, "input": self.input})
    }
}

/// The query of a request, percent-decoded; the last of equal names counts.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn parse(raw: Option<&str>) -> Self {
        let pairs = url::form_urlencoded::parse(raw.unwrap_or_default().as_bytes());
        Self(pairs.into_owned().collect())
    }

    /// A parameter's value.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().rev().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether a row with this member passes the filter of that name; no filter passes all.
    pub(super) fn lets(&self, name: &str, member: Option<&str>) -> bool {
        self.value(name).is_none_or(|asked| member == Some(asked))
    }

    /// The asked page, or everything that is wrong with it.
    pub(super) fn page(&self, default_size: usize) -> Result<Page, Vec<Fault>> {
        let number = self.positive("page[number]", 1, usize::MAX);
        let size = self.positive("page[size]", default_size, LARGEST);
        match (number, size) {
            (Ok(number), Ok(size)) => Ok(Page { number, size }),
            (number, size) => Err([number.err(), size.err()].into_iter().flatten().collect()),
        }
    }

    fn positive(&self, name: &str, default: usize, most: usize) -> Result<usize, Fault> {
        let Some(text) = self.value(name) else {
            return Ok(default);
        };
        let Ok(number) = text.parse::<i64>() else {
            let say = "Input should be a valid integer, unable to parse string as an integer";
            return Err(Fault::query(name, "int_parsing", say, text));
        };
        match usize::try_from(number) {
            Ok(n) if n > most => {
                let say = format!("Input should be less than or equal to {most}");
                Err(Fault::query(name, "less_than_equal", &say, text))
            }
            Ok(n) if n > 0 => Ok(n),
            _ => {
                let say = "Input should be greater than or equal to 1";
                Err(Fault::query(name, "greater_than_equal", say, text))
            }
        }
    }
}

/// The ids among these named path segments that are no UUIDs.
pub(super) fn not_uuids(ids: &[(&str, &str)]) -> Vec<Fault> {
    let wrong = ids.iter().filter(|(_, id)| !is_uuid(id));
    wrong
        .map(|(name, id)| Fault {
            place: ["path".to_owned(), (*name).to_owned()],
            kind: "uuid_parsing",
            message: "Input should be a valid UUID".to_owned(),
            input: (*id).to_owned(),
        })
        .collect()
}

fn is_uuid(id: &str) -> bool {
    id.len() == 36
        && id.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
