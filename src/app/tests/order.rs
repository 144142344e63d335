//! The order of runs: what s and S come to, where the cursor is then, and what stays right under any.

use std::time::Duration;

use super::*;
use crate::{
    analysis::RunSort,
    app::{arrange::Arrangement, list::calls::Calls, msg::Memory},
};

fn took(id: &str, started: i64, seconds: Option<u64>, status: RunStatus) -> Record {
    match run(id, started, status) {
        Record::Run(run) => Record::Run(Run {
            duration: seconds.map(Duration::from_secs),
            ..run
        }),
        other => other,
    }
}

/// Six runs of a mission, the newest first: f e d c b a.
fn listed() -> (App, Ticket) {
    let (mut app, effects) = app(&["c"]);
    let first = &tickets(effects)[0];
    answer(&mut app, first, rows([mission("m")]));
    answer(&mut app, first, Got::Done { more: None });
    press(&mut app, "j");
    let mut list = None;
    for ticket in tickets(press(&mut app, "l")) {
        if matches!(ticket.ask, Ask::Runs { .. }) {
            let runs = [
                took("a", 1, Some(9), RunStatus::Succeeded),
                took("b", 2, Some(1), RunStatus::Failed),
                took("c", 3, None, RunStatus::Cancelled),
                took("d", 4, Some(5), RunStatus::Succeeded),
                took("e", 5, Some(7), RunStatus::Failed),
                took("f", 6, Some(3), RunStatus::Succeeded),
            ];
            answer(&mut app, &ticket, rows(runs));
            list = Some(ticket.clone());
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    (app, list.unwrap())
}

/// The runs in a word, the selected one as a capital.
fn order(app: &App) -> String {
    let lines = screen(app).into_iter().skip(2);
    lines
        .map(|line| {
            let id = line.trim_start_matches(['>', ' ']);
            if line.starts_with('>') {
                id.to_uppercase()
            } else {
                id.to_owned()
            }
        })
        .collect()
}

#[test]
fn keys_and_words_sort_the_runs_and_the_cursor_stays_on_its_own() {
    let table = [
        ("", "fedCba"),
        ("S", "abCdef"),
        ("s", "aedfbC"),
        ("s S", "bfdeaC"),
        ("s s s", "ebCfda"),
        ("s s s s", "abCdef"),
        ("s s s s S", "fedCba"),
        ("s s s s s", "fedCba"),
        (": s o r t space - d u r a t i o n enter", "bfdeaC"),
        (": s o r t space c o l o u r enter", "fedCba"),
    ];
    for (keys, expected) in table {
        let (mut app, _) = listed();
        press(&mut app, "j j j j");
        if !keys.is_empty() {
            press(&mut app, keys);
        }
        assert_eq!(order(&app), expected, "{keys}");
    }
}

#[test]
fn a_run_that_changes_goes_where_it_belongs() {
    let (mut app, list) = listed();
    press(&mut app, "j s");
    assert_eq!(order(&app), "aedFbc");
    let anew = tickets(press(&mut app, "g j r"));
    let anew = anew.iter().find(|ticket| ticket.ask == list.ask).unwrap();
    answer(
        &mut app,
        anew,
        rows([took("c", 3, Some(8), RunStatus::Succeeded)]),
    );
    assert_eq!(order(&app), "acedfb");
}

#[test]
fn the_newest_runs_of_a_mission_are_told_under_any_order() {
    let newest = |app: &App| -> String {
        let mission = app.store.all(Sort::Mission).next().unwrap();
        let runs = app.newest_runs(mission).into_iter();
        runs.map(|run| app.store.run(run).unwrap().id.clone())
            .collect()
    };
    let (mut app, list) = listed();
    for keys in ["S", "s", "S", "s", "s", "s", "S", "a a a a", "s"] {
        press(&mut app, keys);
        assert_eq!(newest(&app), "fedcb", "{}", app.arranged.order);
    }
    press(&mut app, "s");
    let anew = tickets(press(&mut app, "g j r"));
    let anew = anew
        .into_iter()
        .find(|ticket| ticket.ask == list.ask)
        .unwrap();
    answer(
        &mut app,
        &anew,
        rows([took("g", 7, Some(4), RunStatus::Running)]),
    );
    assert_eq!(newest(&app), "gfedc");
}

#[test]
fn the_order_is_kept_for_the_next_start_and_the_inbox_keeps_its_failures_first() {
    let (mut app, _) = listed();
    let effects = press(&mut app, "s S");
    let kept = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Remember(memory) => Some(memory),
        _ => None,
    });
    let expected = Memory {
        order: RunSort::of_word("-duration").unwrap(),
        ..app.memory()
    };
    assert_eq!(kept, Some(expected));
    app.arranged.window = Duration::from_secs(u64::from(u32::MAX));
    press(&mut app, ": i n b o x enter");
    assert_eq!(app.arranged.by, Arrangement::Inbox);
    let runs = screen(&app).join("").replace(['>', ' '], "");
    assert_eq!(runs, "befdac");
}

#[test]
fn what_happened_in_a_run_is_not_sorted_but_its_calls_are() {
    let mut app = opened(vec![
        event("e1", 1, Kind::ToolCall),
        event("e2", 2, Kind::ToolCall),
    ]);
    press(&mut app, "enter s");
    let told = app.notice.as_ref().unwrap();
    assert!(told.text.contains("order of time"), "{}", told.text);
    assert_eq!(app.arranged.order, RunSort::default());
    press(&mut app, ": c a l l s enter");
    press(&mut app, ": s o r t space - t o o l enter");
    let sorted = |calls: &Calls| (calls.by.word(), calls.reverse);
    assert_eq!(app.calls.as_ref().map(sorted), Some(("tool", true)));
    // The keys of the table are shown over it, and it is there again.
    press(&mut app, "?");
    assert_eq!(app.mode_below_help(), keymap::Mode::List);
    press(&mut app, "esc");
    assert!(app.calls.is_some() && app.help.is_none());
}

#[test]
fn marked_rows_are_handed_over_together() {
    let mut app = opened(vec![
        event("e1", 1, Kind::Message),
        event("e2", 2, Kind::Message),
    ]);
    press(&mut app, "j space space");
    for keys in ["v", "V", "| c a t enter"] {
        match press(&mut app, keys).pop() {
            Some(Effect::Hand(hand)) => {
                let text = carry::lay_out(hand.layout.unwrap());
                let text = String::from_utf8(text).unwrap();
                assert_eq!(text.lines().count(), 2, "{keys}: {text}");
                assert!(text.contains("hello from e1") && text.contains("hello from e2"));
            }
            other => panic!("{keys}: {other:?}"),
        }
    }
}
