//! The export menu, typed: what is loaded is weighed and written, what is not is read first, Esc stops, and
//! nothing is overwritten.

use std::{fs, path::Path};

use crate::play::{demo, play_with};
use sortie::demo::{Demo, clock::Clock};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("nightly"))
        .collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_run_is_weighed_and_written_and_nothing_is_overwritten() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let state = Some(home.path().to_owned());
    play_with((120, 40), &demo.connections(), state, async |play| {
        play.until("5 missions").await;
        play.open(&["demo-telnyx", "nightly-billing"]).await;
        play.go_to("Run the nightly refunds").await;
        play.press("enter").await;
        play.until("2 failed").await;
        // Only what is here whole is weighed.
        loop {
            play.press("x").await;
            let told = play.until("one page for a browser").await;
            if !told.contains("is read first") {
                break;
            }
            play.press("esc").await;
            play.until_gone("one page for a browser").await;
        }
        // Each form is weighed, with what is masked in it.
        play.until("3 masked  a trace for OpenTelemetry").await;
        play.press("m").await;
        let told = play.until("wrote ").await;
        assert!(told.contains("nightly-billing-8c41e07a.md"), "{told}");
        // The line may be broken before the address.
        let words: Vec<&str> = told.split_whitespace().collect();
        assert!(words.join(" ").contains("scp box:"), "{told}");
        play.press("x m").await;
        play.until("nightly-billing-8c41e07a-2.md").await;
        play.press("x J").await;
        play.until("nightly-billing-8c41e07a.json").await;
    })
    .await;
    assert_eq!(
        names(home.path()),
        [
            "nightly-billing-8c41e07a-2.md",
            "nightly-billing-8c41e07a.json",
            "nightly-billing-8c41e07a.md"
        ]
    );
    let read = |name: &str| fs::read_to_string(home.path().join(name)).unwrap();
    let ticket = read("nightly-billing-8c41e07a.md");
    assert!(ticket.starts_with("# ✗ Run failed"), "{ticket}");
    assert_eq!(ticket, read("nightly-billing-8c41e07a-2.md"));
    let document: serde_json::Value =
        serde_json::from_str(&read("nightly-billing-8c41e07a.json")).unwrap();
    assert_eq!(document["schema"], "sortie.run/1");
    assert_eq!(document["events"].as_array().unwrap().len(), 44);
}

#[tokio::test]
async fn marked_runs_that_are_not_loaded_are_read_and_written_to_one_file() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let state = Some(home.path().to_owned());
    play_with((80, 24), &demo.connections(), state, async |play| {
        play.until("5 missions").await;
        play.open(&["demo-telnyx", "nightly-billing"]).await;
        play.go_to("Run the nightly refunds").await;
        play.press("space space x").await;
        play.until("2 marked runs").await;
        play.until("read first").await;
        play.press("L").await;
        let told = play.until("wrote ").await;
        assert!(told.contains("nightly-billing-2-runs.jsonl"), "{told}");
    })
    .await;
    let text = fs::read_to_string(home.path().join("nightly-billing-2-runs.jsonl")).unwrap();
    let runs: std::collections::BTreeSet<String> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|record| Some(record["run_id"].as_str()?.to_owned()))
        .collect();
    assert_eq!(runs.len(), 2, "{runs:?}");
}

#[tokio::test]
async fn the_menu_closes_and_what_cannot_be_written_is_said() {
    demo((80, 24), async |play| {
        play.until("5 missions").await;
        play.press("x").await;
        play.until("no run is selected or marked").await;
        play.open(&["demo-telnyx", "nightly-billing"]).await;
        play.go_to("Run the nightly refunds").await;
        play.press("x").await;
        play.until("one page for a browser").await;
        // A key of the rows below does nothing here.
        play.press("e").await;
        play.until("one page for a browser").await;
        play.press("esc").await;
        play.until_gone("one page for a browser").await;
        play.press("x l").await;
        play.until("1 locator: copied").await;
        assert!(play.copies()[0].starts_with("sortie:demo-telnyx/"));
        // The folder of this test is not there.
        play.press("x h").await;
        play.until("is not there").await;
    })
    .await;
}
