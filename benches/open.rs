//! What opening a file of plain records line by line costs: to its first rows, to its last ones, and to
//! know where all of its records lie. Budgets: 15 ms to the first rows at any size, with the program's start
//! and a frame; 1.2 s of CPU for one million records. The page cache is warm.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod common;

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::PathBuf,
};

use common::LOADED;
use divan::{Bencher, counter::BytesCount};
use sortie::{
    model::{Ask, Page, RunRef, Stretch},
    source::{Opened, Source},
};

fn main() {
    common::budget("15 ms to the first rows at any size; 1.2 s of CPU for a million records");
    common::figure::budget_of("to_first_rows/*", "at most 15 ms");
    common::figure::budget_of("to_last_rows/*", "at most 1.2 s");
    divan::main();
}

/// A file of so many records of about 600 bytes, and its size.
fn written(folder: &tempfile::TempDir, count: usize) -> (PathBuf, u64) {
    let path = folder.path().join("trace.jsonl");
    let mut file = BufWriter::new(fs::File::create(&path).unwrap());
    let words = "retry parse budget the latency of a stream ".repeat(10);
    for n in 0..count {
        let (second, millis) = (n / 1000 % 60, n % 1000);
        let minute = n / 60_000 % 60;
        writeln!(
            file,
            r#"{{"seq":{n},"type":"tool_call","ts":"2026-03-01T00:{minute:02}:{second:02}.{millis:03}Z","run_id":"run-0","agent":"planner","id":"evt_{n:016x}","data":{{"tool":"list_dir","call_id":"call_{n}","arguments":{{"query":"{words}"}}}}}}"#
        )
        .unwrap();
    }
    file.flush().unwrap();
    let size = fs::metadata(&path).unwrap().len();
    (path, size)
}

fn source(path: &PathBuf) -> Source {
    let mut opened = Opened::browse(std::slice::from_ref(path)).unwrap();
    opened.sources.remove(0)
}

fn run() -> RunRef {
    RunRef {
        mission: "trace.jsonl".into(),
        run: "run-0".into(),
        room: None,
    }
}

#[divan::bench(args = LOADED, sample_count = 10, sample_size = 1)]
fn to_first_rows(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (path, _) = written(&folder, count);
    let page = Page::default();
    bencher.bench(|| {
        let ask = Ask::Events {
            run: run(),
            page: page.clone(),
        };
        source(&path).answer(&ask).unwrap().rows.len()
    });
}

#[divan::bench(args = LOADED, sample_count = 5, sample_size = 1)]
fn to_last_rows(bencher: Bencher, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (path, size) = written(&folder, count);
    bencher.counter(BytesCount::new(size)).bench(|| {
        let source = source(&path);
        let ask = if source.has_tails() {
            Ask::Part {
                run: run(),
                of: Stretch::Last,
            }
        } else {
            Ask::Run(run())
        };
        source.answer(&ask).unwrap().rows.len()
    });
}
