//! A masked value is shown where somebody asks for it, for ten seconds or until the next key, and a key in
//! use never.

use super::*;
use crate::{
    app::detail::reveal::Revealed,
    doc::{Form, View},
};

const SECONDS: i64 = 1_000_000_000;

/// A payload opened so that it has the keys.
fn reading(payload: &str) -> App {
    let raw = Payload::new(Bytes::from(payload.to_owned()));
    let body = crate::model::Span::new(0, raw.len());
    let mut app = opened(vec![Record::Event(Event {
        id: "result".to_owned(),
        kind: Kind::ToolResult,
        raw,
        body,
        ..Event::default()
    })]);
    app.redactor = Redactor::new(vec!["KEY-of-17-letters".into()]);
    press(&mut app, "j enter");
    app
}

const PAYLOAD: &str = r#"{"password":"hunter2 is it","own":"KEY-of-17-letters","both":"password=hunter22x KEY-of-17-letters","plain":1,"secret":{"a":"b"}}"#;

fn shown(app: &App) -> Option<&str> {
    app.revealed.as_ref().map(|revealed| &*revealed.text)
}

fn said(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn a_masked_value_is_shown_for_ten_seconds() {
    let mut app = reading(PAYLOAD);
    press(&mut app, "j X");
    assert_eq!(shown(&app), Some("hunter2 is it"));
    let left = |app: &App| {
        app.revealed
            .as_ref()
            .map(|revealed| revealed.seconds(app.now))
    };
    assert_eq!(left(&app), Some(10));
    for (after, seconds) in [(1, Some(9)), (4, Some(6)), (9, Some(1)), (10, None)] {
        assert!(
            app.next_deadline()
                .is_some_and(|due| due <= Time(NOW.0 + after * SECONDS))
        );
        app.update(Msg::Tick, Time(NOW.0 + after * SECONDS));
        assert_eq!(left(&app), seconds, "{after}");
    }
}

#[test]
fn the_next_key_hides_it_again() {
    let mut app = reading(PAYLOAD);
    press(&mut app, "j X");
    assert!(shown(&app).is_some());
    press(&mut app, "j");
    assert_eq!(app.revealed, None::<Revealed>);
}

#[test]
fn a_key_in_use_is_never_shown() {
    let mut app = reading(PAYLOAD);
    press(&mut app, "j j X");
    assert_eq!(shown(&app), None);
    assert!(said(&app).contains("in use"), "{}", said(&app));
    press(&mut app, "j X");
    let text = shown(&app).unwrap().to_owned();
    assert!(
        text.contains("hunter22x") && !text.contains("17-letters"),
        "{text}"
    );
}

#[test]
fn where_nothing_is_masked_it_says_so_and_a_whole_object_is_shown() {
    let mut app = reading(PAYLOAD);
    press(&mut app, "j j j j X");
    assert_eq!(shown(&app), None);
    assert!(
        said(&app).contains("nothing is masked here"),
        "{}",
        said(&app)
    );
    press(&mut app, "j X");
    assert_eq!(shown(&app), Some(r#"{"a":"b"}"#));
}

/// The lines that are on the screen, joined.
fn seen(app: &App) -> String {
    let lines = app.detail.lines(60).into_iter();
    let lines: Vec<String> = lines.map(|shown| shown.line.text()).collect();
    lines.join("\n")
}

#[test]
fn it_is_shown_where_it_stands_until_it_goes() {
    let mut app = reading(PAYLOAD);
    press(&mut app, "j X");
    assert!(
        seen(&app).contains("password: \"hunter2 is it\""),
        "{}",
        seen(&app)
    );
    app.update(Msg::Tick, Time(NOW.0 + 10 * SECONDS));
    assert!(!seen(&app).contains("hunter2 is it"), "{}", seen(&app));
    press(&mut app, "j j X");
    let text = seen(&app);
    assert!(text.contains("password=hunter22x ‹"), "{text}");
    press(&mut app, "j");
    assert!(!seen(&app).contains("hunter22x"), "{}", seen(&app));
}

#[test]
fn a_copy_does_not_have_what_is_shown() {
    let mut app = reading(PAYLOAD);
    press(&mut app, "j X");
    let row = app.detail.cursor;
    let doc = app.detail.doc.as_ref().unwrap();
    for form in [Form::Sent, Form::Pretty, Form::Line, Form::Unescaped] {
        let copied = doc.copy(row, form).unwrap();
        let copied = String::from_utf8(copied).unwrap();
        assert!(
            copied.contains('‹') && !copied.contains("hunter2"),
            "{copied}"
        );
    }
}

#[test]
fn it_is_shown_in_every_view_of_a_text() {
    let said = "# Notes\n\n- the **password** is\n- `DB_PASSWORD=hunter22x`\n- and no more of it\n";
    let payload = serde_json::json!({ "text": said }).to_string();
    let mut views = Vec::new();
    for turns in 0..4 {
        let mut app = reading(&payload);
        for _ in 0..turns {
            press(&mut app, "d");
        }
        views.push(app.detail.view);
        press(&mut app, "g g");
        // bytes stand in rows of a few
        let is_seen = |app: &App| match app.detail.view {
            View::Hex => !seen(app).contains("****"),
            _ => seen(app).contains("hunter22x"),
        };
        for _ in 0..app.detail.rows() {
            press(&mut app, "X");
            if is_seen(&app) {
                break;
            }
            press(&mut app, "j");
        }
        let view = app.detail.view;
        assert!(
            shown(&app).is_some_and(|text| text.contains("hunter22x")),
            "{view:?} {}",
            seen(&app)
        );
        assert!(is_seen(&app), "{view:?} {}", seen(&app));
        press(&mut app, "j");
        assert!(!is_seen(&app), "{view:?} {}", seen(&app));
    }
    views.dedup();
    assert!(views.len() > 2, "{views:?}");
}

#[test]
fn a_masked_fact_is_shown_where_it_stands() {
    let mut app = opened(vec![Record::Event(Event {
        id: "e".to_owned(),
        kind: Kind::Message,
        agent: Some("billing, password=hunter22x".to_owned()),
        ..Event::default()
    })]);
    press(&mut app, "j 3 g g");
    for _ in 0..app.detail.rows() {
        assert!(!seen(&app).contains("hunter22x"), "{}", seen(&app));
        press(&mut app, "X");
        if shown(&app).is_some() {
            break;
        }
        press(&mut app, "j");
    }
    assert_eq!(shown(&app), Some("hunter22x"), "{}", seen(&app));
    assert!(seen(&app).contains("password=hunter22x"), "{}", seen(&app));
    press(&mut app, "j");
    assert!(!seen(&app).contains("hunter22x"), "{}", seen(&app));
}

#[test]
fn what_was_masked_before_it_was_read_is_told_as_such() {
    let mut app = reading(r#"{"password":"‹password#1›","n":1}"#);
    press(&mut app, "j X");
    assert_eq!(shown(&app), None);
    assert!(
        said(&app).contains("when it was kept or exported"),
        "{}",
        said(&app)
    );
}
