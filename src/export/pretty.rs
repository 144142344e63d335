//! JSON laid out for text output: cleaned token by token.

use crate::{guard::clean, text};

/// The value as indented lines; none when the bytes are not one JSON value.
pub fn pretty(json: &[u8]) -> Option<String> {
    let put =
        |token: &[u8], out: &mut Vec<u8>| out.extend_from_slice(clean::bytes(token).as_bytes());
    String::from_utf8(text::pretty::pretty(json, put)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_laid_out_is_clean() {
        let hostile = "{\"a\":\"x\u{202e}y\u{9b}\"}".as_bytes();
        let lines = pretty(hostile).unwrap();
        assert!(lines.starts_with("{\n  \"a\": \"x"), "{lines}");
        assert!(!lines.contains(['\u{202e}', '\u{9b}']), "{lines}");
    }
}
