//! Large files of plain records, which stay where they are: the same answers as of small ones, sooner.

use std::fmt::Write as _;

use super::*;

/// So many records of two runs in turn, one in ten broken, with blank lines between.
fn records(count: usize, runs: &[&str]) -> String {
    let mut text = String::new();
    for n in 0..count {
        // A broken record follows one of its own run.
        let run = runs[n / 2 % runs.len()];
        let filler = "x".repeat(600);
        if n % 10 == 7 {
            let _ = writeln!(text, "{{\"id\":\"e{n}\",\"run_id\":\"{run}\",");
        } else {
            let _ = writeln!(
                text,
                r#"{{"id":"e{}","run_id":"{run}","type":"message","ts":{},"data":"{filler}"}}"#,
                n / 2 * 2,
                1_772_323_200 + n
            );
        }
        if n % 100 == 0 {
            text.push_str("  \n");
        }
    }
    text.trim_end().to_owned()
}

fn browsed(content: &str) -> (tempfile::TempDir, Opened) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    fs::write(&path, content).unwrap();
    let opened = Opened::browse(&[path]).unwrap();
    (folder, opened)
}

/// All that a list of asks says, page by page.
fn whole(source: &Source, mut ask: Ask) -> (Vec<Row>, u32) {
    let (mut rows, mut skipped) = (Vec::new(), 0);
    loop {
        let batch = source.answer(&ask).unwrap();
        rows.extend(batch.rows);
        skipped += batch.skipped;
        match batch.next {
            Some(next) => ask = next,
            None => return (rows, skipped),
        }
    }
}

fn events_of(run: &str) -> Ask {
    Ask::Events {
        run: run_ref(run),
        page: Page::default(),
    }
}

fn events(rows: &[Row]) -> Vec<&Event> {
    let events = rows.iter().map(|row| match row.record() {
        Record::Event(event) => event,
        other => panic!("{other:?}"),
    });
    events.collect()
}

#[test]
fn a_large_file_says_what_a_small_one_would() {
    let text = format!("\u{feff}{}", records(6000, &["a", "b"]));
    let (_folder, browsed) = browsed(&text);
    assert!(!browsed.is_one_run());
    let large = only(browsed);
    assert!(large.has_tails());
    let (_folder, small) = opened(text.as_bytes());
    assert!(!small.has_tails());
    for run in ["a", "b"] {
        let (left, broken) = whole(&large, events_of(run));
        let (right, as_many) = whole(&small, events_of(run));
        assert_eq!((left.len(), broken), (3000, as_many), "run {run}");
        for (left, right) in events(&left).into_iter().zip(events(&right)) {
            let order = left.order;
            // Its place counts the records of the run, not of the file.
            let right = Event {
                order,
                ..right.clone()
            };
            assert_eq!(*left, right);
        }
        let places = events(&left).into_iter().map(|event| event.order.at);
        assert!(places.eq(1..=3000));
    }
    let (rows, _) = whole(
        &large,
        Ask::Runs {
            mission: "trace.jsonl".into(),
            status: None,
            page: Page::default(),
        },
    );
    let last = rows
        .iter()
        .rev()
        .take(2)
        .rev()
        .map(|row| match row.record() {
            Record::Run(run) => run.clone(),
            other => panic!("{other:?}"),
        });
    assert_eq!(last.collect::<Vec<_>>(), runs(&small));
}

#[test]
fn the_end_comes_before_the_middle() {
    let (_folder, browsed) = browsed(&records(6000, &["a"]));
    assert!(browsed.is_one_run());
    let large = only(browsed);
    let tail = |before| {
        let run = run_ref("a");
        let (rows, _) = whole(&large, Ask::Tail { run, before });
        let places: Vec<i64> = events(&rows).iter().map(|event| event.order.at).collect();
        (places[0], places[places.len() - 1], places.len())
    };
    assert_eq!(tail(None), (5001, 6000, 1000));
    assert_eq!(tail(Some(5001)), (4001, 5000, 1000));
    assert_eq!(tail(Some(3)), (1, 2, 2));
}

#[test]
fn an_event_is_found_by_its_id() {
    let large = only(browsed(&records(6000, &["a"])).1);
    let find = |id: &str| {
        let ask = Ask::Event {
            run: run_ref("a"),
            event: id.into(),
        };
        large
            .answer(&ask)
            .map(|batch| events(&batch.rows)[0].order.at)
    };
    assert_eq!(find("e4000"), Ok(4001));
    // Every second id stands on the record before it, too.
    assert_eq!(find("e4000@4002"), Ok(4002));
    assert_eq!(find("line-8"), Ok(8), "a broken record has no other id");
    assert!(find("e7").is_err() && find("line-1").is_err());
}

#[test]
fn what_is_no_list_of_plain_records_is_read_whole() {
    let one_line = format!("{{\"id\":\"a\",\"data\":\"{}\"}}\n", "x".repeat(3 << 20));
    let event = r#"{"record":"event","context":"c","provider":"telnyx","run_id":"r","id":"e","kind":"message"}"#;
    let bundle = format!(
        "{{\"record\":\"header\",\"schema\":\"sortie.bundle/1\"}}\n{}",
        format!("{event}\n").repeat(30_000)
    );
    let array = format!("[{}]", records(6000, &["a"]).replace('\n', ",\n"));
    let prose = "no record at all\n".repeat(200_000);
    for text in [one_line, bundle, array, prose, records(100, &["a"])] {
        let (_folder, browsed) = browsed(&text);
        let lazy = browsed.sources.iter().any(Source::has_tails);
        assert!(!lazy, "{}", &text[..30]);
    }
}

#[test]
fn a_file_that_was_cut_or_written_over_says_so_and_one_that_grew_goes_on() {
    let text = records(6000, &["a"]);
    let ask = |source: &Source| source.answer(&events_of("a"));
    let (folder, browsed) = browsed(&text);
    let large = only(browsed);
    whole(&large, events_of("a"));
    let path = folder.path().join("trace.jsonl");
    let grown = format!("{text}\n{{\"id\":\"new\",\"run_id\":\"a\"}}\n");
    fs::write(&path, grown).unwrap();
    assert_eq!(whole(&large, events_of("a")).0.len(), 6000);
    fs::write(&path, &text[..1 << 20]).unwrap();
    let trouble = ask(&large).unwrap_err().to_string();
    assert!(
        trouble.contains("trace.jsonl") && trouble.contains("open it again"),
        "{trouble}"
    );
}

#[test]
fn a_very_long_record_among_others_is_shown_by_its_beginning() {
    let long = format!(
        r#"{{"id":"long","run_id":"a","type":"message","data":"{}"}}"#,
        "y".repeat(65 << 20)
    );
    let text = format!("{}\n{long}\n{}", records(4000, &["a"]), records(10, &["a"]));
    let large = only(browsed(&text).1);
    let (rows, _) = whole(&large, events_of("a"));
    let events = events(&rows);
    assert_eq!(events.len(), 4011);
    let long = events[4000];
    assert_eq!((long.id.as_str(), long.order.at), ("long", 4001));
    assert!(long.raw.len() < 1 << 20, "{}", long.raw.len());
    assert!(
        long.summary
            .as_ref()
            .unwrap()
            .contains("only the beginning")
    );
}
