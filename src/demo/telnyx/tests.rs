//! The server asked over real HTTP, as a client would.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::demo::clock::Clock;

const KEY: &str = "KEYdemo";
const LIVE: &str =
    "/ai/missions/5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4/runs/11fe6b70-2d95-4c8e-a3b1-f07d5c4e9a86";
const LONG: &str =
    "/ai/missions/2f7a6c18-90db-4e35-8b1c-d4e07a5f9b62/runs/5000a1c2-7b3d-4f84-9e65-1d0c8f7a6b35";
const NIGHTLY: &str =
    "/ai/missions/b1117a90-2c4e-4d0b-9a31-6f5e8d7c2b10/runs/8c41e07a-5d12-4b6f-9c83-2f70a9d1e644";

/// A server whose demo started `ago` seconds back, and a client for it.
struct Demo {
    base: String,
    client: reqwest::Client,
}

impl Demo {
    async fn running_for(ago: i64) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let start = Timestamp::now() - SignedDuration::from_secs(ago);
        let app = super::router(Clock::starting(start), KEY);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}/v2", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { base, client }
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let ask = self.client.get(format!("{}{path}", self.base));
        let answer = ask.bearer_auth(KEY).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn json(&self, path: &str) -> Value {
        let (status, text) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    /// Every row of a list, page by page.
    async fn rows(&self, path: &str, size: usize) -> Vec<Value> {
        let mut rows = Vec::new();
        for number in 1.. {
            let page = format!("{path}?page%5Bnumber%5D={number}&page[size]={size}");
            let body = self.json(&page).await;
            rows.extend(body["data"].as_array().unwrap().iter().cloned());
            if number >= body["meta"]["total_pages"].as_u64().unwrap() {
                assert_eq!(
                    rows.len() as u64,
                    body["meta"]["total_results"].as_u64().unwrap()
                );
                return rows;
            }
        }
        rows
    }
}

fn members(rows: &[Value], name: &str) -> BTreeSet<String> {
    rows.iter()
        .filter_map(|row| row[name].as_str().map(str::to_owned))
        .collect()
}

#[tokio::test]
async fn a_wrong_key_gets_the_gateways_refusal() {
    let demo = Demo::running_for(0).await;
    let url = format!("{}/ai/missions", demo.base);
    for ask in [
        demo.client.get(&url),
        demo.client.get(&url).bearer_auth("KEYother"),
    ] {
        let answer = ask.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert!(answer.headers().contains_key("x-ratelimit-remaining"));
        let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
        assert_eq!(body["errors"][0]["code"], "10009");
    }
}

#[tokio::test]
async fn pages_add_up_to_everything_once() {
    let demo = Demo::running_for(0).await;
    let runs = demo.rows("/ai/missions/runs", 4).await;
    assert_eq!(runs.len(), members(&runs, "run_id").len());
    assert_eq!(runs.len(), 21);
    let events = demo.rows(&format!("{LONG}/events"), 1000).await;
    assert_eq!(events.len(), 5_000);
    assert_eq!(members(&events, "event_id").len(), 5_000);
    let last = events.last().unwrap()["timestamp"].as_str().unwrap();
    let ended = demo.json(LONG).await["data"]["finished_at"].clone();
    let late =
        last.parse::<Timestamp>().unwrap() - ended.as_str().unwrap().parse::<Timestamp>().unwrap();
    assert!(
        late.total(jiff::Unit::Second).unwrap().abs() < 5.0,
        "{late:?}"
    );
    let default = demo.json(&format!("{LONG}/events")).await;
    assert_eq!(default["data"].as_array().unwrap().len(), 50);
    let beyond = demo.json("/ai/missions?page[number]=9").await;
    assert_eq!(beyond["data"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn every_status_and_every_kind_occurs() {
    let demo = Demo::running_for(0).await;
    let runs = demo.rows("/ai/missions/runs", 100).await;
    for status in [
        "pending",
        "running",
        "paused",
        "succeeded",
        "failed",
        "cancelled",
    ] {
        assert!(members(&runs, "status").contains(status), "{status}");
    }
    for kind in [
        "status_change",
        "step_started",
        "step_completed",
        "step_failed",
        "tool_call",
        "tool_result",
        "message",
        "error",
        "custom",
        "human_approval",
    ] {
        let path = format!("/ai/missions/events?type={kind}&page[size]=1");
        let list = demo.json(&path).await;
        assert_eq!(list["data"][0]["type"], kind);
    }
}

#[tokio::test]
async fn the_live_run_grows_and_ends() {
    let (young, old, done) = (
        Demo::running_for(5).await,
        Demo::running_for(120).await,
        Demo::running_for(300).await,
    );
    let mut seen = Vec::new();
    for demo in [&young, &old, &done] {
        let count = demo.rows(&format!("{LIVE}/events"), 1000).await.len();
        let run = demo.json(LIVE).await;
        let plan = demo.json(&format!("{LIVE}/plan")).await;
        seen.push((
            count,
            run["data"]["status"].clone(),
            plan["data"][4]["status"].clone(),
        ));
    }
    assert!(
        seen[0].0 > 0 && seen[0].0 < seen[1].0 && seen[1].0 < seen[2].0,
        "{seen:?}"
    );
    assert_eq!(
        (&seen[0].1, &seen[0].2),
        (&"running".into(), &"pending".into())
    );
    assert_eq!(
        (&seen[2].1, &seen[2].2),
        (&"succeeded".into(), &"completed".into())
    );
    assert!(young.json(LIVE).await["data"].get("finished_at").is_none());
}

#[tokio::test]
async fn the_nightly_run_fails_at_its_36th_event() {
    let demo = Demo::running_for(0).await;
    let events = demo.rows(&format!("{NIGHTLY}/events"), 50).await;
    assert_eq!(events.len(), 44);
    assert_eq!(events[33]["payload"]["tool"], "pay.quote");
    assert_eq!(events[34]["payload"]["result"]["success"], false);
    assert_eq!(events[35]["payload"]["call_id"], "call_9f2");
    assert_eq!(events[36]["payload"]["error"]["code"], "card_declined");
    let plan = demo.json(&format!("{NIGHTLY}/plan")).await;
    let steps: Vec<_> = plan["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["status"].as_str().unwrap())
        .collect();
    assert_eq!(steps, ["completed", "completed", "failed", "pending"]);
    let only = demo
        .json(&format!("{NIGHTLY}/events?type=error&step_id=refund"))
        .await;
    assert_eq!(only["meta"]["total_results"], 1);
}

#[tokio::test]
async fn wrong_asks_get_the_frameworks_words() {
    let demo = Demo::running_for(0).await;
    for (path, status, words) in [
        (
            "/ai/missions?page[size]=1001",
            422,
            "Input should be less than or equal to 1000",
        ),
        ("/ai/missions/runs?page[number]=0", 422, "page[number]"),
        ("/ai/missions/nonsense", 422, "uuid_parsing"),
        (
            "/ai/missions/00000000-0000-4000-8000-000000000000",
            404,
            "Mission not found",
        ),
        ("/ai/elsewhere", 404, "10005"),
    ] {
        let (got, text) = demo.get(path).await;
        assert_eq!(got, status, "{path}");
        assert!(text.contains(words), "{path}: {text}");
    }
    let post = demo
        .client
        .post(format!("{}/ai/missions", demo.base))
        .bearer_auth(KEY);
    assert_eq!(post.send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn the_odd_payloads_are_sent_as_they_are() {
    let demo = Demo::running_for(0).await;
    let hostile = "/ai/missions/9d4b8e23-6f1a-4c07-b285-0e7fa13c5d96/runs/66e0d1f8-b47c-4a95-9e23-5f8c0a7b1d34/events";
    let (_, text) = demo.get(hostile).await;
    assert!(text.contains(&"[".repeat(1_000)));
    assert!(text.contains(r#""amount":1.10,"amount":1.1e0"#));
    let big = "/ai/missions/2f7a6c18-90db-4e35-8b1c-d4e07a5f9b62/runs/3b00d7e5-c941-4a26-8f0b-62e9a4d1f83c/events";
    assert!(demo.get(big).await.1.len() > 3_000_000);
}

#[tokio::test]
async fn one_object_and_the_whole_agree() {
    let demo = Demo::running_for(0).await;
    let first = demo.json(&format!("{NIGHTLY}/events")).await["data"][0].clone();
    let id = first["event_id"].as_str().unwrap();
    assert_eq!(
        demo.json(&format!("{NIGHTLY}/events/{id}")).await["data"],
        first
    );
    let nested = "/ai/missions/5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4/runs/44c0a1d9-8e5b-4b72-9f36-2d7e6c5a0b18/plan/steps/calls-north%2Fcoast";
    assert_eq!(
        demo.json(nested).await["data"]["parent_step_id"],
        "calls-north"
    );
    assert_eq!(
        demo.json("/ai/missions/b1117a90-2c4e-4d0b-9a31-6f5e8d7c2b10/tools/tool-crm")
            .await["data"]["name"],
        "crm.lookup"
    );
}
