//! From the command to the screen: the real program on a terminal of its own, until what it is to show
//! stands there. Budgets: 15 ms to the first rows of a file of any size; 50 ms until a start with nothing
//! reachable shows its contexts. The page cache is warm, the folders of configuration and state are new.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{
    fs,
    io::{BufWriter, Read as _, Write as _},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use common::figure::{median, took};
use portable_pty::{CommandBuilder, PtySize, native_pty_system};

const SORTIE: &str = env!("CARGO_BIN_EXE_sortie");
/// Starts for each figure.
const STARTS: usize = if cfg!(debug_assertions) { 1 } else { 15 };
const ROWS: Duration = Duration::from_millis(15);
const CONTEXTS: Duration = Duration::from_millis(50);
/// How the program asks where the cursor is.
const QUESTION: &[u8] = b"\x1b[6n";

fn main() {
    common::budget("15 ms to the first rows of a file, 50 ms to the contexts");
    let starts = (0..STARTS).map(|_| version()).collect();
    took("start, --version", median(starts), None);
    let home = tempfile::tempdir().unwrap();
    for count in common::LOADED {
        let path = home.path().join(format!("trace-{count}.jsonl"));
        write(&path, *count);
        let path = path.to_str().unwrap();
        let starts = (0..STARTS).map(|_| shows(&["open", path], "list_dir", home.path()));
        let what = format!("start with a file of {count} records, first rows");
        took(&what, median(starts.collect()), Some(ROWS));
    }
    let config = home.path().join("config.toml");
    fs::write(
        &config,
        "[contexts.nightly]\nprovider = \"telnyx\"\nbase_url = \"http://127.0.0.1:9/\"\napi_key_env = \"NO_KEY\"\n",
    )
    .unwrap();
    let arguments = ["--config", config.to_str().unwrap()];
    let starts = (0..STARTS).map(|_| shows(&arguments, "nightly", home.path()));
    took(
        "start with nothing reachable, contexts",
        median(starts.collect()),
        Some(CONTEXTS),
    );
    let starts = (0..STARTS).map(|_| shows(&["demo"], "demo-telnyx", home.path()));
    took(
        "start of the demo, contexts",
        median(starts.collect()),
        None,
    );
}

fn version() -> Duration {
    let begun = Instant::now();
    let mut command = Command::new(SORTIE);
    let ended = command.arg("--version").stdout(Stdio::null()).status();
    assert!(ended.unwrap().success());
    begun.elapsed()
}

/// How long it takes until a word is written to the terminal.
fn shows(arguments: &[&str], word: &str, home: &Path) -> Duration {
    let size = PtySize {
        rows: 40,
        cols: 120,
        pixel_width: 0,
        pixel_height: 0,
    };
    let pair = native_pty_system().openpty(size).unwrap();
    let mut command = CommandBuilder::new(SORTIE);
    command.env_clear();
    for (name, value) in [
        ("HOME", home.to_str().unwrap()),
        ("TERM", "xterm-256color"),
        ("LANG", "C.UTF-8"),
        ("NO_KEY", "none"),
    ] {
        command.env(name, value);
    }
    command.args(arguments);
    command.cwd(home);
    let mut reader = pair.master.try_clone_reader().unwrap();
    let mut writer = pair.master.take_writer().unwrap();
    let begun = Instant::now();
    let mut child = pair.slave.spawn_command(command).unwrap();
    drop(pair.slave);
    let (mut written, mut chunk, mut is_answered) = (Vec::new(), [0; 16 << 10], false);
    let mut read = 0;
    let found = loop {
        let count = reader.read(&mut chunk).unwrap_or_default();
        written.extend(chunk.iter().take(count));
        read += 1;
        if !is_answered && memchr::memmem::find(&written, QUESTION).is_some() {
            writer.write_all(b"\x1b[1;2R").unwrap();
            writer.flush().unwrap();
            is_answered = true;
        }
        if memchr::memmem::find(&written, word.as_bytes()).is_some() {
            break begun.elapsed();
        }
        assert!(
            count > 0 && read <= 10_000,
            "{word} is not shown: {}",
            String::from_utf8_lossy(&written)
        );
    };
    let _ = child.kill();
    let _ = child.wait();
    found
}

/// A file of so many records of about 600 bytes.
fn write(path: &Path, count: usize) {
    let mut file = BufWriter::new(fs::File::create(path).unwrap());
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
}
