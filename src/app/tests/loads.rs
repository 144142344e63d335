//! Loading, as a person meets it: going on with a list, failures of a part, rows that move.

use super::{
    reading::{said, selected},
    *,
};

fn page(n: u32) -> Ask {
    Ask::Missions {
        page: crate::model::Page {
            index: n,
            ..Default::default()
        },
    }
}

fn more(n: u32) -> Got {
    Got::Done {
        more: Some(page(n)),
    }
}

fn unreachable() -> Got {
    Got::Failed(Trouble::Unreachable {
        host: "a".to_owned(),
        cause: "refused".to_owned(),
    })
}

fn asks(effects: Vec<Effect>) -> Vec<Ask> {
    let asked = tickets(effects).into_iter();
    asked.map(|ticket| ticket.ask).collect()
}

/// A context with one mission, whose list goes on at page 1, and the context selected.
fn cut() -> App {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, more(1));
    app
}

#[test]
fn a_list_that_broke_off_goes_on_where_it_did() {
    let mut app = cut();
    let going_on = &tickets(press(&mut app, "G"))[0];
    assert_eq!(going_on.ask, page(1));
    answer(&mut app, going_on, unreachable());
    assert_eq!(screen(&app), ["  c", ">  m", "   (note)"]);
    assert!(
        asks(press(&mut app, "j k j")).is_empty(),
        "it is not tried again by itself"
    );
    let again = &tickets(press(&mut app, "enter"))[0];
    assert_eq!(again.ask, page(1));
    answer(&mut app, again, rows([mission("n")]));
    answer(&mut app, again, Got::Done { more: None });
    assert_eq!(screen(&app).len(), 3, "all is well: {:?}", screen(&app));
    assert_eq!(asks(press(&mut app, "g r")), [page(0)]);
}

#[test]
fn a_part_that_failed_does_not_keep_the_list_from_going_on() {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    let parts = tickets(press(&mut app, "j l"));
    let next = Ask::Runs {
        mission: "m".into(),
        status: None,
        page: crate::model::Page {
            index: 1,
            ..Default::default()
        },
    };
    for ticket in &parts {
        if matches!(ticket.ask, Ask::Runs { .. }) {
            answer(&mut app, ticket, rows([run("r", 1, RunStatus::Running)]));
            let more = Some(next.clone());
            answer(&mut app, ticket, Got::Done { more });
        } else {
            answer(&mut app, ticket, unreachable());
        }
    }
    assert_eq!(screen(&app), ["  c", ">  m", "    r", "    (note)"]);
    let going_on = &tickets(press(&mut app, "G enter"))[0];
    assert_eq!(going_on.ask, next);
    answer(&mut app, going_on, Got::Done { more: None });
    assert!(
        screen(&app).iter().any(|row| row.ends_with("(note)")),
        "what failed besides is still told"
    );
    assert_eq!(asks(press(&mut app, "g j r")).len(), 2, "r begins anew");
}

#[test]
fn refreshing_while_it_goes_on_begins_anew() {
    let mut app = cut();
    let going_on = &tickets(press(&mut app, "G"))[0];
    let effects = press(&mut app, "g r");
    assert!(
        effects.iter().any(
            |effect| matches!(effect, Effect::Cancel(number) if *number == going_on.generation)
        )
    );
    answer(&mut app, going_on, rows([mission("late")]));
    answer(&mut app, going_on, unreachable());
    assert_eq!(screen(&app), ["> c", "   m"]);
}

#[test]
fn the_selection_goes_to_the_row_above_a_note_that_goes() {
    let mut app = opened(vec![
        step("s", None),
        in_step(event("inside", 1, Kind::Message), "s"),
    ]);
    let step = app.store.all(Sort::Step).next().unwrap();
    app.outline.set_open(step, true);
    let run = app.store.owner(step);
    let run_ref = app.run_ref(run).unwrap();
    for ticket in tickets(press(&mut app, "r")) {
        let next = Ask::Events {
            run: run_ref.clone(),
            page: crate::model::Page::default(),
        };
        let more = matches!(ticket.ask, Ask::Events { .. }).then_some(next);
        answer(&mut app, &ticket, Got::Done { more });
    }
    let note = app.loads.get(&run).and_then(|load| load.note);
    app.select(note);
    assert!(screen(&app).iter().any(|row| row == ">     inside"));
}

#[test]
fn the_selection_stays_in_sight_when_its_step_moves_under_a_folded_one() {
    let mut app = opened(vec![
        step("inner", Some("outer")),
        in_step(event("here", 1, Kind::Message), "inner"),
    ]);
    press(&mut app, "j l j");
    assert!(screen(&app).iter().any(|row| row == ">     here"));
    let steps = tickets(press(&mut app, "r"));
    let ticket = steps
        .iter()
        .find(|ticket| matches!(ticket.ask, Ask::Steps(_)));
    answer(&mut app, ticket.unwrap(), rows([step("outer", None)]));
    assert!(
        screen(&app).iter().any(|row| row == ">      here"),
        "{:?}",
        screen(&app)
    );
}

#[test]
fn steps_nest_no_deeper_than_a_screen_has_room_for() {
    let chain = (0..200).map(|n| step(&n.to_string(), Some(&(n + 1).to_string())));
    let outermost_last = opened(chain.clone().collect());
    let outermost_first = opened(chain.rev().collect());
    for app in [Box::new(outermost_last), Box::new(outermost_first)] {
        let depths = app
            .store
            .all(Sort::Step)
            .map(|step| app.outline.depth(step));
        assert!(depths.max() <= Some(17));
    }
}

#[test]
fn a_step_waits_for_its_parent_once() {
    // Newest first: with each event the step begins earlier and is placed anew.
    let mut records = vec![step("s", Some("never"))];
    records.extend((0..50).map(|n| {
        let record = event(&n.to_string(), 50 - n, Kind::Message);
        in_step(record, "s")
    }));
    let app = opened(records);
    let waiting = app
        .steps_waiting
        .values()
        .map(std::collections::BTreeSet::len);
    assert_eq!(waiting.sum::<usize>(), 1);
}

#[test]
fn a_step_has_begun_when_a_step_in_it_has() {
    let app = opened(vec![
        step("a", Some("b")),
        step("b", Some("a")),
        step("outer", None),
        step("inner", Some("outer")),
        event("last", 9, Kind::Message),
        in_step(event("round", 8, Kind::Message), "b"),
        in_step(event("first", 1, Kind::Message), "inner"),
    ]);
    let shown = screen(&app);
    let at = |name: &str| shown.iter().position(|row| row.trim() == name);
    assert!(at("[outer]") < at("last"), "{shown:?}");
    let round = at("[a]").or(at("[b]")).unwrap();
    assert!(Some(round) < at("last"), "{shown:?}");
}

#[test]
fn a_run_without_failures_that_came_newest_first_opens_at_its_beginning() {
    let mut app = opened(vec![]);
    let asked = tickets(press(&mut app, "r"));
    press(&mut app, "h");
    press(&mut app, "enter");
    for ticket in &asked {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, ticket, rows([said("last", 9), said("later", 8)]));
            answer(&mut app, ticket, rows([said("first", 1)]));
        }
        answer(&mut app, ticket, Got::Done { more: None });
    }
    assert_eq!(selected(&app), "first");
}

#[test]
fn whoever_goes_to_the_beginning_stays_there_while_older_events_come() {
    for (keys, ends_at) in [("g", "first"), ("g j", "last")] {
        let mut app = opened(vec![]);
        let asked = tickets(press(&mut app, "r"));
        press(&mut app, "h");
        press(&mut app, "enter");
        for ticket in &asked {
            if matches!(ticket.ask, Ask::Events { .. }) {
                answer(&mut app, ticket, rows([said("last", 9), said("later", 8)]));
                press(&mut app, keys);
                answer(&mut app, ticket, rows([said("first", 1)]));
            }
            answer(&mut app, ticket, Got::Done { more: None });
        }
        assert_eq!(selected(&app), ends_at, "{keys}");
    }
}

#[test]
fn a_run_that_is_still_read_is_shown_from_its_beginning() {
    let mut app = opened(vec![]);
    let asked = tickets(press(&mut app, "r"));
    press(&mut app, "h");
    press(&mut app, "enter");
    let events = asked
        .iter()
        .find(|ticket| matches!(ticket.ask, Ask::Events { .. }));
    let first: Vec<_> = (1..60).map(|n| said(&format!("e{n}"), n)).collect();
    answer(&mut app, events.unwrap(), rows(first));
    assert_eq!((selected(&app), app.top), ("e1".to_owned(), 0));
    let more: Vec<_> = (60..90).map(|n| said(&format!("e{n}"), n)).collect();
    answer(&mut app, events.unwrap(), rows(more));
    assert_eq!((selected(&app), app.top), ("e1".to_owned(), 0));
}
