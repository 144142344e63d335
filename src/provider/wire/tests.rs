//! Spellings of times, members, payloads, and what is no JSON.

use super::*;

fn raw(text: &str) -> Box<RawValue> {
    RawValue::from_string(text.to_owned()).unwrap()
}

#[test]
fn every_spelling_of_one_instant_is_the_same_time() {
    let expected = Time(1_795_166_597_761_000_000);
    for spelled in [
        "1795166597761",
        "\"1795166597761\"",
        "1795166597.761",
        "\"2026-11-20T09:23:17.761Z\"",
        "\"2026-11-20T09:23:17.761\"",
        "\"2026-11-20T09:23:17.761000000000Z\"",
        "\"2026-11-20T10:23:17.761+01:00\"",
        "\"2026-11-20 09:23:17.761\"",
    ] {
        assert_eq!(time(&raw(spelled)), Some(expected), "{spelled}");
    }
    for nothing in [
        "null", "\"\"", "\"soon\"", "{}", "[]", "true", "1e400", "1e300", "-9e17",
    ] {
        assert!(
            serde_json::from_str::<&RawValue>(nothing).is_err() || time(&raw(nothing)).is_none(),
            "{nothing}"
        );
    }
}

#[test]
fn members_keep_order_and_the_last_duplicate_wins() {
    let raw = raw(r#"{"b":1,"a":"x","b":"2","n":null,"bad\ud800key":true}"#);
    let object = Object::read(&raw).unwrap();
    assert_eq!(object.members().len(), 5);
    assert_eq!(object.count("b"), Some(2));
    assert_eq!(object.text_of("a").as_deref(), Some("x"));
    assert!(object.raw("n").is_none());
    assert!(object.raw("missing").is_none());
}

#[test]
fn a_lone_surrogate_loses_one_character_not_the_string() {
    assert_eq!(
        text(&raw(r#""a\ud83dz""#)).map(|t| t.ends_with('z')),
        Some(true)
    );
}

#[test]
fn deep_nesting_is_passed_over() {
    let deep = format!(
        r#"{{"id":"x","data":{}1{}}}"#,
        "[".repeat(50_000),
        "]".repeat(50_000)
    );
    let raw = raw(&deep);
    assert_eq!(
        Object::read(&raw).unwrap().text_of("id").as_deref(),
        Some("x")
    );
}

#[test]
fn a_payload_shares_the_body() {
    let body = Bytes::from_static(br#"{"data":{"text":"hi"}}"#);
    let reply = Reply {
        status: 200,
        body: &body,
        received: Time(0),
    };
    let whole = super::body(&reply).unwrap();
    let data = Object::read(whole).unwrap().raw("data").unwrap();
    let record = payload(&reply, data);
    assert_eq!(record.bytes().as_ptr(), body[8..].as_ptr());
    let text = Object::read(data).unwrap().raw("text").unwrap();
    assert_eq!(record.part(span(&record, text).unwrap()), b"\"hi\"");
}

#[test]
fn what_is_not_json_is_named() {
    for (body, word) in [
        ("", "empty"),
        ("<html>", "HTML"),
        ("{\"a\":", "broken JSON at line 1"),
    ] {
        let body = Bytes::copy_from_slice(body.as_bytes());
        let reply = Reply {
            status: 200,
            body: &body,
            received: Time(0),
        };
        assert!(super::body(&reply).unwrap_err().to_string().contains(word));
    }
}
