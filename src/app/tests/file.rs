//! A file that is opened.

use super::*;

#[test]
fn a_file_with_one_run_opens_on_its_events_unless_a_key_is_pressed() {
    let single = |early: Option<&str>| {
        let (mut app, first) = app(&["file"]);
        app.single.unfolds = true;
        let answers = [
            vec![mission("a.jsonl")],
            vec![run("r", 1, RunStatus::Unknown)],
            vec![
                event("1", 1, Kind::ToolCall),
                event("2", 2, Kind::ToolResult),
            ],
        ];
        arrive(&mut app, first, answers, early.map(|keys| (1, keys)));
        let sort = app.store.sort(app.selected.unwrap());
        (sort, app.outline.rows())
    };
    // The run has the screen, and its call and result are one row.
    assert_eq!(single(None), (Sort::Event, 1));
    assert_eq!(single(Some("k")), (Sort::Context, 3));
}
