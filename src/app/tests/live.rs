//! What goes on while one looks: following, and glances at visible rows.

use super::*;
use crate::model::{Attention, Budget, Live, Watch};

fn watches(effects: &[Effect]) -> Vec<Watch> {
    effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Follow(watch) => Some(watch.clone()),
            _ => None,
        })
        .collect()
}

/// The mission m with the run r that goes on, opened, with these in it; what opening it asked to follow.
pub(super) fn live(records: Vec<Record>, keys_before: &str) -> (App, Vec<Watch>) {
    let mut app = opened(Vec::new());
    let mut followed = Vec::new();
    let mission = app.store.all(Sort::Mission).next().unwrap();
    let going_on = Row::Full(run("live", 9, RunStatus::Running));
    app.rows(mission, vec![going_on], 0);
    let node = app.store.find(mission, Sort::Run, "live").unwrap();
    app.select(Some(node));
    let asked = tickets(press(&mut app, "l"));
    if !keys_before.is_empty() {
        press(&mut app, keys_before);
    }
    let mut records = Some(records);
    for ticket in asked {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, &ticket, rows(records.take().unwrap()));
        }
        followed.extend(watches(&answer(
            &mut app,
            &ticket,
            Got::Done { more: None },
        )));
    }
    (app, followed)
}

pub(super) fn hear(app: &mut App, watch: &Watch, got: Got) -> Vec<Effect> {
    let arrival = Arrival {
        context: watch.context,
        node: watch.node,
        generation: watch.generation,
        ask: Ask::Run(watch.run.clone()),
        got,
    };
    app.update(Msg::Arrived(Box::new(arrival)), NOW)
}

fn selected(app: &App) -> String {
    let row = screen(app).into_iter().find(|row| row.starts_with('>'));
    row.unwrap().trim_start_matches(['>', ' ']).to_owned()
}

pub(super) fn two() -> Vec<Record> {
    vec![event("e1", 1, Kind::Message), event("e2", 2, Kind::Message)]
}

#[test]
fn a_live_run_that_is_opened_is_followed_from_its_newest_row_on() {
    let (mut app, followed) = live(two(), "");
    assert_eq!(followed.len(), 1);
    assert_eq!(followed[0].known.newest, Some(2));
    assert_eq!(followed[0].known.events, 2);
    assert_eq!(selected(&app), "e2");
    hear(
        &mut app,
        &followed[0],
        rows([event("e3", 3, Kind::Message)]),
    );
    assert_eq!(selected(&app), "e3", "on the newest row it goes along");
    assert_eq!(app.follow.as_ref().unwrap().fresh, 0);
}

#[test]
fn whoever_moves_away_stays_and_is_told_how_many_came() {
    let (mut app, followed) = live(two(), "");
    press(&mut app, "k");
    assert_eq!(selected(&app), "e1");
    let more = (3..60).map(|n| event(&format!("e{n}"), n, Kind::Message));
    let (top, line) = (app.top, app.selected_row().unwrap() - app.top);
    hear(&mut app, &followed[0], rows(more));
    assert_eq!(selected(&app), "e1");
    assert_eq!(
        (app.top, app.selected_row().unwrap() - app.top),
        (top, line)
    );
    assert_eq!(app.follow.as_ref().unwrap().fresh, 57);
    press(&mut app, "F");
    assert_eq!(selected(&app), "e59");
    assert_eq!(app.follow.as_ref().unwrap().fresh, 0);
    let stopped = press(&mut app, "F");
    assert!(
        matches!(stopped[..], [Effect::Cancel(generation)] if generation == followed[0].generation)
    );
    assert!(app.follow.is_none());
}

#[test]
fn a_key_pressed_while_it_loads_keeps_the_cursor_where_it_is() {
    let (app, followed) = live(two(), "k");
    assert_eq!(followed.len(), 1, "it is followed all the same");
    assert_ne!(selected(&app), "e2");
}

#[test]
fn following_ends_with_the_run_and_with_the_fold() {
    let (mut app, followed) = live(two(), "");
    hear(&mut app, &followed[0], Got::Live(Live::Over));
    assert!(app.follow.is_none());
    let (mut app, _) = live(two(), "");
    let effects = press(&mut app, "h h");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Cancel(_)))
    );
    assert!(app.follow.is_none());
    assert!(watches(&press(&mut app, "l")).len() == 1, "and begins anew");
}

#[test]
fn a_finished_or_silent_run_is_not_followed() {
    let mut app = opened(two());
    assert!(app.follow.is_none());
    press(&mut app, "F");
    assert!(app.notice.as_ref().unwrap().text.contains("has ended"));
    let mission = app.store.all(Sort::Mission).next().unwrap();
    let silent = Run {
        id: "silent".to_owned(),
        status: RunStatus::Running,
        quiet_since: Some(Time(1)),
        ..Run::default()
    };
    app.rows(mission, vec![Row::Full(Record::Run(silent))], 0);
    let node = app.store.find(mission, Sort::Run, "silent").unwrap();
    app.select(Some(node));
    for ticket in tickets(press(&mut app, "l")) {
        let effects = answer(&mut app, &ticket, Got::Done { more: None });
        assert!(watches(&effects).is_empty());
    }
    assert_eq!(
        watches(&press(&mut app, "F")).len(),
        1,
        "unless it is asked for"
    );
}

#[test]
fn a_follow_that_cannot_go_on_says_so_and_keeps_what_came() {
    let (mut app, followed) = live(two(), "");
    let refused = Trouble::Refused {
        source_name: "KEY".to_owned(),
        message: "revoked".to_owned(),
    };
    hear(&mut app, &followed[0], Got::Live(Live::GivenUp(refused)));
    assert!(app.follow.is_none());
    let shown = screen(&app);
    assert!(shown.iter().any(|row| row.ends_with("(note)")), "{shown:?}");
    assert!(shown.iter().any(|row| row.ends_with("e2")));
}

#[test]
fn visible_runs_that_go_on_are_glanced_at_and_others_are_not() {
    let (mut app, _) = live(two(), "");
    let due = app.next_deadline().unwrap();
    press(&mut app, "h h h");
    let effects = app.update(Msg::Tick, due);
    let asked: Vec<Ask> = tickets(effects)
        .into_iter()
        .map(|ticket| ticket.ask)
        .collect();
    assert!(
        asked
            .iter()
            .any(|ask| matches!(ask, Ask::Runs { page, .. } if page.index == 0)),
        "{asked:?}"
    );
    let finished = opened(two());
    assert_eq!(finished.next_deadline(), None, "nothing to wake up for");
}

#[test]
fn the_step_of_the_newest_event_that_has_one_is_known_to_who_follows() {
    let in_step = |id: &str, at: i64, step: Option<&str>| {
        let Record::Event(event) = event(id, at, Kind::Message) else {
            unreachable!("it makes events");
        };
        Record::Event(Event {
            step_id: step.map(str::to_owned),
            ..event
        })
    };
    let records = vec![
        in_step("e1", 1, Some("plan")),
        in_step("e2", 2, Some("close")),
        in_step("e3", 3, None),
    ];
    let (_, followed) = live(records, "");
    assert_eq!(followed[0].known.step.as_deref(), Some("close"));
}

#[test]
fn a_glance_at_a_list_says_what_is_settled() {
    let (mut app, _) = live(two(), "");
    let mission = app.store.all(Sort::Mission).next().unwrap();
    let began = |id: &str, status: RunStatus, ago: i64| {
        Row::Full(Record::Run(Run {
            id: id.to_owned(),
            status,
            started_at: Some(Time(NOW.0 - ago * 1_000_000_000)),
            ..Run::default()
        }))
    };
    let glanced = |app: &mut App| {
        let due = app.next_deadline().unwrap();
        let asked = tickets(app.update(Msg::Tick, due));
        asked
            .iter()
            .find_map(|ticket| match &ticket.ask {
                Ask::Runs { page, .. } => Some(page.after),
                _ => None,
            })
            .unwrap()
    };
    let rows = vec![
        began("live", RunStatus::Running, 300),
        began("over", RunStatus::Succeeded, 900),
    ];
    app.rows(mission, rows, 0);
    press(&mut app, "h h h");
    let after = glanced(&mut app).unwrap();
    assert_eq!(after, NOW.0 - 300_000_000_000, "the live one is not");
}

#[test]
fn a_small_budget_is_not_spent_on_glances() {
    let (mut app, followed) = live(two(), "");
    let budget = Budget {
        left: 5,
        of: Some(60),
        resets: None,
    };
    hear(&mut app, &followed[0], Got::Budget(budget));
    let due = app.next_deadline().unwrap();
    assert!(tickets(app.update(Msg::Tick, due)).is_empty());
}

#[test]
fn the_focus_is_passed_on() {
    let mut app = opened(two());
    for (here, attention) in [(false, Attention::Away), (true, Attention::Here)] {
        let effects = app.update(Msg::Focus(here), NOW);
        assert!(matches!(effects[..], [Effect::Attend(told)] if told == attention));
    }
}

#[test]
fn the_newest_row_is_unfolded_for_whoever_goes_along_and_for_nobody_else() {
    let (mut app, followed) = live(
        vec![
            step("s1", None),
            in_step(event("e1", 1, Kind::Message), "s1"),
        ],
        "",
    );
    assert_eq!(selected(&app), "e1");
    let next = || in_step(event("e2", 2, Kind::Message), "s2");
    hear(&mut app, &followed[0], rows([next()]));
    assert_eq!(selected(&app), "e2");
    press(&mut app, "h h");
    assert_eq!(selected(&app), "[s2]");
    let last = in_step(event("e3", 3, Kind::Message), "s2");
    hear(&mut app, &followed[0], rows([last]));
    assert_eq!(selected(&app), "[s2]", "a fold stays folded");
}

#[test]
fn a_run_that_is_folded_away_with_its_mission_is_not_followed() {
    let (mut app, followed) = live(two(), "");
    let mission = app.store.all(Sort::Mission).next().unwrap();
    app.select(Some(mission));
    let effects = press(&mut app, "h");
    assert!(
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Cancel(of) if *of == followed[0].generation))
    );
}

#[test]
fn following_is_tried_again_where_loading_had_failed() {
    let mut app = opened(Vec::new());
    let mission = app.store.all(Sort::Mission).next().unwrap();
    let going_on = Row::Full(run("live", 9, RunStatus::Running));
    app.rows(mission, vec![going_on], 0);
    let node = app.store.find(mission, Sort::Run, "live").unwrap();
    app.select(Some(node));
    let refused = || {
        Got::Failed(Trouble::Service {
            status: 500,
            message: String::new(),
        })
    };
    for ticket in tickets(press(&mut app, "l")) {
        answer(&mut app, &ticket, refused());
    }
    let again = tickets(press(&mut app, "F"));
    assert_eq!(again.len(), 3);
    let effects: Vec<_> = again
        .iter()
        .flat_map(|ticket| answer(&mut app, ticket, Got::Done { more: None }))
        .collect();
    assert_eq!(watches(&effects).len(), 1);
}

#[test]
fn a_dead_host_shows_in_its_context_until_it_answers() {
    let (mut app, followed) = live(two(), "");
    let trouble = Trouble::Unreachable {
        host: "a:1".to_owned(),
        cause: "connection refused".to_owned(),
    };
    let lost = Got::Live(Live::Lost {
        trouble: trouble.clone(),
        until: Time(NOW.0 + 1),
    });
    hear(&mut app, &followed[0], lost);
    assert_eq!(app.ailing.values().collect::<Vec<_>>(), [&trouble]);
    hear(
        &mut app,
        &followed[0],
        rows([event("e3", 3, Kind::Message)]),
    );
    assert!(app.ailing.is_empty());
}
