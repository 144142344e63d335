//! More than there is room for: large bodies, small ones that unpack to large ones, pages of a hundred
//! thousand rows. How much memory they take is measured in a process that does nothing else.

use std::io::Write as _;
use std::process::Command;

use flate2::write::DeflateEncoder;
use sortie::model::{Ask, Limit, Page, Record, RunRef};
use sortie::provider::telnyx::Telnyx;

use super::{patient, second_page, suffer, suffer_for};
use crate::server::{Say, Server, reply};

const MIB: u64 = 1024 * 1024;
/// What the sockets of both sides may hold besides what was taken.
const BUFFERS: u64 = 16 * MIB;
const APART: &str = "SORTIE_TEST_APART";
const TOO_LARGE: &str = "the answer is larger than 64 MiB";

/// Does `work` in a process of its own, which runs this very test alone, and fails if that took more
/// than so many MiB at any time. Where the system does not tell, the work is done all the same.
fn in_at_most(mib: u64, test: &str, work: impl Future<Output = ()>) {
    if std::env::var_os(APART).is_some() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.unwrap().block_on(work);
        return;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .env(APART, "1")
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}{failed}");
    assert!(told.contains("1 passed"), "no test named {test}: {told}");
    if let Some(peak) = told.lines().find_map(|line| line.strip_prefix("peak: ")) {
        let peak: u64 = peak.parse().unwrap();
        assert!(peak <= mib * 1024, "{test} took {peak} KiB");
    }
}

/// Tells the other process how much memory this one took at most so far.
fn tell_peak() {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    if let Some(peak) = peak {
        let mut out = std::io::stdout().lock();
        writeln!(out, "\npeak: {}", peak.trim()).unwrap();
    }
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_not_begun() {
    let server = second_page(|_| {
        let head = "HTTP/1.1 200 x\r\ncontent-length: 68157440\r\n\r\n";
        vec![Say::Bytes(head.into()), Say::Hang]
    })
    .await;
    let suffered = suffer(patient(&server.url)).await;
    assert_eq!(suffered.words(), TOO_LARGE);
    let hint = suffered.trouble.as_ref().unwrap().hint();
    assert_eq!(hint, "Open it in the service's console.");
    assert_eq!(suffered.ids(), ["a", "b"]);
    assert_eq!(server.log.count(), 2, "it will not be smaller next time");
}

#[test]
fn a_body_without_an_end_is_left_at_the_limit() {
    let test = "faults::size::a_body_without_an_end_is_left_at_the_limit";
    in_at_most(128, test, async {
        let server = second_page(|_| {
            let head = b"HTTP/1.1 200 x\r\nconnection: close\r\n\r\n".to_vec();
            vec![
                Say::Bytes(head),
                Say::Again(vec![b' '; 256 * 1024], 4 * 300),
            ]
        })
        .await;
        let suffered = suffer(patient(&server.url)).await;
        assert_eq!(suffered.words(), TOO_LARGE);
        assert_eq!(suffered.ids(), ["a", "b"]);
        let written = server.log.written();
        assert!(written <= 64 * MIB + BUFFERS, "{written} bytes were taken");
        tell_peak();
    });
}

/// A stream of gzip that never ends: its beginning, and a piece of some bytes that unpacks to 1 MiB
/// wherever it stands.
fn bomb() -> (Vec<u8>, Vec<u8>) {
    let head = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];
    let mut encoder = DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    // A flush ends on a whole byte. The window that the next piece refers to holds blanks again.
    encoder.flush().unwrap();
    let piece = encoder.get_ref().clone();
    (head, piece)
}

#[test]
fn a_gzip_bomb_is_stopped_at_the_limit() {
    let test = "faults::size::a_gzip_bomb_is_stopped_at_the_limit";
    in_at_most(128, test, async {
        let (head, piece) = bomb();
        assert!(piece.len() < 8 * 1024, "{}", piece.len());
        let server = second_page(move |_| {
            let begin = "HTTP/1.1 200 x\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
            let mut bytes = begin.as_bytes().to_vec();
            bytes.extend_from_slice(&head);
            // 100 GiB of blanks.
            vec![Say::Bytes(bytes), Say::Again(piece.clone(), 100 * 1024)]
        })
        .await;
        let suffered = suffer(patient(&server.url)).await;
        assert_eq!(suffered.words(), TOO_LARGE);
        assert_eq!(suffered.ids(), ["a", "b"]);
        tell_peak();
    });
}

#[tokio::test]
async fn a_head_without_an_end_is_left() {
    let server = second_page(|_| {
        let line = format!("x-more: {}\r\n", "y".repeat(8_000));
        vec![
            Say::Bytes(b"HTTP/1.1 200 x\r\n".to_vec()),
            Say::Again(line.into_bytes(), 10_000),
        ]
    })
    .await;
    let suffered = suffer(patient(&server.url)).await;
    assert_eq!(
        suffered.words(),
        "the answer is not what this service sends: no HTTP, message head is too large"
    );
    assert_eq!(suffered.ids(), ["a", "b"]);
    assert!(server.log.written() < BUFFERS, "{}", server.log.written());
}

#[test]
fn a_hundred_thousand_rows_in_one_page() {
    let test = "faults::size::a_hundred_thousand_rows_in_one_page";
    in_at_most(256, test, async {
        let rows: Vec<String> = (0..100_000)
            .map(|n| format!(r#"{{"event_id":"e{n}","type":"custom","summary":"s {n}","timestamp":"2026-08-03T21:00:00Z"}}"#))
            .collect();
        let body = format!(
            r#"{{"data":[{}],"meta":{{"total_pages":1}}}}"#,
            rows.join(",")
        );
        drop(rows);
        let server = Server::saying(move |_| reply(200, "", &body)).await;
        let mut telnyx = patient(&server.url);
        telnyx.provider = &Telnyx;
        let run = RunRef {
            mission: "m".into(),
            run: "r".into(),
            room: None,
        };
        let page = Page::default();
        // The harness fails where one mail holds more than 500 of them.
        let suffered = suffer_for(telnyx, Ask::Events { run, page }, Limit::NONE).await;
        assert_eq!(suffered.trouble, None);
        let rows = suffered.records.iter();
        let events = rows.filter(|record| matches!(record, Record::Event(_)));
        assert_eq!((events.count(), suffered.skipped), (100_000, 0));
        tell_peak();
    });
}
