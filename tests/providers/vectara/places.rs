//! The places that events get in their run, their steps and their children.

use super::*;
use sortie::model::{Kind, RunStatus, StepStatus};

#[test]
fn newest_first_is_turned_round_and_the_servers_order_kept() {
    let batch = read(&events(), 200, fixture("events")).unwrap();
    let mut events = events_in(&batch);
    assert_eq!(events[0].type_sent, "agent_output", "as sent");
    events.sort_by_key(|event| event.order);
    let types: Vec<&str> = events
        .iter()
        .map(|event| event.type_sent.as_str())
        .collect();
    // The image is dated 3 ms before the result that it follows.
    assert_eq!(
        types,
        [
            "artifact_upload",
            "tool_input",
            "tool_output",
            "image_read",
            "agent_output"
        ]
    );
    assert_eq!(events[3].time, Some(time("2026-07-02T08:21:10.184Z")));
    assert!(
        events.iter().all(|event| event.kind != Kind::SubRun),
        "an image's own session is no child"
    );
    let run = &runs_in(&batch)[0];
    assert_eq!(run.updated_at, Some(time("2026-07-02T08:21:12.425Z")));
    assert_eq!(
        run.status,
        RunStatus::Unknown,
        "the session itself says whether it ended"
    );
}

#[test]
fn a_list_in_the_other_direction_is_noticed() {
    let items: Vec<String> = (0..5)
        .map(|n| {
            format!(r#"{{"id":"e{n}","type":"thinking","created_at":"2026-07-02T08:00:0{n}Z"}}"#)
        })
        .collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let mut read = events_in(&list_of(&items));
    read.sort_by_key(|event| event.order);
    let ids: Vec<&str> = read.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["e0", "e1", "e2", "e3", "e4"]);
}

#[test]
fn a_sub_agents_output_names_its_child_run() {
    let one = String::from_utf8(fixture("sub_agent_output").to_vec()).unwrap();
    let two = String::from_utf8(fixture("sub_agent_input").to_vec()).unwrap();
    let mut events = events_in(&list_of(&[&one, &two]));
    events.sort_by_key(|event| event.order);
    let kinds: Vec<Kind> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [Kind::ToolCall, Kind::ToolResult, Kind::SubRun]);
    let child = &events[2];
    assert_eq!(child.id, "aev_0000000c-5c1d-4e7a-9b02-7f30c2d4000c/child");
    assert_eq!(
        child.summary.as_deref(),
        Some("ase_sub_checkout_timeouts_20260702-081511_2a90")
    );
    assert_eq!(
        body(child).unwrap(),
        "\"ase_sub_checkout_timeouts_20260702-081511_2a90\""
    );
    assert_eq!(
        prose(child),
        "The payment client retries 3 times with a 1 s timeout since release 2.31."
    );
    let own = one.replace("ase_sub_checkout_timeouts_20260702-081511_2a90", SESSION);
    assert_eq!(
        events_in(&list_of(&[&own])).len(),
        1,
        "its own key is no child"
    );
}

#[test]
fn events_belong_to_the_step_that_the_transition_before_them_opened() {
    let event = |n: u32, rest: &str| {
        format!(r#"{{"id":"e{n}","created_at":"2026-07-02T08:00:{n:02}Z",{rest}}}"#)
    };
    let to = |from: &str, to: &str| {
        format!(r#""type":"step_transition","from_step":"{from}","to_step":"{to}","content":"go""#)
    };
    let think = r#""type":"thinking","content":"x""#;
    let mut told = [
        event(1, think),
        event(2, &to("classify", "fix")),
        event(3, think),
        event(4, &to("fix", "check")),
        event(5, think),
        event(6, &to("check", "fix")),
        event(7, think),
    ];
    let wanted = [
        Some("classify"),
        Some("fix"),
        Some("fix"),
        Some("check"),
        Some("check"),
        Some("fix"),
        Some("fix"),
    ];
    for newest_first in [false, true] {
        if newest_first {
            told.reverse();
        }
        let items: Vec<&str> = told.iter().map(String::as_str).collect();
        let batch = list_of(&items);
        let mut events = events_in(&batch);
        events.sort_by_key(|event| event.order);
        let steps: Vec<Option<&str>> = events
            .iter()
            .map(|event| event.step_id.as_deref())
            .collect();
        assert_eq!(steps, wanted);
        let mut plan = steps_in(&batch);
        plan.sort_by_key(|step| step.sequence);
        let plan: Vec<(&str, StepStatus)> = plan
            .iter()
            .map(|step| (step.title.as_str(), step.status))
            .collect();
        assert_eq!(
            plan,
            [
                ("classify", StepStatus::Succeeded),
                ("fix", StepStatus::Unknown),
                ("check", StepStatus::Succeeded)
            ]
        );
    }
}
