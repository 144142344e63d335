//! What `show` makes of a run: operations, verdicts, repeats, silence; of the demo's runs, and of files
//! whose events are just so.

use std::io::Write as _;

use sortie::source::Opened;

use super::*;

const OPERATION: &str = "id events kind title summary verdict rule reason recovered_by pairing \
                         started_at ended_at duration_ms tokens repeat step parent tool";

/// A session over a file of events, one a line.
fn file(lines: &[String]) -> (tempfile::NamedTempFile, Session) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines.join("\n").as_bytes()).unwrap();
    let opened = Opened::open(&[file.path().to_path_buf()]).unwrap();
    let source = opened.sources.into_iter().next().unwrap();
    let record = ContextRecord {
        name: "file".to_owned(),
        provider: Some("file".to_owned()),
        base_url: None,
        credential_source: None,
        ok: true,
        error: None,
    };
    let asked = cli::session::Asked {
        record,
        line: Arc::new(source).into(),
        provider: None,
    };
    let now = Time::from_millis(0).unwrap();
    let session = Session::new(vec![asked], Redactor::default(), TimeZone::UTC, now, None);
    (file, session)
}

/// An event of the run `r`, so many seconds after the first.
fn line(id: &str, at: u32, kind: &str, call: &str, data: &str) -> String {
    let (minute, second) = (at / 60, at % 60);
    let call = match call {
        "" => String::new(),
        call => format!(r#""call_id":"{call}","#),
    };
    format!(
        r#"{{"id":"{id}","run_id":"r","ts":"2026-01-01T00:{minute:02}:{second:02}Z","type":"{kind}","tool":"db.find",{call}"data":{data}}}"#
    )
}

fn of<'v>(json: &'v Value, id: &str) -> &'v Value {
    let all = json["operations"].as_array().unwrap();
    all.iter()
        .find(|operation| operation["id"] == id)
        .unwrap_or_else(|| panic!("no operation {id} in {json:#}"))
}

fn row<'t>(text: &'t str, number: &str) -> &'t str {
    let (_, rows) = text.split_once("\noperations\n").unwrap();
    rows.lines()
        .find(|line| line.trim_start().starts_with(&format!("{number} ")))
        .unwrap_or_else(|| panic!("no row {number} in\n{rows}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_and_results_pair_whatever_their_order_and_number() {
    let lines = [
        line("c1", 0, "tool_call", "a", r#"{"q":"one"}"#),
        line("c2", 1, "tool_call", "b", r#"{"q":"two"}"#),
        line("r2", 2, "tool_result", "b", r#"{"rows":[2]}"#),
        line("r1", 4, "tool_result", "a", r#"{"rows":[1]}"#),
        line("again", 5, "tool_result", "a", r#"{"rows":[1]}"#),
        line("alone", 6, "tool_result", "z", r#"{"rows":[9]}"#),
        line("c3", 7, "tool_call", "c", r#"{"q":"three"}"#),
    ];
    let (_file, session) = file(&lines);
    let told = tell(&session, "show r -o json").await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let json = told.json();
    let first = of(&json, "c1");
    assert_eq!(keys(first).join(" "), OPERATION);
    assert_eq!(first["events"], serde_json::json!(["c1", "r1"]));
    assert_eq!(
        (&first["verdict"], &first["kind"], &first["duration_ms"]),
        (&"ok".into(), &"tool".into(), &4_000.into())
    );
    assert_eq!(first["pairing"]["confidence"], "certain");
    assert_eq!(first["pairing"]["why"], "same call id");
    assert_eq!(of(&json, "c2")["events"], serde_json::json!(["c2", "r2"]));
    assert_eq!(of(&json, "again")["pairing"]["confidence"], "none");
    let open = of(&json, "c3");
    assert_eq!(open["verdict"], "unanswered");
    assert!(
        open["ended_at"].is_null() && open["duration_ms"].is_null(),
        "{open}"
    );
    assert_eq!(open["started_at"], "2026-01-01T00:00:07Z");
    assert_eq!(of(&json, "alone")["events"], serde_json::json!(["alone"]));
    assert_eq!(json["header"]["unanswered"], 1);
    assert_eq!(json["header"]["first_failure"], "c3");
    assert_eq!(json["header"]["verdicts"]["unanswered"], 1);

    let text = tell(&session, "show r").await.out;
    assert!(row(&text, "1").contains(" db.find ⇄  "), "{text}");
    assert!(row(&text, "7").contains(" unanswered "), "{text}");
    assert!(row(&text, "6").contains("(no call"), "{text}");
    let (_, failures) = text.split_once("\nfailures\n").unwrap();
    assert!(failures.contains("no result has come"), "{failures}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_is_shown_with_the_other_side_of_its_operation() {
    let lines = [
        line("c1", 0, "tool_call", "a", r#"{"q":"whole question"}"#),
        line("r1", 4, "tool_result", "a", r#"{"rows":["whole answer"]}"#),
    ];
    let (_file, session) = file(&lines);
    for event in ["c1", "r1", "2"] {
        let text = tell(&session, &format!("show r#{event}")).await.out;
        let at = |part: &str| {
            text.find(part)
                .unwrap_or_else(|| panic!("no {part} in\n{text}"))
        };
        assert!(at("⇄ certain same call id") < at("\ncall\n"), "{text}");
        assert!(at("whole question") < at("\nresult\n"), "{text}");
        assert!(at("\nresult\n") < at("whole answer"), "{text}");
    }
    let json = tell(&session, "show r#r1 -o json").await.json();
    assert_eq!(
        keys(&json).join(" "),
        "schema event operation events errors"
    );
    assert_eq!(json["event"]["id"], "r1");
    assert_eq!(json["operation"]["id"], "c1");
    let sides = json["events"].as_array().unwrap();
    let sides: Vec<&Value> = sides.iter().map(|event| &event["id"]).collect();
    assert_eq!(sides, ["c1", "r1"]);
    let lines = tell(&session, "show r#r1 -o jsonl").await.lines();
    assert_eq!((lines.len(), &lines[0]["id"]), (1, &"r1".into()));
    let lines = tell(&session, "show r -o jsonl").await.lines();
    let ids: Vec<&Value> = lines.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids, ["r", "c1", "r1"], "the run and its events, as ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_by_content_has_a_reason_and_changes_no_exit_code() {
    let lines = [
        line("c1", 0, "tool_call", "a", r#"{"q":"one"}"#),
        line(
            "r1",
            1,
            "tool_result",
            "a",
            r#"{"success":false,"message":"no such row"}"#,
        ),
        line("c2", 60, "tool_call", "b", r#"{"q":"other"}"#),
        line(
            "r2",
            61,
            "tool_result",
            "b",
            r#"{"success":false,"message":"no such row"}"#,
        ),
        line("c3", 62, "tool_call", "c", r#"{"q":"third"}"#),
        line(
            "r3",
            63,
            "tool_result",
            "c",
            r#"{"success":true,"rows":[1]}"#,
        ),
        line("c4", 64, "tool_call", "d", r#"{"q":"last"}"#),
        line(
            "r4",
            65,
            "tool_result",
            "d",
            r#"{"success":false,"message":"gone"}"#,
        ),
    ];
    let (_file, session) = file(&lines);
    let told = tell(&session, "show r -o json").await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    let json = told.json();
    let soft = of(&json, "c1");
    assert_eq!(
        (&soft["verdict"], &soft["rule"], &soft["recovered_by"]),
        (
            &"soft_failure".into(),
            &"success-false".into(),
            &"c3".into()
        )
    );
    assert!(
        soft["reason"].as_str().unwrap().contains("success"),
        "{soft}"
    );
    assert!(
        soft["summary"].as_str().unwrap().starts_with("no such row"),
        "{soft}"
    );
    assert_eq!(json["header"]["soft_failures"], 1, "two were recovered");
    assert_eq!(json["header"]["recovered"], 2);

    let text = tell(&session, "show r").await.out;
    assert!(row(&text, "1").contains("recovered by #5, success-false"));
    assert!(
        text.contains("-- 59.0s without events --") || text.contains("-- 59s without events --")
    );
    let only = tell(&session, "show r --failures").await;
    assert_eq!(only.exit, Exit::Ok);
    let (header, failures) = only.out.split_once("\nfailures\n").unwrap();
    assert!(header.contains("soft failures"), "{header}");
    let rows: Vec<&str> = failures.lines().skip(1).collect();
    assert_eq!(rows.len(), 1, "{failures}");
    assert!(rows[0].contains("success-false"), "{failures}");
    let lines = tell(&session, "show r --failures -o jsonl").await.lines();
    assert_eq!((lines.len(), &lines[0]["id"]), (1, &"c4".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn repeats_are_one_row_and_each_is_listed_for_scripts() {
    let mut lines = Vec::new();
    for n in 0..6 {
        let (call, answer, id) = (format!("c{n}"), format!("r{n}"), format!("call{n}"));
        lines.push(line(&call, n * 2, "tool_call", &id, r#"{"q":"same"}"#));
        lines.push(line(
            &answer,
            n * 2 + 1,
            "tool_result",
            &id,
            r#"{"rows":[1]}"#,
        ));
    }
    let (_file, session) = file(&lines);
    let text = tell(&session, "show r").await.out;
    let (_, rows) = text.split_once("\noperations\n").unwrap();
    let (rows, failures) = rows.split_once("\nfailures\n").unwrap();
    assert_eq!(rows.lines().count(), 2, "{rows}");
    assert!(row(&text, "1").contains("x6 loop"), "{rows}");
    assert!(row(&text, "1").contains(" 11s"), "all of it: {rows}");
    assert!(failures.contains("x6 loop"), "a loop is told: {failures}");
    assert!(
        failures.contains("the same call with the same result 6 times in 11s"),
        "and why it is one: {failures}"
    );
    let told = tell(&session, "show r -o json").await;
    assert_eq!(told.exit, Exit::Ok);
    let json = told.json();
    let all = json["operations"].as_array().unwrap();
    assert_eq!(all.len(), 6);
    for operation in all {
        let repeat = &operation["repeat"];
        assert_eq!(
            keys(repeat).join(" "),
            "count cycle first loop differs duration_ms tokens"
        );
        assert_eq!(
            (&repeat["count"], &repeat["first"], &repeat["loop"]),
            (&6.into(), &"c0".into(), &true.into())
        );
        assert_eq!(repeat["cycle"], serde_json::json!(["db.find"]));
    }
    assert_eq!(json["header"]["loops"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_without_a_name_is_named_by_what_it_says() {
    let lines = [
        line("c1", 0, "tool_call", "a", r#"{"q":"one"}"#),
        line("r1", 1, "tool_result", "a", r#"{"rows":[1]}"#),
        r#"{"id":"e1","run_id":"r","ts":"2026-01-01T00:00:02Z","type":"error","message":"the line is dead"}"#.to_owned(),
    ];
    let (_file, session) = file(&lines);
    let text = tell(&session, "show r --failures").await.out;
    let (_, failures) = text.split_once("\nfailures\n").unwrap();
    let row = failures.lines().nth(1).unwrap();
    let (what, reason) = (row.find("the line is dead"), row.find("an error event"));
    assert!(what < reason && what.is_some(), "{failures}");
    assert!(row.ends_with("an error event"), "said once: {failures}");
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_printed_whole_and_masked() {
    let long = "x".repeat(500);
    let asked = format!(r#"{{"q":"{long}","api_key":"hush-hush"}}"#);
    let lines = [
        line("c1", 0, "tool_call", "a", &asked),
        line(
            "r1",
            4,
            "tool_result",
            "a",
            r#""{\"rows\":[{\"name\":\"inner\"}]}""#,
        ),
        line("say", 5, "message", "", r#""no call""#),
    ];
    let (_file, session) = file(&lines);
    let text = tell(&session, "show r --calls").await.out;
    let (_, calls) = text.split_once("\ncalls\n").unwrap();
    assert!(
        calls.starts_with("#1  0:00.0  ok  db.find  ⇄  4.0s\n"),
        "{calls}"
    );
    assert!(calls.contains(&long), "{calls}");
    assert!(!calls.contains("hush-hush"), "{calls}");
    assert!(
        calls.contains("\"name\": \"inner\""),
        "JSON in a string is laid out: {calls}"
    );
    assert!(!calls.contains("no call"), "{calls}");
    let json = tell(&session, "show r --calls -o json").await.json();
    assert_eq!(json["operations"].as_array().unwrap().len(), 1);
    assert_eq!(json["events"].as_array().unwrap().len(), 2);
    let raw = tell(&session, "show r --raw").await.out;
    let (_, events) = raw.split_once("\nevents\n").unwrap();
    assert_eq!(events.lines().count(), 4, "each record by itself: {events}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_waterfall_has_a_bar_for_each_row_in_either_alphabet() {
    let (_demo, session) = demo();
    let text = tell(&session, "show nightly-billing/8c41 --waterfall").await;
    assert_eq!(text.exit, Exit::RunFailed, "{}", text.err);
    let (_, rows) = text.out.split_once("\noperations\n").unwrap();
    let (rows, _) = rows.split_once("\n\nfailures\n").unwrap();
    let bars = rows.lines().filter(|line| line.contains('┊')).count();
    assert_eq!(bars + 1, rows.lines().count(), "all but the names: {rows}");
    assert!(row(&text.out, "36").contains('█'), "{rows}");
    assert!(row(&text.out, "42").contains('×'), "{rows}");
    let mut out = Vec::new();
    let mut err = Vec::new();
    let mut outlet = Outlet {
        of_files: Vec::new(),
        out: &mut out,
        err: &mut err,
        columns: Some(100),
        ascii: true,
    };
    let line = "sortie show nightly-billing/8c41 --waterfall";
    let args = Args::try_parse_from(line.split(' ')).unwrap();
    cli::perform(&session, &args.command.unwrap(), &mut outlet).await;
    let plain = String::from_utf8(out).unwrap();
    assert!(plain.is_ascii(), "{plain}");
    assert!(plain.lines().all(|line| line.len() <= 100), "{plain}");
    assert!(row(&plain, "36").contains('='), "{plain}");
}

/// Of each service one run that tells a story: what its rows must say.
#[tokio::test(flavor = "multi_thread")]
async fn the_stories_of_the_demo_can_be_read() {
    let (_demo, session) = demo();
    let billing = tell(&session, "show nightly-billing/8c41").await;
    assert_eq!(billing.exit, Exit::RunFailed);
    let soft = row(&billing.out, "34");
    assert!(
        soft.contains("soft_failure") && soft.contains("pay.quote ⇄?"),
        "{soft}"
    );
    assert!(
        billing.out.contains("-- 3m40s without events --"),
        "{}",
        billing.out
    );
    for fact in ["tokens ", "operations ", "soft failures ", "slowest "] {
        let has = |line: &str| line.starts_with(fact);
        assert!(billing.out.lines().any(has), "{fact}\n{}", billing.out);
    }
    assert!(billing.out.contains("not reported"), "{}", billing.out);

    let latency = tell(&session, "show ase_checkout_latency -o json").await;
    assert_eq!(latency.exit, Exit::Ok, "a call that was recovered");
    let json = latency.json();
    let operations = json["operations"].as_array().unwrap();
    let recovered = operations
        .iter()
        .find(|operation| !operation["recovered_by"].is_null())
        .unwrap();
    assert_eq!(recovered["verdict"], "failed");
    let certain = operations
        .iter()
        .filter(|operation| operation["pairing"]["confidence"] == "certain");
    assert!(certain.count() > 4, "{json:#}");

    let waits = tell(&session, "show ase_pager_storm -o json").await.json();
    let running = waits["operations"].as_array().unwrap();
    let running = running
        .iter()
        .find(|operation| operation["verdict"] == "running")
        .unwrap();
    assert_eq!(running["tool"], "notify_slack");
    assert!(running["ended_at"].is_null() && running["duration_ms"].is_null());
    let text = tell(&session, "show ase_pager_storm").await.out;
    assert!(row(&text, "7").trim_end().ends_with('+'), "goes on: {text}");

    let plan = tell(&session, "show 06b1cdcb -o json").await.json();
    let inside = plan["operations"].as_array().unwrap();
    let inside: Vec<_> = inside
        .iter()
        .filter(|operation| operation["kind"] == "llm" && !operation["parent"].is_null())
        .collect();
    assert!(!inside.is_empty(), "models are called inside of actions");
    for call in inside {
        let parent = of(&plan, call["parent"].as_str().unwrap());
        assert_eq!(
            (&parent["kind"], &parent["step"]),
            (&"tool".into(), &call["step"])
        );
    }
}
