//! What is given to a name in text: where it begins and ends, and whether it is a secret or speaks of one.
//! Code that fetches a secret, a stand-in for one and a word about one are none.

use crate::{guard::mask_json::says_nothing, text::keys};

/// Bytes of a value at most.
const LONGEST_VALUE: usize = 16 << 10;
/// The same without quotes.
const LONGEST_WORD: usize = 4 << 10;

pub(super) fn byte(text: &[u8], at: usize) -> Option<u8> {
    text.get(at).copied()
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

pub(super) fn is_quote(byte: u8) -> bool {
    matches!(byte, b'"' | b'\'' | b'`')
}

/// How many of the bytes from `at` on are such.
pub(super) fn count(text: &[u8], at: usize, is: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().take_while(|byte| is(**byte)).count()
}

/// A value and how it is written.
pub(super) struct Value {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_quoted: bool,
}

/// The value that begins at `from`, behind blanks.
pub(super) fn value(text: &[u8], from: usize) -> Option<Value> {
    let mut at = from + count(text, from, is_blank).min(4);
    let escaped = byte(text, at) == Some(b'\\') && byte(text, at + 1).is_some_and(is_quote);
    at += usize::from(escaped);
    let quote = byte(text, at).filter(|byte| is_quote(*byte));
    let start = at + usize::from(quote.is_some());
    let longest = if quote.is_some() {
        LONGEST_VALUE
    } else {
        LONGEST_WORD
    };
    let rest = text.get(start..text.len().min(start + longest))?;
    let ends = |byte: &u8| match quote {
        Some(quote) => *byte == quote || *byte == b'\n' || escaped && *byte == b'\\',
        None => {
            byte.is_ascii_whitespace()
                || is_quote(*byte)
                || matches!(
                    byte,
                    b';' | b',' | b'&' | b'<' | b')' | b'}' | b']' | b'|' | b'\\'
                )
        }
    };
    let len = rest.iter().position(ends).unwrap_or(rest.len());
    let part = rest.get(..len)?;
    // a sentence ends behind it, or it is cut there
    let len = match quote {
        None => part
            .strip_suffix("…".as_bytes())
            .unwrap_or(part)
            .trim_ascii_end()
            .len(),
        Some(_) => len,
    };
    let dots = part
        .get(..len)?
        .iter()
        .rev()
        .take_while(|byte| **byte == b'.')
        .count();
    let end = start + len - if quote.is_none() { dots } else { 0 };
    (end > start).then_some(Value {
        start,
        end,
        is_quoted: quote.is_some(),
    })
}

/// Whether a value under the name of a secret is one. `is_tight` says that it stands right behind the sign
/// or is written as data, so that a plain word will do.
pub(super) fn is_value(says: &[u8], name: &str, is_quoted: bool, is_tight: bool) -> bool {
    let Ok(text) = std::str::from_utf8(says) else {
        return says.len() > 3;
    };
    let least = if is_tight || is_quoted { 3 } else { 5 };
    if text.chars().count() < least || says_nothing(text) || stands_in(text) {
        return false;
    }
    let digits = says.iter().filter(|b| b.is_ascii_digit()).count();
    if digits == says.len() {
        return digits >= 6 || name.contains("pass") || name.contains("pwd");
    }
    if says.contains(&b' ') {
        return is_quoted && name.contains("pass") && digits > 0;
    }
    if (!is_quoted || says.contains(&b'(')) && is_expression(says) {
        return false;
    }
    let is_word = says
        .iter()
        .all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-' | b'.'));
    if !is_word {
        return true;
    }
    // words: what somebody set a password to, and not what somebody says of one
    let is_password = name.contains("pass") || name.contains("pwd") || name.contains("secret");
    let both =
        says.iter().any(u8::is_ascii_lowercase) && says.iter().skip(1).any(u8::is_ascii_uppercase);
    let is_sent = name.ends_with("authorization") && both && says.len() >= 8;
    let is_mixed = is_mixed(says) && says.len() >= 8 || is_sent;
    is_mixed || is_tight && is_password || is_quoted && is_password
}

/// Whether some words in quotes are what a variable of the environment is set to, and not said of it.
pub(super) fn is_set_to(says: &[u8], name: &str) -> bool {
    const SAID: [&str; 14] = [
        "key", "the", "a", "an", "is", "your", "not", "set", "enter", "please", "no", "for", "of",
        "to",
    ];
    let Ok(text) = std::str::from_utf8(says) else {
        return false;
    };
    let is_said = |word: &str| {
        SAID.iter().any(|said| said.eq_ignore_ascii_case(word))
            || keys::tells(word) != keys::Tells::Nothing
    };
    let is_variable = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_';
    name.bytes().all(is_variable)
        && text.contains(' ')
        && text.len() >= 8
        && !says_nothing(text)
        && !stands_in(text)
        && !text.contains(['$', '(', '<', '{'])
        && !text.split(' ').any(is_said)
}

/// Whether what stands behind `Authorization: Bearer` is sent with it: anything but a word, a stand-in and
/// code that fetches it.
pub(super) fn is_sent(says: &[u8]) -> bool {
    const CODE: [&str; 12] = [
        "self", "this", "env", "environ", "process", "config", "settings", "os", "ctx", "req",
        "request", "options",
    ];
    let Ok(text) = std::str::from_utf8(says) else {
        return says.len() >= 8;
    };
    let is_code = |part: &str| {
        CODE.iter().any(|word| word.eq_ignore_ascii_case(part))
            || keys::tells(part) != keys::Tells::Nothing
    };
    let has_other = says
        .iter()
        .any(|byte| !byte.is_ascii_alphabetic() && *byte != b'-' && *byte != b'_');
    text.len() >= 8
        && has_other
        && !says_nothing(text)
        && !stands_in(text)
        && !text.contains(['(', '[', '{', '<', '>'])
        && !text.contains("://")
        && !text.split('.').any(is_code)
}

/// Small letters and capitals in another order than words have.
fn is_mixed(says: &[u8]) -> bool {
    let turns = says
        .windows(2)
        .filter(|two| matches!(two, [a, b] if a.is_ascii_lowercase() && b.is_ascii_uppercase()));
    turns.count() * 5 >= says.len()
}

/// Whether it names a place where a secret is to go, or comes from.
pub(super) fn stands_in(text: &str) -> bool {
    const WORDS: [&str; 38] = [
        "none",
        "null",
        "nil",
        "undefined",
        "true",
        "false",
        "string",
        "str",
        "text",
        "required",
        "missing",
        "invalid",
        "wrong",
        "empty",
        "unset",
        "disabled",
        "enabled",
        "optional",
        "number",
        "int",
        "object",
        "any",
        "unknown",
        "expired",
        "hidden",
        "changed",
        "bearer",
        "basic",
        "token",
        "password",
        "secret",
        "value",
        "redacted",
        "default",
        "pass",
        "passwd",
        "pwd",
        "username",
    ];
    let lower = text
        .trim_matches(|c: char| !c.is_alphanumeric())
        .to_ascii_lowercase();
    text.starts_with([
        '$', '<', '{', '%', '*', '[', '(', '@', '#', '&', '!', '|', '/',
    ]) || WORDS.contains(&lower.as_str())
        || [
            "your",
            "my_",
            "my-",
            "xxx",
            "insert",
            "replace",
            "placeholder",
            "example",
            "dummy",
        ]
        .iter()
        .any(|word| lower.starts_with(word))
        || lower.contains("xxxx")
        || lower.contains("_here")
        || text.contains("EXAMPLE")
        || lower.contains("-your-")
        || text.contains("${")
        || text.contains("{{")
}

/// Whether it is code that fetches a value: a call, an index, or names with points between.
fn is_expression(says: &[u8]) -> bool {
    let has_call = says.iter().any(|byte| matches!(byte, b'(' | b'['));
    let mut names = says.split(|byte| *byte == b'.').map(|name| {
        name.first()
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_')
            && name.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_')
    });
    has_call || says.contains(&b'.') && names.all(|is_name| is_name)
}
