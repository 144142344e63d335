//! Text of services inside Markdown so that it stays text: as spans of code in lines and cells, as fenced
//! blocks where it has lines. In neither is anything markup, a link, a mention or a tag.

/// One line as a span of code; nothing for nothing. Between more backticks than stand in it.
pub(in crate::export) fn code(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest(text) + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

/// The same in a cell of a table, where a bar ends the cell. Readers do not agree about a backslash before
/// a bar, so that such a bar is written as a broken one.
pub(super) fn cell(text: &str) -> String {
    code(&text.replace("\\|", "\\¦")).replace('|', "\\|")
}

/// Several lines as a block, in more backticks than stand in it.
pub(in crate::export) fn fence(language: &str, text: &str, out: &mut String) {
    let ticks = "`".repeat((longest(text) + 1).max(3));
    let text = text.trim_end_matches('\n');
    for part in [&ticks, language, "\n", text, "\n", &ticks, "\n"] {
        out.push_str(part);
    }
}

/// How many backticks stand together at most.
fn longest(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_out_of_a_span_a_cell_or_a_block() {
        assert_eq!(code("pay.refund"), "`pay.refund`");
        assert_eq!(code("a `` b"), "```a `` b```");
        assert_eq!(code("`x`"), "`` `x` ``");
        assert_eq!(code("  "), "");
        assert_eq!(cell("a|b \\| c"), "`a\\|b \\¦ c`");
        let mut out = String::new();
        fence("json", "a\n````\nb\n", &mut out);
        assert_eq!(out, "`````json\na\n````\nb\n`````\n");
    }
}
