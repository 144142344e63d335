//! The program itself, with what it keeps: nobody who is killed leaves a damaged entry, and what is kept is
//! read without a request.

use std::{fs, path::Path, process::Stdio, time::Duration};

use serde_json::Value;

use crate::home::{Home, fine, lines};

/// The id of a run with thousands of events.
fn longest(home: &Home) -> Option<String> {
    home.ended("telnyx").into_iter().find(|id| {
        let out = home
            .program(&format!("events {id} --no-cache -o jsonl"))
            .output();
        out.unwrap().stdout.split(|b| *b == b'\n').count() > 2001
    })
}

fn is_writing(folder: &Path) -> bool {
    let folders = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files = folders.flat_map(|folder| fs::read_dir(folder.path()).into_iter().flatten());
    files.any(|file| {
        let name = file.unwrap().file_name();
        name.to_string_lossy().starts_with(".unfinished-")
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_killed_while_keeping_a_run_leaves_no_damaged_entry() {
    let home = Home::new();
    let runs = home.path(".cache/sortie/runs");
    let id = longest(&home).unwrap();
    let show = format!("show {id} -o json");
    let mut killed = 0;
    for round in 0..6 {
        let _ = fs::remove_dir_all(&runs);
        let mut child = home.program(&show).stdout(Stdio::null()).spawn().unwrap();
        let ended = loop {
            if let Some(ended) = child.try_wait().unwrap() {
                break Some(ended);
            }
            if is_writing(&runs) {
                break None;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        if ended.is_none() {
            std::thread::sleep(Duration::from_millis(round * 9));
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
        }
        assert_eq!(
            home.stat()["damaged"],
            serde_json::json!([]),
            "round {round}"
        );
    }
    assert!(killed > 0, "nobody was killed while writing");
    let first = fine(home.program(&show).output().unwrap());
    assert_eq!(
        (&home.stat()["runs"], &home.stat()["damaged"]),
        (&1.into(), &serde_json::json!([]))
    );
    // The same from what is kept, with nobody to ask.
    let again = fine(home.bare(&format!("--offline {show}")).output().unwrap());
    let run =
        |text: &[u8]| -> Value { serde_json::from_slice::<Value>(text).unwrap()["events"].clone() };
    assert!(run(&again) == run(&first), "it is another run");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_a_link_is_told_and_left_alone() {
    let home = Home::new();
    let elsewhere = home.path("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(home.path(".cache")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, home.path(".cache/sortie")).unwrap();
    let id = &home.ended("telnyx")[0];
    let shown = home.program(&format!("show {id}")).output().unwrap();
    let told = String::from_utf8_lossy(&shown.stderr).into_owned();
    assert!(told.contains("is a link to another place"), "{told}");
    assert!(!fine(shown).is_empty(), "the run is shown all the same");
    let cleared = home.bare("cache clear").output().unwrap();
    assert_eq!(cleared.status.code(), Some(2));
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_of_operations_is_known_of_runs_that_are_kept() {
    let home = Home::new();
    let listed = |flags: &str| {
        let line = format!("{flags}runs --where tool:pay.refund --limit 0 -o json");
        let out = fine(home.program(&line).output().unwrap());
        serde_json::from_slice::<Value>(&out).unwrap()
    };
    let before = listed("");
    assert_eq!(before["items"], serde_json::json!([]), "nothing is kept");
    fine(
        home.program("show nightly-billing/8c41 -o json")
            .output()
            .unwrap(),
    );
    let after = listed("");
    let items = after["items"].as_array().unwrap();
    assert_eq!(items.len(), 1, "{after}");
    assert!(items[0]["id"].as_str().unwrap().starts_with("8c41"));
    let not_read = |list: &Value| list["not_read"].as_u64().unwrap();
    assert_eq!(not_read(&after) + 1, not_read(&before));
    assert_eq!(listed("--no-cache ")["items"], before["items"]);
    let line = "runs --mission nightly-billing --columns id,refund:payload.amount -o jsonl";
    let runs = lines(&fine(home.program(line).output().unwrap()));
    let kept = |run: &&Value| run["columns"]["id"] == items[0]["id"];
    assert_eq!(
        runs.iter().find(kept).unwrap()["columns"]["refund"],
        serde_json::json!(1290)
    );
    let script = "curl nightly-billing/8c41#EVENT --replay --ascii";
    let calls = home.program("calls nightly-billing/8c41 -o jsonl").output();
    let calls = lines(&calls.unwrap().stdout);
    let refund = calls.iter().find(|call| call["tool"] == "pay.refund");
    let event = refund.unwrap()["event_id"].as_str().unwrap();
    let script = fine(
        home.program(&script.replace("EVENT", event))
            .output()
            .unwrap(),
    );
    let script = String::from_utf8(script).unwrap();
    assert!(script.is_ascii() && script.contains("$API_KEY"), "{script}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_runs_of_a_file_are_printed_as_locators_without_any_context() {
    let home = Home::new();
    let line = "export nightly-billing/8c41 --output run.sortie";
    fine(home.program(line).output().unwrap());
    let there = home
        .program("open nightly-billing/8c41 --print")
        .output()
        .unwrap();
    let from = home.bare("open run.sortie --print").output().unwrap();
    let told = String::from_utf8_lossy(&from.stderr).into_owned();
    assert_eq!((from.status.code(), told.as_str()), (Some(0), ""));
    assert!(from.stdout.starts_with(b"sortie:telnyx/"));
    assert_eq!(from.stdout, fine(there));
    let records = home.bare("open run.sortie --print -o jsonl").output();
    assert_eq!(lines(&records.unwrap().stdout).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn missions_are_completed_by_their_names_too() {
    let home = Home::new();
    fine(home.program("runs --limit 0").output().unwrap());
    for shell in ["zsh", "bash"] {
        let mut asked = home.program("__complete");
        let asked = asked.args([shell, "--", "sortie runs --mission ni"]);
        let told = String::from_utf8(fine(asked.output().unwrap())).unwrap();
        let words: Vec<&str> = told
            .lines()
            .filter_map(|line| line.split('\t').next())
            .collect();
        assert!(words.contains(&"nightly-billing"), "{shell}: {told}");
        assert!(words.contains(&"nightly_digest"), "{shell}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_is_kept_and_where_a_file_is_empty_a_line_says_so() {
    let home = Home::new();
    let empty = home.path("empty.jsonl");
    fs::write(&empty, " \n").unwrap();
    let from = format!("--from {} runs", empty.display());
    for (line, said) in [
        ("--offline runs", "nothing is kept yet"),
        (
            "--offline missions --context prod",
            "nothing is kept of prod yet",
        ),
        (from.as_str(), "empty.jsonl: the file is empty"),
    ] {
        let out = home.bare(line).output().unwrap();
        let told = String::from_utf8(out.stderr).unwrap();
        assert!(told.contains(said), "{line}: {told}");
    }
}
