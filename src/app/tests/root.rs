//! The payload of a row in the forms that a value has: what `yv ys yk yp yb yq` give of a row of the list.

use super::{reading::tool, *};
use crate::model::Span;

/// An event whose payload is that part of its record.
fn with_body(id: &str, raw: &str, body: &str) -> Record {
    let start = raw.find(body).unwrap();
    Record::Event(Event {
        id: id.to_owned(),
        kind: Kind::Data,
        time: Some(Time(NOW.0)),
        raw: Payload::new(Bytes::copy_from_slice(raw.as_bytes())),
        body: Span::new(start, start + body.len()),
        ..Event::default()
    })
}

/// The answer to the call of the tool `find`.
fn answer(raw: &str, body: &str) -> Record {
    match (
        tool("r1", 2, Kind::ToolResult, "find"),
        with_body("r1", raw, body),
    ) {
        (Record::Event(event), Record::Event(said)) => Record::Event(Event {
            raw: said.raw,
            body: said.body,
            ..event
        }),
        other => panic!("{other:?}"),
    }
}

/// What the keys give of the first row: a text and what it is, or a sentence.
fn gives(record: Record, keys: &str) -> Result<(String, String), String> {
    let mut app = opened(vec![record]);
    press(&mut app, "j");
    given(&mut app, keys)
}

fn given(app: &mut App, keys: &str) -> Result<(String, String), String> {
    let effect = match press(app, keys).pop() {
        Some(Effect::Print(effect)) => *effect,
        Some(effect) => effect,
        None => return Err(app.notice.as_ref().unwrap().text.clone()),
    };
    let (text, what) = match effect {
        Effect::Copy { text, what } => (text, what),
        Effect::LayOut(order) => {
            let what = order.what.clone();
            (carry::lay_out(*order), what)
        }
        Effect::Gather(order) => {
            let what = order.what.clone();
            (carry::picks::gather(*order), what)
        }
        other => panic!("{other:?}"),
    };
    Ok((String::from_utf8(text).unwrap(), what.into_owned()))
}

const NESTED: &str = r#"{"id":"e","list":[0,{"the payload": {"a":1.50, "a":"x"}}]}"#;
const SAID: &str = r#"{"id":"e","say":"two\nlines \"and\" more"}"#;

#[test]
fn a_row_gives_its_payload_in_every_form() {
    let body = r#"{"a":1.50, "a":"x"}"#;
    for (key, expected) in [
        ("v", r#"{"a":1.50,"a":"x"}"#),
        ("k", "the payload"),
        ("p", r#".list[1]["the payload"]"#),
        ("b", r#"["list"][1]["the payload"]"#),
        ("q", r#".list[1]["the payload"]"#),
    ] {
        for verb in ["y", "p"] {
            let (text, _) = gives(with_body("e", NESTED, body), &format!("{verb} {key}")).unwrap();
            assert_eq!(text, expected, "{verb}{key}");
        }
    }
    let text = |keys| gives(with_body("e", SAID, r#""two\nlines \"and\" more""#), keys);
    assert_eq!(text("y s").unwrap().0, "two\nlines \"and\" more");
    assert_eq!(text("y v").unwrap().0, r#""two\nlines \"and\" more""#);
    assert_eq!(text("y q").unwrap().0, ".say");
}

#[test]
fn of_an_answered_call_it_is_the_answer_as_for_yy() {
    let mut app = reading::on_screen(vec![
        tool("c1", 1, Kind::ToolCall, "find"),
        answer(r#"{"id":"r1","out":["done"]}"#, r#"["done"]"#),
    ]);
    press(&mut app, "g");
    let (value, _) = given(&mut app, "y y").unwrap();
    assert_eq!(value, "[\n  \"done\"\n]");
    assert_eq!(given(&mut app, "y v").unwrap().0, r#"["done"]"#);
    assert_eq!(given(&mut app, "y p").unwrap().0, ".out");
}

#[test]
fn what_a_payload_does_not_have_is_told_in_a_sentence_and_not_offered() {
    let object = || with_body("e", NESTED, r#"{"a":1.50, "a":"x"}"#);
    assert_eq!(
        gives(object(), "y s").unwrap_err(),
        "the payload is an object, not a string: yv copies it on one line"
    );
    let whole = || event("e", NOW.0, Kind::Message);
    assert_eq!(
        gives(whole(), "y k").unwrap_err(),
        "the payload is the whole record: it has no key"
    );
    assert_eq!(gives(whole(), "y q").unwrap().0, ".");
    assert!(gives(whole(), "p b").is_err());
    let mut app = opened(vec![object()]);
    press(&mut app, "j");
    for (action, works) in [
        (Action::CopyLine, true),
        (Action::CopyKey, true),
        (Action::CopyString, false),
        (Action::PrintString, false),
        (Action::CopyReplay, false),
        (Action::CopyOperation, true),
    ] {
        assert_eq!(app.works(action), works, "{action:?}");
    }
    press(&mut app, "k");
    assert!(!app.works(Action::CopyOperation), "a run is none");
}

#[test]
fn a_large_payload_is_spelled_beside_the_loop() {
    let long = "x".repeat(200_000);
    let body = format!(r#"{{"say": "{long}"}}"#);
    let raw = format!(r#"{{"data": {body}}}"#);
    let (text, _) = gives(with_body("e", &raw, &body), "y v").unwrap();
    assert_eq!(text, format!(r#"{{"say":"{long}"}}"#));
    let said = format!("\"{long}\"");
    let (text, _) = gives(with_body("e", &raw, &said), "y s").unwrap();
    assert_eq!(text, long);
}

#[test]
fn a_secret_in_the_way_or_the_value_stays_masked() {
    let raw = r#"{"data": {"api_key": "k3y-value-1", "n": 1}}"#;
    let body = r#"{"api_key": "k3y-value-1", "n": 1}"#;
    let (text, _) = gives(with_body("e", raw, body), "y v").unwrap();
    assert!(!text.contains("k3y") && text.contains("\"n\":1"), "{text}");
}

#[test]
fn marked_rows_give_a_line_each() {
    let mut app = opened(vec![
        with_body("e1", SAID, r#""two\nlines \"and\" more""#),
        with_body("e2", NESTED, r#"{"a":1.50, "a":"x"}"#),
    ]);
    press(&mut app, "j space space");
    assert_eq!(app.picked(), 2);
    assert_eq!(
        given(&mut app, "y p").unwrap(),
        (
            ".say\n.list[1][\"the payload\"]".to_owned(),
            "2 paths".to_owned()
        )
    );
    assert_eq!(
        given(&mut app, "y s").unwrap(),
        ("two\nlines \"and\" more".to_owned(), "1 text".to_owned())
    );
}
