//! Which paths there are in payloads, gathered from some of them: what a prompt offers, and what a path that
//! leads nowhere was probably meant as. It looks at so many bytes, keeps so many paths, and no value.

use std::{collections::BTreeSet, ops::Bound};

use super::{
    Answers, OperationFacts, Query, case::payload, path::is_name, reach::ROOT, value::quote,
};
use crate::{
    analysis::OpKind,
    model::EventView,
    text::json::{Scanner, Shape, Sort, unquote},
};

/// Paths that are kept.
const MOST: usize = 4_000;
/// Levels that are looked into, and strings within strings that are read as JSON.
const DEEPEST: usize = 12;
const NESTED: usize = 2;
/// Bytes of one payload that are looked through.
const HEAD: usize = 64 << 10;
/// Bytes of payloads that are looked through for what was meant.
const BYTES: usize = 8 << 20;
/// How alike two paths must be for one to be meant by the other.
const ALIKE: f64 = 0.75;

/// Paths of payloads, each as it is written behind `payload`; elements of lists are `.*`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    paths: BTreeSet<String>,
    /// Bytes that may still be looked through.
    left: usize,
}

impl Keys {
    /// None yet, of so many bytes at most.
    pub fn within(bytes: usize) -> Self {
        Self {
            left: bytes,
            ..Self::default()
        }
    }

    /// Whether no more is looked at.
    pub fn is_full(&self) -> bool {
        self.left == 0 || self.paths.len() >= MOST
    }

    /// Looks at a payload, or at the beginning of a large one.
    pub fn look(&mut self, json: &[u8]) {
        if self.is_full() {
            return;
        }
        let json = json.get(..HEAD).unwrap_or(json);
        self.left = self.left.saturating_sub(json.len().max(64));
        self.gather(json, "", NESTED);
    }

    /// A path that leads nowhere with the nearest one there is: `payload.amuont (payload.amount?)`.
    pub fn instead_of(&self, path: &str) -> String {
        let path = path.strip_suffix(":*").unwrap_or(path);
        let nearest = path.strip_prefix(ROOT).and_then(|path| self.nearest(path));
        match nearest {
            Some(nearest) => format!("{path} ({ROOT}{nearest}?)"),
            None => path.to_owned(),
        }
    }

    fn gather(&mut self, json: &[u8], around: &str, nested: usize) {
        let mut path = around.to_owned();
        // Where the path of each open container ends, and whether it is a list.
        let mut open: Vec<(usize, bool)> = Vec::new();
        for token in Scanner::new(json) {
            let Ok(token) = token else { return };
            let said = json.get(token.start..token.end).unwrap_or_default();
            if matches!(token.sort, Sort::Close(_)) {
                open.pop();
                continue;
            }
            match (token.sort, open.last()) {
                (Sort::Key, Some((end, _))) => {
                    path.truncate(*end);
                    step(&mut path, &unquote(said));
                    continue;
                }
                (_, Some((end, true))) => {
                    path.truncate(*end);
                    path.push_str(".*");
                }
                _ => {}
            }
            let known = path.len() == around.len() || self.paths.contains(path.as_str());
            if !known && open.len() <= DEEPEST && self.paths.len() < MOST {
                self.paths.insert(path.clone());
            }
            match token.sort {
                Sort::Open(shape) => open.push((path.len(), shape == Shape::Array)),
                Sort::String if nested > 0 && opens(said) => {
                    self.gather(unquote(said).as_bytes(), &path, nested - 1);
                }
                _ => {}
            }
        }
    }

    /// The names that stand right below a path (`""` is the payload itself) and need no quotes, with
    /// whether there is more below them.
    pub fn below(&self, path: &str) -> Vec<(&str, bool)> {
        let begins = format!("{}.", any_element(path));
        let from = (Bound::Included(begins.as_str()), Bound::Unbounded);
        let all = self.paths.range::<str, _>(from);
        let within = all.map_while(|known| known.strip_prefix(begins.as_str()));
        let mut names: Vec<(&str, bool)> = Vec::new();
        for rest in within {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let (name, more) = rest.split_at(end);
            match names.iter_mut().find(|(known, _)| *known == name) {
                Some((_, holds)) => *holds |= !more.is_empty(),
                None => names.push((name, !more.is_empty())),
            }
        }
        names
    }

    /// The path that one which leads nowhere was probably meant as; both as they are written behind
    /// `payload`.
    pub fn nearest(&self, path: &str) -> Option<&str> {
        let path = any_element(path);
        let last = last(&path);
        let likeness = |known: &str| {
            let name = self::last(known);
            let whole = strsim::jaro_winkler(&path, known);
            // A name that is right in the wrong place is nearer than a wrong one.
            whole.max(strsim::jaro_winkler(last, name) * 0.95)
        };
        let alike = self.paths.iter().map(|known| (likeness(known), known));
        let near = alike.filter(|(likeness, _)| *likeness > ALIKE);
        near.max_by(|(a, one), (b, other)| a.total_cmp(b).then(other.len().cmp(&one.len())))
            .map(|(_, known)| known.as_str())
    }
}

/// The same with `.*` where an element is named by its number.
fn any_element(path: &str) -> String {
    let mut plain = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        plain.push_str(before);
        let number = after.split_once(']').filter(|(inside, _)| {
            let digits = inside.bytes().all(|b| b.is_ascii_digit());
            *inside == "*" || digits && !inside.is_empty()
        });
        if let Some((_, behind)) = number {
            plain.push_str(".*");
            rest = behind;
        } else {
            plain.push('[');
            rest = after;
        }
    }
    plain + rest
}

/// Paths that queries ask about, and whether payloads have them: what exists nowhere is said, with what was
/// probably meant.
#[derive(Debug)]
pub struct Paths {
    /// Each asks whether there is such a thing.
    asked: Vec<Query>,
    met: Vec<bool>,
    keys: Keys,
    looked: usize,
}

impl Paths {
    /// Those of a query.
    pub fn of(query: &Query) -> Self {
        let asked = query.paths();
        Self {
            met: vec![false; asked.len()],
            asked,
            keys: Keys::within(BYTES),
            looked: 0,
        }
    }

    /// Looks at an event, as long as something is still to be found.
    pub fn look(&mut self, event: EventView<'_>) {
        self.looked += 1;
        if self.met.iter().all(|met| *met) {
            return;
        }
        let facts = OperationFacts {
            events: &[event],
            kind: OpKind::of(event.kind),
            step: None,
            told: None,
        };
        for (path, met) in self.asked.iter().zip(&mut self.met) {
            *met = *met || path.passes(&Answers::default(), &facts);
        }
        self.keys.look(payload(&event));
    }

    /// What is to be said of each path that none of the events had; nothing where there were none.
    pub fn told(&self) -> Vec<String> {
        let absent = self.asked.iter().zip(&self.met);
        let absent = absent.filter(|(_, met)| !**met && self.looked > 0);
        absent
            .map(|(path, _)| self.keys.instead_of(&path.to_string()))
            .collect()
    }
}

/// Writes the step to a member.
fn step(path: &mut String, name: &str) {
    if is_name(name) {
        path.push('.');
        path.push_str(name);
        return;
    }
    path.push('[');
    // A string takes whatever is written to it.
    let _ = quote(path, name);
    path.push(']');
}

/// The last name of a path.
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// Whether a string begins like JSON.
fn opens(literal: &[u8]) -> bool {
    let inside = literal.get(1..).unwrap_or_default().trim_ascii_start();
    matches!(inside.first(), Some(b'{' | b'[' | b'\\'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(payloads: &[&str]) -> Keys {
        let mut keys = Keys::within(1 << 20);
        for payload in payloads {
            keys.look(payload.as_bytes());
        }
        keys
    }

    #[test]
    fn paths_are_told_as_a_query_writes_them() {
        let keys = keys(&[
            r#"{"amount": 3, "charge": {"id": "x", "a b": {"c": 1}}, "items": [{"sku": 1}, 2]}"#,
            r#"{"amount": 4, "said": "{\"code\": 402}", "cut": [1, "#,
        ]);
        let told: Vec<&str> = keys.paths.iter().map(String::as_str).collect();
        assert_eq!(
            told,
            [
                ".amount",
                ".charge",
                ".charge.id",
                ".charge[\"a b\"]",
                ".charge[\"a b\"].c",
                ".cut",
                ".cut.*",
                ".items",
                ".items.*",
                ".items.*.sku",
                ".said",
                ".said.code",
            ]
        );
        assert_eq!(
            keys.below(""),
            [
                ("amount", false),
                ("charge", true),
                ("cut", true),
                ("items", true),
                ("said", true)
            ]
        );
        assert_eq!(keys.below(".charge"), [("id", false)]);
        assert_eq!(keys.below(".items"), [("*", true)]);
        for path in [".items.*", ".items[0]", ".items[*]"] {
            assert_eq!(keys.below(path), [("sku", false)], "{path}");
        }
        assert_eq!(keys.below(".none"), []);
    }

    #[test]
    fn what_leads_nowhere_has_a_nearest_path() {
        let keys = keys(&[r#"{"charge": {"amount": 3, "currency": "EUR"}, "state": 1}"#]);
        for (path, nearest) in [
            (".amount", Some(".charge.amount")),
            (".charge.ammount", Some(".charge.amount")),
            (".stat", Some(".state")),
            (".curency", Some(".charge.currency")),
            (".zzz", None),
        ] {
            assert_eq!(keys.nearest(path), nearest, "{path}");
        }
    }

    #[test]
    fn no_more_is_looked_at_than_is_allowed() {
        let mut keys = Keys::within(100);
        keys.look(br#"{"a": 1, "b": "........................................................."}"#);
        assert!(!keys.is_full());
        keys.look(br#"{"c": 1}"#);
        keys.look(br#"{"d": 1}"#);
        let names: Vec<&str> = keys.below("").into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["a", "b", "c"]);
    }
}
