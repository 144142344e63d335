//! A run that has ended is asked for once: the next sortie shows it without a request, until it is asked
//! for again.

use crate::play::{Play, play_caching};
use sortie::cache::Folder;
use sortie::demo::{Demo, clock::Clock};

async fn open(play: &mut Play) -> usize {
    play.open(&["Pager triage"]).await;
    play.go_to("Checkout latency alert").await;
    let before = play.requests("demo-telnyx").len();
    play.press("enter").await;
    play.until("41 events, 28 operations").await;
    play.until("2 failed").await;
    // The plan comes by a request of its own.
    play.until("✓Look at metrics").await;
    before
}

#[tokio::test]
async fn the_second_opening_of_a_run_that_has_ended_asks_nobody() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let mut first = String::new();
    play_caching((120, 40), &demo.connections(), home.path(), async |play| {
        let before = open(play).await;
        assert!(play.requests("demo-telnyx").len() > before);
        first = play.screen();
        let folder = Folder::new(home.path(), 1 << 30);
        while folder.stat().runs == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
    play_caching((120, 40), &demo.connections(), home.path(), async |play| {
        let before = open(play).await;
        assert_eq!(play.requests("demo-telnyx").len(), before);
        let rows = |screen: &str| -> Vec<String> {
            let lines = screen.lines().skip(1).take(20);
            lines.map(str::to_owned).collect()
        };
        assert_eq!(rows(&play.screen()), rows(&first), "and shows the same");
        play.press("R").await;
        while play.requests("demo-telnyx").len() == before {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_session_that_may_go_on_says_when_it_was_kept_until_it_is_asked_for_again() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let open = async |play: &mut Play| {
        play.open(&["Claims Desk"]).await;
        play.go_to("Payout refused").await;
        play.press("enter").await;
        play.until("✓ succeeded").await;
        play.until("tok  ").await;
    };
    play_caching((120, 40), &demo.connections(), home.path(), async |play| {
        open(play).await;
        assert!(!play.screen().contains("kept "), "{}", play.screen());
        let folder = Folder::new(home.path(), 1 << 30);
        while folder.stat().runs == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    })
    .await;
    play_caching((120, 40), &demo.connections(), home.path(), async |play| {
        open(play).await;
        play.until(" ago: R reads it anew").await;
        play.press("R").await;
        play.until_gone("reads it anew").await;
    })
    .await;
}
