//! A masked value is shown where somebody asks for it, for ten seconds or until the next key, and a key in
//! use never.

use super::*;
use crate::app::detail::reveal::Revealed;

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
