//! An event as it lies in the store, looked at without being copied: for those who look at very many.

use super::{Event, Kind, Payload, Span};

/// An event, borrowed.
#[derive(Clone, Copy, Debug)]
pub struct EventView<'a> {
    /// The service's id.
    pub id: &'a str,
    /// Our word for what it is.
    pub kind: Kind,
    /// The service's word for it.
    pub type_sent: &'a str,
    /// The plan step it belongs to.
    pub step_id: Option<&'a str>,
    /// Who wrote it.
    pub agent: Option<&'a str>,
    /// The tool called, or the model.
    pub tool: Option<&'a str>,
    /// Its title, where it has one of its own.
    pub title: Option<&'a str>,
    /// Its line, where it has one of its own.
    pub summary: Option<&'a str>,
    /// The first of the JSON strings in `raw` that are text to be read.
    pub prose: Option<Span>,
    /// The others.
    pub more_prose: &'a [Span],
    /// The JSON value in `raw` that is the payload.
    pub body: Option<Span>,
    /// Whether tokens are reported.
    pub has_tokens: bool,
    /// The record as sent.
    pub raw: &'a Payload,
}

impl<'a> EventView<'a> {
    /// The JSON strings that are text to be read, in reading order, as they were sent.
    pub fn prose(self) -> impl Iterator<Item = &'a [u8]> {
        let spans = self
            .prose
            .into_iter()
            .chain(self.more_prose.iter().copied());
        spans.map(move |span| self.raw.part(span))
    }
}

impl<'a> From<&'a Event> for EventView<'a> {
    fn from(event: &'a Event) -> Self {
        Self {
            id: &event.id,
            kind: event.kind,
            type_sent: &event.type_sent,
            step_id: event.step_id.as_deref(),
            agent: event.agent.as_deref(),
            tool: event.tool.as_deref(),
            title: event.title.as_deref(),
            summary: event.summary.as_deref(),
            prose: event.prose.first().copied(),
            more_prose: event.prose.get(1..).unwrap_or_default(),
            body: event.body,
            has_tokens: event.tokens.is_some(),
            raw: &event.raw,
        }
    }
}
