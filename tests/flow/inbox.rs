//! From "something failed last night" to the call that failed.

use sortie::app::arrange::Arrangement;
use sortie::demo::{Demo, clock::Clock};

use crate::play::{play, play_from};

#[tokio::test]
async fn one_enter_leads_from_the_start_to_the_failing_call() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    for size in [(80, 24), (120, 40)] {
        play_from(
            Arrangement::Inbox,
            size,
            &demo.connections(),
            async |play| {
                play.until("failed+soft first").await;
                play.until_gone("loading").await;
                // Everything is asked for, and the newest failure selected, without any key.
                let first = play.until_cursor("✗").await;
                play.press("enter").await;
                play.until_cursor("✗").await;
                assert_ne!(first, play.cursor(), "{}", play.screen());
                assert!(!play.screen().contains("failed+soft"), "{}", play.screen());
                // Back to the inbox, on the run that was left.
                play.press("q").await;
                play.until("failed+soft first").await;
                assert!(play.cursor().contains('✗'), "{}", play.screen());
            },
        )
        .await;
    }
}

#[tokio::test]
async fn the_list_of_all_runs_is_asked_for_where_there_is_one() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    play((120, 40), &demo.connections(), async |play| {
        play.until("5 missions").await;
        play.press(":").await;
        play.type_in("inbox").await;
        play.press("enter").await;
        play.until("failed+soft first").await;
        play.until("Month-end close").await;
        play.until("Pager triage").await;
        play.until("incident-triage").await;
        play.until("Beacon").await;
        let lists = |context: &str, list: &str| {
            let asked = play.requests(context);
            asked.iter().filter(|path| path.contains(list)).count()
        };
        assert_eq!(lists("demo-telnyx", "/missions/runs"), 1);
        assert_eq!(lists("demo-agentex", "/tasks"), 1);
        assert!(lists("demo-elizaos", "/runs") >= 1);
    })
    .await;
}

#[tokio::test]
async fn three_keys_copy_the_payload_of_the_call_that_failed() {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let connections = demo.connections();
    play_from(Arrangement::Inbox, (80, 24), &connections, async |play| {
        play.until("failed+soft first").await;
        play.until_gone("loading").await;
        play.until_cursor("✗").await;
        assert_eq!(
            play.keys(),
            0,
            "the newest failure is selected without a key"
        );
        play.press("enter").await;
        play.until_gone("failed+soft").await;
        play.until_cursor("✗").await;
        assert_eq!(play.keys(), 1, "and one key leads to the call that failed");
        play.press("y y").await;
        play.until("copied").await;
        assert_eq!(play.keys(), 3);
        let copied = play.copies();
        assert!(copied.len() == 1 && copied[0].len() > 2, "{copied:?}");
    })
    .await;
}
