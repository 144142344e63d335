//! What a person keeps, and what an export of the screen writes: bookmarks, notes, views and filters are
//! there for the next start, and their files are searched like everything else that leaves.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    Server, answer, clean, home, leave,
    planted::{Planted, ended},
    run_line, screen_on_event,
    screens::Walk,
    text, written,
};

/// What an export wrote, as far as it is finished.
fn exported(folder: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(folder).unwrap();
    let files = files.map(|entry| entry.unwrap().path());
    let is_finished = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        path.is_file() && !name.starts_with('.')
    };
    files.filter(is_finished).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_is_kept_and_no_file_of_an_export_has_a_secret_in_it() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let mut pty = screen_on_event(home.path(), &[], &[]);
    let mut walk = Walk::new(&pty);
    for keys in ["m", ";look at this\r", "jm", ";and this\r"] {
        walk.go(keys);
    }
    walk.go("'");
    walk.look("bookmarks");
    walk.go("\u{1b}");
    for (nth, key) in (1..).zip(["b", "h", "m", "J", "L", "c", "o"]) {
        walk.go("x");
        walk.look("the ways out");
        walk.go(key);
        walk.look("what is masked");
        // What has nothing to be masked is written already.
        if pty.screen().contents().contains("what happens") {
            walk.go("\r");
        }
        pty.wait_until("another file", || exported(pty.home()).len() >= nth);
        walk.look("an export");
        walk.go("\u{1b}");
    }
    walk.go(":inbox\r");
    walk.go("&status:failed\r");
    walk.look("a filter");
    walk.go(":save-view mine\r");
    walk.look("a view");
    walk.end();
    leave(&mut pty);
    for file in exported(pty.home()) {
        let said = text(&fs::read(&file).unwrap());
        assert!(said.contains("canary"), "{}: {said}", file.display());
        clean(&said, &file.display().to_string());
    }
    let state = written(&home.path().join(".state"));
    for words in ["look at this", "and this", "mine", "status:failed"] {
        assert!(state.contains(words), "`{words}` was not kept: {state}");
    }
    clean(&written(home.path()), "what is kept");
    clean(&pty.written(), "the terminal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_tells_what_was_masked_when_the_run_was_kept() {
    let home = tempfile::tempdir().unwrap();
    let _services = Planted::start(home.path());
    let listed = run_line(
        home.path(),
        "--context canary-telnyx runs -o jsonl --limit 0",
    );
    let at = ended(&listed).remove(0);
    // The first one reads it from the service and keeps it, the second one asks nobody.
    let line = format!("--context canary-telnyx export {at} --format json");
    let asked = run_line(home.path(), &line);
    assert!(asked.contains(" masked\n"), "{asked}");
    assert!(!asked.contains("before it was read"), "{asked}");
    let kept = run_line(home.path(), &format!("--offline {line}"));
    assert!(kept.contains(" before it was read\n"), "{kept}");
    // What stands for secrets in a form is as much of a run that was kept as of the same run fresh.
    for form in ["html", "md", "csv", "json", "jsonl", "otlp"] {
        let line = format!("--context canary-telnyx export {at} --format {form}");
        let fresh = run_line(home.path(), &format!("--no-cache {line}"));
        let kept = run_line(home.path(), &format!("--offline {line}"));
        assert_eq!(masked(&fresh), masked(&kept), "{form}: {fresh}{kept}");
    }
    let open = format!("--offline export {at} --format md --no-mask --yes");
    let open = run_line(home.path(), &open);
    assert!(
        open.contains("values that were masked before it was read"),
        "{open}"
    );
}

/// How many places a receipt says are masked, now or before.
fn masked(told: &str) -> usize {
    let receipt = told.lines().find(|line| line.contains(" masked")).unwrap();
    let (head, tail) = receipt.split_once(" masked").unwrap();
    let now = head.rsplit(' ').next().unwrap();
    let before = tail
        .strip_prefix(", and ")
        .map(|tail| tail.split(' ').next().unwrap());
    let number = |text: &str| text.parse::<usize>().unwrap();
    number(now) + before.map_or(0, number)
}
