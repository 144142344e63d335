//! Reading a payload: keys in the detail, from the row they begin at to the row they end at.

use super::*;
use crate::doc::View;

/// A tool's result with a bit of everything, opened so that its payload has the keys.
fn reading(payload: &str) -> App {
    let raw = Payload::new(Bytes::from(payload.to_owned()));
    let body = crate::model::Span::new(0, raw.len());
    let mut app = opened(vec![Record::Event(Event {
        id: "result".to_owned(),
        kind: Kind::ToolResult,
        tool: Some("orders.list".to_owned()),
        raw,
        body,
        ..Event::default()
    })]);
    press(&mut app, "j enter");
    app
}

fn path(app: &App) -> String {
    app.detail.path().unwrap_or_default()
}

const ORDERS: &str = r#"{"status":"ok","orders":[{"id":1,"items":["a","b"]},{"id":2,"items":[]}],"note":"{\"in\":[7]}","text":"one\ntwo","last":true}"#;

#[test]
fn keys_move_by_rows_and_by_structure() {
    let table = [
        ("j", ".status"),
        ("j j", ".orders"),
        ("j j l", ".orders[0]"),
        ("j j l l", ".orders[0].id"),
        ("j j l J", ".orders[1]"),
        ("j j l J K", ".orders[0]"),
        ("j j l l j j", ".orders[0].items[0]"),
        ("j j l l j j h", ".orders[0].items"),
        ("j j l l j j h h j", ".orders[1]"),
        ("j j h j", ".note"),
        ("G {", ""),
        ("j j z c j", ".note"),
        ("j j z 1 j j", ".text"),
        ("j j z M z R l l", ".orders[0].id"),
        ("j j space space l", ".orders[0]"),
        ("j j j J", ".orders[1]"),
    ];
    for (keys, ends) in table {
        let mut app = reading(ORDERS);
        press(&mut app, keys);
        assert_eq!(path(&app), ends, "{keys}");
    }
}

#[test]
fn h_held_down_stays_in_what_is_read() {
    let mut app = reading(ORDERS);
    press(&mut app, "j j l l h h h h h h");
    assert!(app.in_detail());
    press(&mut app, "q");
    assert!(!app.in_detail());
}

#[test]
fn what_is_in_a_string_opens_below_it_and_closes_again() {
    let mut app = reading(ORDERS);
    press(&mut app, "j j h j");
    let rows = app.detail.rows();
    press(&mut app, "l");
    assert!(app.detail.rows() > rows);
    press(&mut app, "j j");
    assert_eq!(path(&app), ".note ⟫ .in[0]");
    press(&mut app, "enter");
    let said = app.notice.as_ref().unwrap().text.clone();
    assert!(said.contains("whole"), "a plain value says so: {said}");

    let mut app = reading(ORDERS);
    press(&mut app, "j j h j j");
    assert_eq!(path(&app), ".text");
    let rows = app.detail.rows();
    press(&mut app, "\"");
    assert_eq!(
        app.detail.rows(),
        rows - 2,
        "lines are read as lines at first"
    );
    press(&mut app, "\"");
    assert_eq!(app.detail.rows(), rows);
}

#[test]
fn copies_take_what_the_cursor_is_on() {
    let table = [
        ("j j l l y y", "1"),
        ("j j l y v", r#"{"id":1,"items":["a","b"]}"#),
        ("j j h j j y s", "one\ntwo"),
        ("j y k", "status"),
        ("j j l l y p", ".orders[0].id"),
        ("j j l l y b", r#"["orders"][0]["id"]"#),
        ("j j l l y q", ".orders[0].id"),
        ("j c", "\"ok\""),
    ];
    for (keys, copied) in table {
        let mut app = reading(ORDERS);
        match press(&mut app, keys).pop() {
            Some(Effect::Copy { text, .. }) => {
                assert_eq!(String::from_utf8(text).unwrap(), copied, "{keys}");
            }
            other => panic!("{keys}: {other:?}"),
        }
    }
}

#[test]
fn other_programs_are_handed_what_a_copy_holds() {
    let mut app = reading(ORDERS);
    press(&mut app, "j");
    let to = [("v", msg::To::Pager), ("V", msg::To::Editor)];
    for (keys, wanted) in to {
        match press(&mut app, keys).pop() {
            Some(Effect::Hand(hand)) => {
                assert_eq!((hand.text, hand.to), (b"\"ok\"".to_vec(), wanted));
            }
            other => panic!("{keys}: {other:?}"),
        }
    }
    match press(&mut app, "| w c enter").pop() {
        Some(Effect::Hand(hand)) => assert_eq!(hand.to, msg::To::Command("wc".to_owned())),
        other => panic!("{other:?}"),
    }
}

/// Does what was asked for beside the loop.
fn look(app: &mut App, effects: Vec<Effect>) {
    for effect in effects {
        let Effect::Find(find) = effect else { continue };
        let mut finder = find.finder;
        loop {
            let (hits, at, done) = finder.run();
            let found = detail::within::Found {
                key: find.key,
                hits,
                progress: (at, 0),
                done,
            };
            app.update(Msg::Within(Box::new(found)), NOW);
            if done {
                break;
            }
        }
    }
}

#[test]
fn a_search_steps_through_what_is_folded_and_esc_ends_it() {
    let mut app = reading(ORDERS);
    press(&mut app, "j j h {");
    let effects = press(&mut app, "/ i d enter");
    look(&mut app, effects);
    assert_eq!(path(&app), ".orders[0].id");
    press(&mut app, "n");
    assert_eq!(path(&app), ".orders[1].id");
    let said = app.notice.as_ref().unwrap().text.clone();
    assert_eq!(said, "match 3 of 3", "the fact of that name counts");
    press(&mut app, "n n");
    assert_eq!(path(&app), ".orders[0].id", "from the top again");
    press(&mut app, "N N");
    assert_eq!(path(&app), ".orders[1].id", "from the end again");
    press(&mut app, "esc");
    assert!(app.detail.within.is_none() && app.in_detail());
    press(&mut app, "esc");
    assert!(!app.in_detail());

    let mut app = reading(ORDERS);
    let effects = press(&mut app, "/ z e b r a enter");
    look(&mut app, effects);
    let said = app.notice.as_ref().unwrap().text.clone();
    assert!(said.contains("zebra") && said.contains("not in"), "{said}");
}

#[test]
fn a_match_deep_in_a_long_value_is_brought_onto_the_screen() {
    let long = format!("{}zebra", "word ".repeat(700));
    let mut app = reading(&format!(r#"{{"a":1,"long":"{long}"}}"#));
    let effects = press(&mut app, "/ z e b r a enter");
    look(&mut app, effects);
    assert_eq!(path(&app), ".long");
    let shown = app.detail.lines(10);
    assert!(
        shown.iter().any(|shown| !shown.line.hits.is_empty()),
        "{shown:?}"
    );
}

#[test]
fn every_match_in_a_row_is_counted_and_stepped_through() {
    let mut app = reading(r#"{"a":"zebra and a Zebra","zebra":1,"b":"{\"c\":\"zebra\"}"}"#);
    let effects = press(&mut app, "/ z e b r a enter");
    look(&mut app, effects);
    let said = |app: &App| app.notice.as_ref().unwrap().text.clone();
    for (key, at, told) in [
        ("", ".a", "match 1 of 4"),
        ("n", ".a", "match 2 of 4"),
        ("n", ".zebra", "match 3 of 4"),
        ("N", ".a", "match 2 of 4"),
        ("j N", ".a", "match 2 of 4"),
        ("g n", ".a", "match 1 of 4"),
    ] {
        if !key.is_empty() {
            press(&mut app, key);
        }
        assert_eq!(
            (path(&app).as_str(), said(&app).as_str()),
            (at, told),
            "{key}"
        );
    }
}

#[test]
fn a_match_in_a_line_that_is_cut_is_scrolled_to() {
    let long = format!("zebra {} zebra end", "word ".repeat(700));
    let mut app = reading(&format!(r#"{{"a":1,"long":"{long}"}}"#));
    press(&mut app, "w");
    let effects = press(&mut app, "/ z e b r a enter");
    look(&mut app, effects);
    let shown = |app: &App| {
        let lines = app.detail.lines(100);
        let here = lines
            .into_iter()
            .find(|line| line.place.row == app.detail.cursor);
        here.unwrap().line
    };
    assert_eq!((app.detail.from, shown(&app).hits.len()), (0, 1));
    press(&mut app, "n");
    assert!(app.detail.from > 0, "scrolled sideways");
    assert!(!shown(&app).hits.is_empty(), "{:?}", shown(&app));
    press(&mut app, "N");
    assert_eq!((app.detail.from, shown(&app).hits.len()), (0, 1));
}

#[test]
fn d_shows_it_in_other_ways_and_comes_back() {
    let mut app = reading(ORDERS);
    let rows = app.detail.rows();
    for view in [View::Markdown, View::Raw, View::Hex, View::Pretty] {
        press(&mut app, "d");
        assert_eq!(app.detail.view, view);
    }
    assert_eq!(app.detail.rows(), rows);
    press(&mut app, ": d a t a enter");
    assert!(app.detail.rows() > rows, "brackets that close have rows");
    press(&mut app, ": n u m b e r enter");
    assert!(app.detail.numbers);
}

#[test]
fn a_row_that_is_taller_than_the_pane_is_read_line_by_line() {
    let mut app = reading(&format!(r#"{{"a":"{}","b":1}}"#, "word ".repeat(200)));
    press(&mut app, "j");
    assert_eq!(path(&app), ".a");
    let mut lines = 0;
    while path(&app) == ".a" {
        press(&mut app, "j");
        lines += 1;
        assert!(lines < 200, "it never ends");
    }
    assert!(lines > 10, "{lines}: it was jumped over");
    assert_eq!(path(&app), ".b");
    press(&mut app, "k");
    assert_eq!(path(&app), ".a");
    assert!(app.detail.top.line > 0, "its end comes first");
}

#[test]
fn a_result_that_is_text_is_read_as_text_with_its_colours() {
    let mut app = reading(r#""plain\n\u001b[31mred\u001b[0m end""#);
    let shown = |app: &App| {
        let lines = app.detail.lines(100);
        lines
            .iter()
            .map(|shown| shown.line.text())
            .collect::<Vec<_>>()
    };
    assert!(
        shown(&app).contains(&"red end".to_owned()),
        "{:?}",
        shown(&app)
    );
    press(&mut app, "d d");
    assert!(shown(&app).iter().any(|line| line.contains("\\u001b[31m")));
}

#[test]
fn a_document_that_was_opened_has_the_whole_screen_unless_a_key_is_pressed() {
    let single = |early: Option<&str>| {
        let (mut app, first) = app(&["file"]);
        (app.single.unfolds, app.single.reads) = (true, true);
        let raw = Payload::new(Bytes::from_static(b"{\"a\":[1,2]}"));
        let event = Event {
            id: "line-1".to_owned(),
            body: crate::model::Span::new(0, raw.len()),
            raw,
            ..Event::default()
        };
        let answers = [
            vec![mission("a.json")],
            vec![run("r", 1, RunStatus::Unknown)],
            vec![Record::Event(event)],
        ];
        arrive(&mut app, first, answers, early.map(|keys| (2, keys)));
        app
    };
    let mut app = single(None);
    assert!(app.in_detail() && app.full.is_some());
    assert!(app.detail.cursor >= app.detail.body, "behind the facts");
    press(&mut app, "j");
    assert_eq!(path(&app), ".a");
    press(&mut app, "esc");
    assert!(!app.in_detail(), "the run is behind it");
    assert!(!single(Some("k")).in_detail());
}

#[test]
fn facts_leave_most_of_a_low_screen_to_the_payload() {
    let mut app = reading(ORDERS);
    press(&mut app, "esc");
    app.measured.detail_rows = 8;
    app.enter_payload();
    let lines = app.detail.lines(8);
    let payload = lines
        .iter()
        .filter(|line| line.place.row >= app.detail.body);
    assert!(payload.count() > 4, "{lines:?}");
    assert_eq!(app.detail.cursor, app.detail.body);
}
