//! Keys: moving, failures, search, copies, sequences and the way back.

use super::*;

#[test]
fn keys_move_as_in_the_tables_of_other_tools() {
    let table = [
        ("j j j j", "old"),
        ("j k", "r"),
        ("G", "old"),
        ("g", "c"),
        ("l", "e1"),
        ("l J", "e2"),
        ("l J K", "e1"),
        ("j h", "r"),
        ("h h", "m"),
        ("h h h h", "c"),
        ("backspace", "m"),
        ("J", "old"),
        ("ctrl-d", "old"),
        ("pgup", "c"),
    ];
    for (keys, expected) in table {
        let mut app = opened(vec![
            event("e1", 1, Kind::Message),
            event("e2", 2, Kind::Message),
        ]);
        press(&mut app, keys);
        let selected = screen(&app)
            .into_iter()
            .find(|row| row.starts_with('>'))
            .unwrap();
        assert!(selected.ends_with(expected), "{keys}: {selected}");
    }
}

#[test]
fn failures_are_reached_through_folds_and_around() {
    let mut app = opened(vec![
        event("fine", 1, Kind::Message),
        in_step(event("bad", 2, Kind::Error), "s"),
        step("s", None),
    ]);
    press(&mut app, "e");
    assert!(screen(&app).iter().any(|row| row == ">     bad"));
    assert_eq!(app.notice.as_ref().unwrap().text, "failed row 2 of 2");
    press(&mut app, "e");
    assert!(screen(&app).iter().any(|row| row == ">   r"));
    assert!(
        app.notice
            .as_ref()
            .unwrap()
            .text
            .contains("from the top again")
    );
    press(&mut app, "E");
    assert!(
        app.notice
            .as_ref()
            .unwrap()
            .text
            .contains("from the end again")
    );
}

#[test]
fn search_marks_steps_and_forgets() {
    let mut app = opened(vec![
        event("alpha", 1, Kind::Message),
        event("beta", 2, Kind::Message),
    ]);
    let effects = press(&mut app, "/ b e t a enter");
    let Some(Effect::Search(search)) = effects.into_iter().next_back() else {
        panic!("the search is handed out");
    };
    let mut nodes = Vec::new();
    find::look(&search, |found, _| {
        nodes.extend(found);
        true
    });
    app.update(
        Msg::Found {
            search: search.number,
            nodes,
            done: true,
        },
        NOW,
    );
    assert!(screen(&app).iter().any(|row| row == ">    beta"));
    assert_eq!(app.notice.as_ref().unwrap().text, "match 1/1");
    press(&mut app, "g n");
    assert!(screen(&app).iter().any(|row| row == ">    beta"));
    press(&mut app, "esc");
    assert!(app.search.is_none());
    assert_eq!(app.outline.marked(outline::Mark::Hit), 0);
}

#[test]
fn a_search_without_a_hit_says_so() {
    let mut app = opened(vec![event("alpha", 1, Kind::Message)]);
    let none = |app: &mut App, effects: Vec<Effect>| {
        let order = effects.into_iter().rev().find_map(|effect| match effect {
            Effect::Search(search) => Some(search.number),
            _ => None,
        });
        let search = order.expect("the search is handed out");
        let nodes = Vec::new();
        let done = true;
        let found = Msg::Found {
            search,
            nodes,
            done,
        };
        app.update(found, NOW);
    };
    let effects = press(&mut app, "/ z z enter");
    none(&mut app, effects);
    let (told, _) = app.search_told().unwrap();
    assert_eq!(told, "no match; 1 run not searched, Enter goes on");
    let mut last = Vec::new();
    for ticket in tickets(press(&mut app, "enter")) {
        last = answer(&mut app, &ticket, Got::Done { more: None });
    }
    none(&mut app, last);
    let told = &app.notice.as_ref().unwrap().text;
    assert!(told.contains("\"zz\" is not in what is loaded"), "{told}");
}

#[test]
fn copies_take_the_bytes_as_sent_the_id_and_the_locator() {
    let mut app = opened(vec![event("e/1", 1, Kind::Message)]);
    press(&mut app, "j");
    let mut copied = |keys: &str| match press(&mut app, keys).pop() {
        Some(Effect::Copy { text, what }) => (String::from_utf8(text).unwrap(), what.into_owned()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        copied("y y"),
        (
            "{\n  \"id\": \"e/1\",\n  \"say\": \"hello from e/1\"\n}".to_owned(),
            "payload".to_owned()
        )
    );
    assert_eq!(copied("y i"), ("e/1".to_owned(), "id".to_owned()));
    assert_eq!(
        copied("y l"),
        ("sortie:c/m/r#e%2F1".to_owned(), "locator".to_owned())
    );
    assert_eq!(
        copied("enter G y p"),
        (".say".to_owned(), "path".to_owned())
    );
}

#[test]
fn a_slow_sequence_shows_what_may_follow_and_still_works() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    press(&mut app, "y");
    let later = Time(NOW.0 + 400_000_000);
    assert_eq!(app.next_deadline().map(|at| at <= later), Some(true));
    app.update(Msg::Tick, later);
    assert!(!app.pending.is_empty() && app.pending_until.is_none());
    let effects = app.update(Msg::Key(Key::char('i')), later);
    assert!(matches!(
        effects.as_slice(),
        [Effect::Copy { what, .. }] if what == "id"
    ));
    press(&mut app, "y esc");
    assert!(app.pending.is_empty());
}

#[test]
fn back_goes_one_level_at_a_time_and_quits_at_the_top() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    app.act(Action::MoveDown);
    app.act(Action::Open);
    app.act(Action::Help);
    assert!(app.act(Action::Back).is_empty() && app.help.is_none());
    assert!(app.act(Action::Back).is_empty() && app.focus == Pane::Tree);
    assert!(matches!(app.act(Action::Back).as_slice(), [Effect::Quit]));
}

#[test]
fn nothing_is_due_when_nothing_is_live() {
    let mut app = opened(vec![event("e", 1, Kind::Message)]);
    app.notice = None;
    assert_eq!(app.next_deadline(), None);
}

#[test]
fn w_cuts_long_lines_and_wraps_them_again() {
    let long = "word ".repeat(30);
    let Record::Event(mut long_event) = event("e", 1, Kind::Message) else {
        panic!("an event");
    };
    long_event.raw = Payload::new(Bytes::from(format!(r#"{{"say":"{long}"}}"#)));
    let mut app = opened(vec![Record::Event(long_event)]);
    press(&mut app, "j");
    let lines = |app: &App| app.detail.lines(1000).len();
    let wrapped = lines(&app);
    press(&mut app, "w");
    assert!(lines(&app) < wrapped, "{} of {wrapped}", lines(&app));
    press(&mut app, "w");
    assert_eq!(lines(&app), wrapped);
}

#[test]
fn a_search_is_called_off_though_it_finds_nothing() {
    let mut app = opened(
        (0..9000)
            .map(|n| event(&n.to_string(), n, Kind::Message))
            .collect(),
    );
    let effects = press(&mut app, "/ z z enter");
    let Some(Effect::Search(search)) = effects.into_iter().next_back() else {
        panic!("the search is handed out");
    };
    let mut asked = 0;
    find::look(&search, |found, _| {
        asked += 1;
        assert!(found.is_empty());
        false
    });
    assert_eq!(asked, 1);
}

#[test]
fn large_facts_and_copies_do_not_hold_up_the_loop() {
    let text = format!("\"{}\"", "x".repeat(200_000));
    let large = Record::Event(Event {
        id: "large".to_owned(),
        raw: Payload::new(Bytes::from(text.clone())),
        ..Event::default()
    });
    let noted = Record::Run(Run {
        id: "r".to_owned(),
        facts: vec![crate::model::Fact {
            of: None,
            label: "input",
            value: text.clone(),
        }],
        ..Run::default()
    });
    let mut app = opened(vec![large, noted]);
    press(&mut app, "j");
    let Some(Effect::LayOut(order)) = press(&mut app, "y y").pop() else {
        panic!("it is laid out beside the loop");
    };
    let laid_out = Msg::LaidOut {
        what: order.what.clone(),
        text: carry::lay_out(*order),
    };
    match app.update(laid_out, NOW).pop() {
        Some(Effect::Copy { text: copied, .. }) => assert_eq!(copied, text.into_bytes()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_payload_that_cannot_be_shown_is_not_waited_for() {
    let raw = Payload::new(Bytes::from(format!("\"{}\"", "x".repeat(200_000))));
    let mut app = opened(vec![Record::Event(Event {
        id: "large".to_owned(),
        raw,
        ..Event::default()
    })]);
    let Some(Effect::Read(order)) = press(&mut app, "j").pop() else {
        panic!("it is made ready beside the loop");
    };
    app.update(Msg::Unreadable(order.key), NOW);
    assert!(app.notice.as_ref().unwrap().text.contains("yy"));
}
