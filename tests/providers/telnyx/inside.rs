//! What lies inside a Telnyx run: its plan and its events.

use std::time::Duration;

use super::{answer, at, event, events, events_of, fixture, part, read, run_ref, steps_of};
use sortie::model::{Ask, Kind, StepStatus};

#[test]
fn a_plan_keeps_its_nesting() {
    let steps = steps_of(&read(&Ask::Steps(run_ref()), &fixture("plan")));
    let told: Vec<_> = steps
        .iter()
        .map(|s| (s.id.as_str(), s.parent_id.as_deref(), s.sequence, s.status))
        .collect();
    assert_eq!(
        told,
        [
            ("research", None, 1, StepStatus::Succeeded),
            ("calls", None, 3, StepStatus::Running),
            ("calls-north", Some("calls"), 1, StepStatus::Failed),
            ("analyze", None, 4, StepStatus::Pending),
        ]
    );
    assert_eq!(steps[2].title, "Northern depots");
    assert_eq!(steps[2].ended_at, at("2026-08-03T21:31:50Z"));
    assert_eq!(
        (steps[3].started_at, steps[3].status_sent.as_deref()),
        (None, Some("pending"))
    );
    let one = steps_of(&read(&Ask::Steps(run_ref()), &fixture("step")));
    assert_eq!((one.len(), one[0].title.as_str()), (1, "Call the depots"));
}

#[test]
fn the_title_of_a_message_leaves_room_for_its_words() {
    for (agent, title) in [
        (
            "assistant-3d1f9c52-8b07-4a6e-93c1-0f5e2a7d4b68",
            "assistant",
        ),
        (
            "mission_planner-2:3d1f9c528b074a6e93c10f5e2a7d4b68",
            "mission_planner-2",
        ),
        ("night-caller", "night-caller"),
        ("3d1f9c52-8b07-4a6e-93c1-0f5e2a7d4b68", "3d1f9c52"),
        ("décor-3d1f9c52-8b07-4a6e-93c1", "décor"),
    ] {
        let row = format!(
            r#"{{"event_id":"e","type":"message","summary":"s","timestamp":"2026-08-03T21:00:05Z","agent_id":"{agent}"}}"#
        );
        let found = events_of(&read(&events(), &format!(r#"{{"data":[{row}]}}"#)));
        assert_eq!(found[0].title.as_deref(), Some(title));
        assert_eq!(found[0].agent.as_deref(), Some(agent));
    }
}

#[test]
fn no_plan_is_an_empty_plan() {
    for (status, body) in [
        (200, "{\"data\":[]}"),
        (404, "{\"detail\":\"Plan not found\"}"),
    ] {
        let batch = answer(&Ask::Steps(run_ref()), status, body).unwrap();
        assert!(batch.rows.is_empty());
    }
}

#[test]
fn a_plan_in_circles_is_cut_and_repeated_ids_stay_apart() {
    let step = |id: &str, parent: &str, n: &str| {
        format!(
            r#"{{"step_id":"{id}","parent_step_id":"{parent}","sequence":{n},"description":"","status":"x"}}"#
        )
    };
    let rows = [
        step("a", "b", "1"),
        step("b", "c", "-7"),
        step("c", "a", "\"2\""),
        step("d", "d", "0"),
        step("e", "nowhere", "0"),
        step("e", "a", "0"),
        step("f", "b", "0"),
    ];
    let steps = steps_of(&read(
        &Ask::Steps(run_ref()),
        &format!("{{\"data\":[{}]}}", rows.join(",")),
    ));
    let told: Vec<_> = steps
        .iter()
        .map(|s| (s.id.as_str(), s.parent_id.as_deref(), s.sequence))
        .collect();
    assert_eq!(
        told,
        [
            ("a", None, 1),
            ("b", Some("c"), -7),
            ("c", Some("a"), 2),
            ("d", None, 0),
            ("e", Some("nowhere"), 0),
            ("e#2", Some("a"), 0),
            ("f", Some("b"), 0),
        ]
    );
    assert_eq!(
        (steps[0].title.as_str(), steps[0].status),
        ("a", StepStatus::Unknown)
    );
}

#[test]
fn every_event_type_has_its_kind() {
    let batch = read(&events(), &fixture("every_type"));
    assert_eq!(batch.skipped, 0);
    let told: Vec<_> = events_of(&batch)
        .into_iter()
        .map(|e| {
            (
                e.id, e.kind, e.title, e.tool, e.step_id, e.is_error, e.duration,
            )
        })
        .collect();
    let row =
        |id: &str, kind, title: Option<&str>, tool: Option<&str>, step: Option<&str>, error| {
            let owned = |text: Option<&str>| text.map(str::to_owned);
            (
                id.to_owned(),
                kind,
                owned(title),
                owned(tool),
                owned(step),
                error,
                None,
            )
        };
    let search = Some("WebSearch");
    let (research, north) = (Some("research"), Some("calls-north"));
    let mut result = row("e-06", Kind::ToolResult, None, search, research, None);
    result.6 = Some(Duration::from_millis(2767));
    assert_eq!(
        told,
        [
            row("e-01", Kind::Status, None, None, None, None),
            row(
                "e-02",
                Kind::Step,
                Some("step started"),
                None,
                research,
                None
            ),
            row(
                "e-03",
                Kind::Step,
                Some("step completed"),
                None,
                research,
                None
            ),
            row(
                "e-04",
                Kind::Step,
                Some("step failed"),
                None,
                north,
                Some(true)
            ),
            row("e-05", Kind::ToolCall, None, search, research, None),
            result,
            row(
                "e-07",
                Kind::Message,
                Some("claude-code"),
                None,
                Some("setup"),
                None
            ),
            row("e-08", Kind::Error, None, None, north, Some(true)),
            row("e-09", Kind::Data, None, None, Some("calls"), None),
            row("884213", Kind::Data, None, None, None, None),
        ]
    );
}

#[test]
fn only_a_result_is_dated_by_its_end() {
    let batch = read(&events(), &fixture("every_type"));
    let ends: Vec<_> = events_of(&batch)
        .into_iter()
        .filter(|event| event.at_end)
        .map(|event| (event.id, event.kind))
        .collect();
    assert_eq!(ends, [("e-06".to_owned(), Kind::ToolResult)]);
}

#[test]
fn an_event_keeps_its_bytes_and_points_into_them() {
    let whole = fixture("events");
    let batch = read(&events(), &whole);
    let found = events_of(&batch);
    assert_eq!((found.len(), batch.next), (2, None));
    let call = &found[1];
    assert_eq!(call.time, at("2026-08-03T21:01:12.004511Z"));
    assert_eq!(call.order.at, call.time.unwrap().0);
    assert_eq!(
        (call.agent.as_deref(), &call.call_id, call.tokens),
        (Some("claude-code"), &None, None)
    );
    assert_eq!(
        (call.type_sent.as_str(), &call.summary),
        ("tool_call", &None)
    );
    assert_eq!(
        part(call, call.prose[0]),
        "\"Looking up the number of depot 7\""
    );
    let arguments = "{ \"tool\": \"WebSearch\", \"query\": \"depot 7 night desk phone\" }";
    assert_eq!(part(call, call.body.unwrap()), arguments);
    assert!(whole.contains(std::str::from_utf8(call.raw.bytes()).unwrap()));
    let one = events_of(&read(&event(&call.id), &fixture("event")));
    assert_eq!(
        (one[0].kind, &one[0].tool, one[0].time),
        (call.kind, &call.tool, call.time)
    );
}
