//! `contexts`, `missions`, `runs`, `events`: records, order, filters.

use super::*;

const RUN: &str = "context provider mission_id id title status status_sent status_reason started_at \
                   ended_at quiet_since duration_ms tokens error parent_run_id parent_event_id raw \
                   extras";
const EVENT: &str = "context provider mission_id run_id id seq kind type time duration_ms step_id agent \
                     tool call_id is_error tokens title summary parent_id at_end body_at prose_at \
                     content_bytes raw";

#[tokio::test(flavor = "multi_thread")]
async fn contexts_say_where_they_are_and_whether_they_can_be_asked() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut connections = demo.connections();
    connections.push(keyless(&demo));
    let told = tell(&session(&connections, None), "contexts -o json").await;
    assert_eq!(told.exit, Exit::Ok);
    let json = told.json();
    assert_eq!(json["schema"], "sortie.contexts/1");
    let items = json["items"].as_array().unwrap();
    let expected = "name provider base_url credential_source ok error";
    assert_eq!(keys(&items[0]).join(" "), expected);
    assert_eq!(
        (&items[0]["name"], &items[0]["ok"]),
        (&"demo-telnyx".into(), &true.into())
    );
    assert_eq!(items[4]["ok"], false);
    assert_eq!(items[4]["error"], "no credential: SOME_KEY is not set");
    assert_eq!(json["errors"], Value::Array(vec![]));
}

#[tokio::test(flavor = "multi_thread")]
async fn missions_come_by_context_and_name() {
    let (_demo, session) = demo();
    let told = tell(&session, "missions -o jsonl").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let records = told.lines();
    let expected = "context provider id name description status created_at updated_at raw extras";
    assert_eq!(keys(&records[0]).join(" "), expected);
    let order: Vec<(usize, String)> = records
        .iter()
        .map(|record| {
            let context = record["context"].as_str().unwrap();
            let place = session
                .contexts
                .iter()
                .position(|asked| asked.record.name == context);
            (
                place.unwrap(),
                record["name"].as_str().unwrap().to_lowercase(),
            )
        })
        .collect();
    assert!(order.is_sorted(), "{order:?}");
    let text = tell(&session, "missions").await.out;
    assert!(text.starts_with("CONTEXT "), "{text}");
    assert_eq!(text.lines().count(), records.len() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_the_newest_of_all_contexts_together() {
    let (_demo, session) = demo();
    let all = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    assert_eq!(keys(&all[0]).join(" "), RUN);
    let started: Vec<&str> = all
        .iter()
        .filter_map(|run| run["started_at"].as_str())
        .collect();
    assert!(started.iter().all(|time| time.ends_with('Z')));
    let at = |time: &&str| time.parse::<Timestamp>().unwrap();
    assert!(started.iter().rev().is_sorted_by_key(at), "{started:?}");
    let few = tell(&session, "runs --limit 7 -o json").await;
    assert_eq!(few.exit, Exit::Ok);
    let json = few.json();
    assert_eq!(json["schema"], "sortie.runs/1");
    let ids = |runs: &[Value]| runs.iter().map(|run| run["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(json["items"].as_array().unwrap()), ids(&all[..7]));
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_can_be_filtered() {
    let (_demo, session) = demo();
    let all = tell(&session, "runs --limit 0 -o jsonl").await.lines();
    let failed = tell(
        &session,
        "runs --limit 0 --status failed,timed_out -o jsonl",
    )
    .await
    .lines();
    let is_failed = |run: &&Value| run["status"] == "failed" || run["status"] == "timed_out";
    assert_eq!(failed.len(), all.iter().filter(is_failed).count());
    assert!(failed.len() >= 4 && failed.iter().all(|run| is_failed(&run)));
    let one = tell(&session, "runs --limit 0 --status failed -o jsonl")
        .await
        .lines();
    assert!(!one.is_empty() && one.iter().all(|run| run["status"] == "failed"));
    let recent = tell(&session, "runs --limit 0 --since 1h -o jsonl")
        .await
        .lines();
    assert!(!recent.is_empty() && recent.len() < all.len());
    let of_mission = tell(&session, "runs --mission nightly-billing -o jsonl")
        .await
        .lines();
    assert!(!of_mission.is_empty() && of_mission.iter().all(|run| run["context"] == "demo-telnyx"));
    let none = tell(&session, "runs --mission no-such-mission").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::Ok, ""));
    assert!(
        none.err.contains("`no-such-mission`"),
        "a typing error is told: {}",
        none.err
    );
    let known = tell(&session, "runs --mission nightly-billing").await;
    assert_eq!(known.err, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_whole_and_in_order() {
    let (_demo, session) = demo();
    let run = "5000a1c2-7b3d-4f84-9e65-1d0c8f7a6b35";
    let told = tell(&session, &format!("events {run} -o jsonl")).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let events = told.lines();
    assert_eq!(events.len(), 5_000);
    assert_eq!(keys(&events[0]).join(" "), EVENT);
    assert!(
        events
            .iter()
            .map(|event| &event["seq"])
            .eq(&(1..=5_000).map(Value::from).collect::<Vec<_>>())
    );
    let times = events.iter().filter_map(|event| event["time"].as_str());
    assert!(
        times
            .map(|time| time.parse::<Timestamp>().unwrap())
            .is_sorted()
    );
    let calls = tell(
        &session,
        &format!("events {run} --kind tool_call --limit 3 -o json"),
    )
    .await;
    let json = calls.json();
    assert_eq!(json["schema"], "sortie.events/1");
    let calls = json["items"].as_array().unwrap();
    assert!(calls.len() == 3 && calls.iter().all(|event| event["kind"] == "tool_call"));
}
