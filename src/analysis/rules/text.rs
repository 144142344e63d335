//! What plain text says: that it begins as an error message does, that it is a web page, that a program
//! ended badly. Only how a text begins counts; an error that is mentioned further on is a subject.

use super::message::{ends_in_traceback, is_message, is_panic, is_title};
use super::set::RuleSet;
use super::told::{self, Told, ends_in_complaint, is_printed};
use super::words::{PHRASES, SHUT};
use crate::analysis::Rule;

/// How much of a text's beginning is looked at.
const HEAD: usize = 600;

/// The rules that hold by how the text begins. It is decoded and has no blanks in front.
pub(super) fn says(text: &[u8]) -> RuleSet {
    let head = bare(text.get(..HEAD).unwrap_or(text));
    if is_html(head) {
        return if tells_of_a_fault(head) {
            RuleSet::of(Rule::Html).with(RuleSet::WALL)
        } else {
            RuleSet::NONE
        };
    }
    if is_wall(head, text.len()) {
        return RuleSet::of(Rule::Html).with(RuleSet::WALL);
    }
    if let Some(rule) = status_line(head) {
        return RuleSet::of(rule);
    }
    if let Some(rule) = last_line(text) {
        return RuleSet::of(rule);
    }
    if is_lesson(first_line(head)) {
        return RuleSet::NONE;
    }
    let crashed = ends_in_traceback(text);
    let said = RuleSet::of(Rule::Traceback);
    if !is_message(head, text.len(), crashed) {
        if is_printed(head) || ends_in_complaint(text) {
            return said;
        }
        return match told::of(text) {
            None => RuleSet::NONE,
            Some(Told::Undone) => said.with(RuleSet::TOLD),
            Some(Told::Hindered) if is_one_line(text) && is_gone(head) => said.with(RuleSet::SHUT),
            Some(Told::Hindered) => said,
        };
    }
    let line = first_line(head);
    let said = if is_title(text) {
        said.with(RuleSet::TITLE)
    } else {
        said
    };
    if SHUT.iter().any(|word| holds(line, word)) {
        said.with(RuleSet::SHUT)
    } else if crashed || is_panic(head) || begins(head, "panic:") || begins(head, "traceback (") {
        said.with(RuleSet::CRASH)
    } else {
        said
    }
}

/// Whether a line teaches what a fault is.
fn is_lesson(line: &[u8]) -> bool {
    let words = [
        " means ",
        " indicates ",
        " occurs when",
        " happens when",
        " is returned when",
        " is raised when",
        " stands for ",
    ];
    words.iter().any(|word| holds(line, word))
}

fn is_one_line(text: &[u8]) -> bool {
    text.len() <= 160 && memchr::memchr(b'\n', text).is_none()
}

/// Whether what was to be read is not to be had.
fn is_gone(head: &[u8]) -> bool {
    let words = [
        "no longer available",
        "temporarily unavailable",
        "ms exceeded",
        "has expired and",
        "permission",
        "access denied",
        "timed out",
        "not authorized",
    ];
    words.iter().any(|word| holds(head, word))
}

/// Whether the text of a page is one that stands in the way: a door for people who sign in, a test
/// whether somebody is a person.
fn is_wall(head: &[u8], whole: usize) -> bool {
    let doors = [
        "sign in",
        "log in",
        "login",
        "please sign in",
        "please log in",
    ];
    let tests = [
        "just a moment...",
        "just a moment…",
        "checking your browser",
        "verify you are human",
        "verifying you are human",
        "please verify you are a human",
        "are you a robot",
        "enable javascript and cookies",
        "please enable javascript",
        "please enable cookies",
        "attention required!",
        "access to this page has been denied",
        "unusual traffic",
        "pardon our interruption",
        "page not found",
        "sorry, you have been blocked",
        "this page isn't available",
        "this page is not available",
    ];
    let opens = doors.iter().any(|word| begins(head, word)) && holds(head, "password");
    let denied = begins(head, "access denied")
        && ["permission", "reference #", "ray id"]
            .iter()
            .any(|word| holds(head, word));
    whole <= 2000 && (opens || denied || tests.iter().any(|word| begins(head, word)))
}

/// Whether a text is a web page.
pub(super) fn is_html(text: &[u8]) -> bool {
    let text = skip_comment(text);
    begins(text, "<!doctype html") || begins(text, "<html") || begins(text, "<head")
}

pub(super) fn skip_comment(text: &[u8]) -> &[u8] {
    if !begins(text, "<?xml") && !begins(text, "<!--") {
        return text;
    }
    let end = memchr::memchr(b'>', text).map_or(text.len(), |at| at + 1);
    text.get(end..).unwrap_or_default().trim_ascii_start()
}

/// Whether a page's title is the name of a fault.
fn tells_of_a_fault(head: &[u8]) -> bool {
    let marks = ["<title>", "<h1>"];
    let found = marks
        .iter()
        .find_map(|mark| Some(position(head, mark)? + mark.len()));
    let Some(at) = found else {
        return false;
    };
    let title = head.get(at..).unwrap_or_default().trim_ascii_start();
    let end = memchr::memchr(b'<', title).unwrap_or(title.len());
    let title = title.get(..end).unwrap_or_default();
    let faults = [
        "bad gateway",
        "service unavailable",
        "service temporarily unavailable",
        "gateway time",
        "internal server error",
        "forbidden",
        "too many requests",
        "access denied",
        "attention required",
        "just a moment",
        "unauthorized",
        "error",
        "sign in",
        "log in",
        "login",
        "page not found",
        "not found",
        "maintenance",
        "temporarily",
        "captcha",
        "checking your browser",
        "are you a robot",
        "verify",
        "blocked",
        "request rejected",
        "one moment",
        "session expired",
        "service is unavailable",
        "problem loading",
        "site not",
        "runtime error",
        "whoops",
        "oops",
    ];
    leading_status(title).is_some() || faults.iter().any(|fault| begins(title, fault))
}

/// Text without the signs with which some tools set off a message.
fn bare(mut head: &[u8]) -> &[u8] {
    let marks: [&[u8]; 23] = [
        "╷".as_bytes(),
        "│".as_bytes(),
        "╵".as_bytes(),
        "🔴".as_bytes(),
        "❗".as_bytes(),
        "💥".as_bytes(),
        b"*",
        b"#",
        b">",
        b"(",
        b"_",
        "❌".as_bytes(),
        "✗".as_bytes(),
        "✖".as_bytes(),
        "⚠️".as_bytes(),
        "⚠".as_bytes(),
        "🚫".as_bytes(),
        b"**",
        b"# ",
        b"[",
        b"`",
        b"tool ",
        b"\xef\xbb\xbf",
    ];
    for _ in 0..4 {
        let found = marks.iter().find_map(|mark| head.strip_prefix(*mark));
        let Some(rest) = found.filter(|rest| {
            let is_tool = head.starts_with(b"tool ");
            !is_tool || begins(rest, "error")
        }) else {
            break;
        };
        head = rest.trim_ascii_start();
    }
    head
}

/// `HTTP/1.1 404 …`, `HTTP 503: …`, `404 Not Found`, `exit code: 1`.
fn status_line(head: &[u8]) -> Option<Rule> {
    let web = [
        "http/1.1 ",
        "http/1.0 ",
        "http/2 ",
        "http/2.0 ",
        "http ",
        "http error ",
        "status: ",
        "status code: ",
        "http status ",
        "error ",
        "status ",
    ];
    let after = |words: &[&str]| {
        words
            .iter()
            .filter(|word| begins(head, word))
            .find_map(|word| head.get(word.len()..))
    };
    if leading_status(head).is_some() || after(&web).is_some_and(is_status) {
        return Some(Rule::HttpStatus);
    }
    exit_line(head)
}

/// A status with nothing, its name or a sign behind it.
fn is_status(rest: &[u8]) -> bool {
    let next = rest.get(3).copied();
    let ends = next.is_none_or(|b| matches!(b, b':' | b'\n' | b')' | b'-' | b','));
    leading_status(rest).is_some() || ends && leading_code(rest).is_some()
}

/// A line that tells that a program ended badly.
fn exit_line(line: &[u8]) -> Option<Rule> {
    let exits = [
        "exit code: ",
        "exit code ",
        "exit status ",
        "exit status: ",
        "exited with code ",
        "exited with status ",
        "process exited with code ",
        "command exited with code ",
        "command exited with status ",
        "command failed with exit code ",
        "process finished with exit code ",
        "returned non-zero exit status ",
        "return code: ",
    ];
    let found = exits.iter().find(|start| begins(line, start))?;
    let rest = line.get(found.len()..)?;
    let digits = rest.strip_prefix(b"-").unwrap_or(rest);
    let digits = digits.iter().take_while(|b| b.is_ascii_digit()).count();
    let code = rest.get(..digits)?;
    (digits > 0 && code != b"0").then_some(Rule::ExitCode)
}

/// A status of 400 to 599 with its own name behind it.
fn leading_status(text: &[u8]) -> Option<u16> {
    let code = leading_code(text)?;
    let rest = text.get(3..)?.trim_ascii_start();
    let rest = rest
        .strip_prefix(b":")
        .or_else(|| rest.strip_prefix(b"-"))
        .or_else(|| rest.strip_prefix(b"|"))
        .unwrap_or(rest)
        .trim_ascii_start();
    PHRASES
        .iter()
        .any(|name| begins(rest, name))
        .then_some(code)
}

/// Three digits from 400 to 599 that no other follows.
pub(super) fn leading_code(text: &[u8]) -> Option<u16> {
    let digits = text.get(..3)?;
    let next = text.get(3).copied().unwrap_or(b' ');
    if next.is_ascii_alphanumeric()
        || matches!(next, b'.' | b',' | b'%') && text.get(4).is_some_and(u8::is_ascii_digit)
    {
        return None;
    }
    let code: u16 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (400..=599).contains(&code).then_some(code)
}

/// `[exit code: 1]` as the last line, where wrappers of shells put it.
fn last_line(text: &[u8]) -> Option<Rule> {
    let text = text.trim_ascii_end();
    let start = memchr::memrchr(b'\n', text)? + 1;
    let line = text.get(start..)?;
    let line = line.trim_ascii_start();
    let line = line
        .strip_prefix(b"[")
        .or_else(|| line.strip_prefix(b"("))
        .or_else(|| line.strip_prefix(b"<"))
        .unwrap_or(line);
    exit_line(line)
}

/// Whether a text ends with a sign that it was shortened on purpose.
pub(super) fn is_shortened(text: &[u8]) -> bool {
    let tail = text.get(text.len().saturating_sub(48)..).unwrap_or(text);
    let signs = [
        "truncated",
        "omitted",
        "shortened",
        "more characters",
        "more bytes",
    ];
    signs.iter().any(|sign| holds(tail, sign))
        || tail.ends_with("…".as_bytes())
        || tail.ends_with(b"...")
}

/// Whether a text says that there is nothing, so that it is no riddle.
pub(super) fn explains(text: &[u8]) -> bool {
    let head = first_line(text.get(..200).unwrap_or(text));
    let words = ["no ", "none", "nothing", "0 ", "zero "];
    words.iter().any(|word| begins(head, word))
        || ["empty", "no longer", "not found", "no new", "no open"]
            .iter()
            .any(|word| holds(head, word))
}

/// Whether a text is the name of a status of 400 or more.
pub(super) fn is_phrase(text: &[u8]) -> bool {
    PHRASES.iter().any(|name| begins(text, name))
}

pub(super) fn begins(text: &[u8], word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

pub(super) fn holds(text: &[u8], word: &str) -> bool {
    position(text, word).is_some()
}

pub(super) fn position(text: &[u8], word: &str) -> Option<usize> {
    let first = *word.as_bytes().first()?;
    let (low, high) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    memchr::memchr2_iter(low, high, text)
        .find(|at| begins(text.get(*at..).unwrap_or_default(), word))
}

/// The first line.
pub(super) fn first_line(text: &[u8]) -> &[u8] {
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}
