//! Secrets that a cut (`…`) goes through, which are known by what follows them and so by nothing any more:
//! the password of an address whose `@` was cut away.

use std::{borrow::Cow, ops::Range};

use super::Masking;

/// Digits of a port, at most.
const PORT: usize = 5;

impl Masking {
    /// A text without the beginning of a password at its end.
    pub(super) fn without_cut_password<'a>(&mut self, text: Cow<'a, str>) -> Cow<'a, str> {
        let Some(range) = password(&text).filter(|_| !self.is_open) else {
            return text;
        };
        let secret = text.get(range.clone()).unwrap_or_default();
        let Some(by) = self.placeholder("password", secret.as_bytes()) else {
            return text;
        };
        let before = text.get(..range.start).unwrap_or_default();
        Cow::Owned(format!("{before}{by}…"))
    }
}

/// The beginning of a password at the end of a text that was cut.
fn password(text: &str) -> Option<Range<usize>> {
    let body = text.strip_suffix('…')?;
    let begins = body.rfind("://")? + "://".len();
    let authority = body.get(begins..)?;
    let ends =
        |c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#' | '@' | '"' | '\'' | '<' | '‹');
    if authority.contains(ends) {
        return None;
    }
    let (user, password) = authority.split_once(':')?;
    let is_port = password.len() <= PORT && password.bytes().all(|b| b.is_ascii_digit());
    let from = begins + user.len() + 1;
    (!is_port).then_some(from..body.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_that_was_cut_is_known_and_a_port_is_none() {
        let found = |text: &'static str| password(text).and_then(|range| text.get(range));
        assert_eq!(found("to postgres://svc:hunter2…"), Some("hunter2"));
        assert_eq!(found("https://:hunter2…"), Some("hunter2"));
        for text in [
            "http://host:8080…",
            "http://host:80/path:x…",
            "http://host…",
            "postgres://svc:hunter2",
            "postgres://svc:‹password#1›@db…",
            "see http://a.example and note: it…",
            "…",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
