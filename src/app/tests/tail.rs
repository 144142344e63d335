//! A long run of a file that can be asked for its end.

use super::*;

/// The first events of a run of so many, of which the rest waits.
fn long(loaded: i64) -> (App, Ticket) {
    let (mut app, first) = app(&["file"]);
    app.contexts[0].1.tails = true;
    app.single.unfolds = true;
    let answers = [
        vec![mission("a.jsonl")],
        vec![run("r", 1, RunStatus::Unknown)],
    ];
    let asked = arrive(&mut app, first, answers, None);
    for ticket in asked
        .iter()
        .filter(|ticket| !matches!(ticket.ask, Ask::Events { .. }))
    {
        answer(&mut app, ticket, Got::Done { more: None });
    }
    let events = asked
        .iter()
        .find(|ticket| matches!(ticket.ask, Ask::Events { .. }));
    let ticket = events.unwrap().clone();
    let all = (1..=loaded).map(|n| event(&format!("e{n}"), n, Kind::Message));
    answer(&mut app, &ticket, rows(all));
    let more = Some(ticket.ask.clone());
    answer(&mut app, &ticket, Got::Done { more });
    (app, ticket)
}

fn tail_of(effects: Vec<Effect>) -> Ticket {
    let mut tickets = tickets(effects).into_iter();
    let ticket = tickets.next().unwrap();
    assert!(matches!(ticket.ask, Ask::Tail { .. }) && tickets.next().is_none());
    ticket
}

fn come(app: &mut App, ticket: &Ticket, places: std::ops::RangeInclusive<i64>) -> Vec<Effect> {
    // One answer may come in several parts.
    for part in places.collect::<Vec<_>>().chunks(5) {
        let part = part
            .iter()
            .map(|n| event(&format!("e{n}"), *n, Kind::Message));
        answer(app, ticket, rows(part));
    }
    answer(app, ticket, Got::Done { more: None })
}

fn number(app: &App, id: &str) -> usize {
    let run = app.shown_run().unwrap();
    let node = app.store.find(run, Sort::Event, id).unwrap();
    app.store.number(node).unwrap()
}

fn hole(app: &App) -> usize {
    app.loads[&app.shown_run().unwrap()].hole
}

#[test]
fn the_last_event_comes_before_what_lies_between() {
    let (mut app, _) = long(300);
    let asked = tail_of(press(&mut app, "G"));
    come(&mut app, &asked, 991..=1000);
    let last = app.outline.node_at(app.outline.rows() - 1).unwrap();
    assert_eq!(app.store.event(last).unwrap().id, "e1000");
    assert_eq!(app.selected_row(), Some(app.outline.rows() - 1));
    assert_eq!((number(&app, "e1000"), number(&app, "e300")), (1000, 300));
    assert_eq!(hole(&app), 690);
    let between = app.outline.node_at(300).unwrap();
    assert_eq!(app.store.sort(between), Sort::Note);
    // It is asked for once.
    assert!(tickets(press(&mut app, "g G")).is_empty());
}

#[test]
fn what_lies_between_is_filled_from_both_ends_until_it_is_gone() {
    let (mut app, first) = long(300);
    let asked = tail_of(press(&mut app, "G"));
    // The row between is in sight: what is before it comes, towards the beginning.
    let asked = tail_of(come(&mut app, &asked, 361..=370));
    assert!(matches!(
        asked.ask,
        Ask::Tail {
            before: Some(361),
            ..
        }
    ));
    come(&mut app, &asked, 351..=360);
    assert_eq!((hole(&app), number(&app, "e351")), (50, 351));
    // From the beginning on, into what is there already.
    let run = app.shown_run().unwrap();
    let more = tickets(app.load_more(run, crate::model::Urgency::Wanted)).remove(0);
    assert_eq!(more.ask, first.ask);
    let rest = (301..=370).map(|n| event(&format!("e{n}"), n, Kind::Message));
    answer(&mut app, &more, rows(rest));
    answer(&mut app, &more, Got::Done { more: None });
    assert_eq!((hole(&app), number(&app, "e370")), (0, 370));
    assert_eq!(app.outline.rows(), 370, "no row stands between any more");
}

#[test]
fn who_has_gone_elsewhere_is_left_there() {
    let (mut app, _) = long(300);
    let asked = tail_of(press(&mut app, "G"));
    press(&mut app, "g");
    come(&mut app, &asked, 991..=1000);
    assert_eq!(app.selected_row(), Some(0));
}

#[test]
fn a_file_that_cannot_be_read_any_more_says_so_at_its_end() {
    let (mut app, _) = long(300);
    let asked = tail_of(press(&mut app, "G"));
    let trouble = Trouble::File {
        name: "a.jsonl".to_owned(),
        cause: "it was changed since it was opened".to_owned(),
    };
    answer(&mut app, &asked, Got::Failed(trouble));
    assert!(app.notice.as_ref().unwrap().text.contains("changed"));
    assert_eq!(app.outline.rows(), 301, "nothing is lost");
}
