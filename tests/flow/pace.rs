//! When frames are painted: for keys, sizes and news, and not at all while nothing happens.

use std::time::{Duration, Instant};

use crate::play::demo;

#[tokio::test]
async fn nothing_is_painted_while_nothing_happens() {
    demo((120, 40), async |play| {
        play.go_to("demo-elizaos").await;
        // What is still loading may mention it once.
        tokio::time::sleep(Duration::from_millis(600)).await;
        let before = play.frames();
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert_eq!(play.frames(), before, "{}", play.screen());
    })
    .await;
}

#[tokio::test]
async fn a_new_size_is_painted_at_once_and_keeps_the_selection() {
    demo((200, 60), async |play| {
        play.open(&["Docs Expert", "Crawl of a hostile wiki"]).await;
        play.go_to("Read every").await;
        let row = |line: &str| line.split('│').next().unwrap().trim_end().to_owned();
        let before = row(&play.cursor());
        play.resize(80, 24).await;
        assert!(play.cursor().contains("Read every"), "{}", play.screen());
        assert!(play.screen().lines().all(|line| line.chars().count() <= 80));
        play.resize(200, 60).await;
        assert_eq!(row(&play.cursor()), before);
        play.resize(3, 1).await;
        play.resize(120, 40).await;
        assert!(play.cursor().contains("Read every"), "{}", play.screen());
    })
    .await;
}

#[tokio::test]
async fn a_window_that_is_drawn_larger_is_painted_now_and_then_and_ends_right() {
    demo((120, 40), async |play| {
        play.open(&["Docs Expert"]).await;
        play.go_to("Crawl of a hostile wiki").await;
        play.press("enter").await;
        play.go_to("Read every").await;
        let (start, back) = (Instant::now(), (0..100).rev());
        let sizes = (0..100).chain(back).map(|step| (60 + step, 16 + step / 3));
        let painted = u128::from(play.draw_to(sizes).await);
        let most = start.elapsed().as_millis() / 33 + 3;
        assert!(painted <= most, "{painted} frames in {:?}", start.elapsed());
        // What comes last is what is seen.
        play.resize(120, 40).await;
        let screen = play.until("[3] detail").await;
        assert!(play.cursor().contains("Read every"), "{screen}");
        assert_eq!(screen.lines().count(), 40);
    })
    .await;
}

#[tokio::test]
async fn a_long_run_arrives_whole_while_keys_are_answered() {
    demo((120, 40), async |play| {
        play.open(&["incident-triage"]).await;
        play.go_to("Night watch: 5,000 messages").await;
        play.press("l").await;
        for _ in 0..20 {
            play.press("j k").await;
        }
        // One more than the transcript: what woke the agent.
        play.until("5001 events").await;
        play.press("G").await;
        play.press("ctrl-u k").await;
    })
    .await;
}

#[tokio::test]
async fn coming_back_from_the_shell_paints_everything() {
    demo((80, 24), async |play| {
        play.until("demo-elizaos").await;
        play.press("ctrl-z").await;
        play.until("demo-telnyx").await;
        assert_eq!(play.suspensions(), 1);
        play.press("ctrl-l").await;
        play.until("demo-telnyx").await;
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_news_is_painted_thirty_times_a_second_and_no_more() {
    demo((80, 24), async |play| {
        play.go_to("demo-elizaos").await;
        play.until_cursor("5 missions").await;
        let (start, before) = (Instant::now(), play.frames());
        for number in 0..300 {
            play.tell(&format!("news {number}."));
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        play.until("news 299.").await;
        let painted = u128::from(play.frames() - before);
        let most = start.elapsed().as_millis() / 33 + 2;
        assert!(painted <= most, "{painted} frames in {:?}", start.elapsed());
        assert!(painted > 1, "they are painted while they come");
    })
    .await;
}
