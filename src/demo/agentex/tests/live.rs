//! The stream: what it tells adds up to what the lists answer, and it ends as the service's does.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::Value;

use super::{ask_with, get, rows, task, transcript, world};
use crate::demo::agentex::frames::between;
use crate::model::{Record, RunRef, Time};
use crate::provider::{Provider as _, agentex::Agentex};

fn live() -> RunRef {
    RunRef {
        mission: "m".into(),
        run: task("burn-payments-api").as_str().into(),
        room: None,
    }
}

#[test]
fn what_is_streamed_adds_up_to_what_is_stored() {
    let world = world(400);
    let id = task("burn-payments-api");
    let burn = world.task(&id).unwrap();
    let (_, mut listener) = Agentex.stream(&live()).unwrap();
    let mut summed = BTreeMap::new();
    let mut over = false;
    for frame in between(&world, burn, f64::NEG_INFINITY, 400.0) {
        let heard = listener.hear(&frame.into(), Time(0));
        assert_eq!(heard.skipped, 0);
        over |= heard.over;
        for row in heard.rows {
            if let Record::Event(event) = row.record() {
                let record: Value = serde_json::from_slice(event.raw.bytes()).unwrap();
                summed.insert(event.id.clone(), record["content"].clone());
            }
        }
    }
    assert!(over);
    let stored = transcript(&world, "burn-payments-api", 200);
    assert_eq!(summed.len(), stored.len());
    for message in stored {
        let id = message["id"].as_str().unwrap();
        assert_eq!(summed[id], message["content"], "{id}");
    }
}

/// The stretches meet without a gap, and none tells a frame twice.
#[test]
fn stretches_of_time_share_no_frame() {
    let world = world(400);
    let id = task("burn-payments-api");
    let burn = world.task(&id).unwrap();
    let whole = between(&world, burn, -30.0, 60.0);
    let mut parts = Vec::new();
    let mut from = -30.0;
    while from < 60.0 {
        let to = f64::min(from + 0.1, 60.0);
        parts.extend(between(&world, burn, from, to));
        from = to;
    }
    assert_eq!(whole, parts);
    let pieces = whole
        .iter()
        .filter(|frame| frame.contains("text_delta"))
        .count();
    assert!(pieces > 100, "{pieces}: it grows word by word");
}

#[test]
fn a_stream_is_for_a_task_that_exists_and_for_who_may_read_it() {
    let world = world(0);
    let path = format!("/tasks/{}/stream", task("burn-payments-api"));
    let bearer = [("authorization", "Bearer demo-key")];
    let known = ask_with(&world, &Method::GET, &path, &bearer);
    assert_eq!(known.stream_of, Some(task("burn-payments-api")));
    let stranger = ask_with(&world, &Method::GET, &path, &[]);
    assert_eq!((stranger.status.as_u16(), stranger.stream_of), (401, None));
    let nobody = ask_with(&world, &Method::GET, "/tasks/nope/stream", &bearer);
    assert_eq!((nobody.status.as_u16(), nobody.stream_of), (404, None));
}

#[test]
fn an_agent_has_deployments_and_schedules() {
    let world = world(0);
    let agents = get(&world, "/agents?limit=200");
    let triage = rows(&agents)
        .iter()
        .find(|agent| agent["name"] == "incident-triage");
    let id = triage.unwrap()["id"].as_str().unwrap().to_owned();
    let deployments = get(&world, &format!("/agents/{id}/deployments?limit=1"));
    assert_eq!(rows(&deployments).len(), 1);
    assert_eq!(deployments[0]["is_production"], true);
    let schedules = get(&world, &format!("/agents/{id}/schedules"));
    assert_eq!(schedules["total"], 1);
    assert_eq!(schedules["run_schedules"][0]["id"], "sched-burn-watch");
}
