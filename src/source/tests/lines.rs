//! Large files of plain records, which stay where they are: the same answers as of small ones, sooner.

use std::{fmt::Write as _, sync::Arc};

use super::*;
use crate::model::{Sieve, Stretch, Test};

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
            // Its place is where it lies in the file, and its number counts the records of the run.
            let right = Event {
                order,
                ..right.clone()
            };
            assert_eq!(*left, right);
        }
        let numbers = events(&left).into_iter().map(|event| event.order.tie);
        assert!(numbers.eq(1..=3000));
        assert!(events(&left).is_sorted_by_key(|event| event.order.at));
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
    whole(&large, Ask::Run(run_ref("a")));
    let part = |of| {
        let run = run_ref("a");
        let (rows, _) = whole(&large, Ask::Part { run, of });
        let of: Vec<(i64, u64)> = events(&rows)
            .iter()
            .map(|event| (event.order.at, event.order.tie))
            .collect();
        (of[0], of[of.len() - 1], of.len())
    };
    let (first, (_, last), count) = part(Stretch::Last);
    assert_eq!((first.1, last, count), (5701, 6000, 300));
    let (earlier, (_, last), count) = part(Stretch::Before(first.0));
    assert_eq!((earlier.1, last, count), (4701, 5700, 1000));
    let ((_, second), (_, last), count) = part(Stretch::After(earlier.0));
    assert_eq!((second, last, count), (4702, 5701, 1000));
    let (only, _, count) = part(Stretch::At(earlier.0));
    assert_eq!((only, count), (earlier, 1));
    let (rows, _) = whole(&large, events_of("a"));
    let third = events(&rows)[2].order.at;
    assert_eq!(part(Stretch::Before(third)).2, 2);
}

/// So many records with ids of their own, the last of which has the id of another.
fn ahead(count: usize, last: &str) -> String {
    let mut text = String::new();
    for n in 0..count {
        let id = if n + 1 == count {
            last.to_owned()
        } else {
            format!("e{n}")
        };
        let say = if n % 5000 == 4999 { "a needle" } else { "hay" };
        let _ = writeln!(
            text,
            r#"{{"id":"{id}","run_id":"{}","type":"message","data":"{say} {}"}}"#,
            if n % 7 == 3 { "b" } else { "a" },
            "x".repeat(200)
        );
    }
    text
}

fn ids(batch: &Batch) -> Vec<&str> {
    events(&batch.rows)
        .iter()
        .map(|event| event.id.as_str())
        .collect()
}

#[test]
fn the_end_is_the_same_before_the_index_comes_to_it() {
    for (last, expected) in [("end", "end"), ("e1", "e1@40000")] {
        let text = ahead(40_000, last);
        for _ in 0..3 {
            let (_folder, browsed) = browsed(&text);
            let large = only(browsed);
            let run = run_ref("a");
            let of = Stretch::Last;
            let early = large.answer(&Ask::Part { run, of }).unwrap();
            let (all, _) = whole(&large, events_of("a"));
            let known: Vec<String> = events(&all).iter().map(|event| event.id.clone()).collect();
            assert_eq!(ids(&early), known[known.len() - 300..]);
            // Which of two records has the id, is a matter of which was shown first.
            let is_named = ids(&early).last() == Some(&expected)
                || (last == "e1" && ids(&early).last() == Some(&"e1"));
            assert!(is_named, "{:?}", ids(&early).last());
            let unique: std::collections::HashSet<&String> = known.iter().collect();
            assert_eq!(unique.len(), known.len(), "no id names two");
        }
    }
}

/// Takes what says that it is a needle.
struct Needle;

impl Test for Needle {
    fn candidate(&self, records: &[u8]) -> Option<usize> {
        memchr::memmem::find(records, b"needle")
    }

    fn takes(&self, event: &Event) -> bool {
        self.candidate(event.raw.bytes()).is_some()
    }

    fn is_wanted(&self) -> bool {
        true
    }
}

#[test]
fn the_next_match_is_found_from_either_side_in_its_own_run() {
    let large = only(browsed(&ahead(40_000, "end")).1);
    let find = |after, before, last| {
        let test = Sieve(Arc::new(Needle));
        let of = Stretch::Match {
            after,
            before,
            last,
            test,
        };
        let run = run_ref("a");
        let batch = large.answer(&Ask::Part { run, of }).unwrap();
        let found = events(&batch.rows)
            .into_iter()
            .filter(|event| Needle.takes(event));
        let found: Vec<(String, i64)> = found
            .map(|event| (event.id.clone(), event.order.at))
            .collect();
        (found, batch.rows.len())
    };
    // Every five thousandth matches; some of them are of the other run.
    let of_a: Vec<String> = (0..8)
        .map(|n| n * 5000 + 4999)
        .filter(|n| n % 7 != 3)
        .map(|n| {
            if n == 39_999 {
                "end".to_owned()
            } else {
                format!("e{n}")
            }
        })
        .collect();
    let (mut at, mut seen) = (0, Vec::new());
    loop {
        let (found, rows) = find(at, None, false);
        let Some((id, place)) = found.first().cloned() else {
            assert_eq!(rows, 0, "nothing comes where nothing matches");
            break;
        };
        assert!((150..=300).contains(&rows), "{rows}");
        (at, seen) = (place, [seen, vec![id]].concat());
    }
    assert_eq!(seen, of_a);
    let (found, _) = find(0, None, true);
    assert_eq!(found[0].0, of_a[of_a.len() - 1]);
    let (found, _) = find(0, Some(found[0].1), true);
    assert_eq!(found[0].0, of_a[of_a.len() - 2]);
    assert_eq!(find(0, Some(100), true).1, 0);
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
            .map(|batch| events(&batch.rows)[0].order.tie)
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
    assert_eq!((long.id.as_str(), long.order.tie), ("long", 4001));
    assert!(long.raw.len() < 1 << 20, "{}", long.raw.len());
    assert!(
        long.summary
            .as_ref()
            .unwrap()
            .contains("only the beginning")
    );
}
