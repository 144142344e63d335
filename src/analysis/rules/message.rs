//! Whether a text is a message about a fault: by its first words, by the name of an exception, by what
//! shells and network libraries print. What is only weak as a sign counts in short texts.

use super::text::{begins, first_line, holds, position, skip_comment};
use super::words::{ABROAD, ALONE, APOLOGIES, BAD, BEGINNINGS, NO_ERROR, PHRASES, STRONG, WEAK};

/// A text that begins weakly counts only when it is about as long as messages are.
const SHORT: usize = 500;

pub(super) fn is_message(head: &[u8], whole: usize, ends_in_traceback: bool) -> bool {
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
        || is_errno(head)
        || is_xml_error(head)
        || is_loud(head)
        || ends_in_traceback
        || whole <= SHORT && (is_weak(head) || is_told(head) || is_abroad(head) || is_network(head))
        || whole <= 2 * SHORT && is_apology(head)
}

/// Whether a text is no more than the name of a fault: a state, a label or a heading as often as a message.
pub(super) fn is_title(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let text = text.strip_suffix(b".").unwrap_or(text);
    let text = text.strip_suffix(b"!").unwrap_or(text);
    let is = |word: &&str| word.as_bytes().eq_ignore_ascii_case(text);
    ALONE.iter().chain(PHRASES).any(is)
}

/// `EROFS: read-only file system`.
fn is_errno(head: &[u8]) -> bool {
    let names: [&[u8]; 16] = [
        b"EROFS",
        b"ENOSPC",
        b"EPERM",
        b"EEXIST",
        b"EISDIR",
        b"ENOTDIR",
        b"EBUSY",
        b"EMFILE",
        b"EPIPE",
        b"ECONNRESET",
        b"EHOSTUNREACH",
        b"ENOTEMPTY",
        b"EINVAL",
        b"EADDRINUSE",
        b"EAI_AGAIN",
        b"ENOTFOUND",
    ];
    names.iter().any(|name| {
        let rest = head.strip_prefix(*name);
        rest.is_some_and(|rest| matches!(rest.first(), None | Some(b':' | b' ')))
    })
}

/// Whether somebody says that he could not do it.
fn is_apology(head: &[u8]) -> bool {
    let sorry = [
        "sorry, ",
        "i'm sorry, ",
        "i am sorry, ",
        "sorry - ",
        "apologies, ",
    ];
    if memchr::memchr(b'?', first_line(head)).is_some() {
        return false;
    }
    APOLOGIES.iter().any(|start| begins(head, start))
        || sorry.iter().any(|start| begins(head, start))
            && BAD.iter().any(|bad| holds(first_line(head), bad))
}

/// Whether a short text tells of a fault in another language.
fn is_abroad(head: &[u8]) -> bool {
    ABROAD.iter().any(|start| begins(head, start))
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

/// Whether a text ends with a Python traceback: the call of it, then the error as its last line.
pub(super) fn ends_in_traceback(text: &[u8]) -> bool {
    let tail = text.get(text.len().saturating_sub(8192)..).unwrap_or(text);
    let text = tail.trim_ascii_end();
    let Some(at) = memchr::memrchr(b'\n', text) else {
        return false;
    };
    let last = text.get(at + 1..).unwrap_or_default();
    let called: [&[u8]; 2] = [b"\nTraceback (most recent call last)", b"File \""];
    let called = called
        .iter()
        .any(|call| memchr::memmem::find(text, call).is_some());
    is_class_name(last) && called || ends_in_stack(text)
}

/// Whether the last thing in a text is the name of an error with its stack, as JavaScript prints it.
fn ends_in_stack(text: &[u8]) -> bool {
    let mut lines = text.rsplit(|b| *b == b'\n');
    let mut frames = lines
        .by_ref()
        .skip_while(|line| line.starts_with(b"    at "));
    let named = frames.next().is_some_and(is_class_name);
    named && memchr::memmem::find(text, b"\n    at ").is_some()
}

/// `ERROR 1045 (28000): …`, `FATAL …`: levels that only programs write.
fn is_loud(head: &[u8]) -> bool {
    let starts: [&[u8]; 12] = [
        b"ERROR ",
        b"FATAL ",
        b"FATAL:",
        b"CRITICAL ",
        b"CRITICAL:",
        b"E: ",
        b"ORA-",
        b"SQLSTATE",
        b"ERR_",
        b"make: ***",
        b"error TS",
        b"Aborted (core",
    ];
    starts.iter().any(|start| head.starts_with(start))
}

/// `Search failed: …`, `Validation error: …`, `The request timed out.`: a few words, then what went
/// wrong, in a short text.
fn is_told(head: &[u8]) -> bool {
    let line = first_line(head);
    if line.first().is_some_and(u8::is_ascii_digit) {
        return false;
    }
    let faults: [(&str, &[u8]); 7] = [
        (" error:", b""),
        (" exception:", b""),
        (" failed:", b""),
        (" failure:", b""),
        (" failed", b".!(,"),
        (" failed with ", b""),
        (" timed out", b".!:, "),
    ];
    faults.iter().any(|(fault, next)| {
        let Some(at) = position(line, fault) else {
            return false;
        };
        let before = line.get(..at).unwrap_or_default();
        let after = line.get(at + fault.len()).copied();
        let words = before.split(|b| *b == b' ').count();
        let most = if fault.ends_with(':') { 2 } else { 6 };
        let plain = before
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || b" ._-/'\"`".contains(b));
        words <= most && plain && (next.is_empty() || after.is_none_or(|b| next.contains(&b)))
    }) || BEGINNINGS.iter().any(|start| begins(line, start))
}

/// Whether a short text is what a network library says.
fn is_network(head: &[u8]) -> bool {
    let line = first_line(head);
    let words = [
        "econnrefused",
        "enotfound",
        "etimedout",
        "econnreset",
        "no such host",
        "i/o timeout",
        ": dial tcp",
        "connection refused",
        "certificate verify failed",
        "could not resolve host",
        "max retries exceeded",
    ];
    words.iter().any(|word| holds(line, word))
}

/// Whether a colon ends the place of an error soon.
fn has_place(head: &[u8]) -> bool {
    let line = first_line(head.get(..60).unwrap_or(head));
    let end = line.iter().position(|b| matches!(b, b':' | b'?' | b','));
    end.is_some_and(|end| line.get(end) == Some(&b':'))
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
    let module = [&b".errors."[..], b".exceptions."];
    if next == Some(b':')
        && module
            .iter()
            .any(|part| memchr::memmem::find(name, part).is_some())
    {
        return true;
    }
    let ends = ["Error", "Exception", "Fault", "Timeout", "Failure"];
    let is_class = ends.iter().any(|end| {
        name.strip_suffix(end.as_bytes())
            .is_some_and(|stem| !stem.is_empty())
    });
    is_class && matches!(next, None | Some(b':' | b'\n' | b'(')) && !name.is_empty()
}

/// `thread 'main' panicked at …`.
pub(super) fn is_panic(head: &[u8]) -> bool {
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
    let roots = [
        "<error>",
        "<error ",
        "<errors>",
        "<errorresponse",
        "<fault>",
        "<soap:fault",
        "<exception",
        "<serviceexception",
        "<response><error",
    ];
    // an envelope of any name round a fault
    let wrapped = begins(text, "<")
        && ["<faultstring", ":fault>", ":fault "]
            .iter()
            .any(|word| holds(text, word));
    wrapped || roots.iter().any(|word| begins(text, word))
}

fn is_weak(head: &[u8]) -> bool {
    let line = first_line(head);
    if memchr::memchr(b'?', line).is_some() || holds(line, " may be ") {
        return false;
    }
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
