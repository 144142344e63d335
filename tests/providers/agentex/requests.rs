//! Every ask, spelled out: the exact path and query.

use std::sync::Arc;

use sortie::model::{Ask, Page, Request, RunStatus};
use sortie::provider::Provider;
use sortie::provider::agentex::Agentex;

use super::{AGENT, TASK, events, events_at, missions, run_ref, runs};

/// A request in one line, its query unencoded.
fn line(ask: &Ask) -> String {
    let Request { path, query, .. } = Agentex.request(ask).unwrap();
    let query: Vec<String> = query.iter().map(|(k, v)| format!("{k}={v}")).collect();
    let query = query.join("&");
    if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    }
}

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
