//! TOML that is broken in some lines, made readable in all others. The parser goes on behind most faults by
//! itself, but a line that is a key and nothing else makes it lose the section that follows: such lines are
//! taken out first. Places stay: what is taken out becomes blanks.

use std::borrow::Cow;

use toml::de::DeTable;

/// More lines than this are not looked at one by one.
const MOST: usize = 100;
/// How the parser calls such a line.
const BARE: &str = "key with no value";

/// A line that was taken out.
pub(super) struct TakenOut {
    /// The byte at which the parser stopped.
    pub at: usize,
    /// What the parser says of it.
    pub message: String,
}

/// The text without such lines, and what was taken out of it.
pub(super) fn mended(text: &str) -> (Cow<'_, str>, Vec<TakenOut>) {
    let mut text = Cow::Borrowed(text);
    let mut out = Vec::new();
    while out.len() < MOST {
        let (_, faults) = DeTable::parse_recoverable(&text);
        let bare = faults
            .iter()
            .find(|fault| fault.message().starts_with(BARE));
        let Some((at, message)) =
            bare.and_then(|fault| Some((fault.span()?.start, fault.message().trim().to_owned())))
        else {
            break;
        };
        let Some(without) = without_line(&text, at) else {
            break;
        };
        text = Cow::Owned(without);
        out.push(TakenOut { at, message });
    }
    (text, out)
}

/// The text with blanks in place of the line in which that byte lies; none where that changes nothing.
fn without_line(text: &str, at: usize) -> Option<String> {
    let (before, behind) = text.split_at_checked(at)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = at + behind.find('\n').unwrap_or(behind.len());
    let (head, line, tail) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    if line.trim().is_empty() {
        return None;
    }
    Some(format!("{head}{}{tail}", " ".repeat(line.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_line_goes_and_every_place_stays() {
        let text = "[a]\nx = 1\nü y 5\n[b]\nz\n[c]\nw = 2\n";
        let (mended, out) = mended(text);
        assert_eq!(mended.len(), text.len());
        let kept: Vec<&str> = mended
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        assert_eq!(kept.last(), Some(&"w = 2"), "{mended}");
        assert!(kept.contains(&"[c]") && kept.contains(&"x = 1"), "{mended}");
        assert!(
            out.iter()
                .any(|one| text.get(..one.at).unwrap().lines().count() >= 4)
        );
    }

    #[test]
    fn what_is_fine_is_not_touched() {
        let (mended, out) = mended("[a]\nx = 1\n");
        assert!(matches!(mended, Cow::Borrowed(_)) && out.is_empty());
        let (_, out) = super::mended(&"x\n".repeat(300));
        assert_eq!(out.len(), MOST);
    }
}
