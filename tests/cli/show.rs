//! `show` and the addresses that lead to what it shows.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn show_ends_with_what_the_run_did() {
    let (_demo, session) = demo();
    for (status, exit) in [
        ("failed", Exit::RunFailed),
        ("timed_out", Exit::RunFailed),
        ("succeeded", Exit::Ok),
        ("cancelled", Exit::Ok),
        ("running", Exit::Ok),
    ] {
        let list = tell(
            &session,
            &format!("runs --limit 0 --status {status} -o jsonl"),
        )
        .await
        .lines();
        let id = list[0]["id"].as_str().unwrap();
        let told = tell(&session, &format!("show {id} -o json")).await;
        assert_eq!(told.exit, exit, "{status} {id} {}", told.err);
        let json = told.json();
        assert_eq!(
            keys(&json).join(" "),
            "schema run header steps child_runs operations events errors"
        );
        assert_eq!(
            (&json["schema"], &json["run"]["id"]),
            (&"sortie.run/1".into(), &id.into())
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn show_has_header_plan_and_operations_as_text() {
    let (_demo, session) = demo();
    let told = tell(&session, "show nightly-billing/8c41").await;
    assert_eq!(told.exit, Exit::RunFailed, "{}", told.err);
    for part in [
        "\nplan\nSTEP ",
        "\noperations\n",
        "402 card_declined",
        " UTC",
    ] {
        assert!(told.out.contains(part), "{part}\n{}", told.out);
    }
    let mut words = told.out.lines().map(str::split_whitespace);
    assert!(
        words.any(|line| line.eq(["status", "failed"])),
        "{}",
        told.out
    );
    assert!(
        !told.out.contains("quiet since"),
        "what is empty is left out"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn events_are_found_by_number_id_and_beginning() {
    let (_demo, session) = demo();
    let by_number = tell(&session, "show 8c41e07a#37 -o json").await;
    assert_eq!(
        by_number.exit,
        Exit::RunFailed,
        "a failed event: {}",
        by_number.err
    );
    let event = &by_number.json()["event"];
    assert_eq!(
        (&event["seq"], &event["is_error"]),
        (&37.into(), &true.into())
    );
    let id = event["id"].as_str().unwrap();
    let locator = format!(
        "sortie:demo-telnyx/{}/{}#{id}",
        event["mission_id"].as_str().unwrap(),
        event["run_id"].as_str().unwrap()
    );
    for address in [
        format!("8c41e07a#{id}"),
        format!("8c41e07a#{}", &id[..13]),
        locator,
    ] {
        let told = tell(&session, &format!("show {address} -o json")).await;
        assert_eq!(&told.json()["event"], event, "{address}");
    }
    let text = tell(&session, "show 8c41e07a#37").await.out;
    assert!(text.contains("\nrecord\n{\n  \"event_id\""), "{text}");
    let missing = tell(&session, "show 8c41e07a#nope").await;
    assert_eq!((missing.exit, missing.out.as_str()), (Exit::NotFound, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_that_fit_none_or_several_end_with_2_and_5() {
    let (_demo, session) = demo();
    let several = tell(&session, "show 8c").await;
    assert_eq!((several.exit, several.out.as_str()), (Exit::Usage, ""));
    assert!(
        several.err.contains("8c41e07a-") && several.err.contains("8c2d5b66-"),
        "{}",
        several.err
    );
    let none = tell(&session, "events no-such-run -o json").await;
    assert_eq!((none.exit, none.out.as_str()), (Exit::NotFound, ""));
    let error: Value = serde_json::from_str(&none.err).unwrap();
    assert_eq!(error["code"], "not_found");
    assert_eq!(keys(&error), ["context", "code", "message", "hint"]);
    assert_eq!(tell(&session, "events a#b").await.exit, Exit::Usage);
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_text_reaches_no_terminal_and_no_key_leaves() {
    let (demo, session) = demo();
    let hostile = |c: char| {
        let bidi = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}');
        bidi || (c.is_control() && c != '\n')
    };
    for run in ["ase_wiki_crawl", "ase_open_orders", "87b0c31b"] {
        for form in ["text", "json"] {
            let told = tell(&session, &format!("show {run} -o {form}")).await;
            assert!(told.exit == Exit::Ok, "{run} {}", told.err);
            let found = told.out.chars().find(|c| hostile(*c));
            assert_eq!(found, None, "{run} {form}");
            for server in demo.servers() {
                assert!(!told.out.contains(&server.key), "{run} {form}");
            }
        }
    }
    let told = tell(&session, "show ase_wiki_crawl -o json").await.out;
    assert!(
        told.contains("\\u202e"),
        "bidi overrides are escapes in records"
    );
}

/// ElizaOS gives a client 1,000 requests in a quarter of an hour; a script that reads a run by its id
/// must not spend them on the titles of all other runs.
#[tokio::test(flavor = "multi_thread")]
async fn finding_a_run_costs_few_requests_and_it_still_has_its_title() {
    let (_demo, session) = demo();
    let told = tell(&session, "show 8923bdd2 -o json").await.json();
    let title = told["run"]["title"].as_str().unwrap();
    assert!(title.starts_with("Will it rain in Oslo"), "{title}");
    for asked in &session.contexts {
        let sent = asked.line.requests().len();
        assert!(sent < 24, "{sent} requests to {}", asked.record.name);
    }
}
