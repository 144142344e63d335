//! `sortie calls`: every tool call of runs as a table for people and for other programs; and runs sorted.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_printed_in_every_form() {
    let (_demo, session) = demo();
    let run = "nightly-billing/8c41";
    let text = tell(&session, &format!("calls {run}")).await;
    assert_eq!(text.exit, Exit::Ok, "{}", text.err);
    assert!(text.out.contains("pay.refund"), "{}", text.out);
    let lines = tell(&session, &format!("calls {run} -o jsonl"))
        .await
        .lines();
    let json = tell(&session, &format!("calls {run} -o json")).await.json();
    assert_eq!(json["schema"], "sortie.calls/1");
    assert_eq!(json["items"].as_array().unwrap(), &lines);
    assert_eq!(
        keys(&lines[0]).join(" "),
        "run_id seq event_id tool verdict duration_ms step started_at arguments"
    );
    for (form, between) in [("csv", ','), ("tsv", '\t')] {
        let told = tell(&session, &format!("calls {run} -o {form}")).await;
        let first = told.out.lines().next().unwrap();
        assert_eq!(first.split(between).count(), 9, "{first}");
        assert_eq!(told.out.lines().count(), lines.len() + 1, "{form}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_sorted_by_a_column_and_backwards() {
    let (_demo, session) = demo();
    let took = async |sort: &str| -> Vec<i64> {
        let line = format!("calls nightly-billing/8c41 --sort {sort} -o jsonl");
        let told = tell(&session, &line).await;
        let took = told
            .lines()
            .into_iter()
            .map(|call| call["duration_ms"].clone());
        took.map(|took| took.as_i64().unwrap_or(-1)).collect()
    };
    let mut longest = took("duration").await;
    assert!(longest.is_sorted_by(|one, next| one >= next), "{longest:?}");
    longest.reverse();
    assert_eq!(took("-duration").await, longest);
    let wrong = sortie::args::Args::try_parse_from(["sortie", "calls", "r", "--sort", "colour"]);
    let told = wrong.unwrap_err().to_string();
    assert!(told.contains("number, tool, verdict, duration"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_is_not_there_and_an_event_are_refused() {
    let (_demo, session) = demo();
    let gone = tell(&session, "calls no-such-run").await;
    assert_eq!((gone.exit, gone.out.as_str()), (Exit::NotFound, ""));
    let event = tell(&session, "calls nightly-billing/8c41#3").await;
    assert_eq!(event.exit, Exit::Usage, "{}", event.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_sorted_by_a_column_and_backwards() {
    let (_demo, session) = demo();
    let told = async |sort: &str, column: &str| -> Vec<Value> {
        let line = format!("runs --limit 0 --sort {sort} -o jsonl");
        let told = tell(&session, &line).await;
        let values = told.lines().into_iter().map(|run| run[column].clone());
        values.collect()
    };
    let status = told("status", "status").await;
    let first_good = status.iter().position(|status| status == "succeeded");
    let last_failed = status.iter().rposition(|status| status == "failed");
    assert!(last_failed < first_good, "{status:?}");
    let longest = told("duration", "duration_ms").await;
    let known: Vec<i64> = longest.iter().filter_map(Value::as_i64).collect();
    assert!(known.is_sorted_by(|one, next| one >= next), "{known:?}");
    assert!(
        longest.last().unwrap().is_null(),
        "what nobody tells is last"
    );
}
