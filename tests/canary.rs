//! Secrets planted in everything that a service says, and the key that it is asked with sent back by it:
//! every command with every option, every screen with every key, and every way on which something leaves
//! is gone, and every byte that left the program is searched for them. A command, an option or an action
//! that nobody wrote a line for fails here.
//!
//! | what leaves | searched by |
//! | --- | --- |
//! | standard output and error, log, log of requests, files of every command | `commands`, `captured`, `live` |
//! | the screen of every place and key, the terminal's bytes with titles and copies in them | `screens`, `live` |
//! | what a receiver of traces is posted | `posted` |
//! | the buffer of tmux, the file of a copy | `routes` |
//! | pager, editor, piped command: arguments, text, file | `lent` |
//! | ids in every record, locator and address | all of them, `ids` |
//! | bookmarks, notes, views, filters, files that an export of the screen writes | `kept` |
//! | what is told of a panic | `panics` |
#![allow(
    clippy::match_same_arms,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "canary/captured.rs"]
mod captured;
#[path = "canary/commands.rs"]
mod commands;
#[path = "canary/ids.rs"]
mod ids;
#[path = "canary/kept.rs"]
mod kept;
#[path = "canary/lent.rs"]
mod lent;
#[path = "canary/live.rs"]
mod live;
#[path = "canary/panics.rs"]
mod panics;
#[path = "canary/planted.rs"]
mod planted;
#[path = "canary/posted.rs"]
mod posted;
#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "common/pty.rs"]
mod pty;
#[path = "canary/routes.rs"]
mod routes;
#[path = "canary/screens.rs"]
mod screens;
#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "common/server.rs"]
mod server;
#[path = "canary/service.rs"]
mod service;

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    thread::sleep,
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::read::MultiGzDecoder;

use crate::{
    pty::Pty,
    server::Server,
    service::{MISSION, RUN, answer},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sortie");

/// The key that is in use.
const OWN: &str = "KEY0canary7own9credential3of5this8context";

/// What is planted, by what it is. Put together here, so that no scanner takes it for real.
fn secrets() -> Vec<(&'static str, String)> {
    let drawn = "q7Zk2Vx9Lm4Tn8Rb6Yc3Wd5Hf1Jg0Ps7Qa";
    vec![
        ("github", format!("ghp{}{drawn}x1", "_")),
        (
            "jwt",
            format!("ey{}.eyJzdWIiOiJjYW5hcnkifQ.{drawn}", "JhbGciOiJIUzI1NiJ9"),
        ),
        ("password", "c4nary-in-address".to_owned()),
        ("assigned", "c4nary-assigned-x".to_owned()),
        ("member", "c4nary under a key".to_owned()),
        ("bearer", format!("c4nary{drawn}")),
        ("card", "4539 1488 0343 6467".to_owned()),
    ]
}

/// A text with all of them.
fn planted() -> String {
    let found = secrets();
    let of = |name: &str| {
        found
            .iter()
            .find(|(own, _)| *own == name)
            .unwrap()
            .1
            .clone()
    };
    format!(
        "canary: export DB_PASSWORD={}\nAuthorization: Bearer {}\nGH {} and postgres://svc:{}@db/app \
         paid {} jwt {} own {OWN} json {{\"api_key\": \"{}\"}}",
        of("assigned"),
        of("bearer"),
        of("github"),
        of("password"),
        of("card"),
        of("jwt"),
        of("member"),
    )
}

/// What of them stands in a text that left, also where escape codes are between its letters.
fn leaked(text: &str) -> Vec<&'static str> {
    let mut all = secrets();
    all.push(("own", OWN.to_owned()));
    let bare = text.contains('\u{1b}').then(|| without_escapes(text));
    let here = |secret: &str| {
        text.contains(secret) || bare.as_ref().is_some_and(|bare| bare.contains(secret))
    };
    let stands = |secret: &String| {
        let spelt = serde_json::to_string(secret).unwrap();
        let in_address: String = secret.replace(' ', "%20");
        here(secret)
            || here(spelt.trim_matches('"'))
            || here(&in_address)
            || here(&STANDARD.encode(secret))
    };
    all.into_iter()
        .filter(|(_, secret)| stands(secret))
        .map(|(name, _)| name)
        .collect()
}

/// What a terminal is told without what moves its cursor or changes its colours. What stands in a title or
/// goes to a clipboard stays.
fn without_escapes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            out.push(c);
        } else if rest.next_if_eq(&'[').is_some() {
            let ends = |c: &char| ('@'..='~').contains(c);
            while rest.next_if(|c| !ends(c)).is_some() {}
            rest.next();
        }
    }
    out
}

fn clean(text: &str, what: &str) {
    let leaked = leaked(text);
    assert!(leaked.is_empty(), "{what} shows {leaked:?}:\n{text}");
}

/// The same where there is more to look at before it is told.
fn note(text: &str, what: &str, notes: &mut Vec<String>) {
    let leaked = leaked(text);
    if !leaked.is_empty() {
        let line = text.lines().find(|line| !self::leaked(line).is_empty());
        notes.push(format!(
            "{what} shows {leaked:?}: {}",
            line.unwrap_or_default()
        ));
    }
}

/// A folder with a configuration that asks that service.
fn home(server: &Server) -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let text = format!(
        "[contexts.canary]\nprovider = \"telnyx\"\nbase_url = \"{}v2\"\napi_key_env = \"CANARY_KEY\"\n",
        server.url
    );
    fs::write(home.path().join("sortie.toml"), text).unwrap();
    home
}

/// What a run of the program is given of a folder: all that it writes is below it.
fn surroundings(home: &Path) -> Vec<(&'static str, String)> {
    let at = |name: &str| home.join(name).display().to_string();
    fs::create_dir_all(home.join("tmp")).unwrap();
    vec![
        ("HOME", at("")),
        ("XDG_STATE_HOME", at(".state")),
        ("XDG_CACHE_HOME", at(".cache")),
        ("TMPDIR", at("tmp")),
        ("CANARY_KEY", OWN.to_owned()),
        ("SORTIE_LOG_FILTER", "trace".to_owned()),
    ]
}

/// Runs a line; gives everything that left it.
fn run(home: &Path, line: &[String], env: &[(&str, &str)]) -> String {
    let output = Command::new(PROGRAM)
        .args([
            "--config",
            "sortie.toml",
            "--log",
            "sortie.log",
            "--api-log",
        ])
        .args(line)
        .env_clear()
        .envs(surroundings(home))
        .envs(env.iter().copied())
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    format!(
        "{}\n--- stderr\n{}\n--- files\n{}",
        text(&output.stdout),
        text(&output.stderr),
        written(home)
    )
}

/// Bytes as text, unpacked where they are packed.
fn text(bytes: &[u8]) -> String {
    let mut unpacked = Vec::new();
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut reader = MultiGzDecoder::new(bytes);
        reader.read_to_end(&mut unpacked).unwrap();
    } else {
        unpacked.extend_from_slice(bytes);
    }
    String::from_utf8_lossy(&unpacked).into_owned()
}

/// Runs what is typed in one line.
fn run_line(home: &Path, line: &str) -> String {
    let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
    run(home, &words, &[])
}

/// The program on a terminal, with everything that it writes below a folder.
fn screen(home: &Path, words: &[&str], env: &[(&str, &str)]) -> Pty {
    let config = home.join("sortie.toml").display().to_string();
    let log = home.join("screen.log").display().to_string();
    let mut argv = vec![PROGRAM, "--config", &config, "--log", &log];
    argv.extend(words);
    let surroundings = surroundings(home);
    let mut all: Vec<(&str, &str)> = surroundings
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    all.push(("SSH_TTY", "/dev/pts/9"));
    all.extend_from_slice(env);
    Pty::start(&argv, &all, 150, 44)
}

/// The same with the cursor on the first event of the run that `service` has.
fn screen_on_event(home: &Path, words: &[&str], env: &[(&str, &str)]) -> Pty {
    let at = format!("sortie:canary/{MISSION}/{RUN}#e-00");
    let words: Vec<&str> = words.iter().copied().chain(["open", &at]).collect();
    let pty = screen(home, &words, env);
    pty.wait("the event's record", |screen| {
        let shown = screen.contents();
        shown.contains("Bash") && shown.contains("‹")
    });
    settle(&pty);
    pty
}

/// Waits until nothing changes on the screen any more.
fn settle(pty: &Pty) {
    pty.wait_until("a screen at rest", || {
        let before = pty.screen().contents();
        sleep(Duration::from_millis(120));
        pty.screen().contents() == before
    });
}

/// Closes all that is on top, and the program. What is still being made when it is asked to leave, a print of a
/// large run for one, comes up afterwards and takes the next key: it is asked again.
fn leave(pty: &mut Pty) {
    for _ in 0..5 {
        for _ in 0..3 {
            pty.type_keys("\u{1b}");
            // Alone: with a letter behind it, it would be another key.
            settle(pty);
        }
        pty.type_keys("Q");
        if pty.ends_within(Duration::from_secs(10)) {
            break;
        }
    }
    pty.exit_code();
}

/// What was put on the clipboard of a terminal, by OSC 52.
fn copies(written: &str) -> Vec<String> {
    let parts = written.split("\u{1b}]52;").skip(1);
    let copied = parts.filter_map(|part| {
        let text = part.split(['\u{7}', '\u{1b}']).next()?;
        STANDARD.decode(text.split(';').nth(1)?).ok()
    });
    copied
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

/// All that was written below a folder, names of files too, but for the cache, which is told unmasked by
/// nobody, and is searched for the key in use alone.
fn written(folder: &Path) -> String {
    let mut all = String::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            let below = written(&path);
            let is_cache = path.ends_with(".cache");
            assert!(
                !is_cache || !below.contains(OWN),
                "the cache holds the key in use"
            );
            all += if is_cache { "" } else { &below };
        } else {
            all += &entry.file_name().to_string_lossy();
            all += "\n";
            all += &text(&fs::read(path).unwrap_or_default());
        }
    }
    all
}
