//! Ways that lead out of a run and back, and from part to part of it: child runs, the list one came
//! from, steps of the plan and turns, and what stays where it was said.

use super::{
    reading::{failed, ids, on_screen, said, selected, story, tool},
    *,
};
use crate::app::outline::Mark;

fn child(status: RunStatus) -> Record {
    Record::Run(Run {
        id: "child".to_owned(),
        mission_id: "other".to_owned(),
        parent_run_id: Some("r".to_owned()),
        parent_event_id: Some("sub".to_owned()),
        status,
        ..Run::default()
    })
}

fn with_child(status: RunStatus) -> Vec<Record> {
    let mut records = story();
    records.truncate(3);
    records.push(event("sub", 4_000_000_000, Kind::SubRun));
    records.push(child(status));
    records.push(said("bye", 6));
    records
}

fn run_on_screen(app: &App) -> String {
    let run = app.screen().and_then(|run| app.store.run(run));
    run.map_or_else(String::new, |run| run.id.clone())
}

fn notice(app: &App) -> &str {
    app.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn enter_on_what_started_a_run_opens_that_run_and_back_leads_to_the_row() {
    for back in ["esc", "backspace", "q"] {
        let mut app = on_screen(with_child(RunStatus::Failed));
        press(&mut app, "g j j");
        assert_eq!(selected(&app), "sub");
        let line = app.selected_row().unwrap() - app.top;
        let asked = tickets(press(&mut app, "enter"));
        assert_eq!(run_on_screen(&app), "child");
        assert!(!app.in_detail());
        let records = [
            tool("c8", 1, Kind::ToolCall, "pay"),
            failed(tool("r8", 2, Kind::ToolResult, "pay")),
        ];
        for ticket in &asked {
            if matches!(ticket.ask, Ask::Events { .. }) {
                answer(&mut app, ticket, rows(records.clone()));
            }
            answer(&mut app, ticket, Got::Done { more: None });
        }
        assert_eq!(selected(&app), "c8");
        press(&mut app, back);
        assert_eq!(run_on_screen(&app), "r", "{back}");
        assert_eq!(selected(&app), "sub", "{back}");
        assert_eq!(app.selected_row().unwrap() - app.top, line, "{back}");
        press(&mut app, back);
        assert_eq!(run_on_screen(&app), "", "{back}");
        assert_eq!(selected(&app), "r", "{back}");
    }
    let mut app = on_screen(with_child(RunStatus::Failed));
    press(&mut app, "g j j enter 1");
    assert_eq!(run_on_screen(&app), "", "1 is the list, from however deep");
}

#[test]
fn a_failed_child_counts_in_the_row_that_started_it_and_once() {
    let mut app = on_screen(with_child(RunStatus::Failed));
    let sub = app.outline.node_at(2).unwrap();
    assert_eq!(app.outline.marked_below(sub, Mark::Failed), 1);
    press(&mut app, "!");
    assert_eq!(ids(&app), ["sub"], "it is a failure to look at");
    press(&mut app, "! g j j");
    for ticket in tickets(press(&mut app, "enter")) {
        let records = [
            tool("c8", 1, Kind::ToolCall, "pay"),
            failed(tool("r8", 2, Kind::ToolResult, "pay")),
        ];
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, &ticket, rows(records));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    press(&mut app, "esc");
    let told = app.outline.marked_below(sub, Mark::Failed);
    assert_eq!(told, 1, "what failed in it tells why it failed");
    let well = on_screen(with_child(RunStatus::Succeeded));
    let sub = well.outline.node_at(2).unwrap();
    assert_eq!(well.outline.marked_below(sub, Mark::Failed), 0);
}

#[test]
fn what_is_known_as_of_a_row_of_a_child_is_that_of_what_started_it() {
    let mut app = on_screen(with_child(RunStatus::Running));
    let run = app.screen().unwrap();
    for ticket in tickets(press(&mut app, "g j j l")) {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, &ticket, rows([said("inner", 1)]));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    press(&mut app, "j j");
    assert_eq!(selected(&app), "inner");
    let here = app.event_here_in(run).unwrap();
    assert_eq!(app.store.event(here).unwrap().id, "sub");
    press(&mut app, "k");
    assert_eq!(selected(&app), "child");
    let here = app.event_here_in(run).unwrap();
    assert_eq!(app.store.event(here).unwrap().id, "sub");
    press(&mut app, "]");
    assert_eq!(
        run_on_screen(&app),
        "old",
        "] is about the run of the screen"
    );
}

/// What a person said.
fn asked(id: &str, at: i64) -> Record {
    match said(id, at) {
        Record::Event(event) => Record::Event(Event {
            title: Some("user".to_owned()),
            ..event
        }),
        other => other,
    }
}

#[test]
fn braces_stop_at_steps_of_the_plan_and_at_nothing_else() {
    let mut app = on_screen(vec![
        said("hello", 1),
        step("first", None),
        in_step(tool("c1", 2, Kind::ToolCall, "find"), "first"),
        asked("please", 3),
        in_step(tool("c2", 4, Kind::ToolCall, "find"), "first"),
        step("second", None),
        in_step(said("a", 5), "second"),
        said("between", 6),
        in_step(said("b", 7), "second"),
        step("never", None),
    ]);
    let table = [
        ("g", "hello"),
        ("}", "[first]"),
        ("}", "[second]"),
        ("}", "[never]"),
        ("}", "[never]"),
        ("{", "[second]"),
        ("j {", "[second]"),
        ("{ {", "[first]"),
    ];
    for (keys, expected) in table {
        press(&mut app, keys);
        assert_eq!(selected(&app), expected, "{keys}: {:?}", ids(&app));
    }
    assert!(
        notice(&app).contains("no step of the plan before"),
        "{}",
        notice(&app)
    );
}

#[test]
fn braces_go_from_turn_to_turn_where_there_is_no_plan() {
    let mut app = on_screen(vec![
        asked("u1", 1),
        tool("c1", 2, Kind::ToolCall, "find"),
        tool("r1", 3, Kind::ToolResult, "find"),
        said("done", 4),
        asked("u2", 5),
        asked("u3", 6),
        said("done too", 7),
    ]);
    let table = [("g }", "u2"), ("}", "u2"), ("j j {", "u2"), ("{", "u1")];
    for (keys, expected) in table {
        press(&mut app, keys);
        assert_eq!(selected(&app), expected, "{keys}");
    }
}

/// On the last loaded run of a list that goes on; and the ticket that loads it on.
fn at_the_end(keys: &str) -> (App, Vec<Ticket>) {
    let mut app = on_screen(story());
    let list = app.store.all(Sort::Mission).next().unwrap();
    let ask = Ask::Runs {
        mission: "m".into(),
        status: None,
        page: crate::model::Page {
            index: 1,
            ..Default::default()
        },
    };
    app.loads.get_mut(&list).unwrap().more = Some(ask);
    press(&mut app, "]");
    assert_eq!(run_on_screen(&app), "old");
    let effects = press(&mut app, keys);
    (app, tickets(effects))
}

#[test]
fn the_next_run_is_loaded_where_the_list_goes_on() {
    let (mut app, asked) = at_the_end("]");
    assert!(matches!(asked[0].ask, Ask::Runs { .. }), "{asked:?}");
    assert_eq!(run_on_screen(&app), "old");
    assert!(
        notice(&app).contains("loading more runs"),
        "{}",
        notice(&app)
    );
    answer(
        &mut app,
        &asked[0],
        rows([run("older", 0, RunStatus::Failed)]),
    );
    answer(&mut app, &asked[0], Got::Done { more: None });
    assert_eq!(run_on_screen(&app), "older");
    press(&mut app, "]");
    assert!(
        notice(&app).contains("last run of the list"),
        "{}",
        notice(&app)
    );
}

#[test]
fn who_presses_another_key_stays_and_a_list_that_breaks_off_says_so() {
    let (mut app, asked) = at_the_end("]");
    press(&mut app, "j");
    answer(
        &mut app,
        &asked[0],
        rows([run("older", 0, RunStatus::Failed)]),
    );
    answer(&mut app, &asked[0], Got::Done { more: None });
    assert_eq!(run_on_screen(&app), "old");
    let (mut app, asked) = at_the_end("]");
    let trouble = Trouble::Unreachable {
        host: "a".to_owned(),
        cause: "refused".to_owned(),
    };
    answer(&mut app, &asked[0], Got::Failed(trouble));
    assert_eq!(run_on_screen(&app), "old");
    assert!(
        notice(&app).contains("could not be loaded on"),
        "{}",
        notice(&app)
    );
}

#[test]
fn a_run_begins_without_what_was_said_and_searched_in_the_list() {
    let mut app = opened(story());
    press(&mut app, "h / o l d enter");
    let number = app.search.as_ref().unwrap().number;
    let found = Msg::Found {
        search: number,
        nodes: Vec::new(),
        done: true,
    };
    app.update(found, NOW);
    assert_eq!(selected(&app), "old");
    press(&mut app, "k k t");
    assert!(!notice(&app).is_empty());
    press(&mut app, "j enter");
    assert_eq!(run_on_screen(&app), "r");
    assert!(
        app.search.is_none() && notice(&app).is_empty(),
        "{}",
        notice(&app)
    );
    assert_eq!(app.outline.marked(Mark::Hit), 0);
    press(&mut app, "esc");
    assert_eq!(app.search.as_ref().unwrap().needle.as_ref(), "old");
    press(&mut app, "n");
    assert_eq!(selected(&app), "old");
}

#[test]
fn four_shows_the_waterfall_wherever_there_is_room_for_it() {
    // Room for a pane; then the whole screen; then as it was.
    let mut app = on_screen(story());
    app.measured.bars_fit = true;
    press(&mut app, "4");
    assert_eq!((app.bars, app.full), (Some(Bars::Pane), None));
    press(&mut app, "4");
    assert_eq!(app.full, Some(Pane::Bars));
    press(&mut app, "g }");
    assert!(!app.in_detail(), "the keys stay with the rows");
    press(&mut app, "]");
    assert_eq!(app.full, Some(Pane::Bars), "the next run is shown so too");
    press(&mut app, "4");
    assert_eq!((app.bars, app.full), (Some(Bars::Pane), None));
    let mut narrow = on_screen(story());
    narrow.measured.bars_fit = false;
    press(&mut narrow, "4");
    assert_eq!(narrow.full, Some(Pane::Bars));
    press(&mut narrow, "esc");
    assert_eq!(narrow.full, None);
    assert!(narrow.screen().is_some(), "one level at a time");
    press(&mut narrow, "4 1");
    assert_eq!((narrow.full, narrow.screen()), (None, None));
}

#[test]
fn each_press_of_the_zone_key_says_which_zone_it_is() {
    let mut app = on_screen(story());
    press(&mut app, "T");
    assert!(
        notice(&app).contains("times in UTC, the local zone") && notice(&app).contains("time.zone"),
        "{}",
        notice(&app)
    );
}
