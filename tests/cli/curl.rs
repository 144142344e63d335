//! `sortie curl`: scripts that read a record again or make a call again, and what comes of running one.

use std::process::Command;

use secrecy::ExposeSecret as _;

use super::*;

const RUN: &str = "nightly-billing/8c41";

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_read_again_by_the_printed_command() {
    let (demo, session) = demo();
    let told = tell(&session, &format!("curl {RUN}")).await;
    assert_eq!(told.exit, Exit::Ok, "{}", told.err);
    assert!(told.out.starts_with("# run 8c41"), "{}", told.out);
    assert!(
        told.out
            .contains("\"Authorization: Bearer $TELNYX_API_KEY\""),
        "{}",
        told.out
    );
    let Auth::Key { secret, .. } = demo.connections().remove(0).auth else {
        panic!("the demo wants keys");
    };
    assert!(!told.out.contains(secret.expose_secret()));
    if Command::new("curl").arg("--version").output().is_err() {
        return;
    }
    let key = secret.expose_secret().to_owned();
    let script = told.out.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let mut sh = Command::new("sh");
        sh.args(["-c", &script])
            .env("TELNYX_API_KEY", key)
            .env("NO_PROXY", "*");
        sh.output().unwrap()
    });
    let answer: Value = serde_json::from_slice(&answer.await.unwrap().stdout).unwrap();
    let shown = tell(&session, &format!("show {RUN} -o json")).await.json();
    assert_eq!(answer["data"]["run_id"], shown["run"]["id"], "{answer}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_printed_in_the_grade_that_is_known() {
    let (_demo, mut session) = demo();
    let calls = tell(&session, &format!("calls {RUN} -o jsonl"))
        .await
        .lines();
    let call_of = |tool: &str| {
        let call = calls.iter().find(|call| call["tool"] == tool).unwrap();
        format!("{RUN}#{}", call["event_id"].as_str().unwrap())
    };
    // The mission's own list of tools says where it is.
    let event = call_of("pay.refund");
    let told = tell(&session, &format!("curl {event} --replay")).await;
    assert!(
        told.out
            .starts_with("# grade B: known transport, the service says")
            && told.out.contains("https://pay.demo.example/refund")
            && told.out.contains("Bearer $AUTHORIZATION"),
        "{}",
        told.out
    );
    // The record names the tool beside its arguments: the tool never got that.
    assert!(
        told.out
            .contains("# left out as members of the record: tool")
            && !told.out.contains(r#""tool":"#),
        "{}",
        told.out
    );
    let other = call_of("pay.quote");
    let told = tell(&session, &format!("curl {other} --replay")).await;
    assert!(
        told.out.starts_with("# grade C: arguments only"),
        "{}",
        told.out
    );
    assert!(
        told.out.contains("cat <<") && told.out.contains("curl -sS"),
        "{}",
        told.out
    );

    session.tools = vec![sortie::export::curl::Tool {
        pattern: "pay.*".to_owned(),
        url: "https://mcp.example.net/rpc".to_owned(),
        method: "POST".to_owned(),
        transport: sortie::export::curl::Transport::Mcp,
        headers: Vec::new(),
    }];
    let told = tell(&session, &format!("curl {event} --replay")).await;
    assert!(
        told.out
            .starts_with("# grade B: known transport, the configuration says"),
        "{}",
        told.out
    );
    assert!(
        told.out.contains("WARNING") && told.out.contains("tools/call"),
        "{}",
        told.out
    );
    let json = tell(&session, &format!("curl {event} --replay -o json"))
        .await
        .json();
    let grades: Vec<&str> = json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["grade"].as_str().unwrap())
        .collect();
    assert_eq!(
        (json["schema"].as_str(), grades),
        (Some("sortie.curl/1"), vec!["B", "C"])
    );

    let told = tell(&session, &format!("curl {event}")).await;
    assert!(
        told.out.contains("/events/") && told.out.starts_with("# event "),
        "{}",
        told.out
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_printed_is_told() {
    let (_demo, session) = demo();
    for (line, exit, says) in [
        (
            format!("curl {RUN} --replay"),
            Exit::Usage,
            "name it, like RUN#EVENT",
        ),
        (
            format!("curl {RUN}#1 --replay"),
            Exit::Usage,
            "is no tool call",
        ),
        (format!("curl {RUN}#no-such"), Exit::NotFound, "fits"),
        ("curl no-such-run".to_owned(), Exit::NotFound, ""),
    ] {
        let told = tell(&session, &line).await;
        assert_eq!(told.exit, exit, "{line}: {}", told.err);
        assert!(
            told.err.contains(says) && told.out.is_empty(),
            "{}",
            told.err
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_context_that_did_not_answer_is_told_beside_the_script() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let session = session(&[demo.connections().remove(0), keyless(&demo)], None);
    for line in [format!("curl {RUN}"), format!("curl {RUN}#1")] {
        let told = tell(&session, &line).await;
        assert_eq!(told.exit, Exit::Partial, "{line}");
        assert!(told.err.contains("SOME_KEY is not set"), "{}", told.err);
        assert!(told.out.contains("curl -sS"), "{}", told.out);
    }
}
