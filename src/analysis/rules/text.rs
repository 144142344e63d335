//! What plain text says: that it begins as an error message does, that it is a web page, that a program
//! ended badly. Only how a text begins counts; an error that is mentioned further on is a subject.

use super::set::RuleSet;
use super::words::{ALONE, BAD, NO_ERROR, PHRASES, SHUT, STRONG, WEAK};
use crate::analysis::Rule;

/// How much of a text's beginning is looked at.
const HEAD: usize = 600;
/// A text that begins weakly counts only when it is about as long as messages are.
const SHORT: usize = 500;

/// The rules that hold by how the text begins. It is decoded and has no blanks in front.
pub(super) fn says(text: &[u8]) -> RuleSet {
    let head = bare(text.get(..HEAD).unwrap_or(text));
    if is_html(head) {
        return if tells_of_a_fault(head) {
            RuleSet::of(Rule::Html)
        } else {
            RuleSet::NONE
        };
    }
    if let Some(rule) = status_line(head) {
        return RuleSet::of(rule);
    }
    if !is_message(head, text.len()) {
        return RuleSet::NONE;
    }
    let said = RuleSet::of(Rule::Traceback);
    let line = first_line(head);
    if SHUT.iter().any(|word| holds(line, word)) {
        said.with(RuleSet::SHUT)
    } else if is_panic(head) || begins(head, "panic:") || begins(head, "traceback (") {
        said.with(RuleSet::CRASH)
    } else {
        said
    }
}

/// Whether a text is a web page.
pub(super) fn is_html(text: &[u8]) -> bool {
    let text = skip_comment(text);
    begins(text, "<!doctype html") || begins(text, "<html") || begins(text, "<head")
}

fn skip_comment(text: &[u8]) -> &[u8] {
    if !begins(text, "<?xml") && !begins(text, "<!--") {
        return text;
    }
    let end = memchr::memchr(b'>', text).map_or(text.len(), |at| at + 1);
    text.get(end..).unwrap_or_default().trim_ascii_start()
}

/// Whether a page's title is the name of a fault.
fn tells_of_a_fault(head: &[u8]) -> bool {
    let Some(at) = position(head, "<title>") else {
        return false;
    };
    let title = head.get(at + 7..).unwrap_or_default().trim_ascii_start();
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
    ];
    leading_status(title).is_some() || faults.iter().any(|fault| begins(title, fault))
}

/// Text without the signs with which some tools set off a message.
fn bare(mut head: &[u8]) -> &[u8] {
    let marks: [&[u8]; 12] = [
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
    if leading_status(head).is_some() || after(&web).and_then(leading_code).is_some() {
        return Some(Rule::HttpStatus);
    }
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
    let rest = after(&exits)?;
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

fn is_message(head: &[u8], whole: usize) -> bool {
    if let Some(rest) = after_error(head) {
        let rest = rest.trim_ascii_start();
        return !NO_ERROR.iter().any(|word| {
            let next = rest.get(word.len()).copied();
            begins(rest, word) && !next.is_some_and(|b| b.is_ascii_alphanumeric())
        });
    }
    STRONG.iter().any(|word| begins(head, word))
        || is_class_name(head)
        || is_panic(head)
        || is_shell(head)
        || is_xml_error(head)
        || whole <= SHORT && is_weak(head)
}

/// What follows `error:` and the like.
fn after_error(head: &[u8]) -> Option<&[u8]> {
    let words = [
        "error:",
        "error -",
        "error!",
        "error]",
        "exception:",
        "err:",
        "error code:",
        "error message:",
        "error**:",
        "error:**",
        "error in ",
        "error at ",
        "error (",
        "error[",
    ];
    let word = words.iter().find(|word| begins(head, word))?;
    // "error in" and "error at" are as often subjects: only where a colon ends the place
    if matches!(*word, "error in " | "error at ") && !has_place(head) {
        return None;
    }
    head.get(word.len()..)
}

/// Whether a colon ends the place of an error soon.
fn has_place(head: &[u8]) -> bool {
    let line = first_line(head.get(..60).unwrap_or(head));
    let end = line.iter().position(|b| matches!(b, b':' | b'?' | b','));
    end.is_some_and(|end| line.get(end) == Some(&b':'))
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

/// `ValueError: …`, `java.io.IOException: …`.
fn is_class_name(head: &[u8]) -> bool {
    let is_part = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'$' | b':');
    let mut length = head.iter().take_while(|b| is_part(b)).count();
    while length > 0 && head.get(length - 1) == Some(&b':') {
        length -= 1;
    }
    let name = head.get(..length).unwrap_or_default();
    // a colon inside belongs to the message, unless it is one of a path (`a::b`)
    let name = match name
        .windows(2)
        .position(|pair| pair[..] != *b"::" && pair.first() == Some(&b':'))
    {
        Some(at) if name.get(at.wrapping_sub(1)) != Some(&b':') => name.get(..at).unwrap_or(name),
        _ => name,
    };
    let next = head.get(name.len()).copied();
    let ends = ["Error", "Exception", "Fault", "Timeout", "Failure"];
    let is_class = ends.iter().any(|end| {
        name.strip_suffix(end.as_bytes())
            .is_some_and(|stem| !stem.is_empty())
    });
    is_class && matches!(next, None | Some(b':' | b'\n' | b'(')) && !name.is_empty()
}

/// `thread 'main' panicked at …`.
fn is_panic(head: &[u8]) -> bool {
    begins(head, "thread '") && holds(first_line(head), "panicked at")
        || begins(head, "goroutine ") && holds(first_line(head), "[running]")
}

/// `bash: foo: command not found`, `cat: x: No such file or directory`.
fn is_shell(head: &[u8]) -> bool {
    let line = first_line(head);
    let ends = [
        ": command not found",
        ": no such file or directory",
        ": permission denied",
        ": not found",
        ": is a directory",
        ": connection refused",
    ];
    ends.iter().any(|end| {
        let tail = line
            .len()
            .checked_sub(end.len())
            .and_then(|at| line.get(at..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end.as_bytes()))
    }) && line.len() < 240
}

/// `<?xml …?><Error>…`.
fn is_xml_error(head: &[u8]) -> bool {
    let text = skip_comment(head);
    ["<error>", "<error ", "<fault>", "<soap:fault", "<exception"]
        .iter()
        .any(|word| begins(text, word))
}

fn is_weak(head: &[u8]) -> bool {
    let alone = ALONE.iter().any(|word| {
        let rest = head.get(word.len()..).unwrap_or_default();
        begins(head, word) && matches!(rest.first(), None | Some(b':' | b'.' | b'!' | b'\n'))
    });
    alone
        || WEAK.iter().any(|word| {
            let open = matches!(
                *word,
                "request to " | "access to " | "sorry, " | "i'm sorry, "
            );
            begins(head, word) && (!open || BAD.iter().any(|bad| holds(first_line(head), bad)))
        })
}

pub(super) fn begins(text: &[u8], word: &str) -> bool {
    text.get(..word.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

fn holds(text: &[u8], word: &str) -> bool {
    position(text, word).is_some()
}

fn position(text: &[u8], word: &str) -> Option<usize> {
    text.windows(word.len())
        .position(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

/// The first line.
pub(super) fn first_line(text: &[u8]) -> &[u8] {
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    text.get(..end).unwrap_or(text)
}
