//! `--where` and `search`: the same language as on the screen, with the services' own filters.

use super::*;
use sortie::{
    analysis::RunSort,
    app::{
        arrange::Arrangement,
        views::{Change, View},
    },
    config::change_saved,
};

fn of<'a>(records: &'a [Value], key: &str) -> Vec<&'a str> {
    records
        .iter()
        .map(|record| record[key].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn runs_are_picked_by_what_the_list_tells() {
    let (_demo, session) = demo();
    let all = say(&session, &["runs", "--limit", "0", "-o", "jsonl"])
        .await
        .lines();
    let picked = |query: &'static str| {
        let session = &session;
        async move {
            let words = ["runs", "--limit", "0", "-o", "jsonl", "--where", query];
            say(session, &words).await.lines()
        }
    };
    let failed = picked("status:failed ctx:demo-telnyx").await;
    assert!(!failed.is_empty());
    let expected: Vec<&Value> = all
        .iter()
        .filter(|run| run["status"] == "failed" && run["context"] == "demo-telnyx")
        .collect();
    assert_eq!(failed.iter().collect::<Vec<_>>(), expected);
    let others = picked("-(status:failed ctx:demo-telnyx)").await;
    assert_eq!(failed.len() + others.len(), all.len());
    let mission = say(&session, &["missions", "-o", "jsonl"]).await.lines();
    let name = mission[0]["name"].as_str().unwrap();
    let words = ["runs", "--limit", "0", "-o", "jsonl", "--where"];
    let query = format!("mission:\"{name}\"");
    let of_mission = say(&session, &[&words[..], &[&query]].concat())
        .await
        .lines();
    let id = mission[0]["id"].as_str().unwrap();
    assert!(!of_mission.is_empty());
    assert!(
        of(&of_mission, "mission_id")
            .iter()
            .all(|mission| *mission == id)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn services_filter_what_they_can() {
    let (_demo, mut session) = demo();
    session.contexts.truncate(1);
    let words = [
        "runs",
        "--where",
        "status:failed since:9999d",
        "-o",
        "jsonl",
    ];
    say(&session, &words).await;
    let words = ["events", "", "--where", "kind:error", "-o", "jsonl"];
    let failed = say(
        &session,
        &["runs", "--where", "status:failed", "-o", "jsonl"],
    )
    .await
    .lines();
    let run = failed[0]["id"].as_str().unwrap();
    let mut words = words.to_vec();
    words[1] = run;
    let events = say(&session, &words).await.lines();
    assert!(events.iter().all(|event| event["kind"] == "error"));
    let log: Vec<String> = session
        .contexts
        .iter()
        .flat_map(|asked| asked.line.requests())
        .map(|sent| sent.path)
        .collect();
    assert!(
        log.iter().any(|target| target.contains("status=failed")),
        "{log:?}"
    );
    assert!(
        log.iter().any(|target| target.contains("type=error")),
        "{log:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_operations_is_known_of_runs_that_are_read() {
    let (_demo, mut session) = demo();
    session.contexts.truncate(1);
    let query = "status:failed has:failure";
    let unread = say(&session, &["runs", "--where", query]).await;
    assert!(unread.err.contains("not read: "), "{}", unread.err);
    assert_eq!((unread.exit, unread.out.as_str()), (Exit::Ok, ""));
    let json = say(&session, &["runs", "--where", query, "-o", "json"])
        .await
        .json();
    assert!(json["not_read"].as_u64().unwrap() > 0);
    let read = say(
        &session,
        &["runs", "--where", query, "--load", "-o", "json"],
    )
    .await
    .json();
    assert_eq!(read["not_read"], 0);
    let found = read["items"].as_array().unwrap();
    assert!(!found.is_empty());
    let none = say(
        &session,
        &["runs", "--where", "tool:no.such.tool", "--load"],
    )
    .await;
    assert_eq!((none.out.as_str(), none.err.as_str()), ("", ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_is_of_the_runs_that_match_and_not_of_those_looked_at() {
    let (_demo, mut session) = demo();
    session.contexts.truncate(1);
    let listed = async |words: &[&str]| {
        let words = [&["runs", "-o", "jsonl"], words].concat();
        let told = say(&session, &words).await;
        assert_eq!(told.exit, Exit::Ok, "{}", told.err);
        told.lines()
    };
    let query = "status:failed has:failure";
    let all = listed(&["--where", query, "--load", "--limit", "0"]).await;
    let newest = listed(&["--limit", "2"]).await;
    assert!(all.len() > 2 && of(&all[..2], "id") != of(&newest, "id"));
    for limit in 1..=3 {
        let words = ["--where", query, "--load", "--limit", &limit.to_string()];
        let some = listed(&words).await;
        let expected = &all[..all.len().min(limit)];
        assert_eq!(of(&some, "id"), of(expected, "id"), "{limit}");
    }
    let words = ["runs", "--where", query, "--load", "--limit", "1"];
    let told = say(&session, &words).await;
    assert!(told.err.contains("more may follow"), "{}", told.err);
    let words = ["runs", "--where", query, "--load", "--limit", "1000"];
    let told = say(&session, &words).await;
    assert!(!told.err.contains("more may follow"), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_a_limited_list_was_looked_through_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.jsonl");
    let line = |nth: usize| {
        let tool = if nth % 600 == 599 { "rare" } else { "usual" };
        format!(
            "{{\"run_id\":\"r{nth}\",\"id\":\"e{nth}\",\"type\":\"tool_call\",\"tool\":\"{tool}\",\
             \"ts\":{}}}\n",
            1_700_000_000 - nth
        )
    };
    std::fs::write(&path, (0..1900).map(line).collect::<String>()).unwrap();
    let told = |limit: &'static str| {
        let words = ["runs", "--where", "tool:rare", "--limit", limit];
        let words = ["--from", path.to_str().unwrap()].into_iter().chain(words);
        let mut program = std::process::Command::new(env!("CARGO_BIN_EXE_sortie"));
        let out = program.args(words).output().unwrap();
        (
            String::from_utf8(out.stdout).unwrap().lines().count(),
            String::from_utf8(out.stderr).unwrap(),
        )
    };
    let (head, err) = (1, told("2"));
    assert_eq!(err.0, head + 1, "one of the newest thousand: {}", err.1);
    assert!(err.1.contains("only the newest 1000 runs"), "{}", err.1);
    assert_eq!(
        told("1"),
        (
            head + 1,
            "sortie: more may follow; --limit 0 lists all\n".to_owned()
        )
    );
    assert_eq!(told("0"), (head + 3, String::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_query_points_at_the_character() {
    let (_demo, session) = demo();
    for words in [
        &["runs", "--where", "tool:x stauts:failed"][..],
        &["events", "r", "--where", "tool:x stauts:failed"],
        &["search", "x", "--where", "tool:x stauts:failed"],
    ] {
        let told = say(&session, words).await;
        assert_eq!(
            (told.exit, told.out.as_str()),
            (Exit::Usage, ""),
            "{words:?}"
        );
        let lines: Vec<&str> = told.err.lines().collect();
        assert_eq!(lines[1..3], ["  tool:x stauts:failed", "         ^^^^^^"]);
        assert!(lines[3].ends_with("nearest: status"), "{}", told.err);
    }
    let told = say(&session, &["events", "--all", "--where", "verdict:failed"]).await;
    assert_eq!(told.exit, Exit::Usage);
    assert!(told.err.contains("name a run"), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_picked_by_themselves_and_by_what_became_of_them() {
    let (_demo, mut session) = demo();
    session.contexts.truncate(1);
    let failed = say(
        &session,
        &["runs", "--where", "status:failed", "-o", "jsonl"],
    )
    .await
    .lines();
    let run = failed[0]["id"].as_str().unwrap();
    let all = say(&session, &["events", run, "-o", "jsonl"]).await.lines();
    let calls = say(
        &session,
        &["events", run, "-o", "jsonl", "--where", "kind:tool"],
    )
    .await
    .lines();
    let expected = all
        .iter()
        .filter(|event| ["tool_call", "tool_result"].contains(&event["kind"].as_str().unwrap()));
    assert_eq!(
        of(&calls, "id"),
        expected
            .map(|event| event["id"].as_str().unwrap())
            .collect::<Vec<_>>()
    );
    let words = ["events", run, "-o", "jsonl", "--where", "verdict:failed"];
    let failures = say(&session, &words).await.lines();
    assert!(!failures.is_empty() && failures.len() < all.len());
    assert!(failures[0]["seq"].is_u64());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_is_found_with_its_line_and_its_address() {
    let (_demo, mut session) = demo();
    session.contexts.truncate(1);
    let found = say(&session, &["search", "declined", "-o", "json"]).await;
    let json = found.json();
    assert_eq!(json["schema"], "sortie.hits/1");
    let hits = json["items"].as_array().unwrap();
    assert!(!hits.is_empty());
    for hit in hits {
        let line = hit["line"].as_str().unwrap();
        assert!(line.to_lowercase().contains("declined"), "{line}");
        let address = format!("{}#{}", hit["run_id"].as_str().unwrap(), hit["seq"]);
        assert_eq!(hit["address"], address.as_str());
    }
    let shown = say(
        &session,
        &["show", hits[0]["address"].as_str().unwrap(), "-o", "json"],
    )
    .await;
    assert_eq!(shown.json()["event"]["id"], hits[0]["event_id"]);
    let few = say(
        &session,
        &[
            "search",
            "declined",
            "--where",
            "status:running",
            "-o",
            "jsonl",
        ],
    )
    .await;
    assert!(few.lines().len() < hits.len());
    let text = say(&session, &["search", "declined", "--limit", "1"]).await;
    assert_eq!(text.out.lines().count(), 2, "{}", text.out);
    assert!(text.err.contains(" hits in "), "{}", text.err);
    let none = say(&session, &["search", "/no such text \\d/"]).await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::Ok, ""));
    let wrong = say(&session, &["search", "/(/"]).await;
    assert_eq!(wrong.exit, Exit::Usage);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_that_the_screen_kept_lists_runs_and_causes() {
    let (_demo, mut session) = demo();
    let home = tempfile::tempdir().unwrap();
    session.state = Some(home.path().to_owned());
    let told = say(&session, &["runs", "--view", "oncall"]).await;
    assert_eq!(told.exit, Exit::Usage);
    assert!(
        told.err.contains("there is no view oncall: none is kept"),
        "{}",
        told.err
    );
    let view = View {
        name: "oncall".to_owned(),
        query: "status:failed ctx:demo-telnyx or status:timed_out".to_owned(),
        by: Arrangement::Inbox,
        window: Duration::from_hours(9999 * 24),
        order: RunSort::default(),
        columns: None,
    };
    change_saved(home.path(), &Change::Save(view)).unwrap();
    let by_view = say(&session, &["runs", "--view", "oncall", "-o", "jsonl"]).await;
    let words = [
        "runs",
        "--where",
        "status:failed ctx:demo-telnyx or status:timed_out",
        "-o",
        "jsonl",
    ];
    let by_query = say(&session, &words).await;
    assert_eq!(by_view.out, by_query.out);
    assert!(!by_view.lines().is_empty());
    let both = [
        "runs",
        "--view",
        "oncall",
        "--where",
        "ctx:demo-vectara or status:failed",
        "-o",
        "jsonl",
    ];
    let both = say(&session, &both).await.lines();
    assert!(!both.is_empty());
    assert!(
        both.iter()
            .all(|run| run["status"] == "failed" || run["context"] == "demo-vectara")
    );
    let told = say(&session, &["runs", "--view", "on"]).await;
    assert!(told.err.contains("there are oncall"), "{}", told.err);
    let causes = say(&session, &["causes", "--view", "oncall", "-o", "json"]).await;
    assert_eq!(causes.exit, Exit::Ok, "{}", causes.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn causes_are_those_of_runs_that_a_query_picks() {
    let (_demo, session) = demo();
    let causes = |query: &'static str, load: bool| {
        let session = &session;
        async move {
            let mut words = vec!["causes", "--since", "9999d", "-o", "json", "--where", query];
            words.extend(load.then_some("--load"));
            let told = say(session, &words).await;
            serde_json::from_str::<Value>(&told.out).unwrap()
        }
    };
    let all = causes("status:failed,timed_out", false).await;
    let one = causes("ctx:demo-agentex", false).await;
    let count = |causes: &Value| causes["items"].as_array().unwrap().len();
    assert!(count(&one) < count(&all), "{one}");
    // What the list does not tell is not guessed, and read when that is asked for.
    let unread = causes("tool:*", false).await;
    assert_eq!(count(&unread), 0);
    assert!(unread["not_read"].as_u64().unwrap() > 0, "{unread}");
    let read = causes("tool:*", true).await;
    assert!(count(&read) > 0 && read["not_read"] == 0, "{read}");
    let none = causes("tool:no.such.tool", true).await;
    assert_eq!((count(&none), &none["not_read"]), (0, &Value::from(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_no_payload_has_is_said_with_the_nearest_there_is() {
    let (_demo, mut session) = demo();
    session.contexts.truncate(1);
    for words in [
        &["events", "8c41e07a", "--where", "payload.amuont:1"][..],
        &["calls", "8c41e07a", "--where", "payload.amuont:1"][..],
        &["runs", "--load", "--where", "payload.amuont:1"][..],
    ] {
        let told = say(&session, words).await;
        assert_eq!(told.out.lines().count().min(1), told.out.lines().count());
        assert!(
            told.err.contains("has payload.amuont (payload.") && told.err.contains("amount?)"),
            "{words:?}: {}",
            told.err
        );
    }
    for words in [
        &["events", "8c41e07a", "--where", "payload.amuont:1"][..],
        &["calls", "8c41e07a", "--where", "payload.amuont:1"][..],
        &["runs", "--load", "--where", "payload.amuont:1"][..],
    ] {
        let json = say(&session, &[words, &["-o", "json"]].concat()).await;
        let told: Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!((json.exit, json.err.as_str()), (Exit::Ok, ""), "{words:?}");
        let error = &told["errors"][0];
        let message = error["message"].as_str().unwrap_or_default();
        assert_eq!(error["code"], "nowhere", "{words:?}: {told}");
        assert!(message.contains("has payload.amuont"), "{words:?}: {told}");
        let lines = say(&session, &[words, &["-o", "jsonl"]].concat()).await;
        assert!(lines.err.contains("\"code\":\"nowhere\""), "{}", lines.err);
    }
    // Where it is there and only the value is another, nothing is wrong with the path.
    let words = ["events", "8c41e07a", "--where", "payload.**.amount:99"];
    let told = say(&session, &words).await;
    assert!(!told.err.contains("payload"), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_picked_by_the_same_language() {
    let (_demo, session) = demo();
    let all = say(&session, &["calls", "8c41e07a", "-o", "jsonl"]).await;
    let query = "tool:pay.* verdict:failed";
    let words = ["calls", "8c41e07a", "-o", "jsonl", "--where", query];
    let picked = say(&session, &words).await.lines();
    let expected: Vec<Value> = all
        .lines()
        .into_iter()
        .filter(|call| call["verdict"] == "failed")
        .filter(|call| call["tool"].as_str().unwrap().starts_with("pay."))
        .collect();
    assert!(!expected.is_empty());
    assert_eq!(picked, expected);
    let wrong = say(&session, &["calls", "8c41e07a", "--where", "toool:x"]).await;
    assert_eq!((wrong.exit, wrong.out.as_str()), (Exit::Usage, ""));
}
