//! Secrets planted in everything that a service says, and the key that it is asked with sent back by it:
//! every command in every format, every screen with every key, copies, log and panic are run, and every
//! byte that left the program is searched for them. A command that nobody wrote a line for fails here.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

#[path = "canary/captured.rs"]
mod captured;
#[path = "canary/lent.rs"]
mod lent;
#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "common/pty.rs"]
mod pty;
#[allow(dead_code, reason = "shared; not everything is used here")]
#[path = "common/server.rs"]
mod server;

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use clap::CommandFactory as _;
use sortie::{
    app::{action::Action, keymap::Mode},
    args::Args,
    config,
};

use crate::{
    pty::Pty,
    server::{Asked, Server, reply},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_sortie");
const MISSION: &str = "5f0c2d1e-7a4b-4c39-9d0a-2b6f8e13c7d4";
const RUN: &str = "0b9c7a52-3f1e-4d86-8a57-c4e2d91f6b08";

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

/// What of them stands in a text that left.
fn leaked(text: &str) -> Vec<&'static str> {
    let mut all = secrets();
    all.push(("own", OWN.to_owned()));
    let here = |secret: &String| {
        let spelt = serde_json::to_string(secret).unwrap();
        text.contains(secret.as_str())
            || text.contains(spelt.trim_matches('"'))
            || text.contains(&STANDARD.encode(secret))
    };
    all.into_iter()
        .filter(|(_, secret)| here(secret))
        .map(|(name, _)| name)
        .collect()
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

/// A service of which every text has all of them.
fn answer(asked: &Asked) -> Vec<server::Say> {
    let text = planted();
    let short = format!("{} {OWN}", secrets()[0].1);
    let path = asked.line.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let mission = serde_json::json!({ "mission_id": MISSION, "name": format!("canary {short}"), "description": text,
        "instructions": text, "model": "m", "execution_mode": "managed", "created_at": "2026-08-03T21:00:00Z" });
    let run = serde_json::json!({ "run_id": RUN, "mission_id": MISSION, "status": "failed", "error": text,
        "input": text, "result_summary": text, "result_payload": { "api_key": secrets()[4].1, "text": text },
        "started_at": "2026-08-03T21:00:07Z", "finished_at": "2026-08-03T21:42:00Z", "metadata": { "note": text } });
    let event = |nth: usize, sort: &str| {
        serde_json::json!({ "event_id": format!("e-{nth:02}"), "run_id": RUN, "type": sort, "summary": format!("canary {text}"),
            "timestamp": format!("2026-08-03T21:00:{nth:02}Z"), "step_id": "one", "agent_id": "claude",
            "payload": { "tool": "Bash", "tool_call_id": format!("c{}", nth / 2), "text": text, "api_key": secrets()[4].1,
                "arguments": serde_json::json!({ "cmd": text }).to_string(), "error": text } })
    };
    let sorts = [
        "tool_call",
        "tool_result",
        "message",
        "error",
        "custom",
        "status_change",
    ];
    let events: Vec<_> = sorts
        .iter()
        .enumerate()
        .map(|(nth, sort)| event(nth, sort))
        .collect();
    let step = serde_json::json!({ "step_id": "one", "description": text, "status": "failed", "sequence": 1 });
    let data = if path.ends_with("/events") {
        serde_json::json!(events)
    } else if path.contains("/events/") {
        event(0, "tool_call")
    } else if path.ends_with("/plan") {
        serde_json::json!([step])
    } else if path.ends_with("/runs") {
        serde_json::json!([run])
    } else if path.ends_with(RUN) {
        run
    } else if path.ends_with("/missions") {
        serde_json::json!([mission])
    } else if path.ends_with(MISSION) {
        mission
    } else {
        let body =
            serde_json::json!({ "errors": [{ "code": "1", "title": text, "detail": text }] });
        return reply(404, "", body.to_string());
    };
    let meta = serde_json::json!({ "page_number": 1, "page_size": 100, "total_pages": 1, "total_results": 1 });
    reply(
        200,
        "",
        serde_json::json!({ "data": data, "meta": meta }).to_string(),
    )
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

/// Runs a line; gives everything that left it.
fn run(home: &Path, line: &[String], env: &[(&str, &str)]) -> String {
    let log = home.join("sortie.log");
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
        .env("HOME", home)
        .env("CANARY_KEY", OWN)
        .env("SORTIE_LOG_FILTER", "trace")
        .envs(env.iter().copied())
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let log = fs::read_to_string(log).unwrap_or_default();
    let files = written(home);
    format!(
        "{}\n--- stderr\n{}\n--- log\n{log}\n--- files\n{files}",
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// All that was written below a folder but for the cache, which is told unmasked by nobody, and is
/// searched for the key in use alone.
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
            all += &String::from_utf8_lossy(&fs::read(path).unwrap());
        }
    }
    all
}

/// What each command is run with, besides its formats.
fn lines(command: &str) -> Option<Vec<&'static str>> {
    Some(match command {
        // no data of a service comes by, or only on a screen
        "demo" => vec!["--help"],
        "open" => vec!["--print RUN", "--print nothing-like-it"],
        "contexts" | "contexts test" | "config default" | "config path" | "config check"
        | "causes" => {
            vec![""]
        }
        "missions" => vec!["", "--limit 1"],
        "runs" => vec!["", "--columns status,title,error,id", "--status failed"],
        "events" => vec![
            "RUN",
            "--all",
            "RUN --columns title,summary,secret:payload.text",
            "nothing-like-it",
        ],
        "search" => vec!["canary"],
        "show" => vec![
            "RUN",
            "RUN --calls",
            "RUN --waterfall",
            "RUN --failures",
            "RUN --raw",
            "RUN --extras",
            "RUN#1",
            "--mission MISSION",
        ],
        "calls" | "export" => vec!["RUN"],
        "curl" => vec!["RUN", "RUN#1", "RUN#1 --replay"],
        "doctor" | "cache stat" | "cache clear" => vec![""],
        _ => return None,
    })
}

/// Every command that does something, by its words, with each of its options that take one of a few
/// words in each of them.
fn commands() -> Vec<(String, Vec<Vec<String>>)> {
    fn walk(command: &clap::Command, path: &str, out: &mut Vec<(String, Vec<Vec<String>>)>) {
        for own in command
            .get_subcommands()
            .filter(|own| own.get_name() != "help")
        {
            let path = format!("{path} {}", own.get_name()).trim().to_owned();
            walk(own, &path, out);
            if own.is_subcommand_required_set() {
                continue;
            }
            let mut choices = vec![Vec::new()];
            for arg in own.get_arguments().filter(|arg| !arg.is_global_set()) {
                let Some(long) = arg.get_long().filter(|_| arg.get_action().takes_values()) else {
                    continue;
                };
                let values = arg.get_possible_values().into_iter();
                choices.extend(
                    values.map(|value| vec![format!("--{long}"), value.get_name().to_owned()]),
                );
            }
            out.push((path, choices));
        }
    }
    let mut out = Vec::new();
    let mut all = Args::command();
    all.build();
    walk(&all, "", &mut out);
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_prints_a_secret() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let (mut met, mut notes) = (0, Vec::new());
    for (command, choices) in commands() {
        let lines = lines(&command);
        let lines =
            lines.unwrap_or_else(|| panic!("`sortie {command}` has no canary: give it a line"));
        for line in lines {
            for choice in &choices {
                let words = command
                    .split(' ')
                    .chain(line.split(' '))
                    .filter(|word| !word.is_empty());
                let words = words.map(|word| word.replace("RUN", RUN).replace("MISSION", MISSION));
                let words: Vec<String> = words.chain(choice.iter().cloned()).collect();
                let told = run(home.path(), &words, &[]);
                met += usize::from(told.contains("canary"));
                note(&told, &format!("sortie {}", words.join(" ")), &mut notes);
            }
        }
    }
    assert!(notes.is_empty(), "{}", notes.join("\n"));
    assert!(met > 30, "only {met} lines met what was planted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_panic_tells_a_secret() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let line = ["events".to_owned(), RUN.to_owned()];
    let told = run(home.path(), &line, &[("SORTIE_PANIC", "fetch")]);
    clean(&told, "a panic while fetching");
    let pty = screen(home.path(), &[("SORTIE_PANIC", "frame")]);
    pty.wait_until("the end", || {
        !pty.screen().alternate_screen() && pty.written().contains("anic")
    });
    clean(&pty.written(), "a panic while drawing");
    clean(&written(home.path()), "what a panic left");
}

fn screen(home: &Path, env: &[(&str, &str)]) -> Pty {
    let config = home.join("sortie.toml");
    let log = home.join("screen.log");
    let argv = [
        PROGRAM,
        "--config",
        config.to_str().unwrap(),
        "--log",
        log.to_str().unwrap(),
    ];
    let mut all = vec![
        ("CANARY_KEY", OWN),
        ("SORTIE_LOG_FILTER", "trace"),
        ("SSH_TTY", "/dev/pts/9"),
    ];
    all.extend_from_slice(env);
    Pty::start(&argv, &all, 150, 44)
}

/// Keys of one mode, as they are typed, but for those that leave, show what is asked for, or need another
/// program.
fn keys(mode: Mode) -> Vec<String> {
    let map = config::keys::defaults();
    let skipped = [
        Action::Quit,
        Action::Back,
        Action::Suspend,
        Action::Reveal,
        Action::Demo,
        Action::Editor,
        Action::Pager,
        Action::Pipe,
        Action::Up,
    ];
    let hints = map.hints(mode).into_iter();
    let hints = hints.filter(|(_, action)| !skipped.contains(action));
    let typed = hints.filter_map(|(keys, _)| {
        let first = keys.split(' ').next()?.to_owned();
        first
            .chars()
            .all(|key| key.is_ascii_graphic())
            .then_some(first)
    });
    // names of keys are longer than what is typed with letters
    typed.filter(|keys| keys.len() <= 2).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_screen_shows_a_secret_and_no_copy_takes_one_along() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let mut pty = screen(home.path(), &[]);
    pty.wait_for("canary");
    let mut notes = Vec::new();
    let mut look = |what: &str| {
        pty.type_keys("\u{c}");
        std::thread::sleep(std::time::Duration::from_millis(60));
        note(&pty.screen().contents(), what, &mut notes);
    };
    // into the mission, its run, its events; then the payload
    for (step, enter) in [
        ("contexts", "\r"),
        ("missions", "j\r"),
        ("runs", "j\r"),
        ("events", "j"),
        ("payload", "3"),
        ("payload, full", "z"),
    ] {
        look(step);
        let mode = if step.starts_with("payload") {
            Mode::Detail
        } else {
            Mode::Tree
        };
        for key in keys(mode) {
            pty.type_keys(&key);
            look(&format!("{step}, {key}"));
            pty.type_keys("\u{1b}");
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        pty.type_keys(enter);
        std::thread::sleep(std::time::Duration::from_millis(300));
    }
    assert!(notes.is_empty(), "{}", notes.join("\n"));
    pty.type_keys("\u{1b}\u{1b}Q");
    pty.exit_code();
    let written_to_it = pty.written();
    clean(&written_to_it, "the terminal");
    let mut copies = 0;
    for part in written_to_it.split("\x1b]52;").skip(1) {
        let text = part.split(['\x07', '\x1b']).next().unwrap_or_default();
        let text = text.split(';').nth(1).unwrap_or_default();
        if let Ok(copied) = STANDARD.decode(text) {
            copies += 1;
            clean(&String::from_utf8_lossy(&copied), "a copy");
        }
    }
    assert!(copies > 0, "only {copies} copies were made");
    clean(&written(home.path()), "what the screen wrote");
}
