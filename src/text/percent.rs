//! Percent encoding as RFC 3986 has it: letters, digits and `-._~` stay, every other byte is spelled.

use std::fmt::Write as _;

/// The text so that it is one part of an address.
pub fn encoded(text: &str) -> String {
    encoded_keeping(text, "")
}

/// The same where some more signs stay, all of them ASCII.
pub fn encoded_keeping(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        let stays = matches!(b, b'-' | b'.' | b'_' | b'~') || kept.as_bytes().contains(&b);
        if b.is_ascii_alphanumeric() || stays {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// The text that was encoded; what is no encoding stays.
pub fn decoded(part: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|_| *first == b'%');
        let hex = hex.and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = match byte {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_mean_something_else_is_spelled() {
        assert_eq!(encoded("a-Z_0.~"), "a-Z_0.~");
        assert_eq!(encoded("a/b c#é%"), "a%2Fb%20c%23%C3%A9%25");
        assert_eq!(decoded("a%2Fb%20c%23%C3%A9%25"), "a/b c#é%");
        assert_eq!(decoded("50%, %zz"), "50%, %zz");
    }
}
