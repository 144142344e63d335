//! What a person keeps is there again after a restart, in every context, loaded or not.

use crate::play::play_with;
use sortie::demo::{Demo, clock::Clock};

#[tokio::test]
async fn bookmarks_and_notes_survive_a_restart_and_lead_back() {
    let home = tempfile::tempdir().unwrap();
    let state = Some(home.path().to_owned());
    let demo = Demo::start(Clock::starting_now()).unwrap();
    play_with(
        (120, 40),
        &demo.connections(),
        state.clone(),
        async |play| {
            play.open(&["Pager triage"]).await;
            play.go_to("Checkout latency alert").await;
            play.press("enter").await;
            play.until("2 failed").await;
            play.press("G k").await;
            play.press("m ;").await;
            play.type_in("ask Dana about this").await;
            play.press("enter").await;
            play.until_cursor("; ask Dana").await;
            play.until_cursor("•").await;
            play.press("j space").await;
            play.until("1 marked").await;
        },
    )
    .await;
    play_with((120, 40), &demo.connections(), state, async |play| {
        play.until("5 missions").await;
        play.press("'").await;
        play.until("1 bookmark, 1 note").await;
        play.press("enter").await;
        // Three keys from the start to an event of a run that was not loaded.
        play.until_cursor("; ask Dana").await;
        play.until_cursor("•").await;
        let shown = play.screen();
        assert!(
            !shown.contains("1 marked"),
            "marks are of one sitting:\n{shown}"
        );
    })
    .await;
    let text = std::fs::read_to_string(home.path().join("kept.jsonl")).unwrap();
    assert_eq!(text.lines().count(), 2, "{text}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_told_and_the_bookmark_stays_until_the_end() {
    let state = Some("/dev/null/state".into());
    let demo = Demo::start(Clock::starting_now()).unwrap();
    play_with((120, 40), &demo.connections(), state, async |play| {
        play.open(&["Pager triage"]).await;
        play.go_to("Checkout latency alert").await;
        play.press("m").await;
        play.until("kept only until sortie ends").await;
        play.press("'").await;
        play.until("1 bookmark, 0 notes").await;
    })
    .await;
}
