//! A run with a long plan, with calls side by side and with a child run that failed.

use bytes::Bytes;
use sortie::model::{Ask, Event, Kind, Order, Payload, Record, Run, RunStatus, Step, StepStatus};

use crate::desk::{Desk, setup};
use crate::made::{ago, context, mission, rows, run};
use crate::picture::golden;

const STEPS: [&str; 9] = [
    "Read the ticket",
    "Find the host",
    "Look at its disks",
    "Ask the documents",
    "Free some space",
    "Restart the service",
    "Watch it for a while",
    "Tell the on-call",
    "Close the ticket",
];

fn stage(at: usize) -> Record {
    let (status, begun, ended) = match at {
        0..3 => (StepStatus::Succeeded, true, true),
        3 => (StepStatus::Running, true, false),
        _ => (StepStatus::Pending, false, false),
    };
    let second = i64::try_from(at).unwrap() * 20;
    Record::Step(Step {
        id: format!("s{at}"),
        title: STEPS[at].to_owned(),
        sequence: i64::try_from(at).unwrap(),
        status,
        started_at: begun.then(|| ago(500 - second)),
        ended_at: ended.then(|| ago(480 - second)),
        raw: Payload::new(Bytes::from("{}")),
        ..Step::default()
    })
}

fn event(id: &str, second: i64, kind: Kind, step: &str) -> Event {
    Event {
        id: id.to_owned(),
        kind,
        order: Order {
            at: ago(500 - second).0,
            tie: 0,
        },
        time: Some(ago(500 - second)),
        step_id: Some(step.to_owned()),
        raw: Payload::new(Bytes::from(format!(r#"{{"id":"{id}"}}"#))),
        ..Event::default()
    }
}

fn tool(id: &str, second: i64, kind: Kind, step: &str) -> Record {
    Record::Event(Event {
        tool: Some(format!("df.{}", &id[1..])),
        call_id: Some(id.trim_start_matches(['c', 'r']).to_owned()),
        summary: Some(format!("host {id}")),
        ..event(id, second, kind, step)
    })
}

fn records() -> Vec<Record> {
    let mut all: Vec<Record> = (0..STEPS.len()).map(stage).collect();
    // Three calls side by side, two of them to the end.
    let times = [(1, 41, 47), (2, 42, 58), (3, 44, 58)];
    for (nth, from, to) in times {
        all.push(tool(&format!("c{nth}"), from, Kind::ToolCall, "s2"));
        all.push(tool(&format!("r{nth}"), to, Kind::ToolResult, "s2"));
    }
    all.push(Record::Event(Event {
        summary: Some("ask docs".to_owned()),
        ..event("sub", 62, Kind::SubRun, "s3")
    }));
    all.push(Record::Run(Run {
        id: "r-docs".to_owned(),
        title: "Which path may be emptied?".to_owned(),
        mission_id: "m-docs".to_owned(),
        status: RunStatus::Failed,
        parent_run_id: Some("r-disk full".to_owned()),
        parent_event_id: Some("sub".to_owned()),
        started_at: Some(ago(437)),
        ..Run::default()
    }));
    all
}

/// On the screen of that run, its child having two failed calls.
fn opened(size: (u16, u16)) -> Desk {
    let setup = setup(vec![context("made", "vectara")]);
    let mut desk = Desk::new(size, setup, |ticket| match &ticket.ask {
        Ask::Missions { .. } => rows(ticket, vec![mission("pager")]),
        Ask::Runs { .. } => rows(ticket, vec![run("disk full", RunStatus::Running)]),
        Ask::Events { run, .. } if &*run.run == "r-docs" => {
            let failed = |record| match record {
                Record::Event(event) => Record::Event(Event {
                    is_error: Some(true),
                    ..event
                }),
                other => other,
            };
            rows(
                ticket,
                vec![
                    tool("c8", 63, Kind::ToolCall, ""),
                    failed(tool("r8", 64, Kind::ToolResult, "")),
                    tool("c9", 65, Kind::ToolCall, ""),
                    failed(tool("r9", 66, Kind::ToolResult, "")),
                ],
            )
        }
        Ask::Events { .. } => rows(ticket, records()),
        _ => rows(ticket, Vec::new()),
    });
    desk.press("j l j enter");
    desk
}

#[test]
fn a_long_plan_parallel_calls_and_a_failed_child() {
    for size in [(80, 24), (120, 40)] {
        let name = |what: &str| format!("ways {what}_{}x{}", size.0, size.1);
        let mut desk = opened(size);
        desk.go_to("ask docs");
        golden(&name("sub"), &desk.text());
        desk.press("enter");
        golden(&name("child"), &desk.text());
        desk.press("esc");
        golden(&name("back"), &desk.text());
        desk.press("4");
        golden(&name("waterfall"), &desk.text());
        desk.press("esc");
        assert!(desk.text().contains("#  +offset"), "{}", desk.text());
    }
}
