//! What only some services have: extras, child runs, content that is fetched only on demand, lists over
//! all missions.

use super::{
    nest::{nest, plain_nest},
    *,
};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_beside_a_run_is_named_and_printed_on_demand() {
    let session = nest();
    let told = tell(&session, "show parent").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let named = told
        .out
        .lines()
        .any(|line| line.split_whitespace().eq(["states", "2", "39"]));
    assert!(named && !told.out.contains("calm"), "{}", told.out);
    let full = tell(&session, "show parent --extras").await.out;
    assert!(
        full.contains("\nstates\n[\n  {\n    \"mood\": \"calm\""),
        "{full}"
    );
    assert!(
        full.contains("‹api_key#1›") && !full.contains("abc-def"),
        "{full}"
    );
    let json = tell(&session, "show parent -o json").await.json();
    assert_eq!(json["run"]["extras"]["states"][0]["mood"], "calm");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mission_is_shown_with_what_is_kept_beside_it() {
    let session = nest();
    let told = tell(&session, "show --mission M").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let has = |words: &[&str]| {
        let mut lines = told.out.lines();
        lines.any(|line| line.split_whitespace().eq(words.iter().copied()))
    };
    assert!(
        has(&["model", "large"]) && has(&["tools", "2", "44"]),
        "{}",
        told.out
    );
    let full = tell(&session, "show --mission m --extras").await.out;
    assert!(
        full.contains("\"tool\": \"WebSearch\"") && !full.contains("abc-def"),
        "{full}"
    );
    let json = tell(&session, "show --mission m -o json").await.json();
    assert_eq!(keys(&json).join(" "), "schema mission errors");
    assert_eq!(json["schema"], "sortie.mission/1");
    assert_eq!(json["mission"]["extras"]["tools"][0]["tool"], "WebSearch");
    let none = tell(&session, "show --mission nope").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::NotFound, ""));
    assert!(none.err.contains("`nope`"), "{}", none.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_have_those_that_come_with_the_run() {
    let session = nest();
    let told = tell(&session, "events parent").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let span = told
        .out
        .lines()
        .find(|line| line.contains(" span "))
        .unwrap();
    assert!(span.ends_with("the same"), "{span}");
    assert_eq!(
        span.matches("the same").count(),
        1,
        "a title is not said twice"
    );
    let shown = tell(&session, "show parent -o json").await.json();
    let events = tell(&session, "events parent -o json").await.json();
    assert_eq!(events["items"], shown["events"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn child_runs_stand_with_the_run_that_started_them() {
    let session = nest();
    let text = tell(&session, "show parent").await.out;
    let (_, children) = text.split_once("\nchild runs\n").unwrap();
    let line = children.lines().nth(1).unwrap();
    assert!(
        line.contains("sortie:nest/other%2Fm/child  The child"),
        "{line}"
    );
    let json = tell(&session, "show parent -o json").await.json();
    let children = json["child_runs"].as_array().unwrap();
    assert_eq!(children.len(), 1);
    assert_eq!(
        (
            &children[0]["parent_run_id"],
            &children[0]["parent_event_id"]
        ),
        (&"parent".into(), &"small".into())
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn content_is_fetched_when_its_event_is_shown_and_a_large_one_is_told_before() {
    let session = nest();
    let events = tell(&session, "events parent -o jsonl").await.lines();
    let artifacts = events.iter().filter(|event| event["kind"] != "span");
    let sizes: Vec<&Value> = artifacts.map(|event| &event["content_bytes"]).collect();
    assert_eq!(sizes, [&Value::from(12), &Value::from(3_000_000)]);
    let small = tell(&session, "show parent#small").await;
    assert_eq!(small.err, "");
    assert!(small.out.contains("whole at last") && !small.out.contains("not fetched"));
    let large = tell(&session, "show parent#large").await;
    assert!(large.err.contains("3 MiB"), "{}", large.err);
    assert!(large.out.contains("whole at last"), "{}", large.out);
    let json = tell(&session, "show parent#large -o json").await.json();
    assert!(json["event"]["content_bytes"].is_null());
    assert_eq!(json["event"]["raw"]["content"], "whole at last");
}

fn paths(session: &Session) -> Vec<String> {
    let sent = session.contexts[0].line.requests();
    sent.into_iter().map(|sent| sent.path).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_of_all_missions_come_in_one_list_where_there_is_one() {
    let whole = nest();
    let one = tell(&whole, "runs -o json").await;
    assert_eq!(one.exit, Exit::Ok);
    assert!(
        !paths(&whole).contains(&"/runs".to_owned()),
        "one list is enough"
    );
    // A service that takes the list for something else has the same runs.
    let plain = plain_nest();
    let each = tell(&plain, "runs -o json").await;
    assert_eq!((each.exit, &each.out), (Exit::Ok, &one.out));
    assert!(paths(&plain).contains(&"/runs".to_owned()));
    let text = tell(&whole, "runs").await.out;
    assert!(
        text.lines().nth(1).unwrap().ends_with(" m"),
        "the mission has its name: {text}"
    );
    let of_mission = nest();
    tell(&of_mission, "runs --mission m").await;
    assert!(!paths(&of_mission).contains(&"/all-runs".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_service_picks_is_picked_again() {
    let whole = nest();
    let told = tell(&whole, "events parent --step act -o jsonl").await;
    assert_eq!((told.exit, told.err.as_str()), (Exit::Ok, ""));
    let events = told.lines();
    assert_eq!((events.len(), &events[0]["id"]), (1, &"act".into()));
    assert!(events[0]["seq"].is_null(), "nobody knows its number");
    assert!(paths(&whole).contains(&"/picked".to_owned()));
    let text = tell(&whole, "events parent --step act").await.out;
    assert!(
        text.starts_with("EVENT ") && text.contains("\nact "),
        "{text}"
    );
    // All are read where it cannot pick, and the numbers are known.
    let plain = plain_nest();
    let none = tell(&plain, "events parent --step act -o json").await;
    assert_eq!(none.json()["items"], Value::Array(vec![]));
    let all = tell(&plain, "events parent --kind unknown -o jsonl")
        .await
        .lines();
    let seq: Vec<&Value> = all.iter().map(|event| &event["seq"]).collect();
    assert_eq!(seq, [2, 3], "after the span");
}

#[tokio::test(flavor = "multi_thread")]
async fn events_of_all_runs_come_newest_first_where_there_is_such_a_list() {
    let session = nest();
    let told = tell(&session, "events --all -o jsonl").await;
    let ids = |lines: &[Value]| lines.iter().map(|e| e["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&told.lines()), ["new", "late", "old"]);
    assert_eq!(told.lines()[0]["run_id"], "run-of-new");
    assert!(told.lines()[0]["mission_id"].is_null(), "nobody named it");
    let few = tell(&session, "events --all --limit 1 -o jsonl").await;
    assert_eq!(ids(&few.lines()), ["new"], "although it came second");
    let text = tell(&session, "events --all").await.out;
    assert!(
        text.lines().nth(1).unwrap().contains("  run-of-new   new "),
        "{text}"
    );
    let none = tell(&plain_nest(), "events --all").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::Ok, ""));
    assert!(
        none.err
            .contains("nest has no list of the events of all runs"),
        "{}",
        none.err
    );
}
