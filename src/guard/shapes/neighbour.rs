//! Names of secrets in arrays, whose values are the strings behind them: options of a program, and pairs. It
//! only finds the names; whether the next string is a value is judged where the array is read.

use super::value::{byte, count};
use crate::text::keys;

/// Bytes of a name, and of white space before it, at most.
const LONGEST: usize = 200;

/// Where the string is that may be such a name, `at` being its quote, or the bracket before it. It may be
/// cut, or be in JSON in a string.
pub(super) fn namer(text: &[u8], at: usize) -> Option<usize> {
    let from = at + usize::from(byte(text, at) == Some(b'['));
    let within = text.get(..text.len().min(from + LONGEST))?;
    // white space may be escaped
    let is_space = |b: u8| b.is_ascii_whitespace() || matches!(b, b'\\' | b'n' | b'r' | b't');
    let quote = from + count(within, from, is_space);
    if byte(text, quote) != Some(b'"') {
        return None;
    }
    let within = text.get(..text.len().min(quote + LONGEST))?;
    let len = count(within, quote + 1, |b| !matches!(b, b'"' | b'\\'));
    let name = within.get(quote + 1..quote + 1 + len)?;
    let is_cut = quote + 1 + len == text.len();
    (is_cut || keys::may_be_secret(name)).then_some(quote)
}
