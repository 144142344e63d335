//! What differs between two answers that are the same to a person: ids, times, durations, hashes.
//! Known by the names of keys, or by the form of a word in a text. What is left out leaves its sort.

use super::mix::Mix;

/// Names of what differs from call to call.
const NAMES: [&str; 27] = [
    "id",
    "uuid",
    "guid",
    "etag",
    "nonce",
    "signature",
    "timestamp",
    "time",
    "date",
    "ts",
    "now",
    "took",
    "elapsed",
    "duration",
    "latency",
    "hash",
    "digest",
    "checksum",
    "sha",
    "sha1",
    "sha256",
    "md5",
    "trace",
    "span",
    "cursor",
    "expires",
    "uptime",
];

/// Last words of such names: `runId` and `createdAt` as `run_id` and `created_at`.
const ENDS: [&str; 18] = [
    "id",
    "ids",
    "at",
    "uuid",
    "time",
    "timestamp",
    "date",
    "ms",
    "seconds",
    "secs",
    "duration",
    "hash",
    "digest",
    "latency",
    "elapsed",
    "etag",
    "sha",
    "nonce",
];

/// Whether a member of that name is an id, a time, a duration or a hash.
pub(super) fn is_fleeting(key: &str) -> bool {
    may_be_fleeting(key)
        && (NAMES.iter().any(|name| name.eq_ignore_ascii_case(key))
            || ENDS.iter().any(|end| has_end(key, end)))
}

/// Whether a name ends as one of the names or ends does: two letters tell most others apart, and every
/// key of every result is looked at.
fn may_be_fleeting(key: &str) -> bool {
    let [.., a, b] = key.as_bytes() else {
        return false;
    };
    let before: &[u8] = match b.to_ascii_lowercase() {
        b'd' => b"ie",
        b's' => b"dtmec",
        b't' => b"as",
        b'n' => b"ao",
        b'e' => b"crmt",
        b'g' | b'1' => b"a",
        b'y' => b"c",
        b'p' => b"m",
        b'w' | b'k' | b'r' => b"o",
        b'h' => b"s",
        b'm' => b"u",
        b'a' => b"h",
        b'6' => b"5",
        b'5' => b"d",
        _ => return false,
    };
    before.contains(&a.to_ascii_lowercase())
}

/// Whether the last word of a name of several words is `end`.
fn has_end(key: &str, end: &str) -> bool {
    let Some(at) = key.len().checked_sub(end.len()) else {
        return false;
    };
    let (Some(before), Some(tail)) = (key.get(..at), key.get(at..)) else {
        return false;
    };
    if !tail.eq_ignore_ascii_case(end) {
        return false;
    }
    match before.as_bytes().last() {
        None => false,
        Some(b'_' | b'-' | b'.') => true,
        Some(last) => {
            let first = tail.as_bytes().first();
            first.is_some_and(u8::is_ascii_uppercase) && !last.is_ascii_uppercase()
        }
    }
}

/// Whether a number is a time: seconds, milli-, micro- or nanoseconds since 1970, from 2001 to 2096.
pub(super) fn is_epoch(literal: &[u8]) -> bool {
    let whole = literal.split(|b| *b == b'.').next().unwrap_or_default();
    let first = whole.first().copied().unwrap_or_default();
    matches!(whole.len(), 10 | 13 | 16 | 19)
        && matches!(first, b'1'..=b'3')
        && whole.iter().all(u8::is_ascii_digit)
}

/// Whether a byte stands between words.
fn parts(byte: u8) -> bool {
    matches!(
        byte,
        b' ' | b'\t'
            | b'\n'
            | b'\x0C'
            | b'\r'
            | b'('
            | b')'
            | b'['
            | b']'
            | b'{'
            | b'}'
            | b'<'
            | b'>'
            | b','
            | b';'
            | b'"'
            | b'\''
            | b'='
            | b'|'
    )
}

/// The hash of a text in which ids, times, durations and hashes are left out.
pub(super) fn text(text: &[u8]) -> u64 {
    let mut mix = Mix::new(b't');
    for word in text.split(|b| parts(*b)) {
        let bare = trimmed(word);
        if bare.is_empty() {
            continue;
        }
        // most words have no digit
        if bare.iter().any(u8::is_ascii_digit) && is_masked(bare) {
            mix.word(u64::from(b'm'));
        } else {
            mix.bytes(word);
        }
    }
    mix.end()
}

fn trimmed(word: &[u8]) -> &[u8] {
    let is_sign = |b: &u8| matches!(b, b'.' | b':' | b'!' | b'?' | b'#' | b'`' | b'*');
    let start = word.iter().take_while(|b| is_sign(b)).count();
    let end = word.iter().rev().take_while(|b| is_sign(b)).count();
    word.get(start..word.len().saturating_sub(end).max(start))
        .unwrap_or_default()
}

/// Whether a word is an id, a time, a duration or a hash.
fn is_masked(word: &[u8]) -> bool {
    is_hex(word) || is_time(word) || is_epoch(word) || is_duration(word) || is_id(word)
}

/// A UUID, or hexadecimal of 16 digits and more.
fn is_hex(word: &[u8]) -> bool {
    let word = word.strip_prefix(b"sha256:").unwrap_or(word);
    let word = word.strip_prefix(b"0x").unwrap_or(word);
    let hex = word.iter().filter(|b| b.is_ascii_hexdigit()).count();
    let dashes = memchr::memchr_iter(b'-', word).count();
    hex >= 16 && hex + dashes == word.len() && (dashes == 0 || dashes == 4)
}

/// `2026-11-21`, `2026-11-21T03:02:11.5Z`, `03:02:11`.
fn is_time(word: &[u8]) -> bool {
    let digits = |from: usize, to: usize| {
        word.get(from..to)
            .is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let dashes = word.get(4) == Some(&b'-') && word.get(7) == Some(&b'-');
    let colons = word.get(2) == Some(&b':') && word.get(5) == Some(&b':');
    dashes && digits(0, 4) && digits(5, 7) && digits(8, 10)
        || colons && digits(0, 2) && digits(3, 5) && digits(6, 8)
}

/// `132ms`, `1.5s`.
fn is_duration(word: &[u8]) -> bool {
    let number = word
        .iter()
        .take_while(|b| b.is_ascii_digit() || **b == b'.')
        .count();
    let unit = word.get(number..).unwrap_or_default();
    number > 0
        && matches!(
            unit,
            b"ms" | b"s" | b"us" | b"ns" | b"sec" | b"secs" | b"min" | b"m"
        )
}

/// `req_8f3a91c02b`: a short word, a line, and eight or more letters and digits in a mix; fewer where
/// the word says that it is a call's.
fn is_id(word: &[u8]) -> bool {
    let Some(line) = word.iter().position(|b| matches!(b, b'_' | b'-')) else {
        return false;
    };
    let name = word.get(..line).unwrap_or_default();
    let rest = word.get(line + 1..).unwrap_or_default();
    let digits = rest.iter().filter(|b| b.is_ascii_digit()).count();
    let plain = rest.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let of_a_call: [&[u8]; 6] = [b"call", b"req", b"request", b"trace", b"span", b"toolu"];
    if of_a_call.contains(&name) && rest.len() >= 3 && plain && digits > 0 {
        return true;
    }
    (1..=12).contains(&name.len())
        && name.iter().all(u8::is_ascii_alphabetic)
        && rest.len() >= 8
        && plain
        && digits >= 2
        && digits < rest.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_what_is_fleeting_is_passed_over_for_its_last_letters() {
        for name in NAMES {
            assert!(is_fleeting(name), "{name}");
            assert!(is_fleeting(&name.to_uppercase()), "{name}");
        }
        for end in ENDS {
            assert!(is_fleeting(&format!("some_{end}")), "{end}");
        }
        for other in ["", "x", "ms", "at", "paid", "format", "title", "Hat"] {
            assert!(!is_fleeting(other), "{other}");
        }
    }
}
