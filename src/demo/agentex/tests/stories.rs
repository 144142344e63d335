//! The stories that are promised: the long, the live, the odd, and every kind and status.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{ask, get, rows, task, transcript, world};
use crate::demo::agentex::generated::NIGHT;

#[test]
fn the_night_watch_has_5000_messages_in_both_paging_families() {
    let world = world(0);
    let by_cursor = transcript(&world, "night-watch", 200);
    let ids: BTreeSet<&str> = by_cursor
        .iter()
        .map(|row| row["id"].as_str().unwrap())
        .collect();
    assert_eq!((by_cursor.len(), ids.len()), (NIGHT, NIGHT));
    let key = |row: &Value| {
        row["created_at"]
            .as_str()
            .unwrap()
            .get(..19)
            .unwrap()
            .to_owned()
    };
    assert!(by_cursor.is_sorted_by(|a, b| key(a) >= key(b)));
    let mut by_number = Vec::new();
    for page in 1..=25 {
        let path = format!(
            "/messages?task_id={}&limit=200&page_number={page}",
            task("night-watch")
        );
        by_number.extend(rows(&get(&world, &path)).clone());
    }
    assert_eq!(by_number, by_cursor);
    let failed = by_cursor
        .iter()
        .filter(|row| row["content"]["is_error"] == true)
        .count();
    assert!(failed > 20, "{failed}");
}

#[test]
fn parallel_calls_in_one_millisecond_keep_ascending_ids_and_answer_out_of_order() {
    let world = world(0);
    let all = transcript(&world, "checkout-latency", 50);
    let of = |kind: &str| -> Vec<String> {
        let is = |row: &&Value| row["content"]["type"] == kind;
        all.iter()
            .filter(is)
            .map(|row| row["content"]["tool_call_id"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        of("tool_response"),
        ["p_tax", "p_cache", "p_db", "p_net", "p_card"]
    );
    assert_eq!(
        of("tool_request"),
        ["p_card", "p_net", "p_tax", "p_db", "p_cache"]
    );
}

#[test]
fn the_pairing_drill_answers_twice_late_early_and_with_a_wrong_clock() {
    let mut all = transcript(&world(0), "pairing-drill", 200);
    all.reverse();
    let places = |kind: &str, id: &str| -> Vec<usize> {
        let is =
            |row: &Value| row["content"]["type"] == kind && row["content"]["tool_call_id"] == id;
        (0..all.len()).filter(|n| is(&all[*n])).collect()
    };
    let (asked, answered) = (
        |id: &str| places("tool_request", id),
        |id: &str| places("tool_response", id),
    );
    assert_eq!((asked("twice").len(), answered("twice").len()), (1, 2));
    assert!(answered("late")[0] > asked("late")[0] + 6);
    let time = |at: usize| all[at]["created_at"].as_str().unwrap().to_owned();
    let (early, call) = (answered("early")[0], asked("early")[0]);
    assert_eq!(time(early), time(call));
    assert!(all[early]["id"].as_str() < all[call]["id"].as_str());
    assert!(time(answered("skew")[0]) < time(asked("skew")[0]));
}

#[test]
fn the_live_task_grows_and_ends() {
    let id = task("burn-payments-api");
    let sizes: Vec<usize> = [0, 60, 120, 300]
        .map(|ago| transcript(&world(ago), "burn-payments-api", 50).len())
        .into();
    assert!(sizes.is_sorted_by(|a, b| a < b), "{sizes:?}");
    let early = get(&world(60), &format!("/tasks/{id}"));
    assert_eq!(early["status"], "RUNNING");
    assert_eq!(early["created_at"], early["updated_at"]);
    let late = get(&world(300), &format!("/tasks/{id}"));
    assert_eq!(late["status"], "COMPLETED");
    assert!(late["updated_at"].as_str() > late["created_at"].as_str());
}

#[test]
fn a_message_that_streams_is_empty_until_it_is_whole() {
    let world = world(0);
    let all = transcript(&world, "competitor-prices", 50);
    let newest = all.first().unwrap();
    assert_eq!(newest["streaming_status"], "IN_PROGRESS");
    assert_eq!(newest["content"]["content"], "");
    assert_eq!(newest["created_at"], newest["updated_at"]);
}

#[test]
fn every_kind_of_content_and_every_status_occurs() {
    let world = world(0);
    let (mut kinds, mut statuses, mut results) =
        (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for row in rows(&get(&world, "/tasks?limit=5000")) {
        statuses.insert(row["status"].as_str().unwrap_or("null").to_owned());
        let name = row["name"].as_str().unwrap_or_default();
        if name == "hostile-reviews" || name == "order-export" {
            continue;
        }
        let export = get(
            &world,
            &format!("/tasks/{}/export", row["id"].as_str().unwrap()),
        );
        for message in rows(&export["messages"]) {
            kinds.insert(message["content"]["type"].as_str().unwrap().to_owned());
            results.insert(message["content"]["is_error"].to_string());
        }
    }
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(
        kinds,
        [
            "citation",
            "data",
            "reasoning",
            "text",
            "tool_request",
            "tool_response"
        ]
    );
    let statuses: Vec<&str> = statuses.iter().map(String::as_str).collect();
    let expected = [
        "CANCELED",
        "COMPLETED",
        "FAILED",
        "INTERRUPTED",
        "RUNNING",
        "TERMINATED",
        "TIMED_OUT",
        "null",
    ];
    assert_eq!(statuses, expected);
    assert_eq!(results.len(), 3);
}

#[test]
fn the_odd_transcripts_are_as_large_and_deep_as_promised() {
    let world = world(0);
    let big = ask(
        &world,
        &format!("/messages?task_id={}", task("order-export")),
    );
    assert!(big.body.len() > 3_000_000);
    let hostile = ask(
        &world,
        &format!("/messages?task_id={}", task("hostile-reviews")),
    );
    assert!(hostile.body.contains(&"[".repeat(1000)));
    assert!(hostile.body.contains("\\u001b]52;c;"));
}

#[test]
fn the_first_error_that_nobody_repairs_comes_late_in_the_long_failure() {
    let world = world(0);
    let path = format!(
        "/messages?task_id={}&limit=200&order_direction=asc",
        task("refund-duplicate-charge")
    );
    let all = get(&world, &path);
    let first = rows(&all)
        .iter()
        .position(|row| row["content"]["is_error"] == true)
        .unwrap();
    assert!(first > 50, "{first}");
    assert_eq!(
        rows(&all)[first]["content"]["content"]["error"]["code"],
        "LedgerLocked"
    );
}

#[test]
fn the_postmortem_has_a_tree_of_spans_with_one_open_and_one_orphan() {
    let world = world(0);
    let path = format!(
        "/spans?task_id={}&order_direction=asc&limit=1000",
        task("mail-outage-postmortem")
    );
    let spans = get(&world, &path);
    let ids: BTreeSet<&str> = rows(&spans)
        .iter()
        .map(|span| span["id"].as_str().unwrap())
        .collect();
    let orphans = rows(&spans).iter().filter(|span| {
        span["parent_id"]
            .as_str()
            .is_some_and(|id| !ids.contains(id))
    });
    assert_eq!((rows(&spans).len(), orphans.count()), (12, 1));
    assert!(rows(&spans).iter().any(|span| span["end_time"].is_null()));
    assert!(rows(&spans).iter().any(|span| span["task_id"].is_null()));
    let tracker = get(
        &world,
        &format!("/tracker?task_id={}", task("refund-waiting")),
    );
    assert!(tracker[0]["last_processed_event_id"].is_string());
    assert_eq!(
        rows(&get(
            &world,
            &format!("/states?task_id={}", task("refund-so-20417"))
        ))
        .len(),
        1
    );
}
