//! How far a string literal goes on in plain characters, eight bytes at a time: quotes, backslashes and
//! control characters end a run. It judges no encoding; it only tells whether there is any to judge.

/// A run of plain characters.
pub(super) struct Run {
    pub(super) len: usize,
    /// Whether there is nothing in it whose encoding could be wrong.
    pub(super) is_ascii: bool,
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;
/// Bytes in which most strings end.
const SHORT: usize = 16;

/// The run at the beginning of a text; it ends before what ends it, or with the text.
#[inline]
pub(super) fn run(text: &[u8]) -> Run {
    // Most strings are short: longer ones are worth a search.
    let begin = words(text.get(..SHORT).unwrap_or(text));
    if begin.len < SHORT {
        return begin;
    }
    let rest = long(text.get(SHORT..).unwrap_or_default());
    Run {
        len: SHORT + rest.len,
        is_ascii: begin.is_ascii && rest.is_ascii,
    }
}

#[inline]
fn words(text: &[u8]) -> Run {
    let (words, tail) = text.as_chunks::<8>();
    let mut high = 0;
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let ends = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5C)) | controls(word);
        if ends != 0 {
            let bits = ends.trailing_zeros() & !7;
            high |= word & ((1_u64 << bits) - 1);
            return Run {
                len: 8 * i + (bits / 8) as usize,
                is_ascii: high & HIGHS == 0,
            };
        }
        high |= word;
    }
    let len = tail.iter().position(|b| is_end(*b)).unwrap_or(tail.len());
    let is_ascii = tail.iter().take(len).all(u8::is_ascii);
    Run {
        len: 8 * words.len() + len,
        is_ascii: is_ascii && high & HIGHS == 0,
    }
}

/// The same of a long run: where it ends first, then what is in it.
fn long(text: &[u8]) -> Run {
    let len = memchr::memchr2(b'"', b'\\', text).unwrap_or(text.len());
    let run = text.get(..len).unwrap_or_default();
    let (least, all) = run
        .iter()
        .fold((u8::MAX, 0), |(least, all), b| (least.min(*b), all | b));
    if least < b' ' {
        return words(text);
    }
    let is_ascii = all.is_ascii();
    Run { len, is_ascii }
}

/// Whether a plain run ends there.
#[inline]
fn is_end(b: u8) -> bool {
    b < b' ' || matches!(b, b'"' | b'\\')
}

/// One past the closing quote of the literal that begins at `start`, if it is one that JSON has: with
/// escapes that are known and characters that are whole. None where it is wrong or cut.
#[inline]
pub(super) fn sound_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        let rest = text.get(at..)?;
        let run = run(rest);
        if !run.is_ascii {
            std::str::from_utf8(rest.get(..run.len)?).ok()?;
        }
        at += run.len;
        match rest.get(run.len)? {
            b'"' => return Some(at + 1),
            b'\\' => at += escape(rest.get(run.len + 1..)?)?,
            _ => return None,
        }
    }
}

/// Bytes of an escape whose backslash stands before the text.
fn escape(behind: &[u8]) -> Option<usize> {
    match behind.first()? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' if behind.get(1..5)?.iter().all(u8::is_ascii_hexdigit) => Some(6),
        _ => None,
    }
}

/// One past the closing quote of the literal that begins at `start`; none where it is not in the text.
pub fn string_end(text: &[u8], start: usize) -> Option<usize> {
    Some(literal_end(text, start)?.0)
}

/// The same, and whether there is a backslash in it.
#[inline]
pub fn literal_end(text: &[u8], start: usize) -> Option<(usize, bool)> {
    let (mut at, mut escapes) = (start + 1, false);
    loop {
        let rest = text.get(at..)?;
        let found = short_end(rest.get(..SHORT).unwrap_or(rest));
        at += match found {
            Some(found) => found,
            None => SHORT + memchr::memchr2(b'"', b'\\', rest.get(SHORT..)?)?,
        };
        if text.get(at)? == &b'"' {
            return Some((at + 1, escapes));
        }
        escapes = true;
        at += 2;
    }
}

/// Where the first quote or backslash is.
#[inline]
fn short_end(text: &[u8]) -> Option<usize> {
    let (words, tail) = text.as_chunks::<8>();
    for (i, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let ends = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5C));
        if ends != 0 {
            return Some(8 * i + (ends.trailing_zeros() / 8) as usize);
        }
    }
    let end = |b: &u8| matches!(*b, b'"' | b'\\');
    Some(8 * words.len() + tail.iter().position(end)?)
}

/// How many bytes of a string literal's inside go on before a quote, a backslash or a control character.
pub fn plain_run(text: &[u8]) -> usize {
    run(text).len
}

/// The high bit of each zero byte. Above the first it may find some that are none.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// The same of each byte below a blank.
fn controls(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_run_ends_where_a_plain_search_ends(text in proptest::collection::vec(
            prop_oneof![40 => 0x23_u8..0x5B, 1 => any::<u8>()], 0..200))
        {
            let end = |b: &u8| *b < 0x20 || matches!(*b, b'"' | b'\\');
            let len = text.iter().position(end).unwrap_or(text.len());
            let found = run(&text);
            prop_assert_eq!(found.len, len);
            prop_assert_eq!(found.is_ascii, text[..len].is_ascii());
        }
    }
}
