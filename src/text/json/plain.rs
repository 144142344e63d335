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

/// The run at the beginning of a text; it ends before what ends it, or with the text.
pub(super) fn run(text: &[u8]) -> Run {
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
    let end = |b: &u8| *b < 0x20 || matches!(*b, b'"' | b'\\');
    let len = tail.iter().position(end).unwrap_or(tail.len());
    let is_ascii = tail.iter().take(len).all(u8::is_ascii);
    Run {
        len: 8 * words.len() + len,
        is_ascii: is_ascii && high & HIGHS == 0,
    }
}

/// One past the closing quote of the literal that begins at `start`; none where it is not in the text.
pub fn string_end(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += plain_run(text.get(at..)?);
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
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
            prop_oneof![4 => 0x20_u8..0x7F, 1 => any::<u8>()], 0..40))
        {
            let end = |b: &u8| *b < 0x20 || matches!(*b, b'"' | b'\\');
            let len = text.iter().position(end).unwrap_or(text.len());
            let found = run(&text);
            prop_assert_eq!(found.len, len);
            prop_assert_eq!(found.is_ascii, text[..len].is_ascii());
        }
    }
}
