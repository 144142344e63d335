//! What single values say: that something is wrong, that nothing is, how exact something is.

/// A literal without its quotes and the blanks in them.
pub(super) fn bare(literal: &[u8]) -> &[u8] {
    let inner = literal.strip_prefix(b"\"").unwrap_or(literal);
    inner.strip_suffix(b"\"").unwrap_or(inner).trim_ascii()
}

/// Whether a string says that something is wrong, not that nothing is.
pub(super) fn tells(literal: &[u8]) -> bool {
    let nothing: [&[u8]; 20] = [
        b"",
        b"none",
        b"null",
        b"nil",
        b"no",
        b"false",
        b"0",
        b"ok",
        b"n/a",
        b"na",
        b"-",
        b"--",
        b"no error",
        b"no errors",
        b"none found",
        b"success",
        b"undefined",
        b"noerror",
        b"[]",
        b"{}",
    ];
    let said = bare(literal);
    !nothing.iter().any(|word| said.eq_ignore_ascii_case(word))
        && !is_measure(said)
        && !is_name(said)
}

/// `±4 m`, `0.3 %`: how exact something is.
fn is_measure(said: &[u8]) -> bool {
    let start = said
        .iter()
        .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'+' | b'-' | b' '))
        .count();
    said.starts_with("±".as_bytes()) || start > 0 && said.len() - start <= 2
}

/// `error.html`: the name of a page or a file.
fn is_name(said: &[u8]) -> bool {
    let ends: [&[u8]; 6] = [b".html", b".htm", b".log", b".png", b".svg", b".txt"];
    !said.contains(&b' ') && ends.iter().any(|end| said.ends_with(end))
}

pub(super) fn is_whole(literal: &[u8]) -> bool {
    literal != b"0" && literal.iter().all(|b| b.is_ascii_digit() || *b == b'-')
}
