//! A run read as operations on a screen of its own: what its rows are, where keys lead, what is folded
//! and what comes back.

use super::*;
use crate::{
    analysis::Verdict,
    app::outline::{Lens, Mark},
    model::Span,
};

pub(super) const SECOND: i64 = 1_000_000_000;

/// A call or a result, second and tool.
pub(super) fn tool(id: &str, at: i64, kind: Kind, tool: &str) -> Record {
    let body = r#"{"q":1}"#;
    let raw = format!(r#"{{"id":"{id}","body":{body}}}"#);
    let start = raw.find(body).unwrap();
    Record::Event(Event {
        id: id.to_owned(),
        kind,
        order: Order {
            at: at * SECOND,
            tie: 0,
        },
        time: Some(Time(at * SECOND)),
        tool: Some(tool.to_owned()),
        call_id: Some(id.trim_start_matches(['c', 'r']).to_owned()),
        body: Span::new(start, start + body.len()),
        raw: Payload::new(Bytes::from(raw)),
        ..Event::default()
    })
}

pub(super) fn failed(record: Record) -> Record {
    match record {
        Record::Event(event) => Record::Event(Event {
            is_error: Some(true),
            ..event
        }),
        other => other,
    }
}

pub(super) fn said(id: &str, at: i64) -> Record {
    event(id, at * SECOND, Kind::Message)
}

/// Two calls that went well, one that failed twice, and what was said.
pub(super) fn story() -> Vec<Record> {
    vec![
        said("hello", 1),
        tool("c1", 2, Kind::ToolCall, "find"),
        tool("r1", 3, Kind::ToolResult, "find"),
        tool("c2", 4, Kind::ToolCall, "pay"),
        failed(tool("r2", 5, Kind::ToolResult, "pay")),
        said("sorry", 6),
        tool("c3", 7, Kind::ToolCall, "find"),
        tool("r3", 8, Kind::ToolResult, "find"),
        said("bye", 60),
    ]
}

/// On the Run screen with these events, the run having been opened with Enter.
pub(super) fn on_screen(records: Vec<Record>) -> App {
    let mut app = opened(records);
    press(&mut app, "h");
    press(&mut app, "enter");
    app
}

pub(super) fn selected(app: &App) -> String {
    let row = screen(app).into_iter().find(|row| row.starts_with('>'));
    row.unwrap_or_else(|| "nothing".to_owned())
        .trim_start_matches(['>', ' '])
        .to_owned()
}

pub(super) fn ids(app: &App) -> Vec<String> {
    let trimmed = |row: String| row.trim_start_matches(['>', ' ']).to_owned();
    screen(app).into_iter().map(trimmed).collect()
}

#[test]
fn a_run_has_the_screen_and_a_call_and_its_result_are_one_row() {
    let app = on_screen(story());
    assert!(app.screen().is_some());
    assert_eq!(
        ids(&app),
        ["hello", "c1", "c2", "sorry", "c3", "(note)", "bye"],
        "the note is the silence before the last words"
    );
    assert_eq!(selected(&app), "c2", "the failure is on the screen at once");
    let failure = app.operation(app.selected.unwrap()).unwrap();
    assert_eq!(failure.verdict, Verdict::Failed);
}

#[test]
fn keys_lead_through_a_run_as_in_this_table() {
    let table = [
        ("g", "hello"),
        ("G", "bye"),
        ("e", "c2"),
        ("g e", "c2"),
        ("g j *", "c3"),
        ("G k k #", "c1"),
        ("g j * -", "c1"),
        ("g j * - -", "c3"),
        ("g j * ctrl-o", "c1"),
        ("G i k", "c3"),
    ];
    for (keys, expected) in table {
        let mut app = on_screen(story());
        press(&mut app, keys);
        assert_eq!(selected(&app), expected, "{keys}");
    }
}

#[test]
fn q_goes_back_to_the_list_with_the_run_selected_and_as_folded_as_it_was() {
    for keys in ["q", "esc", "backspace", "1", ": b r o w s e enter"] {
        let mut app = on_screen(story());
        press(&mut app, keys);
        assert_eq!(app.screen(), None, "{keys}");
        assert_eq!(
            screen(&app),
            ["  c", "  m", ">   r", "    old"].map(|row| row.replacen("  m", "   m", 1)),
            "{keys}"
        );
    }
}

#[test]
fn brackets_open_the_next_run_of_the_list_and_each_remembers_its_row() {
    let mut app = on_screen(story());
    press(&mut app, "g");
    press(&mut app, "]");
    let run = app.screen().and_then(|run| app.store.run(run));
    assert_eq!(run.map(|run| run.id.as_str()), Some("old"));
    press(&mut app, "]");
    assert!(app.notice.as_ref().unwrap().text.contains("last run"));
    press(&mut app, "[");
    let run = app.screen().and_then(|run| app.store.run(run));
    assert_eq!(run.map(|run| run.id.as_str()), Some("r"));
    assert_eq!(selected(&app), "hello");
}

#[test]
fn failures_only_hides_the_rest_and_says_how_much() {
    let mut app = on_screen(story());
    press(&mut app, "!");
    assert_eq!(ids(&app), ["c2"]);
    assert_eq!(app.outline.hidden_in(None), 5);
    press(&mut app, "!");
    assert_eq!(ids(&app).len(), 7);
    assert_eq!(selected(&app), "c2", "the row stays selected");
    let mut calm = on_screen(vec![said("hello", 1)]);
    press(&mut calm, "!");
    assert!(calm.notice.as_ref().unwrap().text.contains("no failure"));
    assert_eq!(ids(&calm), ["hello"]);
}

#[test]
fn raw_shows_the_records_one_to_one_and_the_pair_key_steps_between_them() {
    let mut app = on_screen(story());
    press(&mut app, ": r a w enter");
    assert_eq!(app.outline.lens(), Lens::Raw);
    assert_eq!(
        ids(&app),
        ["hello", "c1", "r1", "c2", "r2", "sorry", "c3", "r3", "bye"]
    );
    press(&mut app, "%");
    assert_eq!(selected(&app), "r2");
    press(&mut app, "%");
    assert_eq!(selected(&app), "c2");
    press(&mut app, "j : r a w enter");
    assert_eq!(selected(&app), "c2", "a result is shown in its call's row");
    press(&mut app, "%");
    assert!(app.detail.answer_first);
    assert_eq!(selected(&app), "c2");
}

#[test]
fn what_is_mistyped_behind_the_colon_is_named_with_what_is_near() {
    let mut app = on_screen(story());
    press(&mut app, ": f a i l r u e enter");
    let text = &app.notice.as_ref().unwrap().text;
    assert!(
        text.contains("failrue") && text.contains(":failures"),
        "{text}"
    );
}

#[test]
fn repeats_are_one_row_that_unfolds() {
    let mut records = Vec::new();
    for at in 0..6 {
        records.push(tool(&format!("c{at}"), at * 3, Kind::ToolCall, "poll"));
        records.push(tool(
            &format!("r{at}"),
            at * 3 + 1,
            Kind::ToolResult,
            "poll",
        ));
    }
    let mut app = on_screen(records);
    assert_eq!(ids(&app), ["c0"]);
    let role = app.role(app.selected.unwrap()).unwrap();
    assert_eq!((role.count, role.is_loop), (6, true));
    press(&mut app, "i l");
    assert_eq!(ids(&app), ["c0", "c1", "c2", "c3", "c4", "c5"]);
    press(&mut app, "j j h");
    assert_eq!(selected(&app), "c0", "left goes to the first of them");
    press(&mut app, "h");
    assert_eq!(ids(&app), ["c0"]);
    press(&mut app, "!");
    assert_eq!(ids(&app), ["c0"], "a loop is worth a look");
}

#[test]
fn the_cursor_seeks_the_failure_only_as_long_as_no_key_is_pressed() {
    let mut app = opened(vec![]);
    let asked = tickets(press(&mut app, "r"));
    press(&mut app, "h");
    press(&mut app, "enter");
    press(&mut app, "k");
    for ticket in &asked {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, ticket, rows(story()));
        }
        answer(&mut app, ticket, Got::Done { more: None });
    }
    assert_ne!(selected(&app), "c2");
}

#[test]
fn a_result_that_comes_later_goes_into_its_calls_row_and_moves_nothing() {
    let mut records = story();
    let late = records.remove(4);
    let mut app = opened(records);
    let asked = tickets(press(&mut app, "r"));
    press(&mut app, "h");
    press(&mut app, "enter");
    press(&mut app, "g j j");
    assert_eq!(selected(&app), "c2");
    let rows_before = app.outline.rows();
    for ticket in &asked {
        if matches!(ticket.ask, Ask::Events { .. }) {
            answer(&mut app, ticket, rows([late.clone()]));
        }
    }
    assert_eq!(app.outline.rows(), rows_before);
    assert_eq!(selected(&app), "c2");
    let verdict = app.role(app.selected.unwrap()).unwrap().verdict;
    assert_eq!(verdict, Verdict::Failed);
}

#[test]
fn times_bars_and_the_axis_change_by_their_keys() {
    let mut app = on_screen(story());
    let columns = ["t", "t", "t", "t"].map(|key| {
        press(&mut app, key);
        app.times.title()
    });
    assert_eq!(columns, ["clock", "age", "+before", "+offset"]);
    let run = app.screen().unwrap();
    let whole = app.axis_window(run).unwrap().1;
    press(&mut app, "Z");
    let shown = app.axis_window(run).unwrap().0;
    assert_eq!((shown.from().0, shown.to().0), (4 * SECOND, 5 * SECOND));
    press(&mut app, ")");
    assert!(app.axis_window(run).unwrap().0.nanos() > shown.nanos());
    press(&mut app, "Z");
    assert_eq!(app.axis_window(run).unwrap().0, whole);
}

#[test]
fn failed_steps_count_only_where_nothing_in_them_did() {
    let step_failed = |id: &str| match step(id, None) {
        Record::Step(step) => Record::Step(Step {
            status: crate::model::StepStatus::Failed,
            ..step
        }),
        other => other,
    };
    let app = on_screen(vec![
        step_failed("s"),
        in_step(tool("c1", 1, Kind::ToolCall, "pay"), "s"),
        in_step(failed(tool("r1", 2, Kind::ToolResult, "pay")), "s"),
        step_failed("alone"),
    ]);
    assert_eq!(
        app.outline.marked(Mark::Failed),
        2,
        "the call, and the other step"
    );
}

#[test]
fn what_a_late_verdict_says_of_earlier_rows_reaches_them() {
    let empty = |record: Record, body: &str| match record {
        Record::Event(event) => {
            let raw = format!(r#"{{"id":"{}","body":{body}}}"#, event.id);
            let start = raw.find(body).unwrap();
            Record::Event(Event {
                body: Span::new(start, start + body.len()),
                raw: Payload::new(Bytes::from(raw)),
                ..event
            })
        }
        other => other,
    };
    let app = on_screen(vec![
        tool("c1", 1, Kind::ToolCall, "find"),
        empty(tool("r1", 2, Kind::ToolResult, "find"), "[]"),
        said("so", 3),
        tool("c2", 4, Kind::ToolCall, "find"),
        empty(tool("r2", 5, Kind::ToolResult, "find"), r#"[{"id":1}]"#),
    ]);
    assert_eq!(
        ids(&app),
        ["c1", "so", "c2"],
        "results are in their calls' rows"
    );
    let first = app.outline.node_at(0).unwrap();
    assert_eq!(app.role(first).unwrap().verdict, Verdict::SoftFailure);
    let good = app.operation(first).unwrap().recovered_by;
    assert!(good.is_some() && !app.outline.has_mark(first, Mark::Fault));
}

#[test]
fn a_search_finds_what_stands_in_a_result_only() {
    let mut app = on_screen(story());
    let run = app.run_of(app.selected.unwrap()).unwrap();
    let result = app.store.find(run, Sort::Event, "r1");
    assert!(result.is_some());
    press(&mut app, "/ x enter");
    let number = app.search.as_ref().unwrap().number;
    app.update(
        Msg::Found {
            search: number,
            nodes: result.into_iter().collect(),
            done: true,
        },
        NOW,
    );
    assert_eq!(selected(&app), "c1");
}

#[test]
fn ways_under_failures_only_lead_to_failures_only() {
    let mut records = story();
    records.extend([
        tool("c9", 70, Kind::ToolCall, "pay"),
        failed(tool("r9", 71, Kind::ToolResult, "pay")),
    ]);
    let mut app = on_screen(records);
    press(&mut app, "! G");
    assert_eq!(selected(&app), "c9");
    press(&mut app, "}");
    assert_eq!(selected(&app), "c9", "there is no turn behind it");
    press(&mut app, "#");
    assert_eq!(selected(&app), "c2");
}

#[test]
fn back_leads_into_the_run_that_was_left() {
    let mut app = on_screen(story());
    press(&mut app, "g q");
    assert_eq!(app.screen(), None);
    press(&mut app, "-");
    assert!(app.screen().is_some());
    assert_eq!(selected(&app), "hello");
}

#[test]
fn silence_rows_come_back_after_the_records_as_sent() {
    let mut app = on_screen(story());
    press(&mut app, ": r a w enter q enter");
    assert!(ids(&app).contains(&"(note)".to_owned()), "{:?}", ids(&app));
    press(&mut app, "G k i");
    assert_eq!(selected(&app), "bye", "what ended the silence");
}
