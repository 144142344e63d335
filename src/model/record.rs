//! The facts, as a provider reads them out of a reply: missions, runs, steps and events with their
//! bytes. Absent is `None` and never a default; what a service calls a thing is kept beside our word.

use std::time::Duration;

use super::{Kind, Payload, RunStatus, Span, StepStatus, Time};

/// A labelled fact for the detail pane and for text output (`model`, `gpt-4o`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// One or two words, lower case.
    pub label: &'static str,
    /// As sent; may span several lines.
    pub value: String,
    /// Which of several things of that label it is about, where there may be several. Not shown: the
    /// value names it.
    pub of: Option<String>,
}

/// A record that belongs to a mission or a run and is read with it, shown below its own record.
#[derive(Clone, Debug, PartialEq)]
pub struct Extra {
    /// Names it among its siblings (`tools`, `state of agent a`); one of the same name replaces it.
    pub label: String,
    /// JSON as sent: one record, or the array of a list's rows.
    pub raw: Payload,
}

/// The content of an event that is fetched only when somebody wants to see it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// Bytes, where the service says so.
    pub size: Option<u64>,
}

/// The thing that is run: a Telnyx mission, a Vectara, Agentex or ElizaOS agent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mission {
    /// The service's id.
    pub id: String,
    /// Not unique.
    pub name: String,
    /// Prose.
    pub description: Option<String>,
    /// The service's word, where the service has one.
    pub status: Option<String>,
    /// When it was made.
    pub created_at: Option<Time>,
    /// When it was changed last.
    pub updated_at: Option<Time>,
    /// What else a reader wants to know at once: model, instructions, tools.
    pub facts: Vec<Fact>,
    /// What the service keeps beside the record: tools, schedules.
    pub extras: Vec<Extra>,
    /// The record as sent.
    pub raw: Payload,
}

/// One execution of a mission.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Run {
    /// The mission's id.
    pub mission_id: String,
    /// The service's id.
    pub id: String,
    /// The best one line there is; empty where the service gives none.
    pub title: String,
    /// Our word for its state.
    pub status: RunStatus,
    /// The service's word for it.
    pub status_sent: Option<String>,
    /// Why it is so, where that is known.
    pub status_reason: Option<String>,
    /// Whether the status is only the word of a list that is known to be wrong at times. It gives way
    /// to a status that was learnt where it is known.
    pub hearsay: bool,
    /// When it started.
    pub started_at: Option<Time>,
    /// When it ended; none while it runs.
    pub ended_at: Option<Time>,
    /// Since when nothing was heard of a run that never ended.
    pub quiet_since: Option<Time>,
    /// When anything about it changed last, as far as the service tells.
    pub updated_at: Option<Time>,
    /// How long it took; none while it runs.
    pub duration: Option<Duration>,
    /// Tokens of the whole run, where reported.
    pub tokens: Option<Tokens>,
    /// What went wrong, in the service's words.
    pub error: Option<String>,
    /// The run that started this one.
    pub parent_run_id: Option<String>,
    /// The event of that run that did, where it is known. A run that comes with the events of its
    /// parent is shown there.
    pub parent_event_id: Option<String>,
    /// What asks about this run must carry besides its id (ElizaOS: the room).
    pub room: Option<String>,
    /// What else a reader wants to know at once: input, result, counts.
    pub facts: Vec<Fact>,
    /// What the service keeps beside the record: states, trackers, linked agents.
    pub extras: Vec<Extra>,
    /// The record as sent.
    pub raw: Payload,
}

impl Run {
    /// When anything was heard of it last, as far as is known.
    pub fn last_activity(&self) -> Option<Time> {
        let times = [
            self.started_at,
            self.ended_at,
            self.quiet_since,
            self.updated_at,
        ];
        times.into_iter().flatten().max()
    }
}

/// One step of a run's plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Step {
    /// The service's id; unique only inside the run.
    pub id: String,
    /// The step it lies in.
    pub parent_id: Option<String>,
    /// Its place among its siblings.
    pub sequence: i64,
    /// What it is about.
    pub title: String,
    /// Our word for its state.
    pub status: StepStatus,
    /// The service's word for it.
    pub status_sent: Option<String>,
    /// When it started.
    pub started_at: Option<Time>,
    /// When it ended.
    pub ended_at: Option<Time>,
    /// The record as sent; empty where the step is only known from events.
    pub raw: Payload,
}

/// Where an event lies among those of its run: by `at`, then by `tie`, then by arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Order {
    /// Usually the event's time in nanoseconds; never missing, unlike the time.
    pub at: i64,
    /// Decides between equals (an id that rises, a position in the reply).
    pub tie: u64,
}

/// One record of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Event {
    /// The service's id, or one derived from what identifies the record.
    pub id: String,
    /// Our word for what it is.
    pub kind: Kind,
    /// The service's word for it.
    pub type_sent: String,
    /// Its place in the run.
    pub order: Order,
    /// When it happened.
    pub time: Option<Time>,
    /// How long it took, where the record says so.
    pub duration: Option<Duration>,
    /// Whether `time` is when it ended; else it is when it began, or the only time there is.
    pub at_end: bool,
    /// The event, by its id or its call id, in which this one happened.
    pub parent_id: Option<String>,
    /// The plan step it belongs to; need not exist in the plan.
    pub step_id: Option<String>,
    /// Who wrote it.
    pub agent: Option<String>,
    /// The tool called, or the model.
    pub tool: Option<String>,
    /// What ties a call to its result.
    pub call_id: Option<String>,
    /// Whether it failed; none where the service does not report it.
    pub is_error: Option<bool>,
    /// Tokens of this record, where reported.
    pub tokens: Option<Tokens>,
    /// One or two words, where the kind and the tool do not say it (`user`, `assistant`, `run ended`).
    /// Leave it out where `analysis::headline` finds the same: titles are made for visible rows.
    pub title: Option<String>,
    /// One line, only where neither `prose` nor `body` begins with it (`pending → running`).
    pub summary: Option<String>,
    /// The JSON strings in `raw` that are text to be read (message, reasoning), in reading order.
    pub prose: Vec<Span>,
    /// The JSON value in `raw` that is the payload: arguments, result, data.
    pub body: Option<Span>,
    /// Set where `raw` lacks the content and `Ask::Event` would bring it.
    pub content: Option<Content>,
    /// The record as sent.
    pub raw: Payload,
}

/// Token counts. What is not reported is none, never 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens read.
    pub input: Option<u64>,
    /// Tokens written.
    pub output: Option<u64>,
    /// Both, as reported.
    pub total: Option<u64>,
    /// Of those read, how many came from a cache.
    pub cached: Option<u64>,
    /// Of those written, how many were reasoning.
    pub reasoning: Option<u64>,
}

impl Tokens {
    /// None when nothing at all is reported.
    pub fn reported(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }

    /// The total as reported, else the sum of what was read and written.
    pub fn sum(&self) -> Option<u64> {
        self.total.or(match (self.input, self.output) {
            (None, None) => None,
            (input, output) => Some(input.unwrap_or(0).saturating_add(output.unwrap_or(0))),
        })
    }
}
