//! Arrangements: where runs stand in each, what is asked for an inbox, and where the cursor is.

use super::*;
use crate::model::Urgency;

const HOUR: i64 = 3_600_000_000_000;

fn of(mission: &str, id: &str, hours: i64, status: RunStatus) -> Record {
    match run(id, NOW.0 - hours * HOUR, status) {
        Record::Run(run) => Record::Run(Run {
            mission_id: mission.to_owned(),
            ..run
        }),
        other => other,
    }
}

/// Two contexts, the first with one list of all runs; their missions are known.
pub(super) fn two() -> App {
    let (mut app, effects) = app(&["a", "b"]);
    app.contexts[0].1.all_runs = true;
    for ticket in tickets(effects) {
        answer(&mut app, &ticket, rows([mission("m"), mission("n")]));
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    app
}

/// What the inbox asks, answered with these runs.
pub(super) fn fill(
    app: &mut App,
    effects: Vec<Effect>,
    mut runs: impl FnMut(&Ticket) -> Vec<Record>,
) {
    for ticket in tickets(effects) {
        let records = runs(&ticket);
        answer(app, &ticket, rows(records));
        answer(app, &ticket, Got::Done { more: None });
    }
}

pub(super) fn some(ticket: &Ticket) -> Vec<Record> {
    match (&ticket.ask, ticket.context.0) {
        (Ask::AllRuns { .. }, _) => vec![
            of("m", "good", 1, RunStatus::Succeeded),
            of("n", "bad", 2, RunStatus::Failed),
            of("new", "old", 30, RunStatus::Failed),
        ],
        (Ask::Runs { mission, .. }, _) if &**mission == "n" => vec![
            of("n", "late", 3, RunStatus::TimedOut),
            of("n", "fine", 4, RunStatus::Succeeded),
        ],
        _ => Vec::new(),
    }
}

#[test]
fn an_inbox_asks_for_one_list_where_there_is_one_else_mission_by_mission() {
    let mut app = two();
    let asked = tickets(press(&mut app, "a"));
    let told: Vec<(u16, &str)> = asked
        .iter()
        .map(|ticket| match &ticket.ask {
            Ask::AllRuns { .. } => (ticket.context.0, "all"),
            Ask::Runs { mission, .. } => (ticket.context.0, &**mission),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(told, [(0, "all"), (1, "m"), (1, "n")]);
}

#[test]
fn what_failed_stands_first_and_what_is_older_than_the_window_nowhere() {
    let mut app = two();
    let effects = press(&mut app, "a");
    fill(&mut app, effects, some);
    assert_eq!(screen(&app), ["> bad", "  late", "  good", "  fine"]);
    assert_eq!(app.arranged.tally.failing, 2);
    // One that began before the window is there with a wider one.
    let effects = press(&mut app, ": w i n d o w space 2 d enter");
    assert_eq!(
        screen(&app),
        ["> bad", "  late", "  old", "  good", "  fine"]
    );
    assert!(
        !tickets(effects).is_empty(),
        "further back must be asked for"
    );
}

#[test]
fn the_cursor_stays_on_the_newest_failure_until_a_key_is_pressed() {
    let mut app = two();
    let asked = tickets(press(&mut app, "a"));
    answer(
        &mut app,
        &asked[1],
        rows([of("m", "first", 9, RunStatus::Failed)]),
    );
    assert_eq!(screen(&app)[0], "> first");
    answer(
        &mut app,
        &asked[0],
        rows([of("m", "newer", 5, RunStatus::Failed)]),
    );
    assert_eq!(screen(&app)[..2], ["> newer", "  first"]);
    press(&mut app, "j");
    answer(
        &mut app,
        &asked[2],
        rows([of("n", "newest", 1, RunStatus::Failed)]),
    );
    assert_eq!(screen(&app)[..3], ["  newest", "  newer", "> first"]);
}

#[test]
fn pages_are_read_until_one_has_no_run_of_the_window() {
    let mut app = two();
    let asked = tickets(press(&mut app, "a"));
    let page = |index: u32| Ask::AllRuns {
        status: None,
        page: crate::model::Page {
            index,
            ..Default::default()
        },
    };
    let more = |index| Got::Done {
        more: Some(page(index)),
    };
    answer(
        &mut app,
        &asked[0],
        rows([of("m", "new", 1, RunStatus::Succeeded)]),
    );
    let second = tickets(answer(&mut app, &asked[0], more(1)));
    assert_eq!(second[0].ask, page(1));
    answer(
        &mut app,
        &second[0],
        rows([of("m", "old", 30, RunStatus::Succeeded)]),
    );
    let third = tickets(answer(&mut app, &second[0], more(2)));
    assert!(third.is_empty());
}

#[test]
fn a_list_of_all_runs_that_is_refused_is_asked_for_mission_by_mission() {
    let mut app = two();
    let asked = tickets(press(&mut app, "a"));
    let refused = Got::Failed(Trouble::NotFound {
        message: "no such list".to_owned(),
    });
    let again = tickets(answer(&mut app, &asked[0], refused));
    assert_eq!(again.len(), 2);
    assert!(
        again
            .iter()
            .all(|ticket| matches!(ticket.ask, Ask::Runs { .. }))
    );
}

#[test]
fn a_run_that_is_listed_before_its_mission_is_known_gets_it_later() {
    let (mut app, effects) = app(&["a"]);
    app.contexts[0].1.all_runs = true;
    let missions = &tickets(effects)[0];
    let asked = press(&mut app, "a");
    fill(&mut app, asked, |_| {
        vec![of("m", "r", 1, RunStatus::Failed)]
    });
    let named = mission("m");
    answer(&mut app, missions, rows([named]));
    answer(&mut app, missions, Got::Done { more: None });
    let opened = tickets(press(&mut app, "enter"));
    let run = opened[0].ask.run().unwrap();
    assert_eq!((&*run.mission, &*run.run), ("m", "r"));
    press(&mut app, "q : m i s s i o n s enter");
    assert_eq!(screen(&app), ["  a", "   m", ">   r"]);
}

#[test]
fn the_selected_run_stays_selected_through_all_arrangements() {
    let mut app = two();
    let effects = press(&mut app, "a");
    fill(&mut app, effects, some);
    press(&mut app, "j j");
    assert_eq!(screen(&app)[2], "> good");
    press(&mut app, ": c o n t e x t s enter");
    assert_eq!(
        screen(&app),
        [
            "  a", " > good", "   bad", "   old", "  b", "   late", "   fine"
        ]
        .map(|row| row.replace(" > ", ">  "))
    );
    press(&mut app, "a");
    assert_eq!(
        screen(&app),
        [
            "  a", "   m", ">   good", "   n", "   new", "  b", "   m", "   n"
        ]
    );
}

#[test]
fn folds_are_as_they_were_when_one_comes_back_to_missions() {
    let mut app = two();
    let effects = press(&mut app, "j l");
    fill(&mut app, effects, |ticket| match ticket.ask {
        Ask::Runs { .. } => vec![of("m", "r", 1, RunStatus::Succeeded)],
        _ => Vec::new(),
    });
    let before = screen(&app);
    press(&mut app, "a a a a");
    assert_eq!(screen(&app), before);
}

#[test]
fn a_failure_found_in_a_run_that_went_well_puts_it_among_those_that_failed() {
    let mut app = two();
    let effects = press(&mut app, "a");
    fill(&mut app, effects, some);
    press(&mut app, "G k");
    assert_eq!(screen(&app)[2], "> good");
    let effects = press(&mut app, "enter");
    let failed = event("e", NOW.0, Kind::Error);
    fill(&mut app, effects, |ticket| match ticket.ask {
        Ask::Events { .. } => vec![failed.clone()],
        _ => Vec::new(),
    });
    press(&mut app, "q");
    assert_eq!(screen(&app), ["> good", "  bad", "  late", "  fine"]);
}

#[test]
fn good_news_is_a_row_only_once_everything_answered() {
    let mut app = two();
    let asked = press(&mut app, "a");
    assert_eq!(screen(&app), [""; 0]);
    fill(&mut app, asked, |ticket| match ticket.ask {
        Ask::AllRuns { .. } => vec![of("m", "good", 1, RunStatus::Succeeded)],
        _ => Vec::new(),
    });
    assert_eq!(screen(&app), ["> News", "  good"]);
}

#[test]
fn a_context_that_failed_is_asked_again_with_r() {
    let mut app = two();
    let asked = tickets(press(&mut app, "a"));
    let trouble = Trouble::Unreachable {
        host: "a".to_owned(),
        cause: "refused".to_owned(),
    };
    answer(&mut app, &asked[0], Got::Failed(trouble));
    answer(&mut app, &asked[1], Got::Done { more: None });
    answer(&mut app, &asked[2], Got::Done { more: None });
    assert_eq!(screen(&app), ["> News", "  Context(0)"]);
    press(&mut app, "j");
    let again = tickets(press(&mut app, "r"));
    assert_eq!(again.len(), 1);
    assert!(matches!(again[0].ask, Ask::AllRuns { .. }));
    fill(&mut app, vec![Effect::Load(again[0].clone())], some);
    assert_eq!(screen(&app)[0], "> bad");
}

#[test]
fn an_open_inbox_looks_for_new_runs_by_itself_and_leaves_the_cursor_alone() {
    let mut app = two();
    app.measure(Measured {
        tree_rows: 3,
        ..Measured::default()
    });
    let effects = press(&mut app, "a");
    fill(&mut app, effects, some);
    let due = Time(NOW.0 + 31_000_000_000);
    assert!(app.next_deadline().is_some_and(|at| at <= due));
    let asked = tickets(app.update(Msg::Tick, due));
    let all = |ticket: &&Ticket| matches!(ticket.ask, Ask::AllRuns { .. });
    assert_eq!((asked.len(), asked.iter().filter(all).count()), (3, 1));
    assert!(asked.iter().all(|ticket| ticket.urgency == Urgency::Idle));
    let found = rows([
        of("m", "newest", 0, RunStatus::Failed),
        of("m", "calm", 0, RunStatus::Succeeded),
        of("n", "bad", 2, RunStatus::Failed),
    ]);
    answer(&mut app, &asked[0], found);
    for ticket in &asked {
        answer(&mut app, ticket, Got::Done { more: None });
    }
    let shown = ["  newest", "> bad", "  late", "  calm", "  good", "  fine"];
    assert_eq!(screen(&app), shown);
    assert_eq!(app.arranged.tally.news, 1);
    // It stands above what is shown: seen once one has gone there.
    press(&mut app, "j");
    assert_eq!(app.arranged.tally.news, 1);
    press(&mut app, "g");
    assert_eq!(
        (screen(&app)[0].as_str(), app.arranged.tally.news),
        ("> newest", 1)
    );
    press(&mut app, "j");
    assert_eq!(app.arranged.tally.news, 0);
}

#[test]
fn an_inbox_leaves_a_service_alone_that_has_little_left_and_rests_while_nobody_looks() {
    let mut app = two();
    let effects = press(&mut app, "a");
    fill(&mut app, effects, some);
    let few = crate::model::Budget {
        left: 3,
        of: Some(60),
        resets: None,
    };
    app.budgets.insert(ContextId(1), few);
    let at = |seconds: i64| Time(NOW.0 + seconds * 1_000_000_000);
    let asked = tickets(app.update(Msg::Tick, at(31)));
    assert_eq!(asked.len(), 1, "{asked:?}");
    // What is still under way says enough about how fast to ask.
    assert_eq!(tickets(app.update(Msg::Tick, at(62))).len(), 0);
    answer(&mut app, &asked[0], Got::Done { more: None });
    app.update(Msg::Focus(false), at(63));
    let asked = tickets(app.update(Msg::Tick, at(200)));
    answer(&mut app, &asked[0], Got::Done { more: None });
    assert_eq!(tickets(app.update(Msg::Tick, at(300))).len(), 0);
    assert_eq!(tickets(app.update(Msg::Tick, at(400))).len(), 1);
    press(&mut app, ": m i s s i o n s enter");
    assert_eq!(tickets(app.update(Msg::Tick, at(900))).len(), 0, "no inbox");
}
