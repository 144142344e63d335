//! Questions to the terminal and their answers. One that a terminal may not know is followed by one that
//! nearly every terminal answers, so that nobody waits for an answer that will not come. Keys typed
//! meanwhile are lost.

use std::io::{self, Stdin, Write};
use std::time::{Duration, Instant};

use crossterm::terminal;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{QueueSelector, tcflush};

use super::ANSWER_LIMIT;

/// An answer that breaks off goes on as long as it is not quiet for that long, and no longer than that.
const QUIET: Duration = Duration::from_millis(200);
const REST_LIMIT: Duration = Duration::from_secs(3);

/// What every terminal answers: what it is.
const FENCE: &str = "\x1b[c";

/// The terminal in raw mode, until it is dropped. Only while it is there can anything be asked.
pub(super) struct Raw(());

impl Raw {
    pub fn enter() -> io::Result<Self> {
        terminal::enable_raw_mode().map(|()| Self(()))
    }
}

/// What it calls itself (XTVERSION).
pub(super) fn name(_: &Raw) -> Option<String> {
    let answer = fenced("\x1b[>0q").ok()?;
    name_in(&answer)
}

/// How many columns a text takes.
pub(super) fn columns(_: &Raw, text: &str) -> Option<u16> {
    let question = format!("\r{text}\x1b[6n");
    let answer = ask(&question, |answer| column_in(answer).is_some()).ok()?;
    let _ = put("\r\x1b[K");
    column_in(&answer)?.checked_sub(1)
}

/// What its clipboard holds, as base64; none where it does not tell.
pub(super) fn clipboard(_: &Raw) -> Option<String> {
    let answer = fenced("\x1b]52;c;?\x07").ok()?;
    clipboard_in(&answer)
}

/// Puts that on its clipboard.
pub(super) fn put_clipboard(_: &Raw, base64: &str) {
    let _ = put(&format!("\x1b]52;c;{base64}\x07"));
}

/// What comes until the question behind this one is answered.
fn fenced(question: &str) -> io::Result<String> {
    ask(&format!("{question}{FENCE}"), is_over)
}

/// What comes until that is enough, or the limit passes.
fn ask(question: &str, is_enough: impl Fn(&str) -> bool) -> io::Result<String> {
    put(question)?;
    let stdin = io::stdin();
    let until = Instant::now() + ANSWER_LIMIT;
    let mut answer = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&answer).into_owned();
        let left = until.saturating_duration_since(Instant::now());
        if is_enough(&text) {
            return Ok(text);
        }
        let more = next(&stdin, left)?;
        if more.is_empty() {
            if !answer.is_empty() {
                drain(&stdin)?;
            }
            return Ok(text);
        }
        answer.extend(more);
    }
}

/// What comes within that time; nothing where nothing does, or where the terminal is gone.
fn next(stdin: &Stdin, within: Duration) -> io::Result<Vec<u8>> {
    let limit = Timespec::try_from(within).map_err(io::Error::other)?;
    let mut fds = [PollFd::new(stdin, PollFlags::IN)];
    if within.is_zero() || poll(&mut fds, Some(&limit))? == 0 {
        return Ok(Vec::new());
    }
    let mut bytes = vec![0; 4096];
    let read = rustix::io::read(stdin, bytes.as_mut_slice())?;
    bytes.truncate(read);
    Ok(bytes)
}

/// Takes the rest of an answer that is late, so that it is not the answer to the next question, nor typed
/// into the shell.
fn drain(stdin: &Stdin) -> io::Result<()> {
    let until = Instant::now() + REST_LIMIT;
    while Instant::now() < until && !next(stdin, QUIET)?.is_empty() {}
    Ok(())
}

fn put(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

impl Drop for Raw {
    fn drop(&mut self) {
        // What nobody read by now is no command for the shell.
        let _ = tcflush(io::stdin(), QueueSelector::IFlush);
        let _ = terminal::disable_raw_mode();
    }
}

/// Whether the fence was answered: `ESC [ ? … c`.
fn is_over(answer: &str) -> bool {
    let mut reports = answer.split("\x1b[?").skip(1);
    reports.any(|report| {
        let digits = report.trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        digits.starts_with('c')
    })
}

/// `ESC P > | NAME ESC \`
pub(super) fn name_in(answer: &str) -> Option<String> {
    let (_, rest) = answer.split_once("\x1bP>|")?;
    let (name, _) = rest.split_once("\x1b\\")?;
    (!name.is_empty()).then(|| name.to_owned())
}

/// `ESC [ row ; column R`
pub(super) fn column_in(answer: &str) -> Option<u16> {
    answer.split("\x1b[").skip(1).find_map(|report| {
        let (numbers, _) = report.split_once('R')?;
        let (row, column) = numbers.split_once(';')?;
        row.parse::<u16>().ok()?;
        column.parse().ok()
    })
}

/// `ESC ] 52 ; … ; BASE64`, ended by a bell or by `ESC \`.
pub(super) fn clipboard_in(answer: &str) -> Option<String> {
    let (_, rest) = answer.split_once("\x1b]52;")?;
    let (_, rest) = rest.split_once(';')?;
    let end = rest.find(['\x07', '\x1b'])?;
    rest.get(..end).map(str::to_owned)
}
