//! Captured replies of every service are recognised, one, listed and line by line.

use super::*;

fn fixture(path: &str) -> Vec<u8> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::read(root.join("tests/fixtures").join(path)).unwrap()
}

/// Missions, runs and events of the first run.
fn counts(content: &[u8]) -> (usize, usize, usize) {
    let (_folder, source) = opened(content);
    let runs = source.files.iter().flat_map(|file| &file.runs);
    let lens: Vec<_> = runs.map(Kept::len).collect();
    let count = lens.first().copied().unwrap_or_default();
    (source.files.len(), lens.len(), count)
}

#[test]
fn every_kind_of_reply_is_read_by_its_service() {
    for (path, told) in [
        ("telnyx/missions.json", (2, 0, 0)),
        ("telnyx/mission.json", (1, 0, 0)),
        ("telnyx/runs.json", (1, 3, 0)),
        ("telnyx/run.json", (1, 1, 0)),
        ("telnyx/event.json", (1, 1, 1)),
        ("telnyx/every_type.json", (1, 1, 10)),
        ("telnyx/all_events.json", (1, 2, 1)),
        ("telnyx/plan.json", (1, 1, 0)),
        ("vectara/agents.json", (2, 0, 0)),
        ("vectara/agent.json", (1, 0, 0)),
        ("vectara/sessions.json", (1, 2, 0)),
        ("vectara/session.json", (1, 1, 0)),
        ("vectara/thinking.json", (1, 1, 1)),
        ("agentex/agents.json", (2, 0, 0)),
        ("agentex/tasks.json", (1, 2, 0)),
        ("agentex/task.json", (1, 1, 0)),
        ("agentex/message.json", (1, 1, 1)),
        ("elizaos/agents.json", (2, 0, 0)),
        ("elizaos/agent.json", (1, 0, 0)),
        ("elizaos/runs.json", (1, 2, 0)),
        ("elizaos/runs_documented.json", (1, 1, 0)),
    ] {
        assert_eq!(counts(&fixture(path)), told, "{path}");
    }
    for path in [
        "telnyx/events.json",
        "vectara/events.json",
        "agentex/messages.json",
        "agentex/export.json",
        "elizaos/events.json",
        "elizaos/run.json",
        "elizaos/run_documented.json",
    ] {
        let (missions, runs, events) = counts(&fixture(path));
        assert!(missions == 1 && runs == 1 && events > 1, "{path}: {events}");
    }
}

fn one_line(path: &str) -> String {
    let value: serde_json::Value = serde_json::from_slice(&fixture(path)).unwrap();
    value.to_string() + "\n"
}

#[test]
fn replies_line_by_line_are_one_run() {
    let lines = ["tool_input", "tool_output", "thinking"]
        .map(|name| one_line(&format!("vectara/{name}.json")))
        .concat();
    assert_eq!(counts(lines.as_bytes()), (1, 1, 3));
    let (_folder, source) = opened((lines + "{\"id\":\"aev_cut").as_bytes());
    let (events, skipped) = told(&source, &source.files[0].runs[0].run.id);
    assert_eq!((events.len(), skipped), (4, 1));
    assert_eq!(events[3].title.as_deref(), Some("record 4 is not JSON"));
    let both = one_line("telnyx/run.json") + &one_line("telnyx/every_type.json");
    assert_eq!(counts(both.as_bytes()).0, 1);
}

#[test]
fn a_cut_reply_shows_its_whole_records() {
    let whole = fixture("vectara/events.json");
    let count = counts(&whole).2;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("events.json");
    fs::write(&path, &whole[..whole.len() - 200]).unwrap();
    let opened = Opened::open(&[path]).unwrap();
    assert!(
        opened.notes[0].contains("the JSON breaks off at byte"),
        "{:?}",
        opened.notes
    );
    let events = opened.sources[0].files[0].runs[0].len();
    assert!((1..count).contains(&events), "{events}");
}
