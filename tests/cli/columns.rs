//! `--columns`: exactly the columns that are asked for, of facts and of values in payloads, in every form.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn runs_have_exactly_the_columns_that_are_asked_for() {
    let (_demo, session) = demo();
    let of = "runs --mission nightly-billing --limit 2";
    let told = tell(
        &session,
        &format!("{of} --columns id,refund:payload.amount,parent"),
    )
    .await;
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 3, "{}", told.out);
    let heads: Vec<&str> = lines[0].split_whitespace().collect();
    assert_eq!(heads, ["ID", "REFUND", "PARENT"]);
    assert!(told.err.contains("--load reads them"), "{}", told.err);
    assert!(told.err.contains("payload.amount: nowhere"), "{}", told.err);

    let csv =
        format!("{of} --load -o csv --columns id,duration,refund:payload.amount,payload.api_key");
    let told = tell(&session, &csv).await;
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines[0], "id,duration_ms,refund,payload.api_key");
    let paid: Vec<&&str> = lines
        .iter()
        .filter(|line| line.contains(",1290,"))
        .collect();
    assert!(!paid.is_empty(), "{}", told.out);
    assert!(!told.out.contains("KEY0199"), "{}", told.out);
    assert!(lines[1..].iter().all(|line| line.split(',').count() == 4));

    let json = format!("{of} --load -o jsonl --columns status,duration,refund:payload.amount");
    let runs = tell(&session, &json).await.lines();
    assert_eq!(runs.len(), 2);
    for run in &runs {
        let columns = run["columns"].as_object().unwrap();
        let names: Vec<&str> = columns.keys().map(String::as_str).collect();
        assert_eq!(names.len(), 3);
        assert_eq!(columns["status"], run["status"]);
        assert_eq!(columns["duration_ms"], run["duration_ms"]);
    }
    assert!(runs.iter().any(|run| run["columns"]["refund"] == 1290));
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_for_programs_have_columns_without_being_asked() {
    let (_demo, session) = demo();
    let runs = tell(&session, "runs --limit 3 -o tsv").await;
    let lines: Vec<&str> = runs.out.lines().collect();
    assert!(
        lines[0].starts_with("id\ttitle\tstatus\tstarted_at"),
        "{}",
        runs.out
    );
    assert_eq!(lines.len(), 4);
    let events = tell(&session, "events nightly-billing/8c41 -o csv").await;
    assert!(
        events.out.starts_with("seq,id,kind,type,time,"),
        "{}",
        events.out
    );
    let all = tell(&session, "events nightly-billing/8c41 -o jsonl")
        .await
        .lines();
    assert_eq!(events.out.lines().count(), all.len() + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_have_columns_of_their_own() {
    let (_demo, session) = demo();
    let line = "events nightly-billing/8c41 --kind tool_call --columns tool,payload.amount,id";
    let told = tell(&session, line).await;
    let refunds: Vec<&str> = told
        .out
        .lines()
        .filter(|line| line.contains("pay.refund"))
        .collect();
    assert!(
        !refunds.is_empty() && refunds.iter().all(|line| line.contains(" 1290 ")),
        "{}",
        told.out
    );
    let line = format!("{line} -o jsonl");
    let records = tell(&session, &line).await.lines();
    let mut refunds = records.iter().filter(|event| event["tool"] == "pay.refund");
    assert!(refunds.all(|event| event["columns"]["payload.amount"] == 1290));
    assert!(
        records
            .iter()
            .all(|event| event["columns"]["id"] == event["id"])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_column_is_refused_with_the_nearest_and_all_of_them() {
    let (_demo, session) = demo();
    for (line, parts) in [
        (
            "runs --columns id,duratoin",
            ["    ^^^^^^^^", "nearest: duration", "provider, mission"],
        ),
        (
            "runs --columns x:payload.a[",
            [
                "a number, * or a \"name\"",
                "columns of runs",
                "refund:payload.amount",
            ],
        ),
        (
            "events nightly-billing/8c41 --columns verdict",
            ["none of events is called", "^^^^^^^", "summary"],
        ),
    ] {
        let told = tell(&session, line).await;
        assert_eq!((told.exit, told.out.as_str()), (Exit::Usage, ""), "{line}");
        for part in parts {
            assert!(told.err.contains(part), "{line}: {part}\n{}", told.err);
        }
    }
}
