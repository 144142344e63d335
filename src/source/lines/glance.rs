//! What a line of a large file is filed under, at a glance: its first members say whose it is and when it
//! was, and what stands behind them is passed over. A line that is not as usual is read whole, as lines of
//! small files are.

use std::borrow::Cow;

use memchr::memchr2;

use super::{
    super::ladder::{self, Head},
    moment::Moment,
};

/// What a line says of itself.
#[derive(Debug, Default)]
pub(super) struct Glance<'a> {
    pub id: Option<Cow<'a, str>>,
    pub run: Option<Cow<'a, str>>,
    pub time: Moment<'a>,
    /// Whether it is no JSON object, so that it can name nothing.
    pub is_bare: bool,
}

/// Looks at a line. That what stands behind the members it names is JSON is not seen here.
pub(super) fn glance(line: &[u8]) -> Glance<'_> {
    usual(line).unwrap_or_else(|| {
        let Head {
            id,
            run,
            time,
            is_bare,
        } = Head::read(line);
        Glance {
            id: id.map(Cow::Owned),
            run: run.map(Cow::Owned),
            time: time.map_or(Moment::Never, Moment::Known),
            is_bare,
        }
    })
}

/// Said of a line that has to be read whole.
struct Unusual;

/// The best name so far of several that mean the same.
#[derive(Clone, Copy)]
struct Best<'a> {
    names: &'static [&'static str],
    /// The place among the names, and the value as spelled.
    found: Option<(usize, &'a [u8])>,
}

impl<'a> Best<'a> {
    fn of(names: &'static [&'static str]) -> Self {
        Self { names, found: None }
    }

    fn take(&mut self, key: &[u8], value: &'a [u8]) {
        let known = self.found.map_or(self.names.len(), |(place, _)| place);
        let mut better = self.names.iter().take(known);
        // Most names of members begin otherwise.
        let is_it = |name: &&str| name.as_bytes().first() == key.first() && name.as_bytes() == key;
        if let Some(place) = better.position(is_it) {
            self.found = Some((place, value));
        }
    }

    /// Whether nothing better can come.
    fn is_settled(&self) -> bool {
        matches!(self.found, Some((0, _)))
    }

    fn text(&self) -> Result<Option<&'a str>, Unusual> {
        let Some((_, value)) = self.found else {
            return Ok(None);
        };
        let inner = value.strip_prefix(b"\"").ok_or(Unusual)?;
        let inner = inner.strip_suffix(b"\"").ok_or(Unusual)?;
        let text = std::str::from_utf8(inner).map_err(|_| Unusual)?;
        let is_usual = !text.contains('\\') && !text.trim().is_empty();
        is_usual.then_some(Some(text)).ok_or(Unusual)
    }
}

/// None where the line has to be read whole.
fn usual(line: &[u8]) -> Option<Glance<'_>> {
    let mut at = blank(line, line.strip_prefix(b"{").map(|_| 1)?);
    let mut id = Best::of(&ladder::ID);
    let mut run = Best::of(&ladder::RUN);
    let mut time = Best::of(&ladder::TIME);
    while line.get(at) == Some(&b'"') {
        let key_end = string_end(line, at)?;
        let key = line.get(at + 1..key_end - 1)?;
        at = blank(line, key_end);
        if line.get(at) != Some(&b':') || key.contains(&b'\\') {
            return None;
        }
        let from = blank(line, at + 1);
        let until = value_end(line, from)?;
        let value = line.get(from..until)?;
        for best in [&mut id, &mut run, &mut time] {
            best.take(key, value);
        }
        if id.is_settled() && run.is_settled() && time.is_settled() {
            break;
        }
        at = blank(line, until);
        match line.get(at) {
            Some(b',') => at = blank(line, at + 1),
            Some(b'}') if at + 1 == line.len() => break,
            _ => return None,
        }
    }
    let time = match time.found {
        Some((_, value)) => Moment::spelled(value)?,
        None => Moment::Never,
    };
    Some(Glance {
        id: id.text().ok()?.map(Cow::Borrowed),
        run: run.text().ok()?.map(Cow::Borrowed),
        time,
        is_bare: false,
    })
}

fn blank(line: &[u8], from: usize) -> usize {
    let rest = line.get(from..).unwrap_or_default();
    let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
    from + blanks.count()
}

/// One past the quote that closes the string which begins at `from`.
fn string_end(line: &[u8], from: usize) -> Option<usize> {
    let mut at = from + 1;
    loop {
        at += memchr2(b'"', b'\\', line.get(at..)?)?;
        if line.get(at) == Some(&b'"') {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// One past the value that begins at `from`. Brackets are counted, not matched.
fn value_end(line: &[u8], from: usize) -> Option<usize> {
    match line.get(from)? {
        b'"' => string_end(line, from),
        b'{' | b'[' => {
            let (mut depth, mut at) = (0_usize, from);
            loop {
                match line.get(at)? {
                    b'"' => {
                        at = string_end(line, at)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    return Some(at);
                }
            }
        }
        _ => {
            let rest = line.get(from..)?;
            let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b' ' | b'\t' | b'\r' | b'\n');
            let len = rest.iter().position(is_end)?;
            (len > 0).then_some(from + len)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glance_says_what_reading_the_whole_line_says() {
        for line in [
            r#"{"id":"a","run_id":"r","ts":"2026-03-01T00:00:00.274Z","data":{"x":[1,"}"]}}"#,
            r#"{ "data" : {"a":"\"}"} , "event_id" : "e" , "task_id" : "t" , "time" : 1767225600 }"#,
            // The better name comes last.
            r#"{"trace_id":"t","event_id":"e","created_at":"2026-03-01","ts":"2026-03-02T00:00:00Z","run_id":"r","id":"i"}"#,
            r#"{"id":7,"run_id":"r"}"#,
            r#"{"id":"","event_id":"e","run_id":" ","session_id":"s"}"#,
            r#"{"id":null,"event_id":"e"}"#,
            r#"{"id":"a\u0041","run_id":"r\"q"}"#,
            r#"{"\u0069d":"hidden"}"#,
            r#"{"ts":"never","time":"2026-03-02T00:00:00Z"}"#,
            "{}",
            "[1]",
            "7",
            "no JSON",
            r#"{"id":"a","run_id""#,
            r#"{"a":{"id":"deep"},"data":"x"}"#,
        ] {
            let Head {
                id,
                run,
                time,
                is_bare,
            } = Head::read(line.as_bytes());
            let seen = glance(line.as_bytes());
            let seen = (seen.id, seen.run, seen.time.read(), seen.is_bare);
            let whole = (id.map(Cow::Owned), run.map(Cow::Owned), time, is_bare);
            assert_eq!(seen, whole, "{line}");
        }
    }

    #[test]
    fn what_stands_behind_is_passed_over() {
        let line = br#"{"id":"a","run_id":"r","ts":"2026-03-01T00:00:00Z","data":{"cut"#;
        assert_eq!(glance(line).id.as_deref(), Some("a"));
    }
}
