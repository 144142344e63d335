//! Every ask, spelled out: the exact path and query.

use std::sync::Arc;

use sortie::model::{Ask, Kind, Of, Only, Page, RunStatus};
use sortie::provider::Provider;
use sortie::provider::agentex::Agentex;

use super::{
    AGENT, TASK, aside, aside_at, events, events_at, line, missions, of_agent, run_ref, runs,
};

#[test]
fn lists_are_asked_for_by_creation_in_large_pages() {
    assert_eq!(
        line(&missions()),
        "/agents?limit=200&page_number=1&order_by=created_at"
    );
    let expected = format!(
        "/tasks?agent_id={AGENT}&limit=100&page_number=1&order_by=created_at&relationships=agents"
    );
    assert_eq!(line(&runs()), expected);
}

#[test]
fn the_transcript_is_asked_for_by_cursor() {
    assert_eq!(
        line(&events()),
        format!("/messages/paginated?task_id={TASK}&limit=200")
    );
    let page = Page {
        cursor: Some(Arc::from("eyJ2IjoxfQ==")),
        index: 1,
        ..Page::default()
    };
    let expected = format!("/messages/paginated?task_id={TASK}&limit=200&cursor=eyJ2IjoxfQ==");
    assert_eq!(line(&events_at(page)), expected);
}

#[test]
fn single_things_are_asked_for_by_id() {
    assert_eq!(
        line(&Ask::Mission {
            mission: Arc::from("a/b")
        }),
        "/agents/a%2Fb"
    );
    assert_eq!(
        line(&Ask::Run(run_ref())),
        format!("/tasks/{TASK}?relationships=agents")
    );
    let event = Ask::Event {
        run: run_ref(),
        event: Arc::from("6b00141a867133772c3587e1"),
    };
    assert_eq!(line(&event), "/messages/6b00141a867133772c3587e1");
    assert_eq!(Agentex.request(&Ask::Steps(run_ref())), None);
    assert!(!Agentex.caps().steps);
}

#[test]
fn a_status_is_filtered_only_where_one_word_says_it_on_every_server() {
    let filter = |status| {
        let ask = Ask::Runs {
            mission: Arc::from(AGENT),
            status: Some(status),
            page: Page::default(),
        };
        let request = Agentex.request(&ask).unwrap();
        request
            .query
            .into_iter()
            .find(|(name, _)| name == "status")
            .map(|(_, value)| value)
    };
    assert_eq!(filter(RunStatus::Running).as_deref(), Some("RUNNING"));
    assert_eq!(filter(RunStatus::Succeeded).as_deref(), Some("COMPLETED"));
    assert_eq!(filter(RunStatus::Failed).as_deref(), Some("FAILED"));
    assert_eq!(filter(RunStatus::TimedOut).as_deref(), Some("TIMED_OUT"));
    for status in [
        RunStatus::Cancelled,
        RunStatus::Paused,
        RunStatus::Pending,
        RunStatus::Unknown,
    ] {
        assert_eq!(filter(status), None, "{status:?}");
    }
}

/// One of every ask that there is.
fn every_ask() -> Vec<Ask> {
    let page = Page::default;
    let numbered = Page {
        cursor: Some(Arc::from("page:2:00")),
        ..page()
    };
    let export = Page {
        cursor: Some(Arc::from("export:")),
        ..page()
    };
    let picked = |kind| Ask::Picked {
        run: run_ref(),
        only: Only {
            kind,
            ..Only::default()
        },
        page: page(),
    };
    let mut asks = vec![
        missions(),
        Ask::Mission {
            mission: Arc::from(AGENT),
        },
        runs(),
        Ask::AllRuns {
            status: None,
            page: page(),
        },
        Ask::Run(run_ref()),
        events(),
        events_at(numbered),
        events_at(export),
        Ask::Event {
            run: run_ref(),
            event: Arc::from("e"),
        },
        Ask::Check,
        of_agent("deployments"),
        of_agent("schedules"),
        of_agent("named"),
    ];
    asks.extend(Kind::ALL.map(|kind| picked(Some(kind))));
    asks.extend(
        [
            "inbox", "spans", "traces", "states", "trackers", "task", "named",
        ]
        .map(aside),
    );
    asks
}

#[test]
fn every_request_goes_where_the_dialect_says() {
    let mut answered = 0;
    for ask in every_ask() {
        if let Some(request) = Agentex.request(&ask) {
            assert!(Agentex.routes().contains(&request.template()), "{ask:?}");
            answered += 1;
        }
    }
    assert!(answered >= 25, "{answered}");
    let (stream, _) = Agentex.stream(&run_ref()).unwrap();
    assert!(Agentex.routes().contains(&stream.template()));
    assert_eq!(stream.path, format!("/tasks/{TASK}/stream"));
}

#[test]
fn lists_beside_a_task_are_asked_for_by_task() {
    let expected = format!("/events?task_id={TASK}&agent_id={AGENT}&limit=1000");
    assert_eq!(line(&aside("inbox")), expected);
    let expected = format!("/spans?limit=1000&page_number=1&task_id={TASK}&order_direction=asc");
    assert_eq!(line(&aside("spans")), expected);
    let after = Page {
        after: Some(1),
        ..Page::default()
    };
    let expected = format!("/spans?limit=100&page_number=1&task_id={TASK}&order_direction=desc");
    assert_eq!(line(&aside_at("spans", after)), expected);
    let expected = format!("/states?limit=200&page_number=1&task_id={TASK}");
    assert_eq!(line(&aside("states")), expected);
    let expected = format!("/tracker?limit=200&page_number=1&task_id={TASK}");
    assert_eq!(line(&aside("trackers")), expected);
    assert_eq!(
        line(&of_agent("deployments")),
        format!("/agents/{AGENT}/deployments?limit=200&order_by=created_at")
    );
    assert_eq!(
        line(&of_agent("schedules")),
        format!("/agents/{AGENT}/schedules?limit=1000")
    );
}

#[test]
fn one_agent_is_enough_to_prove_a_credential() {
    assert_eq!(line(&Ask::Check), "/agents?limit=1");
}

#[test]
fn all_tasks_are_one_list() {
    let ask = Ask::AllRuns {
        status: Some(RunStatus::Failed),
        page: Page::default(),
    };
    assert_eq!(
        line(&ask),
        "/tasks?limit=100&page_number=1&order_by=created_at&relationships=agents&status=FAILED"
    );
}

#[test]
fn messages_of_one_type_are_picked_by_the_service_and_never_by_cursor() {
    let pick = |only| Ask::Picked {
        run: run_ref(),
        only,
        page: Page::default(),
    };
    let kind = |kind| Only {
        kind: Some(kind),
        ..Only::default()
    };
    let expected = format!(
        r#"/messages?task_id={TASK}&limit=200&page_number=1&order_by=created_at&order_direction=asc&filters=[{{"content":{{"type":"tool_request"}}}}]"#
    );
    assert_eq!(line(&pick(kind(Kind::ToolCall))), expected);
    assert!(line(&pick(kind(Kind::Span))).starts_with("/spans?"));
    assert_eq!(Agentex.request(&pick(kind(Kind::Unknown))), None);
    assert_eq!(Agentex.request(&pick(Only::default())), None);
    let by_agent = Only {
        agent: Some(Arc::from("a")),
        ..kind(Kind::Message)
    };
    assert_eq!(Agentex.request(&pick(by_agent)), None);
    let nowhere = Ask::Aside {
        of: Of::Run(run_ref()),
        what: "nothing",
        page: Page::default(),
    };
    assert_eq!(Agentex.request(&nowhere), None);
}
