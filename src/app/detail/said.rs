//! What an event says in words: a text and what it is written in, a thought and its summary. Looks at the
//! names that services give such things, in payloads of a size that somebody would read, and leaves
//! everything else to be shown as the JSON that it is.

use std::ops::Range;

use crate::{
    doc::Format,
    model::{Event, Kind, Payload},
    text::json::{Scanner, Sort, fault, unquote},
};

/// Bytes of a record that are looked through for what its text is written in.
const HEAD: usize = 64 << 10;
/// A larger payload is none that somebody would read as one text.
const LARGEST: usize = 1 << 20;
/// Members of an object that are looked at.
const MEMBERS: usize = 64;

/// What the text of an event is written in, where its record says so (`format`, as Agentex has it).
pub(in crate::app) fn format(event: &Event) -> Format {
    let bytes = event.raw.bytes();
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let mut wanted = false;
    for token in Scanner::new(head).map_while(Result::ok) {
        let text = head.get(token.start..token.end).unwrap_or_default();
        match token.sort {
            Sort::Key => wanted = text == b"\"format\"",
            Sort::String if wanted => return named(&unquote(text)),
            _ => wanted = false,
        }
    }
    Format::Unknown
}

fn named(word: &str) -> Format {
    match word.to_ascii_lowercase().as_str() {
        "markdown" | "md" | "text/markdown" => Format::Markdown,
        "plain" | "text" | "code" | "text/plain" => Format::Plain,
        _ => Format::Unknown,
    }
}

/// The text of a payload that is one with its format (`{"format": "markdown", "content": "…"}`), or of a
/// file that is named as one.
pub(in crate::app) fn formatted(event: &Event, payload: &Payload) -> Option<(String, Format)> {
    if payload.len() > LARGEST {
        return None;
    }
    let bytes = payload.bytes();
    if event.kind == Kind::Unknown && event.type_sent == "markdown" {
        let text = std::str::from_utf8(bytes).ok()?;
        return fault(bytes).map(|_| (text.to_owned(), Format::Markdown));
    }
    let members = members(bytes);
    let format = string(bytes, &members, "format")?;
    let content = string(bytes, &members, "content").or_else(|| string(bytes, &members, "text"))?;
    Some((content, named(&format)))
}

/// What a model thought: the summary and the thought itself, where the record has them under these names.
pub(in crate::app) fn thoughts(event: &Event) -> Vec<(&'static str, String)> {
    if event.kind != Kind::Reasoning || event.raw.len() > LARGEST {
        return Vec::new();
    }
    let body = event.body.map(|span| event.raw.sub(span));
    let raw = event.raw.bytes();
    let within = members(raw);
    let inner = ["content", "data", "payload"]
        .into_iter()
        .filter_map(|name| raw.get(range(&within, name)?));
    body.iter()
        .map(|body| &body.bytes()[..])
        .chain(inner)
        .chain([&raw[..]])
        .map(both)
        .find(|found| !found.is_empty())
        .unwrap_or_default()
}

fn both(object: &[u8]) -> Vec<(&'static str, String)> {
    let members = members(object);
    let mut found: Vec<(&'static str, String)> = Vec::new();
    for name in ["summary", "content"] {
        let said = range(&members, name).and_then(|range| object.get(range));
        let said = said.map(paragraphs).unwrap_or_default();
        if !said.is_empty() && found.iter().all(|(_, before)| *before != said) {
            found.push((name, said));
        }
    }
    found
}

/// The texts of a string, of a list of strings or of a list of parts with a `text`.
fn paragraphs(value: &[u8]) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut scanner = Scanner::new(value);
    let mut key = Vec::new();
    while let Some(Ok(token)) = scanner.next() {
        let literal = value.get(token.start..token.end).unwrap_or_default();
        let depth = scanner.depth();
        match token.sort {
            Sort::Key => key = literal.to_vec(),
            // A thought in an object of its own is no list of paragraphs.
            Sort::Open(crate::text::json::Shape::Object) if depth == 1 => return String::new(),
            Sort::String if depth <= 1 || depth == 2 && key == b"\"text\"" => {
                said.push(unquote(literal).into_owned());
            }
            Sort::Close(_) => key.clear(),
            _ => {}
        }
    }
    said.retain(|said| !said.trim().is_empty());
    said.join("\n\n")
}

type Members = Vec<(String, Range<usize>)>;

/// The members of an object, in order; none of anything else.
fn members(object: &[u8]) -> Members {
    let mut found = Members::new();
    let mut scanner = Scanner::new(object);
    let (mut key, mut begun) = (None, None);
    while let Some(Ok(token)) = scanner.next() {
        let literal = object.get(token.start..token.end).unwrap_or_default();
        let is_open = matches!(token.sort, Sort::Open(_));
        match (scanner.depth(), token.sort) {
            (1, Sort::Open(_)) if !literal.starts_with(b"{") => return found,
            (1, Sort::Key) => (key, begun) = (Some(unquote(literal).into_owned()), None),
            (depth, _) if depth == 1 + usize::from(is_open) => {
                let start = *begun.get_or_insert(token.start);
                if !is_open && let Some(key) = key.take() {
                    found.push((key, start..token.end));
                }
            }
            _ => {}
        }
        if found.len() >= MEMBERS {
            break;
        }
    }
    found
}

fn range(members: &Members, name: &str) -> Option<Range<usize>> {
    let found = members.iter().rfind(|(key, _)| key == name);
    found.map(|(_, range)| range.clone())
}

fn string(object: &[u8], members: &Members, name: &str) -> Option<String> {
    let literal = object.get(range(members, name)?)?;
    literal
        .starts_with(b"\"")
        .then(|| unquote(literal).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use bytes::Bytes;

    fn event(kind: Kind, raw: &str, body: bool) -> Event {
        Event {
            kind,
            body: body.then(|| Span::new(0, raw.len())).flatten(),
            raw: Payload::new(Bytes::copy_from_slice(raw.as_bytes())),
            ..Event::default()
        }
    }

    #[test]
    fn texts_with_their_format_are_known() {
        for (raw, expected) in [
            (
                r##"{"role": "a", "format": "markdown", "content": "# A\nb"}"##,
                Some(("# A\nb", Format::Markdown)),
            ),
            (
                r#"{"content": "x = 1", "format": "code", "more": {"a": [1]}}"#,
                Some(("x = 1", Format::Plain)),
            ),
            (r#"{"format": "png", "content": {"a": 1}}"#, None),
            (r#"{"a": {"format": "code"}, "content": "x"}"#, None),
            (r#"["format", "code", "content"]"#, None),
            (r#"{"format": "code", "content": "cut"#, None),
        ] {
            let event = event(Kind::ToolResult, raw, true);
            let found = formatted(&event, &event.raw);
            let found = found.as_ref().map(|(text, format)| (&**text, *format));
            assert_eq!(found, expected, "{raw}");
        }
    }

    #[test]
    fn summary_and_thought_are_both_told() {
        let plain = r#"{"summary": ["**Plan**", "then act"], "content": ["long\nthought"]}"#;
        let told = [
            ("summary", "**Plan**\n\nthen act".to_owned()),
            ("content", "long\nthought".to_owned()),
        ];
        let wrapped = format!(r#"{{"id": "m", "content": {plain}}}"#);
        assert_eq!(thoughts(&event(Kind::Reasoning, plain, true)), told);
        assert_eq!(thoughts(&event(Kind::Reasoning, &wrapped, false)), told);
        let parts = r#"{"summary": [{"type": "summary_text", "text": "Plan"}], "content": null}"#;
        let only = [("summary", "Plan".to_owned())];
        assert_eq!(thoughts(&event(Kind::Reasoning, parts, true)), only);
        let same = r#"{"summary": ["a"], "content": ["a"]}"#;
        assert_eq!(thoughts(&event(Kind::Reasoning, same, true)).len(), 1);
        let none = r#"{"summary": {"text": "a"}, "n": 1}"#;
        assert!(thoughts(&event(Kind::Reasoning, none, true)).is_empty());
        assert!(thoughts(&event(Kind::Message, plain, true)).is_empty());
    }
}
