//! Replies spoilt on purpose: one place at a time and every way, or many places at random. A reader
//! may show less of them; it may not fail, loop, panic or drop a record's bytes.

use std::cell::RefCell;
use std::collections::HashMap;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestCaseError, TestError, TestRunner};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sortie::model::{Batch, Payload, Record};

/// Checks a JSON document with each of its places (members of objects and elements of arrays, at every
/// level) removed, nulled, and given a value of each other type in turn. `check` is told what was done
/// (`/data/0/name removed`) and gets the spoilt document.
pub fn each_spoilt(fixture: &[u8], mut check: impl FnMut(&str, &[u8])) {
    let whole: Value = serde_json::from_slice(fixture).unwrap();
    for place in places(&whole) {
        let sound = whole.pointer(&place).unwrap();
        for (name, value) in spoils(sound) {
            let mut spoilt = whole.clone();
            match value {
                Some(value) => *spoilt.pointer_mut(&place).unwrap() = value,
                None => remove(&mut spoilt, &place),
            }
            check(&format!("{place} {name}"), spoilt.to_string().as_bytes());
        }
    }
}

/// Checks `cases` documents made from a JSON document by a few random changes each: values swapped,
/// doubled, nested, removed, renamed, replaced, bytes flipped, the end cut off. The same at every run;
/// what fails is told with as few changes as still fail.
pub fn mutated(fixture: &[u8], cases: u32, check: impl FnMut(&[u8])) {
    let whole: Value = serde_json::from_slice(fixture).unwrap();
    let check = RefCell::new(check);
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let seed = proptest::test_runner::RngAlgorithm::ChaCha;
    let rng = proptest::test_runner::TestRng::deterministic_rng(seed);
    let outcome = TestRunner::new_with_rng(config, rng).run(&changes(), |changes| {
        let body = changed(&whole, &changes);
        (check.borrow_mut())(&body);
        Ok::<(), TestCaseError>(())
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, changes)) => {
            let body = changed(&whole, &changes);
            let body = String::from_utf8_lossy(&body).into_owned();
            panic!("{reason}\n{changes:?}\n{body}");
        }
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

/// Asserts that each element of the array at `list` (a JSON pointer, empty for the whole document) lies
/// in some row or extra of the batch with its very bytes. A document without such an array has nothing
/// to lose.
pub fn assert_nothing_lost(did: &str, body: &[u8], list: &str, batch: &Batch) {
    let kept = kept(batch);
    for record in listed(body, list) {
        let found = kept.iter().any(|raw| {
            let text = std::str::from_utf8(raw.bytes()).unwrap();
            text.contains(record.as_str())
        });
        assert!(found, "{did}: lost {record}");
    }
}

/// The elements of the array at `list`, each with its very bytes.
fn listed(body: &[u8], list: &str) -> Vec<String> {
    let mut at: &RawValue = serde_json::from_slice(body).unwrap();
    for name in list.split('/').skip(1) {
        let Ok(members) = serde_json::from_str::<HashMap<String, &RawValue>>(at.get()) else {
            return Vec::new();
        };
        let Some(inner) = members.get(name) else {
            return Vec::new();
        };
        at = inner;
    }
    let elements: Vec<&RawValue> = serde_json::from_str(at.get()).unwrap_or_default();
    elements.iter().map(|raw| raw.get().to_owned()).collect()
}

fn kept(batch: &Batch) -> Vec<&Payload> {
    let mut all = Vec::new();
    for row in &batch.rows {
        match row.record() {
            Record::Mission(mission) => {
                all.push(&mission.raw);
                all.extend(mission.extras.iter().map(|extra| &extra.raw));
            }
            Record::Run(run) => {
                all.push(&run.raw);
                all.extend(run.extras.iter().map(|extra| &extra.raw));
            }
            Record::Step(step) => all.push(&step.raw),
            Record::Event(event) => all.push(&event.raw),
            Record::Elsewhere(elsewhere) => all.push(&elsewhere.event.raw),
        }
    }
    all
}

/// The JSON pointers of all places but the whole document, outermost first.
fn places(whole: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), whole)];
    while let Some((at, value)) = open.pop() {
        let inside: Vec<(String, &Value)> = match value {
            Value::Object(members) => members
                .iter()
                .map(|(name, value)| {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    (format!("{at}/{name}"), value)
                })
                .collect(),
            Value::Array(elements) => elements
                .iter()
                .enumerate()
                .map(|(i, value)| (format!("{at}/{i}"), value))
                .collect(),
            _ => Vec::new(),
        };
        found.extend(inside.iter().map(|(at, _)| at.clone()));
        open.extend(inside);
    }
    found
}

/// Every way to spoil one value, but not into itself; none is removed.
fn spoils(sound: &Value) -> Vec<(&'static str, Option<Value>)> {
    let mut all = vec![("removed", None)];
    let values = [
        ("nulled", Value::Null),
        ("a string", json!("spoilt")),
        ("a blank string", json!(" ")),
        ("a number", json!(7)),
        ("a negative number", json!(-1)),
        ("a huge number", json!(1e300)),
        ("a boolean", json!(true)),
        ("an array", json!([["spoilt"], 7, null])),
        ("an empty array", json!([])),
        ("an object", json!({"spoilt": {"error": [1]}, "data": 7})),
        ("an empty object", json!({})),
    ];
    let other = values.into_iter().filter(|(_, value)| value != sound);
    all.extend(other.map(|(name, value)| (name, Some(value))));
    all
}

fn remove(whole: &mut Value, place: &str) {
    let (above, name) = place.rsplit_once('/').unwrap();
    match whole.pointer_mut(above).unwrap() {
        Value::Object(members) => {
            let name = name.replace("~1", "/").replace("~0", "~");
            members.shift_remove(&name);
        }
        Value::Array(elements) => {
            elements.remove(name.parse().unwrap());
        }
        _ => {}
    }
}

/// One random change of a document.
#[derive(Clone, Debug)]
enum Change {
    /// One place gets a copy of another.
    Copy(Index, Index),
    /// Two places change theirs; not if one lies in the other.
    Swap(Index, Index),
    Remove(Index),
    /// An element comes twice, or a member under one more name.
    Double(Index),
    /// The value gets so many arrays around it.
    Nest(Index, u8),
    Replace(Index, usize),
    /// After all else, of the text: a byte becomes another.
    Byte(Index, u8),
    /// The text ends here.
    Cut(Index),
}

/// Seldom one that breaks the JSON itself: that is one refusal, whatever else is in it.
fn changes() -> impl Strategy<Value = Vec<Change>> {
    let at = any::<Index>;
    let one = prop_oneof![
        6 => (at(), at()).prop_map(|(to, from)| Change::Copy(to, from)),
        6 => (at(), at()).prop_map(|(a, b)| Change::Swap(a, b)),
        6 => at().prop_map(Change::Remove),
        4 => at().prop_map(Change::Double),
        3 => (at(), 1..40_u8).prop_map(|(place, depth)| Change::Nest(place, depth)),
        8 => (at(), 0..64_usize).prop_map(|(place, which)| Change::Replace(place, which)),
        1 => (at(), any::<u8>()).prop_map(|(place, byte)| Change::Byte(place, byte)),
        1 => at().prop_map(Change::Cut),
    ];
    proptest::collection::vec(one, 1..8)
}

fn changed(whole: &Value, changes: &[Change]) -> Vec<u8> {
    let mut value = whole.clone();
    for change in changes {
        let all = places(&value);
        if !all.is_empty() {
            apply(change, &all, &mut value);
        }
    }
    let mut text = value.to_string().into_bytes();
    for change in changes {
        match change {
            Change::Byte(place, byte) if !text.is_empty() => *place.get_mut(&mut text) = *byte,
            Change::Cut(place) if !text.is_empty() => text.truncate(place.index(text.len())),
            _ => {}
        }
    }
    text
}

fn chosen<'a>(index: &Index, places: &'a [String]) -> &'a str {
    index.get::<String>(places)
}

fn apply(change: &Change, places: &[String], whole: &mut Value) {
    match change {
        Change::Copy(to, from) => {
            let copy = whole.pointer(chosen(from, places)).unwrap().clone();
            *whole.pointer_mut(chosen(to, places)).unwrap() = copy;
        }
        Change::Swap(a, b) => {
            let (a, b) = (chosen(a, places), chosen(b, places));
            let inside = |a: &str, b: &str| format!("{a}/").starts_with(&format!("{b}/"));
            if !inside(a, b) && !inside(b, a) {
                let first = whole.pointer(a).unwrap().clone();
                let second = std::mem::replace(whole.pointer_mut(b).unwrap(), first);
                *whole.pointer_mut(a).unwrap() = second;
            }
        }
        Change::Remove(place) => remove(whole, chosen(place, places)),
        Change::Double(place) => {
            let place = chosen(place, places);
            let copy = whole.pointer(place).unwrap().clone();
            let (above, name) = place.rsplit_once('/').unwrap();
            match whole.pointer_mut(above).unwrap() {
                Value::Array(elements) => elements.push(copy),
                Value::Object(members) => {
                    members.insert(format!("{name}s"), copy);
                }
                _ => {}
            }
        }
        Change::Nest(place, depth) => {
            let inner = whole.pointer_mut(chosen(place, places)).unwrap();
            for _ in 0..*depth {
                *inner = Value::Array(vec![inner.take()]);
            }
        }
        Change::Replace(place, which) => {
            let inner = whole.pointer_mut(chosen(place, places)).unwrap();
            let all = spoils(inner);
            let value = all[which % all.len()].1.clone();
            *inner = value.unwrap_or_else(|| json!("\u{1b}]0;\u{7f}\u{202e}\u{0}"));
        }
        Change::Byte(..) | Change::Cut(_) => {}
    }
}

#[test]
fn a_document_is_spoilt_everywhere_and_stays_json() {
    let (mut count, mut seen) = (0, std::collections::BTreeSet::new());
    each_spoilt(br#"{"a":[{"b/c":"x"}],"d":7}"#, |did, body| {
        serde_json::from_slice::<Value>(body).unwrap();
        seen.insert(did.split(' ').next().unwrap().to_owned());
        count += 1;
    });
    let all: Vec<_> = seen.iter().map(String::as_str).collect();
    assert_eq!(all, ["/a", "/a/0", "/a/0/b~1c", "/d"]);
    // Twelve ways each, one of which leaves 7 as it is.
    assert_eq!(count, 47);
}

#[test]
fn random_changes_are_the_same_every_time() {
    let made = || {
        let mut all = Vec::new();
        let fixture = br#"{"data":[{"id":"a","n":1},{"id":"b"}],"meta":{"total":2}}"#;
        mutated(fixture, 50, |body| all.push(body.to_vec()));
        all
    };
    let first = made();
    assert_eq!(first.len(), 50);
    assert_eq!(first, made());
}
