//! Credentials, refusals, pages and side lists: what any client of the service meets.

use std::collections::BTreeSet;

use axum::http::Method;
use serde_json::Value;

use super::{ask_with, get, refused, rows, task, transcript, world};
use crate::demo::agentex::script::id_of;

#[test]
fn only_a_known_credential_is_let_in() {
    let world = world(0);
    let status = |headers: &[(&'static str, &str)]| {
        let answer = ask_with(&world, &Method::GET, "/agents", headers);
        (answer.status.as_u16(), answer.body)
    };
    assert_eq!(
        status(&[]),
        (401, r#"{"detail":"Unauthorized"}"#.to_owned())
    );
    assert_eq!(status(&[("authorization", "Bearer wrong")]).0, 401);
    assert_eq!(status(&[("x-api-key", "demo-key")]).0, 401);
    assert_eq!(
        status(&[
            ("x-api-key", "demo-key"),
            ("x-selected-account-id", "acc-1")
        ])
        .0,
        200
    );
    assert_eq!(status(&[("authorization", "Bearer demo-key")]).0, 200);
    let agent = status(&[
        ("authorization", "Bearer demo-key"),
        ("x-agent-api-key", "nobody"),
    ]);
    assert_eq!(
        agent,
        (401, r#"{"detail":"Agent Unauthorized"}"#.to_owned())
    );
    let probe = ask_with(&world, &Method::GET, "/openapi.json", &[]);
    assert!(probe.body.contains("Agentex API"));
}

#[test]
fn a_refusal_has_the_body_that_its_reason_has() {
    let world = world(0);
    let bearer = [("authorization", "Bearer demo-key")];
    assert_eq!(refused(&world, "/nothing").1["detail"], "Not Found");
    assert_eq!(
        refused(&world, "/tasks/nope").1["message"],
        "Item with id 'nope' does not exist."
    );
    assert_eq!(refused(&world, "/messages").1["status_code"], 10422);
    assert_eq!(refused(&world, "/messages?task_id=nope").0, 404);
    assert_eq!(refused(&world, "/tasks?status=completed").0, 422);
    assert_eq!(refused(&world, "/tasks?status=DELETED").0, 400);
    assert_eq!(refused(&world, "/tasks?page_number=0").0, 400);
    assert_eq!(refused(&world, "/tasks?task_metadata=%7B%7D").0, 400);
    assert_eq!(refused(&world, "/agents?limit=0").0, 422);
    assert_eq!(
        refused(
            &world,
            &format!("/messages?task_id={}&page_number=0", task("night-watch"))
        )
        .0,
        500
    );
    assert_eq!(
        ask_with(&world, &Method::POST, "/tasks", &bearer).status,
        405
    );
    let slash = ask_with(&world, &Method::GET, "/agents/", &bearer);
    assert_eq!(
        (slash.status.as_u16(), slash.location.as_deref()),
        (307, Some("http://localhost/agents"))
    );
}

#[test]
fn every_agent_and_task_is_listed_once_over_small_pages() {
    let world = world(1000);
    for (path, total) in [("/agents", 5), ("/tasks", 23)] {
        let mut seen = BTreeSet::new();
        let mut count = 0;
        for page in 1.. {
            let got = get(
                &world,
                &format!("{path}?limit=3&page_number={page}&order_by=created_at"),
            );
            seen.extend(
                rows(&got)
                    .iter()
                    .map(|row| row["id"].as_str().unwrap().to_owned()),
            );
            count += rows(&got).len();
            if rows(&got).len() < 3 {
                break;
            }
        }
        assert_eq!((seen.len(), count), (total, total), "{path}");
    }
    let of = get(
        &world,
        &format!("/tasks?agent_id={}", id_of("agent:table-booker")),
    );
    assert_eq!(rows(&of).len(), 4);
}

#[test]
fn params_come_with_one_task_only_and_agents_when_asked_for() {
    let world = world(0);
    let list = get(&world, "/tasks");
    assert!(
        rows(&list)
            .iter()
            .all(|row| row.get("params").is_none() && row["agents"].is_null())
    );
    let one = get(
        &world,
        &format!("/tasks/{}?relationships=agents", task("refund-so-20417")),
    );
    assert_eq!(one["params"]["order"], "SO-20417");
    assert_eq!(one["agents"][0]["name"], "refund-desk");
    assert_eq!(get(&world, "/tasks/name/refund-so-20417")["id"], one["id"]);
    let two = get(
        &world,
        &format!("/tasks/{}?relationships=agents", task("two-agents")),
    );
    assert_eq!(rows(&two["agents"]).len(), 2);
}

#[test]
fn the_cursor_traps_are_there() {
    let world = world(0);
    let id = task("night-watch");
    let zero = get(&world, &format!("/messages/paginated?task_id={id}&limit=0"));
    assert_eq!(
        (&zero["has_more"], &zero["next_cursor"]),
        (&Value::Bool(true), &Value::Null)
    );
    let first = get(&world, &format!("/messages/paginated?task_id={id}&limit=5"));
    assert_eq!(
        get(
            &world,
            &format!("/messages/paginated?task_id={id}&limit=5&cursor=rubbish")
        ),
        first
    );
    let old = transcript(&world, "night-watch", 1000).last().unwrap()["id"].clone();
    assert_eq!(
        get(&world, &format!("/messages/{}", old.as_str().unwrap()))["id"],
        old
    );
    assert_eq!(
        refused(
            &world,
            &format!("/messages/paginated?task_id={id}&direction=up")
        )
        .0,
        422
    );
}

#[test]
fn the_inbox_echoes_what_users_said_and_tails_by_id() {
    let world = world(0);
    let path = format!(
        "/events?task_id={}&agent_id={}",
        task("refund-waiting"),
        id_of("agent:refund-desk")
    );
    let all = get(&world, &path);
    assert_eq!(rows(&all).len(), 2);
    assert_eq!(all[1]["content"], Value::Null);
    let (first, second) = (
        all[0]["sequence_id"].as_i64().unwrap(),
        all[1]["sequence_id"].as_i64().unwrap(),
    );
    assert!(second > first && first > 1 << 53);
    let rest = get(
        &world,
        &format!(
            "{path}&last_processed_event_id={}",
            all[0]["id"].as_str().unwrap()
        ),
    );
    assert_eq!(rows(&rest), &rows(&all)[1..]);
    assert_eq!(
        get(&world, &format!("{path}&last_processed_event_id=unknown")),
        all
    );
    assert_eq!(
        refused(
            &world,
            &format!("/events?task_id={}", task("refund-waiting"))
        )
        .0,
        422
    );
    let sync = format!(
        "/events?task_id={}&agent_id={}",
        task("anniversary"),
        id_of("agent:table-booker")
    );
    assert_eq!(get(&world, &sync), serde_json::json!([]));
}

#[test]
fn retention_leaves_the_task_and_takes_the_content() {
    let world = world(0);
    let id = task("trade-fair-2024");
    assert!(get(&world, &format!("/tasks/{id}"))["cleaned_at"].is_string());
    assert_eq!(
        get(&world, &format!("/messages?task_id={id}")),
        serde_json::json!([])
    );
}
