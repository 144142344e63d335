//! The facets of an event: what it says, what it carries, what went wrong, and at the end, folded, the
//! record as the service sent it. Those that an event does not have are not there.

use crate::app::{detail::inspect::record, detail::said};
use crate::{
    analysis,
    doc::Part,
    guard::redact::Sort as Secrets,
    model::{Event, Kind, Payload, Span},
    text::size,
};

/// Adds the facets of one side of an operation, or of an event that is one by itself (`""`).
pub(in crate::app) fn of(body: &mut Vec<Part>, side: &str, event: &Event) {
    let named = |what: &str| match side {
        "" => what.to_owned(),
        side => format!("{side}: {what}"),
    };
    let before = body.len();
    let thoughts = said::thoughts(event);
    for (name, text) in &thoughts {
        let heading = match thoughts.len() {
            1 => "reasoning".to_owned(),
            _ => format!("reasoning: {name}"),
        };
        body.push(Part::Heading(named(&heading)));
        body.push(Part::Text(text.clone(), said::format(event)));
    }
    let prose = analysis::prose(event).filter(|_| thoughts.is_empty());
    if let Some(text) = prose {
        body.push(Part::Heading(named(word(event.kind))));
        body.push(Part::Text(text, said::format(event)));
    }
    let mut is_all = false;
    if let Some(span) = event.body {
        let payload = event.raw.sub(span);
        is_all = payload.len() == event.raw.len();
        let heading = if side.is_empty() {
            member(event, span)
        } else {
            side
        };
        if let Some((text, format)) = said::formatted(event, &payload) {
            body.push(Part::Heading(named(word(event.kind))));
            body.push(Part::Text(text, format));
            folded(body, heading, &payload);
        } else if thoughts.is_empty() {
            record(body, heading, &payload, Secrets::Any);
        } else {
            folded(body, heading, &payload);
        }
    }
    if body.len() == before {
        record(body, &named("record as sent"), &event.raw, Secrets::Any);
    } else if !event.raw.is_empty() && !is_all {
        folded(body, &named("record as sent"), &event.raw);
    }
}

/// A record that nobody wants to see first.
pub(in crate::app) fn folded(body: &mut Vec<Part>, heading: &str, raw: &Payload) {
    let size = size::of(raw.len());
    body.push(Part::Folded(format!("{heading}  {size}")));
    body.push(Part::Json(raw.clone(), Secrets::Any));
}

/// What a text is, by who says it.
fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Message => "message",
        Kind::Reasoning => "reasoning",
        Kind::Error => "error",
        _ => "text",
    }
}

/// What a payload is, by the member of the record that it is.
fn member(event: &Event, span: Span) -> &'static str {
    let before = event.raw.bytes().get(..span.start as usize);
    let before = before.unwrap_or_default().trim_ascii_end();
    let key = before.strip_suffix(b":").map(<[u8]>::trim_ascii_end);
    match key {
        Some(key) if key.ends_with(b"\"attachments\"") => "attachments",
        _ => "payload",
    }
}
