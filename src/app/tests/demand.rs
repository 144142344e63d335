//! What is asked for on demand and how it is stopped: child runs, content, the list of requests.

use super::{live::two, *};
use crate::model::{Content, Sent};

fn artifact(size: u64) -> Record {
    let Record::Event(event) = event("a", 1, Kind::Artifact) else {
        unreachable!("it makes events");
    };
    Record::Event(Event {
        content: Some(Content { size: Some(size) }),
        ..event
    })
}

fn escape_a_second_later(app: &mut App) -> Vec<Effect> {
    let later = Time(NOW.0 + 1_000_000_000);
    app.update(Msg::Key(Key::parse("esc").unwrap()), later)
}

#[test]
fn a_child_run_stands_below_the_event_that_started_it_and_opens_there() {
    let child = |event: &str| {
        Record::Run(Run {
            id: "child".to_owned(),
            mission_id: "other".to_owned(),
            parent_run_id: Some("r".to_owned()),
            parent_event_id: Some(event.to_owned()),
            ..Run::default()
        })
    };
    // Whatever comes first.
    for records in [
        vec![
            event("e1", 1, Kind::SubRun),
            child("e1"),
            event("e2", 2, Kind::Message),
        ],
        vec![
            child("e1"),
            event("e2", 2, Kind::Message),
            event("e1", 1, Kind::SubRun),
        ],
    ] {
        let mut app = opened(records);
        assert_eq!(screen(&app)[2..5], [">   r", "     e1", "     e2"]);
        press(&mut app, "j");
        let asked = tickets(press(&mut app, "l"));
        assert_eq!(screen(&app)[3..5], [">    e1", "      child"]);
        let of = asked.iter().find_map(|ticket| ticket.ask.run()).unwrap();
        assert_eq!((&*of.mission, &*of.run), ("other", "child"));
        for ticket in &asked {
            if matches!(ticket.ask, Ask::Events { .. }) {
                answer(&mut app, ticket, rows([event("inner", 1, Kind::Message)]));
            }
            answer(&mut app, ticket, Got::Done { more: None });
        }
        assert_eq!(
            screen(&app)[3..6],
            [">    e1", "      child", "       inner"]
        );
        press(&mut app, "h");
        assert_eq!(screen(&app)[3..5], [">    e1", "     e2"]);
    }
}

#[test]
fn large_content_is_named_before_it_is_fetched() {
    let mut app = opened(vec![artifact(3 << 20)]);
    assert!(tickets(press(&mut app, "j enter")).is_empty());
    assert!(app.notice.as_ref().unwrap().text.contains("3.1 MB"));
    let asked = tickets(press(&mut app, "enter"));
    assert!(matches!(&asked[0].ask, Ask::Event { event, .. } if &**event == "a"));
    let mut app = opened(vec![artifact(100)]);
    assert_eq!(tickets(press(&mut app, "j enter")).len(), 1);
}

#[test]
fn esc_stops_what_is_loading_and_keeps_what_came() {
    let mut app = opened(two());
    let asked = tickets(press(&mut app, "r"));
    let effects = escape_a_second_later(&mut app);
    assert!(
        matches!(effects[..], [Effect::Cancel(generation)] if generation == asked[0].generation)
    );
    let shown = screen(&app);
    assert!(shown.iter().any(|row| row.ends_with("e2")), "{shown:?}");
    assert!(shown.iter().any(|row| row.ends_with("(note)")), "{shown:?}");
}

#[test]
fn esc_leaves_the_detail_before_it_stops_what_is_loading_behind_it() {
    let mut app = opened(two());
    let asked = tickets(press(&mut app, "r j enter"));
    assert!(app.in_detail());
    assert!(escape_a_second_later(&mut app).is_empty());
    assert!(!app.in_detail());
    let effects = escape_a_second_later(&mut app);
    assert!(
        matches!(effects[..], [Effect::Cancel(generation)] if generation == asked[0].generation)
    );
}

#[test]
fn esc_stops_content_that_the_detail_waits_for_before_it_leaves() {
    let mut app = opened(vec![artifact(100)]);
    let asked = tickets(press(&mut app, "j enter"));
    let effects = escape_a_second_later(&mut app);
    assert!(
        matches!(effects[..], [Effect::Cancel(generation)] if generation == asked[0].generation)
    );
    assert!(app.in_detail());
    assert!(escape_a_second_later(&mut app).is_empty());
    assert!(!app.in_detail());
}

#[test]
fn the_list_of_requests_stays_on_the_newest_until_somebody_moves() {
    let mut app = opened(two());
    assert!(matches!(press(&mut app, "@")[..], [Effect::Requests]));
    let sent = |n: usize| Sent {
        at: Time(0),
        context: "c".to_owned(),
        method: "GET",
        path: format!("/{n}"),
        status: Some(200),
        took: std::time::Duration::ZERO,
        bytes: 1,
        retries: 0,
        cached: false,
        reason: String::new(),
    };
    app.update(Msg::Requests((0..30).map(sent).collect()), NOW);
    assert_eq!(app.requests.as_ref().unwrap().view.selected, 29);
    press(&mut app, "k");
    app.update(Msg::Requests((0..40).map(sent).collect()), NOW);
    assert_eq!(app.requests.as_ref().unwrap().view.selected, 28);
    press(&mut app, "G");
    app.update(Msg::Requests((0..50).map(sent).collect()), NOW);
    assert_eq!(app.requests.as_ref().unwrap().view.selected, 49);
    // There is less room than was thought.
    let measured = crate::app::Measured {
        log_rows: 12,
        ..app.measured
    };
    app.measure(measured);
    assert_eq!(app.requests.as_ref().unwrap().view.top, 38);
    press(&mut app, "esc");
    assert!(app.requests.is_none());
}
