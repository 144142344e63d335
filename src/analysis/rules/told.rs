//! What a short text tells in its first sentences: that the tool was kept from its work, or that what was
//! asked for was not done. The first holds for any tool; the second is an answer where the tool only
//! looks something up, so it is told apart. Texts of subjects, questions and conditions tell nothing.

use std::sync::LazyLock;

use super::needles::Needles;
use super::phrases::{BEFORE, DONE, HINDERED, PAIRS, TRIGGERS, UNDONE};

/// How long a text may be that tells of its own call.
const SHORT: usize = 400;
/// How much of it is looked at.
const HEAD: usize = 256;

/// What a text tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// Something kept the tool from its work.
    Hindered,
    /// What was asked for was not done, or cannot be.
    Undone,
}

/// What the text tells of; none where it is longer than such texts are.
pub(super) fn of(text: &[u8]) -> Option<Told> {
    let whole = text.len();
    let text = super::text::first_line(text);
    if whole > SHORT || !has_trigger(text.get(..HEAD).unwrap_or(text)) {
        return None;
    }
    let mut lower = [0; HEAD];
    let length = text.len().min(HEAD);
    for (to, from) in lower.iter_mut().zip(text) {
        *to = from.to_ascii_lowercase();
    }
    let head = lower.get(..length)?;
    if memchr::memchr(b'?', head).is_some() || is_subject(head) {
        return None;
    }
    let mut hindered = exits(head)
        || PAIRS
            .iter()
            .any(|(a, b)| find(head, a).is_some_and(|_| find(head, b).is_some()));
    let mut undone = false;
    if !hindered {
        hindered = WORDS.any(head, |at, plain| {
            let counts = !(plain && undone) && is_said(head, at, plain);
            undone |= counts && plain;
            counts && !plain
        });
    }
    if hindered {
        return Some(Told::Hindered);
    }
    (undone || is_negated(head)).then_some(Told::Undone)
}

/// What is looked for; whether it tells only that something was not done.
static WORDS: LazyLock<Needles<bool>> = LazyLock::new(|| {
    let hindered = HINDERED.iter().map(|word| (*word, false));
    let undone = UNDONE.iter().map(|word| (*word, true));
    Needles::new(hindered.chain(undone))
});

/// `was not created`, `no booking was made`: a word for what was done, denied.
fn is_negated(head: &[u8]) -> bool {
    let mut left = 0;
    let words = head.split(|b| !b.is_ascii_alphabetic() && *b != b'\'');
    for word in words.filter(|word| !word.is_empty()) {
        match word {
            b"not" | b"wasn't" | b"hasn't" | b"nothing" | b"never" => left = 3,
            b"no" => left = 4,
            b"were" | b"need" | b"needs" | b"yet" | b"be" => left = 0,
            b"made" if left > 0 => return true,
            b"found" | b"passed" | b"ok" | b"success" | b"done" => {}
            _ if left > 0 && DONE.contains(&word) => return true,
            _ => {}
        }
        left = i32::max(left - 1, 0);
    }
    false
}

/// `exit code 2` further on.
fn exits(head: &[u8]) -> bool {
    let words: [&[u8]; 4] = [
        b"exit code ",
        b"exit status ",
        b"exited with code ",
        b"exited with ",
    ];
    words.iter().any(|word| {
        let next = find(head, word).and_then(|at| head.get(at + word.len()));
        next.is_some_and(|digit| matches!(digit, b'1'..=b'9' | b'-'))
    })
}

/// Whether anything in a text sounds of a fault.
pub(super) fn sounds(text: &[u8]) -> bool {
    let text = text.get(..HEAD).unwrap_or(text);
    let more = [
        "down", "slow", "bad ", "over", "denied", "gone", "deny", "only",
    ];
    has_trigger(text) || more.iter().any(|word| super::text::holds(text, word))
}

/// Whether any word is one without which nothing is told: most texts end here.
fn has_trigger(head: &[u8]) -> bool {
    head.split(|b| !b.is_ascii_alphabetic() && *b != b'\'')
        .filter(|word| word.len() > 1)
        .any(|word| TRIGGERS.iter().any(|t| word.eq_ignore_ascii_case(t)))
}

/// Whether a text is about how things are in general.
fn is_subject(head: &[u8]) -> bool {
    let words: [&[u8]; 22] = [
        b"the screen",
        b"the image",
        b"the page",
        b"a screenshot",
        b"customer ",
        b"the customer",
        b"caller ",
        b"the user ",
        b"if ",
        b"when ",
        b"how ",
        b"what ",
        b"why ",
        b"whether ",
        b"to ",
        b"fix",
        b"add ",
        b"the following",
        b"- ",
        b"* ",
        b"1.",
        b"the error",
    ];
    words.iter().any(|word| head.starts_with(word))
}

/// Whether what stands at `at` is said of this call: under no condition, in no quotation, and (`plain`) not
/// behind something that was done.
fn is_said(head: &[u8], at: usize, plain: bool) -> bool {
    let before = head.get(..at).unwrap_or_default();
    let quotes = memchr::memchr_iter(b'"', before).count();
    let is_done = || {
        let words = before.split(|b| !b.is_ascii_alphabetic());
        let mut last: &[u8] = b"";
        words.filter(|word| !word.is_empty()).any(|word| {
            let negated = matches!(last, b"not" | b"no" | b"be" | b"get" | b"already");
            last = word;
            !negated && DONE.contains(&word)
        })
    };
    let quoted = before
        .last()
        .is_some_and(|b| matches!(b, b'\'' | b'`' | 0x98 | 0x9c));
    let is_quoted = quoted || quotes % 2 == 1;
    let is_subject = BEFORE.iter().any(|word| find(before, word).is_some());
    let was_done = plain && is_done();
    !(is_quoted || is_subject || was_done)
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(hay, needle)
}

/// Whether a text is how a program prints a result that failed: `Result(success=False, …)`, or lines
/// of `success: false`.
pub(super) fn is_printed(head: &[u8]) -> bool {
    let head = head.get(..200).unwrap_or(head);
    let name = head
        .iter()
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    if name > 0 && head.get(name) == Some(&b'(') {
        let flags: [&[u8]; 8] = [
            b"success=False",
            b"ok=False",
            b"isError=True",
            b"is_error=True",
            b"error='",
            b"error=\"",
            b"status='error'",
            b"status='failed'",
        ];
        return flags.iter().any(|flag| find(head, flag).is_some());
    }
    let lines: [&str; 12] = [
        "success: false",
        "ok: false",
        "status: error",
        "status: failed",
        "status: failure",
        "result: error",
        "result: failed",
        "result: failure",
        "outcome: failed",
        "state: failed",
        "iserror: true",
        "is_error: true",
    ];
    head.split(|b| *b == b'\n').take(3).any(|line| {
        let line = line.trim_ascii();
        lines
            .iter()
            .any(|flag| line.eq_ignore_ascii_case(flag.as_bytes()))
    })
}

/// Whether one of the last lines of what a program printed is its complaint.
pub(super) fn ends_in_complaint(text: &[u8]) -> bool {
    let starts: [&[u8]; 22] = [
        b"error: ",
        b"fatal: ",
        b"ERROR: ",
        b"FATAL: ",
        b"Error: ",
        b"make: *** ",
        b"npm ERR!",
        b"npm error",
        b"Command timed out",
        b"command timed out",
        b"Killed",
        b"error Command failed",
        b"ERR_PNPM",
        b"BUILD FAILED",
        b"Build failed",
        b"FAILURE: Build failed",
        b"panic: ",
        b"Segmentation fault",
        b"curl: (",
        b"! [rejected]",
        b"Aborted",
        b"E: ",
    ];
    let tail = text.get(text.len().saturating_sub(1024)..).unwrap_or(text);
    let tail = tail.trim_ascii_end();
    let lines = tail.rsplit(|b| *b == b'\n').map(<[u8]>::trim_ascii);
    let several = memchr::memchr(b'\n', tail).is_some();
    several
        && lines
            .filter(|line| !line.is_empty())
            .take(3)
            .any(|line| starts.iter().any(|start| complains(line, start)))
}

/// Whether a line begins so and goes on in words, not in a number.
fn complains(line: &[u8], start: &[u8]) -> bool {
    let next = line.get(start.len());
    line.starts_with(start) && !next.is_some_and(u8::is_ascii_digit)
}
