//! Text of services inside a page so that it stays text: nothing of it is a tag, an attribute or a way out
//! of one. Must be clean already.

use std::borrow::Cow;

/// Text between tags or in the quotes of an attribute.
pub(super) fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['&', '<', '>', '"', '\'']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_is_a_tag_or_ends_an_attribute() {
        let hostile = "</pre><script>alert('1')</script>\" onload=\"x&y";
        let shown = escaped(hostile);
        assert!(!shown.contains(['<', '>', '"', '\'']), "{shown}");
        assert_eq!(escaped("plain ⇄ text"), "plain ⇄ text");
    }
}
