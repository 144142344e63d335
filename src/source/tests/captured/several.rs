//! Several replies in one file, as an array or line by line, whole or cut.

use super::*;

/// The run and the events of one run, as each service replies.
const PAIRS: [(&str, &str); 4] = [
    ("telnyx/run.json", "telnyx/events.json"),
    ("vectara/session.json", "vectara/events.json"),
    ("agentex/task.json", "agentex/messages.json"),
    ("elizaos/run.json", "elizaos/events.json"),
];

#[test]
fn an_array_of_replies_is_read_like_lines_of_them() {
    for (run, events) in PAIRS {
        let [run, events] = [run, events].map(one_line);
        let lines = open_as("t.json", format!("{run}{events}").as_bytes());
        let array = open_as("t.json", format!("[{run},\n  {events}]").as_bytes());
        assert!(lines.is_some(), "{run}");
        assert_eq!(array, lines, "{run}");
    }
}

#[test]
fn of_a_cut_last_line_the_whole_records_are_shown_and_where_it_broke() {
    for (first, events) in PAIRS {
        let [run, events] = [first, events].map(one_line);
        let both = format!("{run}{events}");
        let count = |opened: &Opened| -> usize { all(&opened.sources[0]).map(Kept::len).sum() };
        let open = |text: &str| {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("cut.jsonl");
            fs::write(&path, text).unwrap();
            Opened::open(&[path]).unwrap()
        };
        let whole = open(&both);
        let mut end = run.len() + events.len() * 4 / 5;
        while !both.is_char_boundary(end) {
            end -= 1;
        }
        let cut = open(&both[..end]);
        assert!((1..count(&whole)).contains(&count(&cut)), "{first}");
        let runs = |opened: &Opened| {
            all(&opened.sources[0])
                .map(|kept| kept.run.id.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(runs(&cut), runs(&whole), "{first}");
        assert!(cut.is_damaged);
        let [note] = cut.notes.as_slice() else {
            panic!("{first}: {:?}", cut.notes)
        };
        assert!(
            note.starts_with("cut.jsonl: the JSON breaks off at byte "),
            "{note}"
        );
        assert!(note.contains("(line 2); "), "{note}");
    }
}
