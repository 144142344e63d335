//! The server asked over HTTP, as the fetcher asks it.

use std::collections::{BTreeSet, HashMap};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::*;
use crate::demo::tales;

const KEY: &str = "demo-key";

struct Asked {
    base: String,
    client: reqwest::Client,
}

impl Asked {
    /// A server whose demo started `ago` seconds ago.
    async fn started(ago: i64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let start = Timestamp::now() - SignedDuration::from_secs(ago);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v2", listener.local_addr().unwrap());
        let app = router(Clock::starting(start), KEY);
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base, client }
    }

    async fn text(&self, path: &str) -> (u16, String) {
        let request = self.client.get(format!("{}{path}", self.base));
        let reply = request.header("x-api-key", KEY).send().await.unwrap();
        (reply.status().as_u16(), reply.text().await.unwrap())
    }

    async fn json(&self, path: &str) -> Value {
        let (status, body) = self.text(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Every row of a list over all its pages.
    async fn all(&self, path: &str, name: &str) -> Vec<Value> {
        let mut rows = Vec::new();
        let mut page_key = String::new();
        loop {
            let page = self.json(&format!("{path}&page_key={page_key}")).await;
            let got = page[name].as_array().unwrap();
            rows.extend(got.iter().cloned());
            match page["metadata"]["page_key"].as_str() {
                Some(next) if !got.is_empty() => page_key = next.to_owned(),
                _ => return rows,
            }
        }
    }
}

const LIVE: &str = "/agents/agt_incident_triage_4c1e/sessions/api_gateway_5xx";
const CHECKOUT: &str =
    "/agents/agt_incident_triage_4c1e/sessions/ase_checkout_latency_20261120-081455_7d3e";
const LONG: &str =
    "/agents/month_end_close/sessions/ase_quarter_reconciliation_20261120-064500_5e5e";

#[tokio::test]
async fn a_wrong_key_is_refused_and_faults_are_named() {
    let asked = Asked::started(0).await;
    for key in [None, Some("wrong")] {
        let mut request = asked.client.get(format!("{}/agents", asked.base));
        if let Some(key) = key {
            request = request.header("x-api-key", key);
        }
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 401);
        let body: Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
        assert_eq!(body["messages"][0], "The API key is missing or not valid.");
        assert_eq!(body["request_id"].as_str().unwrap().len(), 32);
    }
    let (status, body) = asked.text("/agents/nobody").await;
    assert_eq!(status, 404);
    assert!(body.contains(r#""id":"nobody","messages":["Agent not found."]"#));
    let (status, body) = asked.text(&format!("{CHECKOUT}/events/aev_none")).await;
    assert_eq!((status, body.contains("Event not found.")), (404, true));
    assert_eq!(asked.text("/corpora").await.0, 404);
    for bad in ["limit=0", "limit=101", "limit=ten", "page_key=nonsense"] {
        let (status, body) = asked.text(&format!("/agents?{bad}")).await;
        assert_eq!(
            (status, body.contains("field_errors")),
            (400, true),
            "{bad}"
        );
    }
}

#[tokio::test]
async fn all_agents_and_their_sessions_are_listed() {
    let asked = Asked::started(0).await;
    let agents = asked.all("/agents?limit=2", "agents").await;
    assert_eq!(agents.len(), 5);
    let mut sessions = 0;
    for agent in &agents {
        let key = agent["key"].as_str().unwrap();
        let path = format!("/agents/{key}/sessions?limit=3");
        sessions += asked.all(&path, "sessions").await.len();
    }
    assert_eq!(sessions, 22);
}

#[tokio::test]
async fn events_come_newest_first_ten_a_page_and_the_last_page_has_a_key() {
    let asked = Asked::started(0).await;
    let first = asked.json(&format!("{CHECKOUT}/events")).await;
    assert_eq!(first["events"].as_array().unwrap().len(), 10);
    let shown = asked
        .all(&format!("{CHECKOUT}/events?limit=7"), "events")
        .await;
    let path = format!("{CHECKOUT}/events?include_hidden=true&limit=100");
    let whole = asked.json(&path).await;
    let events = whole["events"].as_array().unwrap();
    assert_eq!(events.len() - shown.len(), 31, "what the compaction hid");
    assert!(whole["metadata"]["page_key"].as_str().unwrap().len() > 160);
    let times: Vec<&str> = events
        .iter()
        .map(|e| e["created_at"].as_str().unwrap())
        .collect();
    assert!(times[0] > times[events.len() - 1]);
    let ids: BTreeSet<&str> = events.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), events.len());
    let one = asked
        .json(&format!("{CHECKOUT}/events/{}", times_id(events)))
        .await;
    assert_eq!(one, events[0]);
}

fn times_id(events: &[Value]) -> &str {
    events[0]["id"].as_str().unwrap()
}

#[tokio::test]
async fn parallel_calls_answer_out_of_order() {
    let asked = Asked::started(0).await;
    let path = format!("{CHECKOUT}/events?include_hidden=true&limit=100");
    let mut events = asked.all(&path, "events").await;
    events.reverse();
    let names: Vec<(&str, &str)> = events[2..8]
        .iter()
        .map(|e| {
            (
                e["type"].as_str().unwrap(),
                e["tool_configuration_name"].as_str().unwrap(),
            )
        })
        .collect();
    let order = [
        ("tool_input", "runbook_search"),
        ("tool_input", "log_stats"),
        ("tool_input", "deploys"),
        ("tool_output", "deploys"),
        ("tool_output", "log_stats"),
        ("tool_output", "runbook_search"),
    ];
    assert_eq!(names, order);
}

#[tokio::test]
async fn the_long_session_pages_to_exactly_5_000_events() {
    let asked = Asked::started(0).await;
    let path = format!("{LONG}/events?include_hidden=true&limit=100");
    let events = asked.all(&path, "events").await;
    let ids: BTreeSet<&str> = events.iter().map(|e| e["id"].as_str().unwrap()).collect();
    assert_eq!((events.len(), ids.len()), (5_000, 5_000));
    let failed = events.iter().filter(|e| e["error"] == true).count();
    assert!((10..200).contains(&failed), "{failed} failures");
    let now = Timestamp::now().to_string();
    assert!(
        events
            .iter()
            .all(|e| e["created_at"].as_str().unwrap() < now.as_str())
    );
}

#[tokio::test]
async fn the_live_session_grows_and_ends() {
    let mut counts = Vec::new();
    for (ago, status) in [
        (0, "running"),
        (60, "running"),
        (200, "running"),
        (250, "stopped"),
    ] {
        let asked = Asked::started(ago).await;
        assert_eq!(asked.json(LIVE).await["status"], status, "{ago} s");
        counts.push(
            asked
                .all(&format!("{LIVE}/events?limit=100"), "events")
                .await
                .len(),
        );
    }
    assert!(counts.is_sorted_by(|one, next| one < next), "{counts:?}");
    let probe =
        "/agents/agt_incident_triage_4c1e/sessions/ase_scheduled_probe_20261120-125900_55d0";
    assert_eq!(Asked::started(0).await.text(probe).await.0, 404);
    assert_eq!(
        Asked::started(80).await.json(probe).await["status"],
        "running"
    );
}

#[tokio::test]
async fn every_type_occurs_and_the_hard_payloads_are_there() {
    let asked = Asked::started(300).await;
    let mut types: HashMap<String, usize> = HashMap::new();
    for agent in asked.all("/agents?limit=100", "agents").await {
        let key = agent["key"].as_str().unwrap().to_owned();
        let path = format!("/agents/{key}/sessions?limit=100");
        for session in asked.all(&path, "sessions").await {
            let of = session["key"].as_str().unwrap();
            if of.contains("wiki_crawl") || of.contains("reconciliation") {
                continue;
            }
            let path = format!("/agents/{key}/sessions/{of}/events?include_hidden=true&limit=100");
            for event in asked.all(&path, "events").await {
                *types
                    .entry(event["type"].as_str().unwrap().to_owned())
                    .or_default() += 1;
            }
        }
    }
    let wanted = "input_message artifact_upload thinking tool_input tool_output skill_load \
        image_read step_transition agent_output structured_output compaction error \
        session_interrupted context_limit_exceeded step_transition_limit_exceeded \
        client_tool_pending guardrail_review";
    for kind in wanted.split_whitespace() {
        assert!(types.contains_key(kind), "{kind} in {types:?}");
    }
    let path = "/agents/month_end_close/sessions/ase_open_orders_20261120-111500_3a3b/events";
    assert!(asked.text(path).await.1.len() > 3_000_000);
    let path = "/agents/agt_docs_expert_9b20/sessions/ase_wiki_crawl_20261120-100000_f00d/events?limit=100";
    let (_, hostile) = asked.text(path).await;
    assert!(hostile.contains(&tales::nested_arrays(1_000)));
    assert!(hostile.contains("\\u001b]52;c;"));
    let path = "/agents/agt_incident_triage_4c1e/sessions/ase_pager_storm_20261120-034415_91ab/outstanding_client_tool_calls";
    let waiting = asked.json(path).await;
    assert!(
        waiting["client_tool_calls"][0]["event_id"]
            .as_str()
            .unwrap()
            .starts_with("aev_")
    );
}
