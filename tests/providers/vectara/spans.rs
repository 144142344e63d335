//! Spans: when what they time ended, and in which of them something happened.

use super::{
    beside::{beside, opened},
    *,
};

/// The spans of one trace: id, the span around it, operation, and what else there is.
fn spans_of(rows: &[(&str, &str, &str, &str)]) -> Vec<Event> {
    let rows = rows.iter().map(|(id, parent, operation, more)| {
        let parent = match *parent {
            "" => "null".to_owned(),
            parent => format!("\"{parent}\""),
        };
        format!(
            r#"{{"span_id":"{id}","parent_span_id":{parent},"operation":"{operation}","status":"ok",
            "started_at":"2026-07-02T08:14:55Z","duration_ms":20{more}}}"#
        )
    });
    let body = format!(r#"{{"spans":[{}]}}"#, rows.collect::<Vec<_>>().join(","));
    let traces = read(&beside(&opened(), "/traces"), 200, fixture("traces")).unwrap();
    let batch = read(&traces.also[1], 200, body).unwrap();
    let events = batch.rows.iter().filter_map(|row| match row.record() {
        Record::Event(event) => Some(event.clone()),
        _ => None,
    });
    events.collect()
}

#[test]
fn a_result_and_an_answer_are_stored_when_they_end_and_a_call_when_it_begins() {
    let attributes = |text: &str| format!(r#","attributes":{{{text}}}"#);
    let both = attributes(r#""tool_input_event_id":"in","tool_output_event_id":"out""#);
    let lost = attributes(r#""tool_input_event_id":"lost""#);
    let turn = attributes(r#""output_event_id":"answer""#);
    let events = spans_of(&[
        ("a", "", "execute_tool", &both),
        ("b", "", "execute_tool", &lost),
        ("c", "", "output", r#","event_id":"said""#),
        ("d", "", "invoke_agent", &turn),
        ("e", "", "step_transition", r#","event_id":"step""#),
    ]);
    let told: Vec<_> = events.iter().map(|e| (e.id.as_str(), e.at_end)).collect();
    assert_eq!(
        told,
        [
            ("out", true),
            ("lost", false),
            ("said", true),
            ("answer", false),
            ("step", false)
        ]
    );
}

#[test]
fn a_span_lies_in_the_nearest_one_around_it_that_is_an_event() {
    let call = r#","attributes":{"tool_input_event_id":"in","tool_output_event_id":"out"}"#;
    let turn = r#","attributes":{"output_event_id":"answer"}"#;
    let events = spans_of(&[
        ("turn", "", "invoke_agent", turn),
        ("chat", "turn", "chat", ""),
        ("check", "chat", "guardrail", ""),
        ("tool", "turn", "execute_tool", call),
        ("inner", "tool", "chat", ""),
        ("far", "elsewhere", "chat", ""),
        ("round", "around", "thinking", ""),
        ("around", "round", "chat", ""),
    ]);
    let own = events.iter().filter(|event| !event.raw.is_empty());
    let end = |id: &str| id.rsplit('/').next().unwrap_or_default().to_owned();
    let told: Vec<_> = own
        .map(|event| (end(&event.id), event.parent_id.as_deref().map(end)))
        .collect();
    let expected = [
        ("chat", None),
        ("check", Some("chat")),
        ("inner", Some("in")),
        ("far", Some("elsewhere")),
        ("around", None),
    ];
    let expected = expected.map(|(id, parent)| (id.to_owned(), parent.map(str::to_owned)));
    assert_eq!(told, expected);
}
