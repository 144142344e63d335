//! The facets of an event: what it says, what it carries, what went wrong, and at the end, folded, the
//! record as the service sent it. Those that an event does not have are not there.

use super::inspect::record;
use crate::{
    analysis,
    doc::{Format, Part},
    guard::redact::Sort as Secrets,
    model::{Event, Kind},
    text::{
        json::{Scanner, Sort, unquote},
        size,
    },
};

/// Bytes of a record that are looked through for what its text is written in.
const HEAD: usize = 64 << 10;

/// Adds the facets of one side of an operation, or of an event that is one by itself (`""`).
pub(super) fn of(body: &mut Vec<Part>, side: &str, event: &Event) {
    let named = |what: &str| match side {
        "" => what.to_owned(),
        side => format!("{side}: {what}"),
    };
    let before = body.len();
    if let Some(text) = analysis::prose(event) {
        body.push(Part::Heading(named(said(event.kind))));
        body.push(Part::Text(text, format(event)));
    }
    if let Some(span) = event.body {
        let heading = if side.is_empty() { "payload" } else { side };
        record(body, heading, &event.raw.sub(span), Secrets::Any);
    }
    if body.len() == before {
        record(body, &named("record as sent"), &event.raw, Secrets::Any);
    } else if !event.raw.is_empty() {
        let size = size::of(event.raw.len());
        body.push(Part::Folded(format!("{}  {size}", named("record as sent"))));
        body.push(Part::Json(event.raw.clone(), Secrets::Any));
    }
}

/// What a text is, by who says it.
fn said(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "message",
        Kind::Reasoning => "reasoning",
        Kind::Error => "error",
        _ => "text",
    }
}

/// What the text of an event is written in, where its record says so (`format`, as Agentex has it).
fn format(event: &Event) -> Format {
    let bytes = event.raw.bytes();
    let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
    let mut wanted = false;
    for token in Scanner::new(head).map_while(Result::ok) {
        let text = head.get(token.start..token.end).unwrap_or_default();
        match token.sort {
            Sort::Key => wanted = text == b"\"format\"",
            Sort::String if wanted => {
                return match &*unquote(text) {
                    "markdown" => Format::Markdown,
                    "plain" | "text" | "code" => Format::Plain,
                    _ => Format::Unknown,
                };
            }
            _ => wanted = false,
        }
    }
    Format::Unknown
}
