//! Replies of all four services, as they were captured, with secrets in their texts: read from a file, told
//! and exported in every form.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use serde_json::Value;

use super::{PROGRAM, note, planted, planted::planted_in};

/// What tells of a run, and how it is told.
const LINES: [&str; 9] = [
    "show RUN --raw",
    "show RUN --failures",
    "events RUN -o json",
    "calls RUN",
    "export RUN --format json",
    "export RUN --format md",
    "export RUN --format html",
    "export RUN --format csv",
    "export RUN --format otlp",
];

/// Runs a line on the captured reply; gives what it printed and what it wrote to its log.
fn told(home: &Path, line: &str) -> (String, String) {
    let output = Command::new(PROGRAM)
        .args(["--log", "sortie.log", "--from", "captured.json"])
        .args(line.split(' '))
        .env_clear()
        .env("HOME", home)
        .env("SORTIE_LOG_FILTER", "trace")
        .current_dir(home)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let log = fs::read_to_string(home.join("sortie.log")).unwrap_or_default();
    (
        text(&output.stdout),
        format!("{}\n{log}", text(&output.stderr)),
    )
}

/// The id of the first run that is in a file.
fn first_run(listed: &str) -> Option<String> {
    let list: Value = serde_json::from_str(listed).ok()?;
    Some(list["items"].get(0)?["id"].as_str()?.to_owned())
}

#[test]
fn no_reply_of_any_service_lets_a_secret_out() {
    let home = tempfile::tempdir().unwrap();
    let text = planted().replace(super::OWN, "none");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut notes = Vec::new();
    for service in ["telnyx", "vectara", "agentex", "elizaos"] {
        let mut met = 0;
        for file in fs::read_dir(fixtures.join(service)).unwrap() {
            let path = file.unwrap().path();
            let sent = fs::read_to_string(&path).unwrap();
            let Ok(mut value) = serde_json::from_str::<Value>(&sent) else {
                continue;
            };
            planted_in(&mut value, &text);
            fs::write(home.path().join("captured.json"), value.to_string()).unwrap();
            let mut tell = |line: &str| {
                let (out, beside) = told(home.path(), line);
                let what = format!("{}: {line}", path.display());
                note(&out, &what, &mut notes);
                note(&beside, &what, &mut notes);
                met += usize::from(out.contains("canary"));
                out
            };
            let listed = tell("runs -o json");
            if let Some(id) = first_run(&listed) {
                for line in LINES {
                    tell(&line.replace("RUN", &id));
                }
            }
        }
        assert!(met > 5, "{service}: only {met} lines met what was planted");
    }
    assert!(notes.is_empty(), "{}", notes.join("\n"));
}
