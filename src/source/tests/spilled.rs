//! Large packed files of plain records: the same answers as of plain ones, from a file that nobody sees.

use std::{
    fmt::Write as _,
    fs::File,
    io::Write as _,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
};

use flate2::{Compression, write::GzEncoder};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::*;

/// Records that do not become small when they are packed.
fn records(count: u64, runs: &[&str]) -> String {
    let mut noise = 1_u64;
    let mut text = String::new();
    for n in 0..count {
        let run = runs[usize::try_from(n).unwrap() % runs.len()];
        let _ = write!(
            text,
            "{{\"id\":\"e{n}\",\"run_id\":\"{run}\",\"type\":\"message\",\"data\":\""
        );
        for _ in 0..40 {
            noise ^= noise << 13;
            noise ^= noise >> 7;
            noise ^= noise << 17;
            let _ = write!(text, "{noise:016x}");
        }
        text.push_str("\"}\n");
    }
    text
}

fn gz(text: &str) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(text.as_bytes()).unwrap();
    packed.finish().unwrap()
}

fn zst(text: &str) -> Vec<u8> {
    compress_to_vec(text.as_bytes(), CompressionLevel::Fastest)
}

/// What is browsed under the name that the plain file has, too; and where it takes its room.
fn browsed(content: &[u8]) -> (tempfile::TempDir, Opened) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    fs::write(&path, content).unwrap();
    let room = folder.path().join("room");
    let opened = Opened::browse_in(&[path], Some(&room)).unwrap();
    (folder, opened)
}

/// The events of a run, and why there are no more.
fn events(source: &Source, run: &str) -> (Vec<Event>, Option<String>) {
    let mut ask = Ask::Events {
        run: run_ref(run),
        page: Page::default(),
    };
    let mut events = Vec::new();
    loop {
        let batch = match source.answer(&ask) {
            Ok(batch) => batch,
            Err(trouble) => return (events, Some(trouble.to_string())),
        };
        events.extend(batch.rows.iter().map(|row| match row.record() {
            Record::Event(event) => event.clone(),
            other => panic!("{other:?}"),
        }));
        match batch.next {
            Some(next) => ask = next,
            None => return (events, None),
        }
    }
}

fn same(text: &str, packed: &[u8], runs: &[&str]) {
    let (_plain, left) = browsed(text.as_bytes());
    let (_packed, right) = browsed(packed);
    let (left, right) = (only(left), only(right));
    assert!(left.has_tails() && right.has_tails());
    for run in runs {
        let (left, right) = (events(&left, run), events(&right, run));
        assert!(left.0.len() > 1000);
        assert_eq!(left, right, "run {run}");
    }
}

#[test]
fn what_is_packed_says_what_the_plain_file_does() {
    let text = records(3500, &["a", "b"]);
    same(&text, &gz(&text), &["a", "b"]);
    same(&text, &zst(&text), &["a", "b"]);
    // Several members and frames, broken within a line, with one between that holds nothing.
    let (first, second) = text.split_at(text.len() / 2);
    let skipped = [0x51, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    same(&text, &[gz(first), gz(second)].concat(), &["a", "b"]);
    let frames = [&skipped[..], &zst(first), &skipped, &zst(second)].concat();
    same(&text, &frames, &["a", "b"]);
}

#[test]
fn what_begins_with_records_of_one_run_is_opened_as_one() {
    assert!(browsed(&gz(&records(3500, &["a"]))).1.is_one_run());
    assert!(!browsed(&gz(&records(3500, &["a", "b"]))).1.is_one_run());
}

#[test]
fn what_is_cut_or_damaged_shows_what_came_before_and_says_so() {
    let text = records(4000, &["a"]);
    for (format, mut packed) in [("gzip", gz(&text)), ("zstd", zst(&text))] {
        let at = packed.len() * 2 / 3;
        let (_folder, opened) = browsed(&packed[..at]);
        let (some, why) = events(&only(opened), "a");
        assert!((2000..3000).contains(&some.len()), "{}", some.len());
        let why = why.unwrap();
        let told = format!("trace.jsonl: the {format} data is cut off at byte {at}");
        assert!(why.contains(&told), "{why}");

        let last = packed.len() - 2;
        packed[last] ^= 0x55;
        let (_folder, opened) = browsed(&packed);
        let (all, why) = events(&only(opened), "a");
        let why = why.unwrap();
        assert!(
            why.contains(&format!("the {format} data is damaged")),
            "{why}"
        );
        assert!(all.len() > 3500, "{}", all.len());
    }
}

#[test]
fn small_files_and_what_is_no_list_of_records_are_unpacked_in_memory() {
    let bundle = format!(
        "{{\"record\":\"header\",\"schema\":\"sortie.bundle/1\"}}\n{}",
        records(3500, &["a"])
    );
    let array = format!("[{}]", records(3500, &["a"]).trim_end().replace('\n', ","));
    for text in [records(1000, &["a"]), bundle, array] {
        for packed in [gz(&text), zst(&text)] {
            let (folder, opened) = browsed(&packed);
            let lazy = opened.sources.iter().any(Source::has_tails);
            assert!(!lazy, "{}", &text[..30]);
            assert!(!folder.path().join("room").exists());
        }
    }
}

#[test]
fn nothing_of_it_lies_in_a_folder_and_nobody_else_can_read_it() {
    let text = records(3500, &["a"]);
    let (folder, opened) = browsed(&gz(&text));
    let room = folder.path().join("room");
    let mode = fs::metadata(&room).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    let lies = || fs::read_dir(&room).unwrap().count();
    assert_eq!(lies(), 0);
    let source = only(opened);
    assert_eq!(events(&source, "a").0.len(), 3500);
    assert_eq!(lies(), 0);
    if let Some(spilled) = spilled(&room) {
        assert_eq!(spilled.mode() & 0o777, 0o600);
        assert_eq!((spilled.nlink(), spilled.len()), (0, text.len() as u64));
    }
    drop(source);
    // The thread that unpacked it has ended, and the one that looks through it ends soon.
    let gone = (0..100).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        spilled(&room).is_none()
    });
    assert!(gone);
}

/// What this process has open and took its room from there.
fn spilled(room: &Path) -> Option<fs::Metadata> {
    let open = fs::read_dir("/proc/self/fd").ok()?;
    let mut paths = open.filter_map(|entry| Some(entry.ok()?.path()));
    let path = paths.find(|path| fs::read_link(path).is_ok_and(|of| of.starts_with(room)))?;
    File::open(path).ok()?.metadata().ok()
}

#[test]
fn without_a_folder_of_its_own_it_lies_among_the_temporary_files() {
    let text = records(3500, &["a"]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("trace.jsonl");
    fs::write(&path, gz(&text)).unwrap();
    // A file where a folder should be.
    let opened = Opened::browse_in(std::slice::from_ref(&path), Some(&path)).unwrap();
    let source = only(opened);
    assert!(source.has_tails());
    assert_eq!(events(&source, "a").0.len(), 3500);
}
