//! What the stories hold, and the traps that they set.

use super::*;

#[test]
fn the_live_run_grows_and_ends() {
    let server = server();
    let seen = |now: f64| {
        let run = detail(&server, "Juno", "(live)", now);
        (
            events(&run).len(),
            run["summary"]["status"].clone(),
            run["summary"].get("endedAt").is_some(),
        )
    };
    let (first, middle, last) = (seen(0.0), seen(120.0), seen(300.0));
    assert!(first.0 >= 5 && first.0 + 20 < middle.0 && middle.0 + 20 < last.0);
    assert_eq!(
        (&first.1, &middle.1, &last.1),
        (&json!("started"), &json!("started"), &json!("completed"))
    );
    assert!(!middle.2 && last.2);
}

#[test]
fn an_action_at_work_is_not_in_the_detail() {
    let server = server();
    let unpaired = |now: f64| {
        let run = detail(&server, "Juno", "(live)", now);
        let ids = |kind: &str| {
            let of_kind = events(&run).iter().filter(|event| event["type"] == kind);
            of_kind
                .map(|event| event["data"]["actionId"].to_string())
                .collect::<BTreeSet<_>>()
        };
        ids("ACTION_STARTED")
            .difference(&ids("ACTION_COMPLETED"))
            .count()
    };
    assert!((0..200).all(|now| unpaired(f64::from(now) / 2.0) == 0));
}

#[test]
fn the_nine_traps_are_set() {
    let server = server();
    let crashed = listed(&server, "Juno", "AY 1331", 0.0);
    assert_eq!(crashed["status"], "completed");
    let crash = detail(&server, "Juno", "AY 1331", 0.0);
    assert_eq!(crash["summary"]["status"], "completed");
    let end = events(&crash).last().unwrap();
    assert_eq!(end["data"]["error"], "provider: 503 upstream overloaded");

    let booking = detail(&server, "Juno", "rain in Oslo", 0.0);
    let soft = events(&booking)
        .iter()
        .rfind(|e| e["type"] == "ACTION_COMPLETED")
        .unwrap();
    assert_eq!(
        (&soft["data"]["success"], &soft["data"]["result"]),
        (&json!(true), &Value::Null)
    );
    let juno = agent(&server, "Juno");
    let (_, memories) = ask(&server, &format!("/api/agents/{juno}/memories"), 0.0);
    let memories = memories["data"]["memories"].as_array().unwrap();
    let truth = memories
        .iter()
        .find(|m| m["id"] == soft["data"]["actionId"])
        .unwrap();
    assert_eq!(truth["content"]["actionStatus"], "failed");
    assert_eq!(truth["content"]["actionResult"]["error"], "card declined");
    assert_eq!(booking["summary"]["counts"]["actions"], 2);
    assert_eq!(booking["summary"]["counts"]["errors"], 0);

    let (status, unknown) = ask(
        &server,
        &format!("/api/agents/{juno}/runs/99999999-9999-4999-8999-999999999999"),
        0.0,
    );
    assert_eq!(
        (status, &unknown["data"]["summary"]["status"]),
        (200, &json!("started"))
    );
    assert!(unknown["data"]["summary"].get("startedAt").is_none());

    let muted = listed(&server, "Juno", "ramen", 0.0);
    assert_eq!(
        (&muted["status"], &muted["endedAt"]),
        (&json!("started"), &Value::Null)
    );
    assert_eq!(
        detail(&server, "Juno", "ramen", 0.0)["summary"]["status"],
        "muted"
    );

    let superseded = detail(&server, "Juno", "Two seats", 0.0);
    assert!(
        events(&superseded)
            .iter()
            .all(|event| event["type"] != "RUN_ENDED")
    );

    assert_eq!(
        listed(&server, "Ledger", "Forecast", 0.0)["status"],
        "timeout"
    );
    assert_eq!(
        detail(&server, "Ledger", "Forecast", 0.0)["summary"]["status"],
        "completed"
    );
}

#[test]
fn every_type_of_event_occurs_and_the_big_runs_are_big() {
    let server = server();
    let _ = ask(&server, "/api/agents", 0.0);
    let world = server.world.get().unwrap();
    let all = world
        .agents
        .iter()
        .flat_map(|agent| &agent.runs)
        .flat_map(|run| &run.events);
    let kinds: BTreeSet<&str> = all.map(|event| event.kind.as_str()).collect();
    let expected = [
        "ACTION_COMPLETED",
        "ACTION_STARTED",
        "EMBEDDING_EVENT",
        "EVALUATOR_COMPLETED",
        "GUARDRAIL_TRIPPED",
        "MODEL_USED",
        "RUN_ENDED",
        "RUN_STARTED",
    ];
    assert!(kinds.into_iter().eq(expected));
    assert_eq!(
        events(&detail(&server, "Atlas", "harbour archive", 0.0)).len(),
        5000
    );
    assert!(
        detail(&server, "Ledger", "every order", 0.0)
            .to_string()
            .len()
            > 3_000_000
    );
    let (id, _) = run(&server, "Atlas", "guestbook");
    let url = format!("/api/agents/{}/runs/{id}", agent(&server, "Atlas"));
    let hostile = server.answer(&get(&url), 0.0).body;
    assert!(
        hostile
            .windows(1000)
            .any(|run| run.iter().all(|b| *b == b'['))
    );
}

#[test]
fn answers_parallel_to_each_other_come_out_of_order() {
    let server = server();
    let run = detail(&server, "Juno", "Lisbon", 0.0);
    let ids = |kind: &str| -> Vec<Value> {
        let of_kind = events(&run).iter().filter(|event| event["type"] == kind);
        of_kind
            .map(|event| event["data"]["actionId"].clone())
            .collect()
    };
    let (started, completed) = (ids("ACTION_STARTED"), ids("ACTION_COMPLETED"));
    assert_eq!(started.len(), 4);
    assert_ne!(started, completed);
}

#[test]
fn the_incident_fails_deep_and_recovers_once_before() {
    let server = server();
    let run = detail(&server, "Beacon", "Checkout latency", 0.0);
    let failed: Vec<usize> = events(&run)
        .iter()
        .enumerate()
        .filter(|(_, event)| event["data"]["success"] == false)
        .map(|(at, _)| at)
        .collect();
    let names: Vec<&Value> = failed
        .iter()
        .map(|at| &events(&run)[*at]["data"]["actionName"])
        .collect();
    assert_eq!(names, ["QUERY_TRACES", "ROLLBACK"]);
    assert!(failed[1] >= 30, "{failed:?}");
}
