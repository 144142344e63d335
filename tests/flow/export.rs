//! The export menu, typed: what is loaded is weighed and written, what is not is read first, Esc stops, and
//! nothing is overwritten.

use std::{fs, path::Path};

use crate::play::{Play, demo, play_with};
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

/// Waits until it is known what would be masked, and takes it as it is.
async fn reviewed(play: &mut Play) {
    known(play).await;
    play.press("enter").await;
}

async fn known(play: &mut Play) {
    play.until("what happens").await;
    play.until_gone("looking for what").await;
}

/// The lines of a bundle.
fn bundle(path: &Path) -> Vec<serde_json::Value> {
    let packed = fs::read(path).unwrap();
    let mut text = String::new();
    let mut unpacked = flate2::read::MultiGzDecoder::new(&packed[..]);
    std::io::Read::read_to_string(&mut unpacked, &mut text).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.collect()
}

#[tokio::test]
async fn a_bundle_is_masked_as_it_was_shown() {
    let home = tempfile::tempdir().unwrap();
    let demo = Demo::start(Clock::starting_now()).unwrap();
    let state = Some(home.path().to_owned());
    play_with((120, 40), &demo.connections(), state, async |play| {
        play.until("5 missions").await;
        play.open(&["demo-telnyx", "nightly-billing"]).await;
        play.go_to("Run the nightly refunds").await;
        play.press("enter").await;
        play.until("2 failed").await;
        play.press("x b").await;
        reviewed(play).await;
        play.until("nightly-billing-8c41e07a.sortie").await;
        // Without the first, and with one more.
        play.press("x b").await;
        known(play).await;
        play.press("space").await;
        play.until("NOT MASKED  ").await;
        known(play).await;
        play.press("+").await;
        for letter in "refund".chars() {
            play.press(&letter.to_string()).await;
        }
        play.press("enter").await;
        play.until("it is masked in").await;
        play.press("enter").await;
        let told = play.until("nightly-billing-8c41e07a-2.sortie").await;
        assert!(told.contains("NOT MASKED: "), "{told}");
    })
    .await;
    let plain = bundle(&home.path().join("nightly-billing-8c41e07a.sortie"));
    let chosen = bundle(&home.path().join("nightly-billing-8c41e07a-2.sortie"));
    assert_eq!(plain.len(), chosen.len());
    let report = &chosen[0]["masking"];
    assert_eq!(report["unmasked"], 1, "{report}");
    assert!(plain[0]["masking"]["unmasked"].is_null());
    let seen = report["unmasked_at"].as_array().unwrap();
    assert!(!seen.is_empty());
    for place in seen {
        // The way leads to what stands there.
        let way = place["path"].as_str().unwrap();
        let way = way.replace(['.', '['], "/").replace(']', "");
        let is_it = |line: &&serde_json::Value| {
            line["record"] == place["record"] && line["id"] == place["id"]
        };
        let at = |lines: &[serde_json::Value]| {
            let record = lines.iter().find(is_it).unwrap();
            record.pointer(&format!("/{way}")).unwrap().to_string()
        };
        assert!(at(&plain).contains('‹'), "{place}");
        assert!(!at(&chosen).contains('‹'), "{place}");
    }
    // All others are masked as before, and what was asked for besides.
    let text = |lines: &[serde_json::Value]| {
        let lines = lines.iter().map(ToString::to_string);
        lines.collect::<Vec<_>>().join("\n")
    };
    let (before, after) = (text(&plain[1..]), text(&chosen[1..]));
    assert!(before.contains("refund") && !after.contains("refund"));
    let rules = |lines: &[serde_json::Value]| lines[0]["masking"]["rules"].clone();
    let (before, mut after) = (rules(&plain), rules(&chosen));
    let asked = after.as_object_mut().unwrap().remove("asked").unwrap();
    assert!(asked.as_u64().unwrap() > 0);
    let sum = |rules: &serde_json::Value| -> u64 {
        let each = rules.as_object().unwrap().values();
        each.filter_map(serde_json::Value::as_u64).sum()
    };
    assert_eq!(
        sum(&after) + seen.len() as u64,
        sum(&before),
        "{after} {before}"
    );
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
        reviewed(play).await;
        let told = play.until("wrote ").await;
        assert!(told.contains("nightly-billing-8c41e07a.md"), "{told}");
        // The line may be broken before the address.
        let words: Vec<&str> = told.split_whitespace().collect();
        assert!(words.join(" ").contains("scp box:"), "{told}");
        play.press("x m").await;
        reviewed(play).await;
        play.until("nightly-billing-8c41e07a-2.md").await;
        play.press("x J").await;
        reviewed(play).await;
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
        reviewed(play).await;
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
        reviewed(play).await;
        play.until("is not there").await;
    })
    .await;
}
