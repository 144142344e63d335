//! Exports that are ended while a service keeps them waiting: whatever ends them, nothing half written is
//! left where the file was to be, and what could not be taken away goes with the next one.

use std::{
    fs::{self, File},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use rustix::process::{Pid, kill_process};

use super::*;
use crate::server::{Asked, Say, Server, reply};

const RUN: &str = "0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08";
const MISSION: &str = "5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4";
const ENDS: [(Signal, i32); 3] = [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)];

/// A service with one run, whose events never come unless `has_events`.
fn answer(asked: &Asked, has_events: bool) -> Vec<Say> {
    let path = asked.line.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let mission = format!(r#"{{"mission_id":"{MISSION}","name":"slow","model":"m"}}"#);
    let run = format!(
        r#"{{"run_id":"{RUN}","mission_id":"{MISSION}","status":"failed","started_at":"2026-08-03T21:00:07Z","finished_at":"2026-08-03T21:42:00Z"}}"#
    );
    let data = if path.ends_with("/events") {
        if !has_events {
            return vec![Say::Hang];
        }
        "[]".to_owned()
    } else if path.ends_with("/plan") {
        "[]".to_owned()
    } else if path.ends_with("/runs") {
        format!("[{run}]")
    } else if path.ends_with(RUN) {
        run
    } else if path.ends_with("/missions") {
        format!("[{mission}]")
    } else if path.ends_with(MISSION) {
        mission
    } else {
        return reply(404, "", r#"{"errors":[]}"#);
    };
    let meta = r#"{"page_number":1,"page_size":100,"total_pages":1,"total_results":1}"#;
    reply(200, "", format!(r#"{{"data":{data},"meta":{meta}}}"#))
}

/// A configuration that asks that service.
fn config(folder: &Path, server: &Server) -> String {
    let path = folder.join("sortie.toml");
    let text = format!(
        "[contexts.slow]\nprovider = \"telnyx\"\nbase_url = \"{}v2\"\napi_key_env = \"SLOW_KEY\"\n",
        server.url
    );
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn is_unfinished(name: &str) -> bool {
    let part = name.strip_prefix(".sortie-");
    part.is_some_and(|name| name.split('.').nth(1) == Some("part"))
}

/// As if nobody had written to it for a while.
fn age(path: &Path) {
    let file = File::options().write(true).open(path).unwrap();
    let long_ago = SystemTime::now() - Duration::from_secs(600);
    file.set_modified(long_ago).unwrap();
}

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// An export into that folder.
fn export(config: &str, folder: &Path) -> Child {
    Command::new(PROGRAM)
        .args(["--config", config, "export", RUN])
        .args(["--format", "html", "--output", "page.html"])
        .env_clear()
        .env("HOME", folder.parent().unwrap())
        .env("SLOW_KEY", "a-key-that-is-long-enough")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The same as soon as its file is begun.
fn begun(config: &str, folder: &Path) -> Child {
    let child = export(config, folder);
    wait_until("a file is begun", || {
        names(folder).iter().any(|name| is_unfinished(name))
    });
    child
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_that_is_ended_by_a_signal_leaves_nothing() {
    let server = Server::saying(|asked| answer(asked, false)).await;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("out");
    fs::create_dir(&folder).unwrap();
    let config = config(home.path(), &server);
    for (signal, code) in ENDS {
        let mut child = begun(&config, &folder);
        let id = i32::try_from(child.id()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
        let ended = child.wait().unwrap();
        assert_eq!(ended.code(), Some(code), "{signal:?}: {ended}");
        assert_eq!(names(&folder), [""; 0], "{signal:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_killed_export_left_goes_with_the_next_one() {
    let slow = Server::saying(|asked| answer(asked, false)).await;
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("out");
    fs::create_dir(&folder).unwrap();
    let mut child = begun(&config(home.path(), &slow), &folder);
    child.kill().unwrap();
    child.wait().unwrap();
    let [left] = <[String; 1]>::try_from(names(&folder)).unwrap();
    assert!(is_unfinished(&left), "{left}");
    age(&folder.join(&left));
    let mut waiting = export(&config(home.path(), &slow), &folder);
    wait_until("another file in the place of it", || {
        let there = names(&folder);
        there.len() == 1 && there[0] != left
    });
    // Of one that goes on nothing is taken away, however long it waits for its service.
    age(&folder.join(&names(&folder)[0]));
    let quick = Server::saying(|asked| answer(asked, true)).await;
    let done = export(&config(home.path(), &quick), &folder)
        .wait()
        .unwrap();
    assert!(done.success(), "{done}");
    let there = names(&folder);
    assert_eq!(there.len(), 2, "{there:?}");
    assert!(is_unfinished(&there[0]) && there[1] == "page.html");
    waiting.kill().unwrap();
    waiting.wait().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_of_the_screen_that_is_ended_by_a_signal_leaves_nothing() {
    let server = Server::saying(|asked| answer(asked, false)).await;
    let home = tempfile::tempdir().unwrap();
    let config = config(home.path(), &server);
    for (signal, code) in ENDS {
        let env = [("SLOW_KEY", "a-key-that-is-long-enough")];
        let mut pty = Pty::start(&[PROGRAM, "--config", &config], &env, 120, 40);
        // The only context is open from the start.
        pty.wait_for("▸ slow");
        for (keys, shown) in [("j\r", "✗"), ("jx", "one page for a browser")] {
            pty.type_keys(keys);
            pty.wait_for(shown);
        }
        // What is masked is found first, and for that the run is read.
        pty.type_keys("h");
        let folder = pty.home().to_owned();
        pty.wait_for("(Esc stops)");
        pty.signal(signal);
        assert_eq!(i32::try_from(pty.exit_code()).unwrap(), code, "{signal:?}");
        let left = names(&folder);
        assert!(
            !left
                .iter()
                .any(|name| is_unfinished(name) || name.contains("html")),
            "{signal:?}: {left:?}"
        );
        assert!(pty.is_restored(), "{signal:?}");
    }
}
