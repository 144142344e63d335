//! Large files that somebody writes on while they are open.

use std::{
    fs::OpenOptions,
    io::Write as _,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use super::*;

fn record(n: usize) -> String {
    let filler = "x".repeat(1000);
    format!(r#"{{"id":"e{n}","run_id":"a","type":"message","data":"{filler}"}}"#)
}

fn records(count: usize) -> String {
    (0..count).map(|n| record(n) + "\n").collect()
}

fn browsed(content: &str) -> (tempfile::TempDir, PathBuf, Source) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    fs::write(&path, content).unwrap();
    let source = only(Opened::browse(std::slice::from_ref(&path)).unwrap());
    // From here on somebody looks at it: it was looked through to its end.
    source.answer(&Ask::Run(run_ref("a"))).unwrap();
    (folder, path, source)
}

fn append(path: &Path, text: &str) {
    let mut file = OpenOptions::new().append(true).open(path).unwrap();
    file.write_all(text.as_bytes()).unwrap();
}

/// Where the event of that number lies.
fn place(source: &Source, number: u64) -> i64 {
    let run = run_ref("a");
    let mut ask = Ask::Events {
        run,
        page: Page::default(),
    };
    loop {
        let batch = source.answer(&ask).unwrap();
        let orders = batch.rows.iter().map(|row| match row.record() {
            Record::Event(event) => event.order,
            other => panic!("{other:?}"),
        });
        let found = orders.into_iter().find(|order| order.tie == number);
        match (found, batch.next) {
            (Some(order), _) => return order.at,
            (None, Some(next)) => ask = next,
            (None, None) => panic!("there is no event {number}"),
        }
    }
}

/// What came behind the event of that number within a moment, until there is as much.
fn news(source: &Source, after: u64, count: usize) -> Vec<(String, u64)> {
    let after = place(source, after);
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        let batch = source.news(&run_ref("a"), Some(after)).unwrap();
        let rows = batch.rows.iter().map(|row| match row.record() {
            Record::Event(event) => (event.id.clone(), event.order.tie),
            other => panic!("{other:?}"),
        });
        let rows: Vec<_> = rows.collect();
        if rows.len() >= count || Instant::now() > until {
            return rows;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

fn none_yet(source: &Source, after: u64) -> bool {
    let after = place(source, after);
    (0..5).all(|_| {
        thread::sleep(Duration::from_millis(20));
        let batch = source.news(&run_ref("a"), Some(after)).unwrap();
        batch.rows.is_empty()
    })
}

#[test]
fn what_is_appended_comes_when_its_line_is_whole() {
    let (_folder, path, source) = browsed(&records(3000));
    assert!(source.may_grow(&run_ref("a")));
    assert!(none_yet(&source, 3000));
    append(&path, &format!("{}\n{}\n", record(3000), record(3001)));
    let came = news(&source, 3000, 2);
    let told = [("e3000".to_owned(), 3001), ("e3001".to_owned(), 3002)];
    assert_eq!(came, told);
    // An id that stands on a record of before is no other record's.
    append(&path, &format!("{}\n", record(5)));
    assert_eq!(news(&source, 3002, 1), [("e5@3003".to_owned(), 3003)]);
    let (half, rest) = (&record(3003)[..500], &record(3003)[500..]);
    append(&path, half);
    assert!(none_yet(&source, 3003));
    append(&path, rest);
    assert!(none_yet(&source, 3003));
    append(&path, "\n");
    assert_eq!(news(&source, 3003, 1), [("e3003".to_owned(), 3004)]);
}

#[test]
fn a_file_that_rests_has_its_last_line_told_as_it_is() {
    let (_folder, path, source) = browsed(&records(3000));
    append(&path, r#"{"id":"last","run_id":"a"}"#);
    assert_eq!(news(&source, 3000, 1), [("last".to_owned(), 3001)]);
    append(&path, &format!("\n{}\n", record(7000)));
    assert_eq!(news(&source, 3001, 1), [("e7000".to_owned(), 3002)]);
}

#[test]
fn the_last_line_is_waited_for_where_somebody_is_writing_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    fs::write(&path, records(3000) + &record(3000)[..500]).unwrap();
    let source = only(Opened::browse(std::slice::from_ref(&path)).unwrap());
    append(&path, &format!("{}\n", &record(3000)[500..]));
    // Waits for the end.
    source.answer(&Ask::Run(run_ref("a"))).unwrap();
    assert_eq!(news(&source, 3000, 1), [("e3000".to_owned(), 3001)]);
}

#[test]
fn the_end_is_that_of_now() {
    let (_folder, path, source) = browsed(&records(3000));
    append(&path, &format!("{}\n", record(3000)));
    let ask = Ask::Part {
        run: run_ref("a"),
        of: crate::model::Stretch::Last,
    };
    // The thread that files records may not be at its end yet.
    let reached = (0..50).any(|_| {
        thread::sleep(Duration::from_millis(20));
        let batch = source.answer(&ask).unwrap();
        batch.rows.last().unwrap().record().id() == "e3000"
    });
    assert!(reached);
}

#[test]
fn a_file_that_shrank_or_is_another_is_followed_no_more() {
    let (_folder, path, source) = browsed(&records(3000));
    append(&path, &format!("{}\n", record(3000)));
    assert_eq!(news(&source, 3000, 1).len(), 1);
    let last = place(&source, 3001);
    fs::write(&path, records(2900)).unwrap();
    let told = source.news(&run_ref("a"), Some(last)).unwrap_err();
    assert!(told.to_string().contains("open it again"), "{told}");

    let (folder, path, source) = browsed(&records(3000));
    let other = folder.path().join("other");
    fs::write(&other, records(4000)).unwrap();
    fs::rename(&other, &path).unwrap();
    let told = source.news(&run_ref("a"), Some(0)).unwrap_err();
    assert!(told.to_string().contains("taken its place"), "{told}");
}
