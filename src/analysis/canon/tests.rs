//! What counts as the same, and what does not.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::model::{Payload, Span};

fn event(body: &[u8]) -> Event {
    Event {
        body: Span::new(0, body.len()),
        raw: Payload::new(Bytes::copy_from_slice(body)),
        ..Event::default()
    }
}

fn same_arguments(a: &str, b: &str) -> bool {
    arguments(&event(a.as_bytes())) == arguments(&event(b.as_bytes()))
}

fn same_outcome(a: &str, b: &str) -> bool {
    outcome(&event(a.as_bytes())) == outcome(&event(b.as_bytes()))
}

#[test]
fn arguments_are_the_same_value_however_they_are_written() {
    for (a, b) in [
        (r#"{"a":1,"b":[1,2]}"#, r#"{ "b" : [1, 2], "a" : 1.0 }"#),
        (r#"{"a":1}"#, r#""{\"a\":1}""#),
        (r#"{"a":{"x":1}}"#, r#"{"a":"{\"x\": 1}"}"#),
        (r#"{"caf\u00e9":"\u00e9"}"#, r#"{"café":"é"}"#),
        ("0", "-0.0"),
        (
            r#"{"tool":"pay.refund","charge":"ch_77","call_id":"call_9f2"}"#,
            r#"{"tool":"pay.refund","charge":"ch_77","call_id":"call_a01"}"#,
        ),
        (r#"{"a":1,"idempotency_key":"k1"}"#, r#"{"a":1}"#),
        ("not json", " not json "),
        ("", ""),
    ] {
        assert!(same_arguments(a, b), "{a} {b}");
    }
    for (a, b) in [
        (r#"{"a":1}"#, r#"{"a":2}"#),
        (r#"{"a":1}"#, r#"{"b":1}"#),
        (r#"{"a":1}"#, r#"{"a":"1"}"#),
        ("[1,2]", "[2,1]"),
        ("[[1],2]", "[[1,2]]"),
        (r#"{"a":{"b":1}}"#, r#"{"a":1,"b":1}"#),
        (r#"{"a":1,"b":2}"#, r#"{"a":2,"b":1}"#),
        ("{}", "[]"),
        ("null", r#""null""#),
        ("9007199254740993", "9007199254740992"),
        (r#"{"id":"r1"}"#, r#"{"id":"r2"}"#),
        (
            r#"{"hang_up":{"call_id":"c1"}}"#,
            r#"{"hang_up":{"call_id":"c2"}}"#,
        ),
        ("{broken", "{broke"),
    ] {
        assert!(!same_arguments(a, b), "{a} {b}");
    }
}

#[test]
fn outcomes_are_the_same_but_for_ids_times_and_hashes() {
    for (a, b) in [
        (
            r#"{"request_id":"a1","createdAt":1,"took_ms":12,"state":"declined"}"#,
            r#"{"state":"declined","took_ms":9,"createdAt":2,"request_id":"b2"}"#,
        ),
        (
            r#""declined at 2026-11-21T03:02:11Z (req_8f3a91c02b), 132ms""#,
            r#""declined at 2026-11-21T03:04:59.25Z (req_11ffa0932c), 87ms""#,
        ),
        (
            r#"{"etag":"x","body":"0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08"}"#,
            r#"{"etag":"y","body":"5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4"}"#,
        ),
        (
            r#"{"call_id":"call_9f2","error":"card declined (call_9f2)"}"#,
            r#"{"call_id":"call_a01","error":"card declined (call_a01)"}"#,
        ),
        ("1795230131", "1795230999"),
        ("[1795230131000]", "[1795230999123]"),
    ] {
        assert!(same_outcome(a, b), "{a} {b}");
    }
    for (a, b) in [
        (r#"{"state":"queued"}"#, r#"{"state":"done"}"#),
        (r#"{"progress":10}"#, r#"{"progress":20}"#),
        (r#"{"price":1290}"#, r#"{"price":1390}"#),
        (r#""3 rows""#, r#""4 rows""#),
        (r#"{"paid":true}"#, r#"{"paid":false}"#),
        (r#"{"format":"a"}"#, r#"{"format":"b"}"#),
    ] {
        assert!(!same_outcome(a, b), "{a} {b}");
    }
}

#[test]
fn large_payloads_count_by_their_ends() {
    let long = |last: &str| {
        format!(
            "{{\"pad\":\"{}\",\"last\":\"{last}\"}}",
            "x".repeat(100_000)
        )
    };
    assert!(same_arguments(&long("a"), &long("a")));
    assert!(!same_arguments(&long("a"), &long("b")));
    assert!(same_outcome(&long("a"), &long("a")));
    assert!(!same_outcome(&long("a"), &long("b")));
}

#[test]
fn an_id_ties_a_call_to_its_result() {
    let id = |body: &str| inner_id(&event(body.as_bytes()));
    assert_eq!(id(r#"{"id":"c1","call_id":"x"}"#), id(r#"{"call_id":"x"}"#));
    assert_eq!(
        id(r#"{"arguments":{"id":7}}"#),
        id(r#"{"id":"7","ok":true}"#)
    );
    assert_eq!(id(r#""{\"id\":\"7\"}""#), id(r#"{"id":7}"#));
    assert_eq!(id(r#"{"a":{"id":"x"},"id":"y"}"#), id(r#"{"id":"y"}"#));
    for none in [
        "",
        "null",
        "[1]",
        r#"{"a":{"b":{"id":1}}}"#,
        r#"{"id":" "}"#,
        r#"{"id":null}"#,
    ] {
        assert_eq!(id(none), None, "{none}");
    }
    assert_ne!(id(r#"{"id":1}"#), id(r#"{"id":2}"#));
}

proptest! {
    #[test]
    fn any_bytes_have_a_hash(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
        let event = event(&bytes);
        prop_assert_eq!(arguments(&event), arguments(&event));
        prop_assert_eq!(outcome(&event), outcome(&event));
        inner_id(&event);
    }

    #[test]
    fn the_order_of_keys_is_of_no_account(pairs in proptest::collection::btree_map("[a-z]{1,4}", any::<i32>(), 0..6)) {
        let write = |pairs: Vec<String>| format!("{{{}}}", pairs.join(","));
        let forth = pairs.iter().map(|(key, value)| format!("\"{key}\":{value}"));
        let back = pairs.iter().rev().map(|(key, value)| format!(" \"{key}\" : {value}"));
        prop_assert!(same_arguments(&write(forth.collect()), &write(back.collect())));
    }
}
