//! The family of copies over the demo: what each key takes along, what its twin prints, and a call that is
//! looked at before it is copied.

use sortie::term::page::Program;

use crate::play::{Play, demo};

/// At a tool call of a run.
async fn at_a_call(play: &mut Play) {
    play.open(&["refund-sweep", "Export all open"]).await;
    play.go_to("orders.export").await;
}

/// What a sequence copies.
async fn copied(play: &mut Play, keys: &str) -> String {
    let before = play.copies().len();
    play.press(keys).await;
    for _ in 0..400 {
        if let Some(copy) = play.copies().get(before) {
            return copy.clone();
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("{keys} copied nothing:\n{}", play.screen());
}

#[tokio::test]
async fn each_key_of_the_family_copies_its_form() {
    demo((120, 40), async |play| {
        at_a_call(play).await;
        let event = copied(play, "y i").await;
        let run = copied(play, "y r").await;
        let locator = copied(play, "y l").await;
        assert!(locator.starts_with("sortie:demo-telnyx/"), "{locator}");
        assert!(locator.ends_with(&format!("/{run}#{event}")), "{locator}");

        let get = copied(play, "y c").await;
        let mut lines = get.lines();
        assert_eq!(
            lines.next(),
            Some(&*format!("# event {event} of run {run}, read again"))
        );
        assert!(
            get.contains(&format!("/runs/{run}/events/{event}")),
            "{get}"
        );
        assert!(
            get.contains("Authorization: Bearer $TELNYX_API_KEY"),
            "{get}"
        );
        assert!(get.ends_with('\n'));

        let markdown = copied(play, "y m").await;
        assert!(
            markdown.starts_with("### `#") && markdown.contains(&locator),
            "{markdown}"
        );
        assert!(markdown.contains("```json"), "{markdown}");
        let report = copied(play, "y M").await;
        assert!(
            report.starts_with("# ") && report.contains(&run),
            "{report}"
        );

        let json = copied(play, "y j").await;
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["event"]["id"], event.as_str());
        assert_eq!(
            read["events"].as_array().unwrap().len(),
            2,
            "call and result"
        );
    })
    .await;
}

#[tokio::test]
async fn what_went_wrong_is_copied_in_its_words() {
    demo((120, 40), async |play| {
        play.open(&["Pager triage", "Checkout latency alert"]).await;
        play.press("e").await;
        let error = copied(play, "y e").await;
        assert!(!error.is_empty() && !error.starts_with('{'), "{error}");
    })
    .await;
}

#[tokio::test]
async fn the_twin_prints_the_same_text_on_the_bare_terminal() {
    demo((120, 40), async |play| {
        at_a_call(play).await;
        for (copy, print) in [
            ("y i", "p i"),
            ("y l", "p l"),
            ("y c", "p c"),
            ("y v", "p v"),
        ] {
            let text = copied(play, copy).await;
            play.press(print).await;
            play.until("printed").await;
            let (program, printed) = play.lent().pop().unwrap();
            assert_eq!(program, Program::Terminal);
            assert_eq!(printed.trim_end_matches('\n'), text.trim_end_matches('\n'));
            play.press("esc").await;
        }
    })
    .await;
}

#[tokio::test]
async fn what_may_follow_a_key_is_listed_after_a_moment() {
    for size in [(80, 24), (120, 40)] {
        demo(size, async |play| {
            at_a_call(play).await;
            play.press("y").await;
            let screen = play.until("curl (replay)").await;
            for word in [
                "value",
                "one line",
                "bracket path",
                "jq filter",
                "run id",
                "locator",
                "markdown",
                "table",
            ] {
                assert!(screen.contains(word), "{word}:\n{screen}");
            }
            play.press("esc").await;
            play.until_gone("curl (replay)").await;
            play.press("z").await;
            play.until("fold all").await;
            play.press("esc").await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_call_is_looked_at_before_it_is_copied() {
    demo((80, 24), async |play| {
        at_a_call(play).await;
        play.press("y C").await;
        let screen = play.until("grade C").await;
        assert!(screen.contains("orders.export"), "{screen}");
        assert!(play.copies().is_empty(), "nothing is copied yet");
        play.press("enter").await;
        play.until("curl, grade C: copied").await;
        let script = play.copies().pop().unwrap();
        assert!(script.starts_with("# grade C: arguments only"), "{script}");
        assert!(script.contains("cat <<'JSON'\n{"), "{script}");
        assert!(
            script.contains("curl -sS"),
            "and how the record is read again: {script}"
        );

        // What was copied is told with the same grade: the keys of the preview are waited for.
        play.press("y C").await;
        play.until("p print").await;
        play.press("p").await;
        play.until("printed").await;
        let (program, printed) = play.lent().pop().unwrap();
        assert_eq!((program, printed), (Program::Terminal, script));
        play.press("y C").await;
        play.until("p print").await;
        play.press("esc").await;
        play.until_gone("p print").await;
    })
    .await;
}

#[tokio::test]
async fn marked_rows_are_copied_together_and_requests_can_be_made_again() {
    demo((120, 40), async |play| {
        play.open(&["refund-sweep"]).await;
        play.until("refund-sweep  ").await;
        play.press("j space space").await;
        play.until("2 marked").await;
        let locators = copied(play, "y l").await;
        assert_eq!(locators.lines().count(), 2, "{locators}");
        let reads = copied(play, "y c").await;
        assert_eq!(reads.matches("curl -sS").count(), 2, "{reads}");
        play.press("@").await;
        play.until("GET").await;
        let again = copied(play, "y c").await;
        assert!(again.contains("curl -sS") && again.contains('$'), "{again}");
    })
    .await;
}
