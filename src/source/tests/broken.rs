//! Files that are cut or not there.

use super::*;

/// A file as it was opened, and the events of its first run.
fn read_as(name: &str, content: &[u8]) -> (Opened, Vec<Event>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    let opened = Opened::browse(&[path]).unwrap();
    let (events, _) = opened.sources[0].files[0].runs[0].events(0, usize::MAX);
    (opened, events)
}

#[test]
fn a_cut_array_of_records_shows_those_that_are_whole_and_a_text_stays_one() {
    let cut = b"[\n {\"id\":\"a\",\"data\":[{\"x\":1}]},\n {\"id\":\"b\"},\n {\"id\":\"c\",\"mess";
    let (opened, events) = read_as("cut.json", cut);
    let ids: Vec<_> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
    assert!(opened.is_damaged);
    assert_eq!(
        opened.notes,
        [format!(
            "cut.json: the JSON breaks off at byte {} (line 4); 2 records before that are whole",
            cut.len()
        )]
    );
    let (opened, events) = read_as("notes.txt", b"[{\"id\":\"a\"}] is what came\n");
    assert_eq!(
        (events.len(), events[0].type_sent.as_str()),
        (1, "broken JSON")
    );
    assert!(!opened.is_damaged);
}

#[test]
fn lines_that_are_cut_are_named_and_what_stands_between_records_is_not() {
    let text = b"{\"id\":\"a\"}\n2026-11-22 INFO begun\n{worker} begun\n{\"id\":\"b\",\"da{\"id\":\"c\"}\n{\"id\":\"d";
    let (opened, _) = read_as("cut.jsonl", text);
    assert!(opened.is_damaged);
    let [note] = opened.notes.as_slice() else {
        panic!("{:?}", opened.notes);
    };
    assert!(
        note.starts_with("cut.jsonl: line 4 is no whole record ("),
        "{note}"
    );
    assert!(note.ends_with("; nor is line 5"), "{note}");
    let (opened, _) = read_as("app.log", &text[..48]);
    assert_eq!((opened.notes, opened.is_damaged), (Vec::new(), false));
}

#[test]
fn a_file_that_is_missing_keeps_none_of_the_others_shut() {
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("there.jsonl");
    fs::write(&there, b"{\"id\":\"a\"}\n").unwrap();
    let missing = |name: &str| folder.path().join(name);
    for open in [Opened::open, Opened::browse] {
        let opened = open(&[missing("a.json"), there.clone()]).unwrap();
        assert_eq!(opened.sources[0].files[0].runs[0].run.id, "there.jsonl");
        assert!(opened.is_damaged);
        let [trouble] = opened.missing.as_slice() else {
            panic!("{:?}", opened.missing);
        };
        assert!(
            trouble
                .to_string()
                .contains("a.json: there is no such file")
        );
        let refused = open(&[missing("a.json"), missing("b.json")]);
        let told = refused.err().unwrap().to_string();
        assert!(
            told.contains("a.json: there is no such file; cannot read "),
            "{told}"
        );
        assert!(told.contains("b.json: there is no such file"), "{told}");
    }
}

#[test]
fn lines_of_sortie_that_are_cut_are_named() {
    let run = br#"{"record":"run","context":"c","provider":"telnyx","id":"r","status":"failed"}"#;
    let event = br#"{"record":"event","context":"c","provider":"telnyx","run_id":"r","id":"e1","kind":"message","raw":{"a":1}}"#;
    let whole = [&run[..], event].join(&b'\n');
    let (opened, _) = read_as("run.jsonl", &whole);
    assert!(!opened.is_damaged, "{:?}", opened.notes);
    let (opened, _) = read_as("run.jsonl", &whole[..whole.len() - 20]);
    assert!(opened.is_damaged);
    let note = &opened.notes[0];
    assert!(
        note.starts_with("run.jsonl: line 2 is no whole record"),
        "{note}"
    );
}
