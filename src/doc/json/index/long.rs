//! How far a string goes on that is longer than the window in which it was met: found by its quotes alone, so
//! that the next window holds it and nobody masks its beginning again and again.

use memchr::memchr2;

use super::{Indexer, WINDOW};
use crate::doc::Source;

/// Bytes that are looked through at once.
const STEP: usize = 1 << 20;

impl Indexer {
    /// Wants as much as the next token takes, if that is a string or a key with its string. Anything else
    /// is left to windows that grow.
    pub(super) fn measure(&mut self, text: &Source) {
        let Some(mut end) = string_end(text, self.at) else {
            return;
        };
        if let Some(value) = begins(text, end, b":").and_then(|at| string_end(text, at)) {
            end = value;
        }
        // What follows a token tells whether it is whole.
        self.wants = self.wants.max(end - self.at + WINDOW);
    }
}

/// One past the quote that ends the string which begins at `at`, behind blanks and what separates tokens.
fn string_end(text: &Source, at: usize) -> Option<usize> {
    let mut at = begins(text, at, b",:")?;
    (text.get(at..at + 1)?.first() == Some(&b'"')).then_some(())?;
    at += 1;
    let mut escaped = false;
    loop {
        let part = text.get(at..at.saturating_add(STEP))?;
        (!part.is_empty()).then_some(())?;
        let mut next = usize::from(std::mem::take(&mut escaped));
        while let Some(found) = memchr2(b'"', b'\\', part.get(next..).unwrap_or_default()) {
            if part.get(next + found) == Some(&b'"') {
                return Some(at + next + found + 1);
            }
            next += found + 2;
        }
        escaped = next > part.len();
        at += part.len();
    }
}

/// Where something else than a blank or one of `between` stands, in a few bytes.
fn begins(text: &Source, at: usize, between: &[u8]) -> Option<usize> {
    let near = text.get(at..at.saturating_add(64))?;
    let is_between = |b: &u8| b.is_ascii_whitespace() || between.contains(b);
    let found = near.iter().position(|b| !is_between(b))?;
    Some(at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_measured_past_quotes_that_do_not_end_it() {
        for before in [0, STEP - 3, STEP - 2, STEP - 1, STEP, 3 * STEP] {
            for escapes in ["", r#"\""#, r"\\", r#"\\\""#] {
                let text = format!(r#" , "{}{escapes}" ,"x""#, "y".repeat(before));
                let end = text.len() - 5;
                let source = Source::Here(text.into());
                assert_eq!(
                    string_end(&source, 0),
                    Some(end),
                    "{before} bytes, {escapes}"
                );
            }
        }
    }

    #[test]
    fn what_is_no_string_or_has_no_end_is_not_measured() {
        for text in ["", "12", "[\"a\"]", "\"open", r#""open \""#, ",, :"] {
            let source = Source::Here(text.to_owned().into());
            assert_eq!(string_end(&source, 0), None, "{text}");
        }
    }
}
