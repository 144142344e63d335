//! Searching while one types: what the cursor shows, what Enter and Esc leave, what goes on.

use super::{
    reading::{on_screen, selected},
    *,
};
use crate::{
    app::{outline::Mark, query::Known},
    model::EventView,
};

fn letters(app: &mut App, text: &str) -> Vec<Effect> {
    text.chars()
        .flat_map(|letter| app.update(Msg::Key(Key::char(letter)), NOW))
        .collect()
}

/// Answers the last of the searches that were handed out, as a worker does.
fn found(app: &mut App, effects: Vec<Effect>) -> Vec<Effect> {
    let orders = effects.into_iter().filter_map(|effect| match effect {
        Effect::Search(order) => Some(order),
        _ => None,
    });
    let order = orders.last().unwrap();
    let mut nodes = Vec::new();
    find::look(&order, |more, _| {
        nodes.extend(more);
        true
    });
    let (search, done) = (order.number, true);
    app.update(
        Msg::Found {
            search,
            nodes,
            done,
        },
        NOW,
    )
}

fn told(app: &App) -> String {
    app.search_told().map_or_else(String::new, |(text, _)| text)
}

fn events() -> Vec<Record> {
    ["alpha", "beta", "betamax", "gamma"]
        .into_iter()
        .zip(1..)
        .map(|(id, at)| event(id, at, Kind::Message))
        .collect()
}

#[test]
fn hits_are_shown_with_each_letter_and_enter_goes_to_the_first() {
    let mut app = on_screen(events());
    press(&mut app, "g /");
    let effects = letters(&mut app, "a");
    found(&mut app, effects);
    assert_eq!(
        (selected(&app), told(&app).as_str()),
        ("alpha".into(), "1/4")
    );
    let effects = letters(&mut app, "m");
    found(&mut app, effects);
    assert_eq!(
        (selected(&app), told(&app).as_str()),
        ("betamax".into(), "1/2")
    );
    press(&mut app, "enter");
    assert!(app.prompt.is_none());
    assert_eq!(app.notice.as_ref().unwrap().text, "match 1/2");
    assert_eq!(selected(&app), "betamax");
    press(&mut app, "n");
    assert_eq!(app.notice.as_ref().unwrap().text, "match 2/2");
    assert_eq!(selected(&app), "gamma");
    // Where one is, is no news.
    assert!(app.messages.rows().is_empty(), "{:?}", app.messages);
}

#[test]
fn esc_while_typing_restores_cursor_view_and_the_search_before() {
    let mut app = on_screen(events());
    press(&mut app, "g /");
    let effects = letters(&mut app, "beta");
    found(&mut app, effects);
    press(&mut app, "enter g j");
    let (before, top) = (selected(&app), app.top);
    press(&mut app, "/");
    let effects = letters(&mut app, "gam");
    found(&mut app, effects);
    assert_eq!(selected(&app), "gamma");
    press(&mut app, "esc");
    assert_eq!((selected(&app), app.top), (before, top));
    assert_eq!(&*app.search.as_ref().unwrap().needle, "beta");
    assert_eq!(app.outline.marked(Mark::Hit), 2);
    // Up brings back what was searched for.
    press(&mut app, "/ up");
    assert_eq!(app.prompt.as_ref().unwrap().input.value(), "beta");
    press(&mut app, "down");
    assert_eq!(app.prompt.as_ref().unwrap().input.value(), "");
}

#[test]
fn expressions_stand_between_slashes_and_a_wrong_one_says_where() {
    let mut app = on_screen(events());
    press(&mut app, "g /");
    let effects = letters(&mut app, "/^.*bet+a/");
    found(&mut app, effects);
    assert_eq!(told(&app), "1/2");
    press(&mut app, "esc /");
    letters(&mut app, "/be(ta/");
    let (why, failed) = app.search_told().unwrap();
    assert!(failed && why.contains("at character 3"), "{why}");
    press(&mut app, "enter");
    assert!(app.prompt.is_some(), "it stays to be corrected");
    for (typed, refused) in [
        ("/x{1000}{1000}{1000}/", true),
        ("/A/", false),
        ("be(ta", false),
        ("/", false),
        ("//", false),
    ] {
        assert_eq!(find::Matcher::new(typed).is_err(), refused, "{typed}");
    }
    let hit = |typed: &str, hay: &str| find::Matcher::new(typed).unwrap().is_in(hay.as_bytes());
    assert!(hit("/refund/", "REFUND") && !hit("/Refund/", "REFUND"));
    assert!(hit("/Refund/i", "REFUND") && hit("a.c", "xa.c") && !hit("a.c", "abc"));
}

#[test]
fn what_is_not_loaded_is_named_and_searched_when_enter_asks_for_it() {
    let (mut app, effects) = app(&["c"]);
    app.measure(Measured {
        tree_rows: 5,
        ..Measured::default()
    });
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    press(&mut app, "j");
    let page = |index| Ask::Runs {
        mission: "m".into(),
        status: None,
        page: crate::model::Page {
            index,
            ..Default::default()
        },
    };
    for ticket in tickets(press(&mut app, "l")) {
        let runs = matches!(ticket.ask, Ask::Runs { .. });
        if runs {
            let runs = (0..40).map(|n| run(&format!("first-{n}"), 9, RunStatus::Succeeded));
            answer(&mut app, &ticket, rows(runs));
        }
        let more = runs.then(|| page(1));
        answer(&mut app, &ticket, Got::Done { more });
    }
    press(&mut app, "g j /");
    let effects = letters(&mut app, "older");
    found(&mut app, effects);
    assert!(
        told(&app).contains("older runs not searched"),
        "{}",
        told(&app)
    );
    let asked = tickets(press(&mut app, "enter"));
    assert_eq!(asked.len(), 1);
    assert!(told(&app).contains("Esc stops"));
    answer(
        &mut app,
        &asked[0],
        rows([run("older-run", 1, RunStatus::Succeeded)]),
    );
    let effects = answer(
        &mut app,
        &asked[0],
        Got::Done {
            more: Some(page(2)),
        },
    );
    found(&mut app, effects);
    assert!(app.prompt.is_none(), "{}", told(&app));
    assert!(screen(&app).iter().any(|row| row == ">   older-run"));
    // Esc stops what is fetched, and only then what is typed.
    press(&mut app, "/");
    let effects = letters(&mut app, "nowhere");
    found(&mut app, effects);
    let asked = tickets(press(&mut app, "enter"));
    assert!(!asked.is_empty());
    let stopped = press(&mut app, "esc");
    assert!(matches!(stopped[..], [Effect::Cancel(_)]));
    assert!(app.prompt.is_some());
    press(&mut app, "esc");
    assert!(app.prompt.is_none());
}

#[test]
fn runs_of_a_list_that_were_not_read_are_read_when_enter_asks_for_it() {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    press(&mut app, "j");
    for ticket in tickets(press(&mut app, "l")) {
        let runs = (0..10).map(|n| run(&format!("run-{n}"), 9, RunStatus::Succeeded));
        if matches!(ticket.ask, Ask::Runs { .. }) {
            answer(&mut app, &ticket, rows(runs));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    press(&mut app, "g j /");
    let effects = letters(&mut app, "needle");
    found(&mut app, effects);
    assert_eq!(told(&app), "no match; 10 runs not searched, Enter goes on");
    let asked = tickets(press(&mut app, "enter"));
    let of = |asked: &[Ticket]| asked.iter().map(|ticket| ticket.node).collect::<Vec<_>>();
    let mut runs = of(&asked);
    runs.dedup();
    assert_eq!(runs.len(), 8, "some with each Enter");
    assert_eq!(told(&app), "reading 8 runs, Esc stops");
    let mut last = Vec::new();
    for ticket in &asked {
        if ticket.node == runs[3] && matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, ticket, rows([event("needle", 1, Kind::Message)]));
        }
        last = answer(&mut app, ticket, Got::Done { more: None });
    }
    found(&mut app, last);
    assert!(app.prompt.is_none(), "{}", told(&app));
    assert!(
        screen(&app)
            .iter()
            .any(|row| row.contains("> ") && row.contains("needle")),
        "{:?}",
        screen(&app)
    );
}

#[test]
fn a_text_is_found_as_it_reads_however_it_is_escaped() {
    let sent = r#"{"t":"caf\u00e9 said \"hi\" \/ 50\u0025\nbye","in":"{\"deep\":\"say \\\"yes\\\" \\u00dc\"}"}"#;
    let event = Event {
        raw: Payload::new(Bytes::from_static(sent.as_bytes())),
        ..Event::default()
    };
    let view = EventView::from(&event);
    for (typed, found) in [
        ("café", true),
        ("CAFÉ", false),
        ("said \"hi\"", true),
        ("said \\\"hi", true),
        ("\" / 50", true),
        ("say \"yes\" ü", true),
        ("/é\\s+said/", true),
        ("/(?m)^bye$/", false),
        ("/%\\nbye/", true),
        ("cafe", false),
    ] {
        let matcher = find::Matcher::new(typed).unwrap();
        assert_eq!(
            matcher.is_in_event(&view, &Known::default()),
            found,
            "{typed}"
        );
    }
}
