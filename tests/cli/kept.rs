//! The program itself, with what it keeps and what it carries: nobody who is killed leaves a damaged entry,
//! what is kept is read without a request, and what is opened leaves again as it came.

use std::{
    fs,
    io::Read as _,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use flate2::read::GzDecoder;
use serde_json::Value;
use sortie::demo::{Demo, clock::Clock};

struct Home {
    folder: tempfile::TempDir,
    demo: Demo,
}

const SERVICES: [(&str, &[&str]); 4] = [
    ("telnyx", &["TELNYX_BASE_URL", "TELNYX_API_KEY"]),
    ("vectara", &["VECTARA_BASE_URL", "VECTARA_API_KEY"]),
    ("agentex", &["AGENTEX_BASE_URL", "AGENTEX_SDK_API_KEY"]),
    ("elizaos", &["ELIZAOS_BASE_URL", "ELIZA_SERVER_AUTH_TOKEN"]),
];

impl Home {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            demo: Demo::start(Clock::starting_now()).unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program with the demo's services in its environment.
    fn program(&self, line: &str) -> Command {
        let mut command = self.bare(line);
        for (server, (_, [url, key])) in self.demo.servers().iter().zip(SERVICES.map(both)) {
            command
                .env(url, server.base_url.to_string())
                .env(key, &server.key);
        }
        command
    }

    /// The program with nothing but a home.
    fn bare(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sortie"));
        command
            .args(line.split(' '))
            .env_clear()
            .env("HOME", self.folder.path())
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn stat(&self) -> Value {
        let out = self.bare("cache stat -o json").output().unwrap();
        serde_json::from_slice(&out.stdout).unwrap()
    }

    /// Of a service, the ids of runs that have ended.
    fn ended(&self, service: &str) -> Vec<String> {
        let out = self.program("runs --limit 0 --no-cache -o jsonl").output();
        let runs = lines(&out.unwrap().stdout).into_iter();
        let ended = runs.filter(|run| {
            let status = run["status"].as_str().unwrap();
            run["provider"] == service && ["succeeded", "failed"].contains(&status)
        });
        ended
            .map(|run| run["id"].as_str().unwrap().to_owned())
            .collect()
    }
}

fn both((name, variables): (&'static str, &[&'static str])) -> (&'static str, [&'static str; 2]) {
    (name, variables.try_into().unwrap())
}

fn lines(text: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(text).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn fine(output: Output) -> Vec<u8> {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let code = output.status.code();
    assert!(code.is_some_and(|code| code < 2), "{code:?}: {told}");
    output.stdout
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

/// The id of a run with thousands of events.
fn longest(home: &Home) -> Option<String> {
    home.ended("telnyx").into_iter().find(|id| {
        let out = home
            .program(&format!("events {id} --no-cache -o jsonl"))
            .output();
        out.unwrap().stdout.split(|b| *b == b'\n').count() > 2001
    })
}

/// What is written, without when.
fn told(path: &Path) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return bytes;
    }
    let mut text = String::new();
    GzDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .unwrap();
    let at = text.find("\"made_at\":\"").unwrap() + 11;
    let end = at + text[at..].find('"').unwrap();
    text.replace_range(at..end, "");
    text.into_bytes()
}

/// Exports a run of a file, opens what came out and exports that again, in each form.
fn round(home: &Home, from: &str, id: &str) {
    for form in ["json", "jsonl", "bundle"] {
        let mut source = from.to_owned();
        let mut written: Vec<Vec<u8>> = Vec::new();
        for nth in 0..2 {
            let to = home.path(&format!("round-{nth}.{form}"));
            let line = format!(
                "{source}export {id} --format {form} --force --output {}",
                to.display()
            );
            fine(home.program(&line).output().unwrap());
            written.push(told(&to));
            source = format!("--from {} ", to.display());
        }
        let [first, second] = written.try_into().unwrap();
        let at = first.iter().zip(&second).position(|(a, b)| a != b);
        let near = |text: &[u8]| {
            let at = at.unwrap_or(first.len().min(second.len()));
            let part = &text[at.saturating_sub(200).min(text.len())..(at + 200).min(text.len())];
            String::from_utf8_lossy(part).into_owned()
        };
        assert!(
            first == second,
            "{from}{id} as {form}:\n{}\n---\n{}",
            near(&first),
            near(&second)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_opened_leaves_again_byte_for_byte() {
    let home = Home::new();
    for (service, _) in SERVICES {
        let runs = home.ended(service);
        // Some with plans, with failures and with what their lists leave out.
        for id in runs.iter().take(3) {
            round(&home, "", id);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn captured_replies_leave_again_byte_for_byte() {
    let home = Home::new();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for path in [
        "telnyx/events.json",
        "telnyx/every_type.json",
        "vectara/events.json",
        "agentex/messages.json",
        "elizaos/run.json",
        "elizaos/events.json",
    ] {
        let from = format!("--from {} ", fixtures.join(path).display());
        let listed = home.bare(&format!("{from}runs -o jsonl")).output().unwrap();
        let runs = lines(&listed.stdout);
        round(&home, &from, runs[0]["id"].as_str().unwrap());
    }
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
    assert!(
        script.is_ascii() && script.contains("$SECRET_API_KEY"),
        "{script}"
    );
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
/// What is exported, without the numbers of what stands for secrets: they count what is asked for.
fn exported(mut command: Command) -> String {
    let text = String::from_utf8(fine(command.output().unwrap())).unwrap();
    let number = regex::Regex::new("‹([^‹›#]+)#[0-9]+›").unwrap();
    number.replace_all(&text, "‹$1›").into_owned()
}

/// Where two texts part.
fn parting(a: &str, b: &str) -> String {
    let at = a.bytes().zip(b.bytes()).position(|(a, b)| a != b);
    let at = at.unwrap_or(a.len().min(b.len()));
    let near = |text: &str| {
        let bytes = text.as_bytes();
        let part = &bytes[at.saturating_sub(300)..(at + 200).min(bytes.len())];
        String::from_utf8_lossy(part).into_owned()
    };
    format!("{}\n---\n{}", near(a), near(b))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_is_the_same_from_the_service_the_cache_and_a_bundle() {
    let home = Home::new();
    let listed = home.program("runs --limit 0 --no-cache -o jsonl").output();
    let listed = lines(&listed.unwrap().stdout);
    for (service, _) in SERVICES {
        let of_it = listed.iter().filter(|run| run["provider"] == service);
        // With a plan and with a run that it started.
        let named = ["ase_hail_damage", "ase_checkout_latency"];
        let is_named = |run: &&Value| {
            let id = run["id"].as_str().unwrap();
            named.iter().any(|name| id.starts_with(name))
        };
        let (first, rest): (Vec<_>, Vec<_>) = of_it.partition(is_named);
        let ended =
            |run: &&Value| ["succeeded", "failed"].contains(&run["status"].as_str().unwrap());
        let mut compared = 0;
        for run in first
            .into_iter()
            .chain(rest.into_iter().filter(ended).skip(2).take(4))
        {
            let [mission, id] = ["mission_id", "id"].map(|name| run[name].as_str().unwrap());
            let export = format!("export sortie:{service}/{mission}/{id} --format json");
            let asked = exported(home.program(&format!("--no-cache {export}")));
            assert_eq!(
                asked,
                exported(home.program(&export)),
                "{id}, as it is kept"
            );
            let kept = home
                .bare("--offline runs --limit 0 -o jsonl")
                .output()
                .unwrap();
            if !lines(&kept.stdout).iter().any(|run| run["id"] == id) {
                continue;
            }
            compared += 1;
            let bundle = home.path("same.sortie");
            let to = format!("--format bundle --force --output {}", bundle.display());
            fine(
                home.program(&format!("export sortie:{service}/{mission}/{id} {to}"))
                    .output()
                    .unwrap(),
            );
            for (way, command) in [
                ("the cache", home.program(&export)),
                ("offline", home.bare(&format!("--offline {export}"))),
                (
                    "a bundle",
                    home.bare(&format!("--from {} {export}", bundle.display())),
                ),
            ] {
                let other = exported(command);
                assert!(
                    other == asked,
                    "{id} from {way}:\n{}",
                    parting(&asked, &other)
                );
            }
        }
        assert!(compared > 1, "{service}: only {compared} are kept");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_run_that_a_locator_names_is_asked_of_nobody() {
    let home = Home::new();
    let listed = home.program("runs --limit 0 --no-cache -o jsonl").output();
    let listed = lines(&listed.unwrap().stdout);
    for service in ["telnyx", "vectara"] {
        let ended = |run: &&Value| run["provider"] == service && run["status"] == "failed";
        let run = listed.iter().rfind(ended).unwrap();
        let [mission, id] = ["mission_id", "id"].map(|name| run[name].as_str().unwrap());
        let locator = format!("sortie:{service}/{mission}/{id}");
        let show = format!("--api-log show {locator}");
        let first = home.program(&show).output().unwrap();
        assert!(
            String::from_utf8_lossy(&first.stderr).contains("GET"),
            "{locator}"
        );
        for line in [show.clone(), format!("--api-log events {locator}")] {
            let again = home.program(&line).output().unwrap();
            let told = String::from_utf8_lossy(&again.stderr).into_owned();
            assert!(!told.contains("GET"), "{line}: {told}");
            let shown = fine(again);
            assert!(
                line != show || shown == first.stdout,
                "{locator} is shown otherwise"
            );
        }
        // Whoever does not name all of it, or wants none of what is kept, asks.
        for line in [format!("--api-log show {id}"), format!("--no-cache {show}")] {
            let asked = home.program(&line).output().unwrap();
            assert!(
                String::from_utf8_lossy(&asked.stderr).contains("GET"),
                "{line}"
            );
        }
    }
}
