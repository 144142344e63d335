//! The table of tool calls: which there are, in which order, narrowed, gone to and copied.

use super::reading::{on_screen, selected, story, tool};
use super::*;
use crate::app::list::calls::TableForm;

fn type_in(app: &mut App, keys: &str, text: &str) -> Vec<Effect> {
    press(app, keys);
    app.update(Msg::Paste(text.to_owned()), NOW);
    press(app, "enter")
}

fn table() -> App {
    let mut app = on_screen(story());
    type_in(&mut app, ":", "calls");
    app
}

fn tools(app: &App) -> Vec<String> {
    let calls = app.calls.as_ref().unwrap();
    let cell = |call: &crate::analysis::Call| format!("{}:{}", call.number.unwrap(), call.tool);
    calls.rows.iter().map(|(_, call)| cell(call)).collect()
}

#[test]
fn every_call_of_the_run_is_listed_and_sorted_by_column() {
    let mut app = table();
    assert_eq!(tools(&app), ["2:find", "4:pay", "7:find"]);
    let by = |app: &App| app.calls.as_ref().unwrap().by.word();
    press(&mut app, "S");
    assert_eq!(tools(&app), ["7:find", "4:pay", "2:find"]);
    let table = [
        ("s", "tool", ["2:find", "7:find", "4:pay"]),
        ("s", "verdict", ["4:pay", "2:find", "7:find"]),
        ("s", "duration", ["2:find", "4:pay", "7:find"]),
        ("s", "step", ["2:find", "4:pay", "7:find"]),
        ("s", "arguments", ["2:find", "4:pay", "7:find"]),
        ("s", "number", ["2:find", "4:pay", "7:find"]),
    ];
    for (keys, word, expected) in table {
        press(&mut app, keys);
        assert_eq!(by(&app), word);
        assert_eq!(tools(&app), expected, "{word}");
    }
}

#[test]
fn a_word_narrows_it_and_enter_goes_to_the_call() {
    let mut app = table();
    type_in(&mut app, "/", "pay");
    assert_eq!(tools(&app), ["4:pay"]);
    assert_eq!(app.calls.as_ref().unwrap().all, 3);
    type_in(&mut app, "/", "nothing has this");
    assert!(tools(&app).is_empty());
    press(&mut app, "enter");
    assert!(app.calls.is_some(), "there is nothing to go to");
    let mut app = table();
    press(&mut app, "j enter");
    assert_eq!(selected(&app), "c2");
    // From a list, too, and where only failures are shown.
    let mut app = on_screen(story());
    press(&mut app, "!");
    type_in(&mut app, ":", "calls");
    press(&mut app, "G enter");
    assert_eq!(selected(&app), "c3");
}

#[test]
fn arguments_and_the_whole_table_are_copied() {
    let mut app = table();
    let Some(Effect::Copy { text, what }) = press(&mut app, "y y").pop() else {
        panic!("arguments are copied");
    };
    assert_eq!(
        (text.as_slice(), &*what),
        (&b"{\n  \"q\": 1\n}"[..], "arguments")
    );
    let Some(Effect::Hand(hand)) = press(&mut app, "v").pop() else {
        panic!("arguments are handed over");
    };
    assert_eq!(hand.text, b"{\n  \"q\": 1\n}");
    let forms = [
        ("y t", TableForm::Tsv),
        (":copy calls csv", TableForm::Csv),
        (":copy calls json", TableForm::Json),
    ];
    for (keys, form) in forms {
        let copied = match keys.strip_prefix(':') {
            Some(command) => type_in(&mut app, ":", command).pop(),
            None => press(&mut app, keys).pop(),
        };
        let Some(Effect::CopyCalls(order)) = copied else {
            panic!("{keys} copies the table");
        };
        assert_eq!((order.calls.len(), order.form), (3, form), "{keys}");
        assert_eq!(order.what, "3 calls");
    }
    type_in(&mut app, ":", "copy calls xml");
    assert!(
        app.notice
            .as_ref()
            .unwrap()
            .text
            .contains("tsv, csv or json")
    );
    press(&mut app, "esc");
    assert!(app.calls.is_none());
    let copied = type_in(&mut app, ":", "copy calls csv").pop();
    assert!(
        matches!(copied, Some(Effect::CopyCalls(_))),
        "without the table, too"
    );
    assert!(app.calls.is_none());
}

#[test]
fn marked_runs_are_loaded_and_their_calls_listed_together() {
    let mut app = opened(story());
    press(&mut app, "space G space");
    let asked = tickets(type_in(&mut app, ":", "calls"));
    assert_eq!(tools(&app).len(), 3, "of the run that is loaded");
    for ticket in asked {
        if matches!(ticket.ask, Ask::Events { .. }) {
            let call = tool("c9", 2, Kind::ToolCall, "late");
            answer(&mut app, &ticket, rows([call]));
        }
        answer(&mut app, &ticket, Got::Done { more: None });
    }
    assert_eq!(tools(&app), ["2:find", "4:pay", "7:find", "1:late"]);
}

#[test]
fn long_arguments_scroll_sideways_and_no_further_than_to_the_beginning() {
    let mut app = table();
    let from = |app: &App| app.calls.as_ref().unwrap().from;
    press(&mut app, ".");
    let far = from(&app);
    assert!(far > 0);
    press(&mut app, ". , , ,");
    assert_eq!(from(&app), 0);
}
