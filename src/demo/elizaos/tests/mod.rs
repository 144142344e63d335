//! The server asked without a socket, at chosen moments.

mod stories;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

fn server() -> Server {
    let start = Timestamp::from_second(1_800_000_000).unwrap();
    Server::new(Clock::starting(start), "demo-key")
}

fn get(url: &str) -> Asked {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    Asked {
        get: true,
        path: path.to_owned(),
        query: query.to_owned(),
        key: Some("demo-key".to_owned()),
        etag: None,
    }
}

fn ask(server: &Server, url: &str, now: f64) -> (u16, Value) {
    let answer = server.answer(&get(url), now);
    let body = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
    (answer.status, body)
}

fn agent(server: &Server, name: &str) -> String {
    let (_, body) = ask(server, "/api/agents", 0.0);
    let agents = body["data"]["agents"].as_array().unwrap().clone();
    let found = agents.iter().find(|agent| agent["name"] == name).unwrap();
    found["id"].as_str().unwrap().to_owned()
}

/// Id and room of the run whose message holds `words`.
fn run(server: &Server, name: &str, words: &str) -> (String, String) {
    let id = agent(server, name);
    let (_, body) = ask(
        server,
        &format!("/api/agents/{id}/memories?tableName=messages"),
        1000.0,
    );
    let memories = body["data"]["memories"].as_array().unwrap();
    let told = |m: &&Value| {
        m["content"]["text"]
            .as_str()
            .is_some_and(|t| t.contains(words))
    };
    let message = memories
        .iter()
        .filter(told)
        .find(|m| m["content"]["type"].is_null())
        .unwrap();
    let (_, list) = ask(
        server,
        &format!("/api/agents/{id}/runs?from=1&limit=100"),
        1000.0,
    );
    let runs = list["data"]["runs"].as_array().unwrap();
    let run = runs
        .iter()
        .find(|run| run["messageId"] == message["id"])
        .unwrap();
    let word = |key: &str| run[key].as_str().unwrap().to_owned();
    (word("runId"), word("roomId"))
}

fn detail(server: &Server, name: &str, words: &str, now: f64) -> Value {
    let (id, room) = run(server, name, words);
    let agent = agent(server, name);
    ask(
        server,
        &format!("/api/agents/{agent}/runs/{id}?roomId={room}"),
        now,
    )
    .1["data"]
        .clone()
}

fn listed(server: &Server, name: &str, words: &str, now: f64) -> Value {
    let (id, _) = run(server, name, words);
    let agent = agent(server, name);
    let (_, body) = ask(
        server,
        &format!("/api/agents/{agent}/runs?from=1&limit=100"),
        now,
    );
    let runs = body["data"]["runs"].as_array().unwrap().clone();
    runs.into_iter()
        .find(|run| run["runId"] == id.as_str())
        .unwrap()
}

fn events(detail: &Value) -> &Vec<Value> {
    detail["events"].as_array().unwrap()
}

#[test]
fn a_request_without_the_key_is_refused_in_an_envelope_of_its_own() {
    let server = server();
    for key in [None, Some("wrong".to_owned())] {
        let answer = server.answer(
            &Asked {
                key,
                ..get("/api/agents")
            },
            0.0,
        );
        assert_eq!(answer.status, 401);
        assert_eq!(
            serde_json::from_slice::<Value>(&answer.body).unwrap(),
            json!({"error": "API key required", "message": "Missing or invalid X-API-KEY header"})
        );
    }
    let health = server.answer(
        &Asked {
            key: None,
            ..get("/healthz")
        },
        0.0,
    );
    assert_eq!(health.status, 200);
}

#[test]
fn errors_have_the_service_s_forms() {
    let server = server();
    let juno = agent(&server, "Juno");
    let moss = agent(&server, "Moss");
    let code = |url: &str| {
        let (status, body) = ask(&server, url, 0.0);
        (status, body["error"]["code"].clone())
    };
    assert_eq!(code("/api/agents/worlds"), (400, json!("INVALID_ID")));
    assert_eq!(code("/api/nothing"), (404, json!(404)));
    assert_eq!(
        code(&format!("/api/agents/{moss}/runs")),
        (404, json!("NOT_FOUND"))
    );
    assert_eq!(code(&format!("/api/agents/{moss}")), (200, Value::Null));
    assert_eq!(
        code(&format!("/api/agents/{juno}/runs?roomId=x")),
        (400, json!("INVALID_ID"))
    );
    assert_eq!(
        code(&format!("/api/agents/{juno}/runs/x")),
        (400, json!("INVALID_ID"))
    );
    assert_eq!(server.answer(&get("/console"), 0.0).status, 403);
    let post = Asked {
        get: false,
        ..get("/api/agents")
    };
    assert_eq!(server.answer(&post, 0.0).status, 404);
}

#[test]
fn the_budget_ends_and_comes_back_after_its_window() {
    let server = server();
    for _ in 0..1000 {
        assert_eq!(server.answer(&get("/api/system/config"), 5.0).status, 200);
    }
    let spent = server.answer(&get("/api/agents"), 10.0);
    assert_eq!(spent.status, 429);
    assert!(spent.headers.contains(&("retry-after", "895".to_owned())));
    assert_eq!(server.answer(&get("/api/agents"), 906.0).status, 200);
}

#[test]
fn paging_back_by_time_gives_every_run_once() {
    let server = server();
    for (name, expected) in [("Beacon", 126), ("Juno", 11), ("Atlas", 4), ("Ledger", 8)] {
        let agent = agent(&server, name);
        let mut found = BTreeMap::<String, Value>::new();
        let mut to = i64::MAX;
        loop {
            let url = format!("/api/agents/{agent}/runs?limit=40&from=1&to={to}");
            let (_, body) = ask(&server, &url, 400.0);
            let before = found.len();
            for run in body["data"]["runs"].as_array().unwrap() {
                assert_eq!(run["durationMs"], Value::Null);
                assert_eq!(run["counts"]["actions"], 0);
                to = to.min(run["startedAt"].as_i64().unwrap_or(to) - 1);
                found
                    .entry(run["runId"].as_str().unwrap().to_owned())
                    .or_insert(run.clone());
            }
            if found.len() == before {
                break;
            }
        }
        let server_runs = &server.world.get().unwrap().agents;
        let all = &server_runs.iter().find(|a| a.name == name).unwrap().runs;
        assert_eq!(found.len(), all.len(), "{name}");
        assert_eq!(all.len(), expected, "{name}");
    }
}

#[test]
fn the_limit_is_read_as_the_service_reads_it() {
    let server = server();
    let beacon = agent(&server, "Beacon");
    for (limit, rows) in [
        ("", 20),
        ("0", 20),
        ("junk", 20),
        ("-4", 1),
        ("7", 7),
        ("999", 100),
    ] {
        let (_, body) = ask(
            &server,
            &format!("/api/agents/{beacon}/runs?limit={limit}"),
            0.0,
        );
        assert_eq!(
            body["data"]["runs"].as_array().unwrap().len(),
            rows,
            "{limit}"
        );
    }
}

#[test]
fn a_list_is_served_again_for_15_seconds_unless_it_has_a_limit_in_time() {
    let server = server();
    let juno = agent(&server, "Juno");
    let status = |query: &str, now: f64| {
        let (_, body) = ask(&server, &format!("/api/agents/{juno}/runs{query}"), now);
        body["data"]["runs"][0]["status"].clone()
    };
    assert_eq!(status("", 235.0), "started");
    assert_eq!(status("", 245.0), "started");
    assert_eq!(status("?from=1", 245.0), "completed");
    assert_eq!(status("", 251.0), "completed");
}

#[test]
fn a_body_that_is_known_is_not_sent_again() {
    let server = server();
    let first = server.answer(&get("/api/agents"), 0.0);
    let etag = first
        .headers
        .iter()
        .find(|(name, _)| *name == "etag")
        .map(|(_, tag)| tag.clone());
    let again = server.answer(
        &Asked {
            etag,
            ..get("/api/agents")
        },
        1.0,
    );
    assert_eq!((again.status, again.body.len()), (304, 0));
}

#[test]
fn log_rows_tell_a_page_s_run_errors() {
    let server = server();
    let juno = agent(&server, "Juno");
    let (_, body) = ask(
        &server,
        &format!("/api/agents/{juno}/logs?type=run_event&count=400"),
        0.0,
    );
    let rows = body["data"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["type"] == "run_event"));
    assert!(
        rows.iter()
            .any(|row| row["body"]["error"] == "provider: 503 upstream overloaded")
    );
    let (_, ten) = ask(&server, &format!("/api/agents/{juno}/logs"), 0.0);
    assert_eq!(ten["data"].as_array().unwrap().len(), 10);
}
