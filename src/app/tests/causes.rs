//! Failures by what they have in common: which runs stand together, in which order, and which of those
//! that say nothing are read.

use super::*;
use crate::app::arrange::Head;

const SECOND: i64 = 1_000_000_000;
const HOUR: i64 = 3_600 * SECOND;

fn failed(id: &str, hours: i64, error: Option<&str>) -> Record {
    match run(id, NOW.0 - hours * HOUR, RunStatus::Failed) {
        Record::Run(run) => Record::Run(Run {
            mission_id: "m".to_owned(),
            error: error.map(str::to_owned),
            ..run
        }),
        other => other,
    }
}

/// A context with one mission, its causes shown, with these runs.
fn causes(records: &[Record]) -> App {
    let (mut app, effects) = app(&["a"]);
    for ticket in tickets(effects) {
        answer(&mut app, &ticket, rows([mission("m")]));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    for ticket in tickets(press(&mut app, ": c a u s e s enter")) {
        answer(&mut app, &ticket, rows(records.to_vec()));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    app
}

/// Rows with causes by their messages.
fn told(app: &App) -> Vec<String> {
    let window = app.outline.window(0, 100).into_iter();
    window
        .map(|node| match app.arranged.head(node) {
            Some(Head::Cause(id)) => {
                let cause = app.arranged.causes.get(id).unwrap();
                format!("{} x{}", cause.fingerprint.message, cause.runs)
            }
            Some(head) => format!("{head:?}"),
            None => format!(" {}", app.store.run(node).unwrap().id),
        })
        .collect()
}

fn tick(app: &mut App, seconds: i64) -> Vec<Ticket> {
    tickets(app.update(Msg::Tick, Time(NOW.0 + seconds * SECOND)))
}

#[test]
fn runs_that_failed_alike_stand_together_the_latest_cause_first() {
    let mut app = causes(&[
        failed("a", 5, Some("402 card_declined for ch_77")),
        failed("b", 2, Some("402 card_declined for ch_78")),
        failed("c", 3, Some("context limit exceeded")),
        run("fine", NOW.0 - HOUR, RunStatus::Succeeded),
    ]);
    assert_eq!(
        told(&app),
        ["402 card_declined for ch_# x2", "context limit exceeded x1"]
    );
    press(&mut app, "enter");
    assert_eq!(
        told(&app),
        [
            "402 card_declined for ch_# x2",
            " b",
            " a",
            "context limit exceeded x1"
        ]
    );
    let opened = tickets(press(&mut app, "j enter"));
    assert_eq!(&*opened[0].ask.run().unwrap().run, "b");
    assert!(app.screen().is_some());
}

#[test]
fn a_run_that_says_nothing_is_read_and_then_stands_under_what_failed_in_it() {
    let mut app = causes(&[failed("a", 1, None)]);
    assert_eq!(told(&app), ["Unread"]);
    let first = tick(&mut app, 0);
    assert!(matches!(first[0].ask, Ask::Run(_)));
    assert!(tick(&mut app, 1).is_empty(), "one at a time");
    answer(&mut app, &first[0], Got::Done { more: None });
    let second = tick(&mut app, 2);
    assert!(matches!(second[0].ask, Ask::Events { .. }));
    let Record::Event(event) = event("e", NOW.0, Kind::Error) else {
        return;
    };
    let event = Event {
        summary: Some("disk 7 is full".to_owned()),
        ..event
    };
    answer(&mut app, &second[0], rows([Record::Event(event)]));
    answer(&mut app, &second[0], Got::Done { more: None });
    assert_eq!(told(&app), ["disk # is full x1"]);
    assert!(tick(&mut app, 9).is_empty());
}

#[test]
fn a_run_whose_record_says_why_is_read_no_further() {
    let mut app = causes(&[failed("a", 1, None)]);
    let first = tick(&mut app, 0);
    answer(&mut app, &first[0], rows([failed("a", 1, Some("boom"))]));
    answer(&mut app, &first[0], Got::Done { more: None });
    assert_eq!(told(&app), ["boom x1"]);
    assert!(tick(&mut app, 9).is_empty());
}

#[test]
fn so_many_are_read_at_a_visit_and_the_rest_with_enter() {
    let runs: Vec<Record> = (0..60).map(|n| failed(&format!("r{n}"), 1, None)).collect();
    let mut app = causes(&runs);
    let mut asked = 0;
    for second in 0..200 {
        for ticket in tick(&mut app, second) {
            asked += usize::from(matches!(ticket.ask, Ask::Run(_)));
            answer(&mut app, &ticket, Got::Done { more: None });
        }
    }
    assert_eq!(asked, 50);
    let head = app.selected.unwrap();
    let unread = app.arranged.heads().find(|(head, _)| *head == Head::Unread);
    app.selected = unread.map(|(_, node)| node);
    assert!(app.outline.row_of(head).is_some());
    assert_eq!(tickets(press(&mut app, "enter")).len(), 10);
}

#[test]
fn what_was_first_seen_since_the_last_visit_is_new() {
    let (mut app, effects) = app(&["a"]);
    app.contexts[0].1.all_runs = true;
    for ticket in tickets(effects) {
        answer(&mut app, &ticket, rows([mission("m")]));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    let window = arrange::WINDOW;
    let visited = Some(Time(NOW.0 - 3 * HOUR));
    let asked = app.begin_with(arrange::Arrangement::Causes, window, visited);
    for ticket in tickets(asked) {
        let runs = [
            failed("a", 1, Some("old")),
            failed("b", 5, Some("old")),
            failed("c", 2, Some("fresh")),
        ];
        answer(&mut app, &ticket, rows(runs));
    }
    let fresh: Vec<(&str, bool)> = app
        .arranged
        .heads()
        .filter_map(|(head, _)| match head {
            Head::Cause(id) => app.arranged.causes.get(id),
            _ => None,
        })
        .map(|cause| (cause.fingerprint.message.as_str(), cause.is_new))
        .collect();
    assert_eq!(fresh.len(), 2);
    assert!(fresh.contains(&("fresh", true)) && fresh.contains(&("old", false)));
}
