//! All events of all runs, packed: fixed-size records in segments of at most 4,096 that workers may
//! hold while the loop goes on. Only what cannot be found again in the record's own bytes is kept.

use std::{num::NonZeroU64, sync::Arc, time::Duration};

use super::{
    Content, Event, EventView, Kind, NodeId, Order, Payload, Span, Time, Tokens,
    symbols::{Symbol, Symbols},
};
use crate::text::find;

/// Events per segment.
const SEGMENT: usize = 4096;

/// The columns of one event: 136 bytes beside the record's own bytes.
#[derive(Clone, Debug)]
struct Packed {
    node: NodeId,
    raw: Payload,
    id: Text,
    call_id: Text,
    order: Order,
    step: Symbol,
    agent: Symbol,
    tool: Symbol,
    type_sent: Symbol,
    title: Symbol,
    prose: Span,
    body: Span,
    rare: Option<Box<Rare>>,
    kind: Kind,
    is_error: Option<bool>,
    /// Whether the event happened at its place's time, as nearly all do.
    on_time: bool,
    at_end: bool,
}

/// What few events have. Few have all of it, so each part is small where it is missing.
#[derive(Clone, Debug, Default, PartialEq)]
struct Rare {
    summary: Option<Box<str>>,
    more_prose: Box<[Span]>,
    parent_id: Option<Box<str>>,
    tokens: Option<Box<Tokens>>,
    /// Nanoseconds, one more than there are: 584 years are enough.
    duration: Option<NonZeroU64>,
    /// Where it is not the place's.
    time: Option<Box<Time>>,
    content: Option<Box<Content>>,
}

/// A short text: a part of the record where it stands there (an empty part: no text), else its own.
/// Two cases and no third, so that it is no larger than its own text.
#[derive(Clone, Debug)]
enum Text {
    In(Span),
    Own(Box<str>),
}

impl Text {
    fn put(text: Option<&str>, raw: &Payload) -> Self {
        let Some(text) = text else {
            return Self::In(Span::default());
        };
        // Services write ids early; looking through megabytes for one would cost more than a copy.
        let head = raw.bytes().get(..raw.len().min(4096)).unwrap_or_default();
        let found = (!text.is_empty())
            .then(|| find::first(head, text.as_bytes()))
            .flatten()
            .and_then(|start| Span::new(start, start + text.len()));
        found.map_or_else(|| Self::Own(text.into()), Self::In)
    }

    fn get<'a>(&'a self, raw: &'a Payload) -> Option<&'a str> {
        match self {
            Self::In(span) if span.is_empty() => None,
            Self::In(span) => std::str::from_utf8(raw.part(*span)).ok(),
            Self::Own(text) => Some(text),
        }
    }
}

impl Packed {
    fn view<'a>(&'a self, symbols: &'a Symbols) -> EventView<'a> {
        let rare = self.rare.as_deref();
        EventView {
            id: self.id.get(&self.raw).unwrap_or_default(),
            kind: self.kind,
            type_sent: symbols.word(self.type_sent).unwrap_or_default(),
            step_id: symbols.word(self.step),
            agent: symbols.word(self.agent),
            tool: symbols.word(self.tool),
            title: symbols.word(self.title),
            summary: rare.and_then(|rare| rare.summary.as_deref()),
            prose: (!self.prose.is_empty()).then_some(self.prose),
            more_prose: rare.map_or(&[], |rare| &rare.more_prose),
            body: (!self.body.is_empty()).then_some(self.body),
            has_tokens: rare.is_some_and(|rare| rare.tokens.is_some()),
            raw: &self.raw,
        }
    }
}

/// The events as they were when it was taken, for workers beside the loop.
#[derive(Clone, Debug)]
pub struct Snapshot {
    parts: Vec<Arc<Vec<Packed>>>,
    /// The first node of each segment.
    firsts: Vec<NodeId>,
    symbols: Arc<Symbols>,
}

impl Snapshot {
    /// An event by its node, borrowed: nodes rise with the order of arrival.
    pub fn view(&self, node: NodeId) -> Option<EventView<'_>> {
        self.packed(node).map(|packed| packed.view(&self.symbols))
    }

    /// The same as a record, sharing its bytes.
    pub fn event(&self, node: NodeId) -> Option<Event> {
        self.packed(node).map(|it| unpack(it, &self.symbols))
    }

    fn packed(&self, node: NodeId) -> Option<&Packed> {
        let part = self.firsts.partition_point(|first| *first <= node);
        let part = part.checked_sub(1)?;
        let first = self.firsts.get(part)?;
        let part = self.parts.get(part)?;
        // Nodes of events that came together follow each other, so nearly always it is the last it can be.
        let last = (node.0 - first.0) as usize;
        part.get(last)
            .filter(|packed| packed.node == node)
            .or_else(|| {
                let part = part.get(..last).unwrap_or(part);
                let at = part.binary_search_by_key(&node, |packed| packed.node);
                part.get(at.ok()?)
            })
    }

    /// All events, borrowed, in the order of arrival.
    pub fn views(&self) -> impl Iterator<Item = EventView<'_>> {
        let all = self.parts.iter().flat_map(|segment| segment.iter());
        all.map(|packed| packed.view(&self.symbols))
    }

    /// How many segments there are.
    pub fn segments(&self) -> usize {
        self.parts.len()
    }

    /// The events of a segment with their nodes, borrowed, in the order of arrival.
    pub fn segment(&self, at: usize) -> impl Iterator<Item = (NodeId, EventView<'_>)> {
        let events = self.parts.get(at).into_iter().flat_map(|part| part.iter());
        events.map(|packed| (packed.node, packed.view(&self.symbols)))
    }
}

/// The events of all runs.
#[derive(Debug, Default)]
pub struct Segments {
    parts: Vec<Arc<Vec<Packed>>>,
    symbols: Arc<Symbols>,
    len: u32,
}

impl Segments {
    /// Adds an event and says at which slot.
    pub fn push(&mut self, node: NodeId, event: Event) -> u32 {
        let slot = self.len;
        let packed = self.pack(node, event);
        if (slot as usize).is_multiple_of(SEGMENT) {
            self.parts.push(Arc::default());
        }
        if let Some(tail) = self.parts.last_mut() {
            Arc::make_mut(tail).push(packed);
        }
        self.len += 1;
        slot
    }

    /// Replaces an event.
    pub fn replace(&mut self, slot: u32, event: Event) {
        let Some(node) = self.packed(slot).map(|packed| packed.node) else {
            return;
        };
        let packed = self.pack(node, event);
        let at = slot as usize;
        let segment = self.parts.get_mut(at / SEGMENT).map(Arc::make_mut);
        if let Some(old) = segment.and_then(|segment| segment.get_mut(at % SEGMENT)) {
            *old = packed;
        }
    }

    /// The event as a record, sharing its bytes.
    pub fn event(&self, slot: u32) -> Option<Event> {
        self.packed(slot)
            .map(|packed| unpack(packed, &self.symbols))
    }

    /// The event's place in its run.
    pub fn order(&self, slot: u32) -> Option<Order> {
        self.packed(slot).map(|packed| packed.order)
    }

    /// The id of the event's step.
    pub fn step(&self, slot: u32) -> Option<&str> {
        self.symbols.word(self.packed(slot)?.step)
    }

    /// Whether the event says that something failed.
    pub fn is_failure(&self, slot: u32) -> bool {
        self.packed(slot)
            .is_some_and(|packed| packed.is_error == Some(true) || packed.kind == Kind::Error)
    }

    /// What a worker may read while the loop goes on. Cheap: one count up per segment.
    pub fn snapshot(&self) -> Snapshot {
        let firsts = self.parts.iter().filter_map(|part| part.first());
        Snapshot {
            firsts: firsts.map(|first| first.node).collect(),
            parts: self.parts.clone(),
            symbols: Arc::clone(&self.symbols),
        }
    }

    fn packed(&self, slot: u32) -> Option<&Packed> {
        let at = slot as usize;
        self.parts.get(at / SEGMENT)?.get(at % SEGMENT)
    }

    fn pack(&mut self, node: NodeId, event: Event) -> Packed {
        let words = Arc::make_mut(&mut self.symbols);
        let on_time = event.time == Some(Time(event.order.at));
        let rare = Rare {
            summary: event.summary.map(Into::into),
            more_prose: event.prose.get(1..).unwrap_or_default().into(),
            tokens: event.tokens.map(Box::new),
            parent_id: event.parent_id.map(Into::into),
            duration: event.duration.and_then(nanos),
            time: event.time.filter(|_| !on_time).map(Box::new),
            content: event.content.map(Box::new),
        };
        Packed {
            node,
            id: Text::put(Some(&event.id), &event.raw),
            call_id: Text::put(event.call_id.as_deref(), &event.raw),
            order: event.order,
            step: words.put(event.step_id.as_deref()),
            agent: words.put(event.agent.as_deref()),
            tool: words.put(event.tool.as_deref()),
            type_sent: words.put(Some(&event.type_sent)),
            title: words.put(event.title.as_deref()),
            prose: event.prose.first().copied().unwrap_or_default(),
            body: event.body.unwrap_or_default(),
            rare: (rare != Rare::default()).then(|| Box::new(rare)),
            kind: event.kind,
            is_error: event.is_error,
            on_time,
            at_end: event.at_end,
            raw: event.raw,
        }
    }
}

fn nanos(duration: Duration) -> Option<NonZeroU64> {
    let nanos = u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX);
    NonZeroU64::new(nanos.saturating_add(1))
}

fn unpack(packed: &Packed, symbols: &Symbols) -> Event {
    let word = |symbol| symbols.word(symbol).map(str::to_owned);
    let text = |text: &Text| text.get(&packed.raw).map(str::to_owned);
    let rare = packed.rare.as_deref();
    let first = (!packed.prose.is_empty()).then_some(packed.prose);
    let more = rare
        .map(|rare| rare.more_prose.as_ref())
        .unwrap_or_default();
    Event {
        id: text(&packed.id).unwrap_or_default(),
        kind: packed.kind,
        type_sent: word(packed.type_sent).unwrap_or_default(),
        order: packed.order,
        time: if packed.on_time {
            Some(Time(packed.order.at))
        } else {
            rare.and_then(|rare| rare.time.as_deref().copied())
        },
        duration: rare
            .and_then(|rare| rare.duration)
            .map(|nanos| Duration::from_nanos(nanos.get() - 1)),
        at_end: packed.at_end,
        parent_id: rare.and_then(|rare| rare.parent_id.as_deref().map(str::to_owned)),
        step_id: word(packed.step),
        agent: word(packed.agent),
        tool: word(packed.tool),
        call_id: text(&packed.call_id),
        is_error: packed.is_error,
        tokens: rare.and_then(|rare| rare.tokens.as_deref().copied()),
        title: word(packed.title),
        summary: rare.and_then(|rare| rare.summary.as_deref().map(str::to_owned)),
        prose: first.into_iter().chain(more.iter().copied()).collect(),
        body: (!packed.body.is_empty()).then_some(packed.body),
        content: rare.and_then(|rare| rare.content.as_deref().copied()),
        raw: packed.raw.clone(),
    }
}

#[cfg(test)]
mod tests;
