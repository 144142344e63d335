//! How many columns text takes on a terminal, and cutting and wrapping it there. The unit is the
//! grapheme cluster: a family emoji or a letter with its accents is never taken apart. Expects text
//! whose control characters are already made visible; it makes nothing visible itself.

use std::borrow::Cow;

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation as _};
use unicode_width::UnicodeWidthStr as _;

/// Columns of one grapheme cluster, never fewer than the screen library reserves: it adds one for each
/// half-width voiced sound mark, and what it thinks too wide it would drop at the edge of a pane.
pub fn cluster(cluster: &str) -> usize {
    let marks = cluster
        .chars()
        .filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}'))
        .count();
    cluster.width().saturating_add(marks)
}

/// Columns of a text without line breaks.
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    text.graphemes(true).map(cluster).sum()
}

/// The text in pieces that take the columns of their clusters. Some scripts join neighbours (Arabic lam
/// and alef), and a whole text then counts fewer columns than its clusters are painted in.
pub fn apart(text: &str) -> Vec<&str> {
    if is_plain(text) || text.width() == width(text) {
        return vec![text];
    }
    text.graphemes(true).collect()
}

/// Whether every byte is a printable ASCII character, so that bytes are columns.
pub fn is_plain(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, 0x20..=0x7E))
}

/// Where the longest beginning ends that takes at most `max` columns: bytes, and columns taken.
pub fn cut_at(text: &str, max: usize) -> (usize, usize) {
    let is_plain = |b: &&u8| matches!(b, 0x20..=0x7E);
    let reach = text.as_bytes().iter().take(max.saturating_add(1));
    let plain = reach.take_while(is_plain).count();
    if plain > max {
        return (max, max);
    }
    // the last plain character may carry what follows it
    let sure = plain.saturating_sub(usize::from(plain < text.len()));
    let mut taken = sure;
    let rest = text.get(sure..).unwrap_or_default();
    for (at, piece) in rest.grapheme_indices(true) {
        let next = taken.saturating_add(cluster(piece));
        if next > max {
            return (sure + at, taken);
        }
        taken = next;
    }
    (text.len(), taken)
}

/// The longest beginning of whole clusters that takes at most `max` columns.
pub fn cut(text: &str, max: usize) -> &str {
    text.get(..cut_at(text, max).0).unwrap_or_default()
}

/// The text if it takes at most `max` columns, else its beginning and `…`.
pub fn fit(text: &str, max: usize) -> Cow<'_, str> {
    if cut_at(text, max).0 == text.len() {
        return Cow::Borrowed(text);
    }
    if max == 0 {
        return Cow::Borrowed("");
    }
    let mut short = cut(text, max.saturating_sub(1)).to_owned();
    short.push('…');
    Cow::Owned(short)
}

/// The same in ASCII: two dots say that it was cut.
pub fn fit_plain(text: &str, max: usize) -> Cow<'_, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    let dots = "..".len().min(max);
    let mut fitted = cut(text, max - dots).to_owned();
    fitted.extend(std::iter::repeat_n('.', dots));
    Cow::Owned(fitted)
}

/// As `fit` gives it, padded with blanks to exactly `max` columns.
pub fn pad(text: &str, max: usize) -> String {
    let mut out = fit(text, max).into_owned();
    let missing = max.saturating_sub(width(&out));
    out.extend(std::iter::repeat_n(' ', missing));
    out
}

/// How many bytes of `text` go on one line of `max` columns: at the last blank that fits, blanks
/// included, else at the last cluster that fits, and at least one cluster, so that wrapping ends.
pub fn line_end(text: &str, max: usize) -> usize {
    let (end, _) = cut_at(text, max);
    if end == text.len() {
        return end;
    }
    if end == 0 {
        return text.graphemes(true).next().map_or(0, str::len);
    }
    let rest = text.get(end..).unwrap_or_default();
    if rest.starts_with(' ') {
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let after = end + blanks;
        let carries = usize::from(carries(text, after));
        if blanks > carries {
            return after - carries;
        }
    }
    let mut head = text.get(..end).unwrap_or_default();
    while let Some(blank) = head.rfind(' ') {
        head = head.get(..blank).unwrap_or_default();
        if head.trim().is_empty() {
            break;
        }
        if !carries(text, blank + 1) {
            return blank + 1;
        }
    }
    end
}

/// Whether the blank before `at` carries an accent, so that no line can end between them.
fn carries(text: &str, at: usize) -> bool {
    let is_ascii = text.as_bytes().get(at).is_none_or(u8::is_ascii);
    !is_ascii && GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0) == Ok(false)
}

/// A line of text wrapped to `max` columns, between words where possible. Blanks at which it was
/// broken are left out. Only a single cluster that is wider than `max` is wider than `max`.
pub fn wrap(text: &str, max: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (line, after) = rest
            .split_at_checked(line_end(rest, max))
            .unwrap_or((rest, ""));
        let whole = after.is_empty() && width(line) <= max;
        lines.push(if whole {
            line
        } else {
            line.trim_end_matches(' ')
        });
        rest = after;
    }
    if lines.is_empty() {
        lines.push("");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_letters_are_taken_apart() {
        assert_eq!(apart("plain 代理"), ["plain 代理"]);
        let joined = "سلام x";
        assert_eq!(apart(joined).concat(), joined);
        let sum: usize = apart(joined)
            .into_iter()
            .map(unicode_width::UnicodeWidthStr::width)
            .sum();
        assert_eq!(sum, width(joined));
    }

    #[test]
    fn columns_are_what_the_screen_reserves() {
        for (text, columns) in [
            ("", 0),
            ("abc", 3),
            ("日本語", 6),
            ("e\u{301}", 1),
            ("👨\u{200D}👩\u{200D}👧", 2),
            ("🇩🇪", 2),
            ("☃\u{FE0F}", 2),
            ("ｶ\u{FF9E}", 3),
        ] {
            assert_eq!(width(text), columns, "{text:?}");
        }
    }

    #[test]
    fn cutting_keeps_clusters_whole() {
        assert_eq!(cut("日本", 3), "日");
        assert_eq!(cut("e\u{301}e\u{301}", 1), "e\u{301}");
        assert_eq!(cut("a👨\u{200D}👩\u{200D}👧b", 2), "a");
        assert_eq!(
            cut("a👨\u{200D}👩\u{200D}👧b", 3),
            "a👨\u{200D}👩\u{200D}👧"
        );
        assert_eq!(cut("日", 1), "");
        assert_eq!(fit("timeline", 5), "time…");
        assert_eq!(fit("日本語", 4), "日…");
        assert_eq!(fit("日本語", 6), "日本語");
        assert_eq!(fit("ab", 0), "");
        assert_eq!(pad("日本語", 4), "日… ");
        assert_eq!(pad("ab", 4), "ab  ");
    }

    #[test]
    fn wrapping_prefers_blanks() {
        assert_eq!(wrap("refund the charge", 10), ["refund the", "charge"]);
        assert_eq!(wrap("refund the charge", 11), ["refund the", "charge"]);
        assert_eq!(wrap("refund   the", 6), ["refund", "the"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("  abcdef", 4), ["  ab", "cdef"]);
        assert_eq!(wrap("日本語", 1), ["日", "本", "語"]);
        assert_eq!(wrap("", 5), [""]);
        // a blank with an accent is a letter like any other
        assert_eq!(wrap("ab \u{301}cd", 3), ["ab \u{301}", "cd"]);
        assert_eq!(wrap("ab  \u{301}cd", 2), ["ab", " \u{301}c", "d"]);
    }

    proptest::proptest! {
        #[test]
        fn cuts_are_those_of_whole_clusters(text in r"[ -~日é👨🏽\u{301}\u{200D}]{0,20}", max in 0_usize..12) {
            let mut taken = 0;
            let fitting = text.graphemes(true).take_while(|piece| {
                taken += cluster(piece);
                taken <= max
            });
            let expected: String = fitting.collect();
            proptest::prop_assert_eq!(cut(&text, max), expected);
        }

        #[test]
        fn wrapped_lines_hold_all_text_and_fit(text in r"[ -~日é👨🏽\u{301}\u{200D}]{0,60}", max in 2_usize..12) {
            let lines = wrap(&text, max);
            let solid = |s: &str| s.replace(' ', "");
            proptest::prop_assert_eq!(solid(&lines.concat()), solid(&text));
            for line in lines {
                let one = line.graphemes(true).count() == 1;
                proptest::prop_assert!(one || width(line) <= max, "{:?}", line);
            }
        }
    }
}
