//! A long run of a file that can be asked for its end, and for what matches.

use super::{live::hear, *};
use crate::app::load::Missing::{self, Counted, Uncounted};
use crate::model::{Sieve, Stretch};

/// Event number `n` of a run, which lies ten bytes behind the one before it. Every hundredth says so.
pub(super) fn nth(n: i64, is_numbered: bool) -> Record {
    let say = if n % 100 == 0 { "a needle" } else { "hay" };
    let raw = Payload::new(Bytes::from(format!(r#"{{"id":"e{n}","say":"{say} {n}"}}"#)));
    Record::Event(Event {
        id: format!("e{n}"),
        kind: Kind::Message,
        order: Order {
            at: n * 10,
            tie: if is_numbered { n.cast_unsigned() } else { 0 },
        },
        raw,
        ..Event::default()
    })
}

/// The first events of a run of so many, of which the rest waits.
pub(super) fn long(loaded: i64) -> (App, Ticket) {
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
    answer(&mut app, &ticket, rows((1..=loaded).map(|n| nth(n, true))));
    let more = Some(ticket.ask.clone());
    answer(&mut app, &ticket, Got::Done { more });
    (app, ticket)
}

pub(super) fn part_of(effects: Vec<Effect>) -> (Ticket, Stretch) {
    let mut parts = parts_of(effects);
    assert_eq!(parts.len(), 1, "{parts:?}");
    parts.remove(0)
}

/// What is asked for, but not because it is near.
fn parts_of(effects: Vec<Effect>) -> Vec<(Ticket, Stretch)> {
    let parts = tickets(effects).into_iter().map(|ticket| {
        let Ask::Part { of, .. } = &ticket.ask else {
            panic!("{ticket:?}");
        };
        let of = of.clone();
        (ticket, of)
    });
    let is_near = |of: &Stretch| matches!(of, Stretch::Before(_) | Stretch::After(_));
    let (near, wanted): (Vec<_>, Vec<_>) = parts.partition(|(_, of)| is_near(of));
    if wanted.is_empty() { near } else { wanted }
}

pub(super) fn come(
    app: &mut App,
    ticket: &Ticket,
    places: std::ops::RangeInclusive<i64>,
) -> Vec<Effect> {
    // One answer may come in several parts.
    for part in places.collect::<Vec<_>>().chunks(5) {
        answer(app, ticket, rows(part.iter().map(|n| nth(*n, true))));
    }
    answer(app, ticket, Got::Done { more: None })
}

fn number(app: &App, id: &str) -> usize {
    let run = app.shown_run().unwrap();
    let node = app.store.find(run, Sort::Event, id).unwrap();
    app.store.number(node).unwrap()
}

fn selected(app: &App) -> String {
    app.store.event(app.selected.unwrap()).unwrap().id
}

/// How many events are not loaded before the first part behind the beginning.
pub(super) fn hole(app: &App) -> Option<Missing> {
    app.loads[&app.shown_run().unwrap()].hole
}

/// What the rows say that are no events, and where they stand.
fn notes(app: &App) -> Vec<(usize, Option<Missing>)> {
    let rows = (0..app.outline.rows()).filter_map(|row| Some((row, app.outline.node_at(row)?)));
    let notes = rows.filter(|(_, node)| app.store.sort(*node) == Sort::Note);
    let said = |node| match app.hole_note(node) {
        Some(crate::app::load::Note::Between(count, _)) => Some(count),
        Some(_) => None,
        None => app.loads[&app.shown_run().unwrap()].hole,
    };
    notes.map(|(row, node)| (row, said(node))).collect()
}

#[test]
fn the_last_event_comes_before_what_lies_between() {
    let (mut app, _) = long(300);
    let (asked, of) = part_of(press(&mut app, "G"));
    assert_eq!(of, Stretch::Last);
    come(&mut app, &asked, 991..=1000);
    let last = app.outline.node_at(app.outline.rows() - 1).unwrap();
    assert_eq!(app.store.event(last).unwrap().id, "e1000");
    assert_eq!(app.selected_row(), Some(app.outline.rows() - 1));
    assert_eq!((number(&app, "e1000"), number(&app, "e300")), (1000, 300));
    assert_eq!(hole(&app), Some(Counted(690)));
    let between = app.outline.node_at(300).unwrap();
    assert_eq!(app.store.sort(between), Sort::Note);
    // It is asked for once.
    assert!(tickets(press(&mut app, "g G")).is_empty());
}

#[test]
fn what_lies_between_is_filled_from_both_ends_until_it_is_gone() {
    let (mut app, _) = long(300);
    let (asked, of) = part_of(press(&mut app, "G"));
    assert_eq!(of, Stretch::Last);
    // The row between is in sight: what is before it comes, towards the beginning.
    let (asked, of) = part_of(come(&mut app, &asked, 361..=370));
    assert_eq!(of, Stretch::Before(3610));
    come(&mut app, &asked, 351..=360);
    assert_eq!((hole(&app), number(&app, "e351")), (Some(Counted(50)), 351));
    // From the beginning on, into what is there already.
    let run = app.shown_run().unwrap();
    let more = tickets(app.load_more(run, crate::model::Urgency::Wanted)).remove(0);
    let Ask::Events { page, .. } = &more.ask else {
        panic!("{more:?}");
    };
    assert_eq!(page.seen, 300);
    let rest = (301..=370).map(|n| nth(n, true));
    answer(&mut app, &more, rows(rest));
    answer(&mut app, &more, Got::Done { more: None });
    assert_eq!((hole(&app), number(&app, "e370")), (None, 370));
    assert_eq!(app.outline.rows(), 370, "no row stands between any more");
}

#[test]
fn who_has_gone_elsewhere_is_left_there() {
    let (mut app, _) = long(300);
    let (asked, of) = part_of(press(&mut app, "G"));
    assert_eq!(of, Stretch::Last);
    press(&mut app, "g");
    come(&mut app, &asked, 991..=1000);
    assert_eq!(app.selected_row(), Some(0));
}

#[test]
fn a_file_that_cannot_be_read_any_more_says_so_at_its_end() {
    let (mut app, _) = long(300);
    let (asked, of) = part_of(press(&mut app, "G"));
    assert_eq!(of, Stretch::Last);
    let trouble = Trouble::File {
        name: "a.jsonl".to_owned(),
        cause: "it was changed since it was opened".to_owned(),
    };
    answer(&mut app, &asked, Got::Failed(trouble));
    assert!(app.notice.as_ref().unwrap().text.contains("changed"));
    assert_eq!(app.outline.rows(), 301, "nothing is lost");
}

#[test]
fn the_last_event_does_not_wait_for_its_number() {
    let (mut app, _) = long(300);
    let (asked, _) = part_of(press(&mut app, "G"));
    answer(&mut app, &asked, rows((991..=1000).map(|n| nth(n, false))));
    let (asked, of) = part_of(answer(&mut app, &asked, Got::Done { more: None }));
    assert_eq!(of, Stretch::At(9910));
    let run = app.shown_run().unwrap();
    let last = app.store.find(run, Sort::Event, "e1000").unwrap();
    assert_eq!(
        (app.store.number(last), hole(&app)),
        (None, Some(Uncounted))
    );
    assert_eq!(notes(&app), [(300, Some(Uncounted))]);
    answer(&mut app, &asked, rows([nth(991, true)]));
    answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(
        (app.store.number(last), hole(&app)),
        (Some(1000), Some(Counted(690)))
    );
}

fn searched(app: &mut App, needle: &str) -> Vec<Effect> {
    press(app, "/");
    for letter in needle.chars() {
        look(app, &letter.to_string());
    }
    press(app, "enter")
}

/// Types a letter and has the search beside the loop look through what is loaded.
fn look(app: &mut App, letter: &str) {
    let key = if letter == " " { "space" } else { letter };
    for effect in press(app, key) {
        if let Effect::Search(search) = effect {
            let number = search.number;
            crate::app::find::look(&search, |nodes, _| {
                app.update(
                    Msg::Found {
                        search: number,
                        nodes,
                        done: false,
                    },
                    NOW,
                );
                true
            });
            app.update(
                Msg::Found {
                    search: number,
                    nodes: Vec::new(),
                    done: true,
                },
                NOW,
            );
        }
    }
}

pub(super) fn range(of: Stretch) -> (i64, Option<i64>, bool, Sieve) {
    match of {
        Stretch::Match {
            after,
            before,
            last,
            test,
        } => (after, before, last, test),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_match_in_what_is_not_loaded_is_gone_to_and_what_lies_around_it_comes() {
    let (mut app, _) = long(50);
    let (asked, of) = part_of(searched(&mut app, "needle"));
    let (after, before, last, test) = range(of);
    assert_eq!((after, before, last), (500, None, false));
    let event = |n| match nth(n, false) {
        Record::Event(event) => event,
        _ => unreachable!(),
    };
    assert!(test.0.takes(&event(200)) && !test.0.takes(&event(201)));
    come(&mut app, &asked, 190..=210);
    assert_eq!(selected(&app), "e200");
    assert_eq!(notes(&app), [(50, Some(Counted(139))), (72, None)]);
    // On, behind what came: where the row at its end stands.
    let (asked, of) = part_of(press(&mut app, "n"));
    assert_eq!(range(of).0, 2100);
    come(&mut app, &asked, 290..=310);
    assert_eq!(selected(&app), "e300");
    assert_eq!(
        notes(&app),
        [
            (50, Some(Counted(139))),
            (72, Some(Counted(79))),
            (94, None)
        ]
    );
    // Back to what is loaded without asking, and before that around the end: nothing matches between the
    // beginning and the first match.
    press(&mut app, "N");
    assert_eq!(selected(&app), "e200");
    let (asked, of) = part_of(press(&mut app, "N"));
    let (after, before, last, test) = range(of);
    assert_eq!((after, before, last), (3100, None, true));
    answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(selected(&app), "e300", "the last that matches");
    // Who searches for something else stops what is under way.
    assert!(test.0.is_wanted());
    searched(&mut app, "hay");
    assert!(!test.0.is_wanted());
}

#[test]
fn what_is_nowhere_is_said_to_be_nowhere() {
    let (mut app, _) = long(50);
    let (asked, _) = part_of(searched(&mut app, "nothing"));
    answer(&mut app, &asked, Got::Done { more: None });
    let told = app.notice.as_ref().unwrap().text.clone();
    assert!(told.contains("nowhere in this run"), "{told}");
}

#[test]
fn who_presses_a_key_meanwhile_is_not_carried_to_the_match() {
    let (mut app, _) = long(50);
    let (asked, _) = part_of(searched(&mut app, "needle"));
    press(&mut app, "j");
    come(&mut app, &asked, 190..=210);
    assert_eq!(selected(&app), "e2");
    press(&mut app, "n");
    assert_eq!(selected(&app), "e200");
}

#[test]
fn rows_between_parts_are_filled_from_above_and_from_below() {
    let (mut app, _) = long(50);
    let (asked, _) = part_of(searched(&mut app, "needle"));
    come(&mut app, &asked, 190..=210);
    let (asked, _) = part_of(press(&mut app, "n"));
    come(&mut app, &asked, 290..=310);
    press(&mut app, "esc");
    // On the row between the two parts.
    let between = app.outline.node_at(72).unwrap();
    app.selected = Some(between);
    let (asked, of) = part_of(press(&mut app, "enter"));
    assert_eq!(of, Stretch::After(2100));
    come(&mut app, &asked, 211..=289);
    assert_eq!(notes(&app), [(50, Some(Counted(139))), (172, None)]);
    assert_eq!(number(&app, "e310"), 310);
    let trailing = app.outline.node_at(172).unwrap();
    app.selected = Some(trailing);
    let (asked, of) = part_of(press(&mut app, "enter"));
    assert_eq!(of, Stretch::After(3100));
    come(&mut app, &asked, 311..=400);
    app.selected = app.outline.node_at(app.outline.rows() - 1);
    let (asked, _) = part_of(press(&mut app, "enter"));
    answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(notes(&app), [(50, Some(Counted(139)))], "that was the end");
}

/// The same, but this one is an error.
fn broken(n: i64) -> Record {
    match nth(n, true) {
        Record::Event(event) => Record::Event(Event {
            kind: Kind::Error,
            ..event
        }),
        other => other,
    }
}

#[test]
fn the_next_failure_is_gone_to_where_it_is_not_loaded() {
    let (mut app, _) = long(50);
    let (asked, of) = part_of(press(&mut app, "e"));
    let (after, before, last, test) = range(of);
    assert_eq!((after, before, last), (500, None, false));
    let (Record::Event(good), Record::Event(bad)) = (nth(60, true), broken(60)) else {
        unreachable!();
    };
    assert!(test.0.takes(&bad) && !test.0.takes(&good));
    let around = (190..=210).map(|n| if n == 200 { broken(n) } else { nth(n, true) });
    answer(&mut app, &asked, rows(around));
    answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(
        (selected(&app).as_str(), number(&app, "e200")),
        ("e200", 200)
    );
    let told = app.notice.as_ref().unwrap().text.clone();
    assert_eq!(
        told, "failed row 1 of 1+",
        "what follows was not looked through"
    );
    // Whoever does something else meanwhile stops the looking, and nothing is taken for looked through.
    let (asked, of) = part_of(press(&mut app, "e"));
    let (after, .., test) = range(of);
    assert_eq!(after, 2100);
    press(&mut app, "k");
    assert!(!test.0.is_wanted());
    answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(selected(&app), "e199");
    press(&mut app, "j");
    let (asked, of) = part_of(press(&mut app, "e"));
    assert_eq!(range(of).0, 2100);
    // Nothing fails in the rest: around the end, where it is the only one.
    answer(&mut app, &asked, Got::Done { more: None });
    assert_eq!(selected(&app), "e200");
    let told = app.notice.as_ref().unwrap().text.clone();
    assert_eq!(told, "failed row 1 of 1, from the top again");
}

#[test]
fn a_long_run_is_followed_from_its_end_on() {
    let (mut app, _) = long(300);
    let (asked, _) = part_of(press(&mut app, "F"));
    let is_follow = |effect: &Effect| matches!(effect, Effect::Follow(_));
    let effects = come(&mut app, &asked, 991..=1000);
    let watch = effects.iter().find_map(|effect| match effect {
        Effect::Follow(watch) => Some(watch.clone()),
        _ => None,
    });
    let watch = watch.unwrap();
    assert_eq!(watch.known.newest, Some(10_000));
    // What comes goes on behind the end, and whoever is there goes along.
    let run = app.shown_run().unwrap();
    assert!(app.is_followed(run));
    hear(&mut app, &watch, rows([nth(1001, true)]));
    assert_eq!(
        (number(&app, "e1001"), hole(&app)),
        (1001, Some(Counted(690)))
    );
    assert_eq!(app.selected_row(), Some(app.outline.rows() - 1));
    // Once more: not followed any more.
    assert!(!press(&mut app, "F").iter().any(is_follow));
    assert!(!app.is_followed(run));
}
