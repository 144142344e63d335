//! A line of a shell in words, up to the cursor: quotes and backslashes as sh, bash, zsh and fish share them.
//! Nothing is expanded.

/// The words of a line.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Line {
    /// Those before the cursor's, without their quotes; the first is the program.
    pub words: Vec<String>,
    /// The word at the cursor, without its quotes.
    pub last: String,
    /// The quote that is open at the cursor.
    pub quote: Option<char>,
    /// Bytes of `last` that stand before the quote that is open, or, for a shell that splits words at some
    /// characters, behind the last of those.
    pub kept: usize,
}

/// Reads a line. `breaks` are the characters at which the shell splits words besides blanks.
pub(super) fn read(text: &str, breaks: &str) -> Line {
    let mut line = Line::default();
    let mut begun = false;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (line.quote, c) {
            (None, ' ' | '\t' | '\n') => {
                if begun {
                    line.words.push(std::mem::take(&mut line.last));
                    begun = false;
                    line.kept = 0;
                }
                continue;
            }
            (None, ';' | '|' | '&') if !breaks.is_empty() => {
                // Another command begins.
                line = Line::default();
                begun = false;
                continue;
            }
            (None, '"' | '\'') => {
                line.quote = Some(c);
                line.kept = line.last.len();
            }
            (Some(quote), c) if c == quote => {
                line.quote = None;
                line.kept = 0;
            }
            (None | Some('"'), '\\') => line.last.extend(chars.next()),
            (quote, c) => {
                line.last.push(c);
                let splits = quote.is_none() && !c.is_whitespace() && breaks.contains(c);
                if splits {
                    line.kept = line.last.len();
                }
            }
        }
        begun = true;
    }
    line
}

/// A text that a shell reads as that text where no quote is open; behind an open quote as it must be there.
pub(super) fn spelled(text: &str, quote: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        // A sign at the beginning of a word begins a comment.
        let plain = c.is_alphanumeric() || "_-./:=,@%+".contains(c) || c == '#' && at > 0;
        match quote {
            None if !plain => out.extend(['\\', c]),
            Some('"') if matches!(c, '"' | '\\' | '$' | '`') => out.extend(['\\', c]),
            Some('\'') if c == '\'' => out.push_str("'\\''"),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const BREAKS: &str = " \t\n\"'><=;|&(:";

    #[test]
    fn words_as_a_shell_has_them() {
        for (text, words, last, quote, kept) in [
            ("sortie ", vec!["sortie"], "", None, 0),
            ("sortie runs -", vec!["sortie", "runs"], "-", None, 0),
            ("x; sortie show r1", vec!["sortie", "show"], "r1", None, 0),
            (
                "sortie a\\ b 'c d' \"e\\\"f\" g",
                vec!["sortie", "a b", "c d", "e\"f"],
                "g",
                None,
                0,
            ),
            ("sortie '' x", vec!["sortie", ""], "x", None, 0),
            (
                "sortie --where 'status:fa",
                vec!["sortie", "--where"],
                "status:fa",
                Some('\''),
                0,
            ),
            (
                "sortie --where status:fa",
                vec!["sortie", "--where"],
                "status:fa",
                None,
                7,
            ),
            (
                "sortie --where='status:fa",
                vec!["sortie"],
                "--where=status:fa",
                Some('\''),
                8,
            ),
        ] {
            let line = read(text, BREAKS);
            let found: Vec<&str> = line.words.iter().map(String::as_str).collect();
            assert_eq!(
                (found, line.last.as_str(), line.quote, line.kept),
                (words, last, quote, kept),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_spelled_is_read_again() {
        for text in ["plain", "a b", "it's", "tok:>20k", "\"q\"", "$x`", "a\\b"] {
            for quote in [None, Some('"'), Some('\'')] {
                let open = quote.map(String::from).unwrap_or_default();
                let typed = format!("sortie {open}{}{open}", spelled(text, quote));
                assert_eq!(read(&typed, BREAKS).last, text, "{typed}");
            }
        }
    }
}
