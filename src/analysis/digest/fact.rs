//! What the analysis keeps of one event: 64 bytes that are read out of its payload once, so that a run
//! can be read anew without touching a payload. It keeps no text but what many events share.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::words::{Word, Words};
use crate::{
    analysis::{
        canon, headline,
        rules::{self, RuleSet, Shape},
    },
    model::{Event, Kind, NodeId, Order, Time, Tokens},
};

/// What is said of how it went, besides failing: in its type or its summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Told {
    #[default]
    Nothing,
    Cancelled,
    Skipped,
    Started,
    Done,
}

/// One event.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and no two of them make a state"
)]
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub node: NodeId,
    pub tool: Word,
    pub step: Word,
    pub agent: Word,
    pub at: i64,
    pub tie: u64,
    /// What ties a call to its result: the service's id, else one in the payload; 0: none.
    pub id: u64,
    /// Of the arguments of a call, the outcome of a result, the content of anything else.
    pub hash: u64,
    pub kind: Kind,
    pub is_error: Option<bool>,
    pub shape: Shape,
    pub told: Told,
    /// Of a call: the rules whose keys stand in its arguments. Of a result: those that hold.
    pub says: RuleSet,
    /// Rules that hold if the tool gives something else elsewhere.
    pub may: RuleSet,
    /// Whether `id` is a call id, and not one found in the payload.
    pub named: bool,
    /// Whether it arrived in the inbox, where it may have an echo in the transcript.
    pub inbox: bool,
    /// Whether it is what somebody said to the agent.
    pub by_user: bool,
    /// Whether there is more to it, which few events have.
    pub has_rare: bool,
}

/// What few events have.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Rare {
    /// Nanoseconds.
    pub took: Option<u64>,
    pub at_end: bool,
    /// Where it is not the place's.
    pub time: Option<i64>,
    /// Whether nobody says when it was.
    pub untimed: bool,
    pub tokens: Option<Tokens>,
    /// The id that others name as the one they lie in.
    pub own: u64,
    /// The id that it names so.
    pub parent: u64,
}

impl Fact {
    /// Where it lies in its run.
    pub fn key(&self) -> (Order, NodeId) {
        let order = Order {
            at: self.at,
            tie: self.tie,
        };
        (order, self.node)
    }

    /// What of it decides which operation it belongs to.
    pub fn frame(&self) -> (Kind, Word, Word, Word, u64, bool) {
        (
            self.kind, self.tool, self.step, self.agent, self.id, self.named,
        )
    }
}

/// Reads an event.
pub(super) fn read(node: NodeId, event: &Event, words: &mut Words) -> (Fact, Option<Rare>) {
    let call_id = event.call_id.as_deref().filter(|id| !id.is_empty());
    let is_tool = matches!(event.kind, Kind::ToolCall | Kind::ToolResult);
    let inner = || is_tool.then(|| canon::inner_id(event)).flatten();
    let id = call_id.map(hash).or_else(inner).unwrap_or(0);
    let (mut says, mut may, mut shape) = (RuleSet::default(), RuleSet::default(), Shape::Nothing);
    match event.kind {
        Kind::ToolCall => says = rules::read_call(event).echo,
        Kind::ToolResult => {
            let reading = rules::read_result(event);
            (says, may, shape) = (reading.says, reading.may, reading.shape);
        }
        _ => {}
    }
    let rare = rare(event);
    let fact = Fact {
        node,
        tool: words.put(event.tool.as_deref()),
        step: words.put(
            event
                .step_id
                .as_deref()
                .filter(|id| !id.is_empty() && *id != "-"),
        ),
        agent: words.put(event.agent.as_deref()),
        at: event.order.at,
        tie: event.order.tie,
        id,
        hash: content(event),
        kind: event.kind,
        is_error: event.is_error,
        shape,
        told: told(event),
        says,
        may,
        named: call_id.is_some(),
        inbox: event.type_sent.starts_with("event:"),
        by_user: headline::is_of_user(event),
        has_rare: rare.is_some(),
    };
    (fact, rare)
}

fn rare(event: &Event) -> Option<Rare> {
    let named = matches!(event.kind, Kind::Span | Kind::ToolCall);
    let rare = Rare {
        took: event
            .duration
            .map(|took| u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)),
        at_end: event.at_end,
        time: event
            .time
            .filter(|time| *time != Time(event.order.at))
            .map(|time| time.0),
        untimed: event.time.is_none(),
        tokens: event.tokens,
        own: if named { hash(&event.id) } else { 0 },
        parent: event.parent_id.as_deref().map_or(0, hash),
    };
    let bare = Rare {
        own: rare.own,
        ..Rare::default()
    };
    // Calls are found by their call id; only spans are named by their own.
    (rare != bare || event.kind == Kind::Span).then_some(rare)
}

fn content(event: &Event) -> u64 {
    match event.kind {
        Kind::ToolCall | Kind::Message => canon::arguments(event),
        Kind::ToolResult | Kind::Error | Kind::Data => canon::outcome(event),
        // What a model thinks differs from turn to turn also where it goes round in circles.
        Kind::Reasoning | Kind::ModelCall => 0,
        Kind::Step | Kind::Status | Kind::Span | Kind::Artifact | Kind::SubRun | Kind::Unknown => {
            hash(&event.id)
        }
    }
}

fn told(event: &Event) -> Told {
    if !matches!(event.kind, Kind::Step | Kind::Status) {
        return Told::Nothing;
    }
    let summary = event.summary.as_deref().unwrap_or_default();
    // What it became, where it says from what to what.
    let became = summary.rsplit_once('→').map_or("", |(_, became)| became);
    let words = event.type_sent.split(|c: char| !c.is_ascii_alphabetic());
    let mut words = words.chain(became.split(|c: char| !c.is_ascii_alphabetic()));
    let told = |word: &str| match word.to_ascii_lowercase().as_str() {
        "cancel" | "canceled" | "cancelled" | "interrupted" | "terminated" => Told::Cancelled,
        "skipped" => Told::Skipped,
        "completed" | "complete" | "succeeded" | "done" | "ended" => Told::Done,
        "started" | "running" | "progress" => Told::Started,
        _ => Told::Nothing,
    };
    words
        .by_ref()
        .map(told)
        .find(|told| *told != Told::Nothing)
        .unwrap_or_default()
}

/// Ids are compared by 64 bits of them: inside one run two of a million meet once in 37 million runs.
pub(super) fn hash(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish().max(1)
}
