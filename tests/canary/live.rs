//! All four services as the demo plays them, asked over the network, with secrets in all that they say:
//! commands, and the screen at the places of a run that has ended.

use serde_json::Value;
use sortie::app::keymap::Mode;

use super::{
    clean, leave, note,
    planted::{Planted, ended},
    run_line, screen,
    screens::{Walk, search},
    written,
};

const SERVICES: [&str; 4] = ["telnyx", "vectara", "agentex", "elizaos"];

/// What tells of runs, and how it is told.
const LINES: [&str; 19] = [
    "missions -o json",
    "missions",
    "runs",
    "causes",
    "show RUN --extras",
    "show RUN --raw",
    "show RUN --failures -o json",
    "show RUN --waterfall",
    "show RUN -o json",
    "events RUN -o jsonl",
    "calls RUN",
    "search canary --runs 2",
    "curl RUN",
    "export RUN --format json",
    "export RUN --format md",
    "export RUN --format html",
    "export RUN --format csv",
    "export RUN --format otlp",
    "export RUN --format bundle",
];

/// The first runs of a service that have ended.
fn runs(folder: &std::path::Path, service: &str) -> Vec<String> {
    let listed = run_line(
        folder,
        &format!("--context canary-{service} runs -o jsonl --limit 0"),
    );
    clean(&listed, "runs");
    let runs = ended(&listed);
    assert!(!runs.is_empty(), "{service}: {listed}");
    runs
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_command_lets_a_secret_of_any_service_out() {
    let home = tempfile::tempdir().unwrap();
    let _services = Planted::start(home.path());
    let mut notes = Vec::new();
    for service in SERVICES {
        let mut met = 0;
        for at in runs(home.path(), service).iter().take(1) {
            for line in LINES {
                let line = format!("--context canary-{service} {}", line.replace("RUN", at));
                let told = run_line(home.path(), &line);
                met += usize::from(told.contains("canary:"));
                note(&told, &line, &mut notes);
                let _ = std::fs::remove_file(home.path().join("sortie.log"));
            }
            // A call in every grade, and one event in full.
            for nth in 1..4 {
                for line in ["curl RUN --replay", "show RUN"] {
                    let line = line.replace("RUN", &format!("{at}#{nth}"));
                    let told = run_line(home.path(), &line);
                    note(&told, &line, &mut notes);
                }
            }
        }
        assert!(met > 10, "{service}: only {met} lines met what was planted");
    }
    assert!(notes.is_empty(), "{}", notes.join("\n"));
}

/// Walks through the screen of a service.
fn walk(service: &str) {
    let home = tempfile::tempdir().unwrap();
    let _services = Planted::start(home.path());
    let at = runs(home.path(), service).remove(0);
    let context = format!("canary-{service}");
    let mut pty = screen(home.path(), &["--context", &context, "open", &at], &[]);
    pty.wait_for("canary");
    let mut walk = Walk::new(&pty);
    walk.go("");
    for (place, keys, mode) in [
        ("run", "G", Mode::Tree),
        ("payload", "3", Mode::Detail),
        ("missions", "1g\u{7f}\u{7f}", Mode::Tree),
        ("inbox", ":inbox\r", Mode::Tree),
    ] {
        walk.go(keys);
        walk.everything(&format!("{service}: {place}"), mode);
        walk.go("\u{1b}");
    }
    assert!(
        walk.met > 100,
        "{service}: only {} screens met anything",
        walk.met
    );
    walk.end();
    leave(&mut pty);
    search(&pty, 10);
    clean(&written(home.path()), "what the screen wrote elsewhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_screen_of_telnyx_shows_a_secret() {
    walk("telnyx");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_screen_of_vectara_shows_a_secret() {
    walk("vectara");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_screen_of_agentex_shows_a_secret() {
    walk("agentex");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_screen_of_elizaos_shows_a_secret() {
    walk("elizaos");
}

/// What a run was asked to do may stand in its title: the lists of all services tell titles masked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_run_that_is_followed_tells_no_secret() {
    let home = tempfile::tempdir().unwrap();
    let _services = Planted::start(home.path());
    let mut met = 0;
    for service in SERVICES {
        let context = format!("--context canary-{service}");
        let listed = run_line(home.path(), &format!("{context} runs -o jsonl --limit 0"));
        let going = listed.lines().find_map(|line| {
            let run: Value = serde_json::from_str(line).ok()?;
            (run["status"] == "running").then(|| run["id"].as_str().map(str::to_owned))?
        });
        let Some(going) = going else { continue };
        let line = format!("{context} --timeout 4s events {going} --follow");
        let told = run_line(home.path(), &line);
        clean(&told, &line);
        met += usize::from(told.contains("canary:"));
    }
    assert!(met > 1, "only {met} services have a run to follow");
}
