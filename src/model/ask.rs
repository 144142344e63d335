//! What one may want of a service, and what comes back. Plain data: a provider turns an ask into a
//! request and a reply into a batch. Who asks, and when an answer is wanted, is a ticket's.

use std::sync::Arc;

use bytes::Bytes;

use super::{CallMembers, Event, Kind, Mission, Run, RunStatus, Step, Stretch, Time};
use crate::text::percent::encoded;

/// One thing to load. Ids are the service's own.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Ask {
    /// All missions.
    Missions {
        /// Where to go on.
        page: Page,
    },
    /// One mission in detail.
    Mission {
        /// Its id.
        mission: Arc<str>,
    },
    /// The runs of a mission, newest first where the service can.
    Runs {
        /// Its id.
        mission: Arc<str>,
        /// Only these, where the service can filter. Callers filter again.
        status: Option<RunStatus>,
        /// Where to go on.
        page: Page,
    },
    /// One run in detail.
    Run(RunRef),
    /// The plan of a run.
    Steps(RunRef),
    /// The events of a run, in whatever order the service has; `Event::order` settles theirs.
    Events {
        /// Whose.
        run: RunRef,
        /// Where to go on.
        page: Page,
    },
    /// Some events of a run without those before them, where they can be had so.
    Part {
        /// Whose.
        run: RunRef,
        /// Which.
        of: Stretch,
    },
    /// Those events of a run that fit, where the service can pick. Callers pick again, and ask for all
    /// where it cannot.
    Picked {
        /// Whose.
        run: RunRef,
        /// Which.
        only: Only,
        /// Where to go on.
        page: Page,
    },
    /// One event in detail. Of one whose content is left out of the list (`Event::content`), this is
    /// the content.
    Event {
        /// Whose.
        run: RunRef,
        /// Its id.
        event: Arc<str>,
    },
    /// The runs of all missions in one list, where the service has one.
    AllRuns {
        /// Only these, where the service can filter. Callers filter again.
        status: Option<RunStatus>,
        /// Where to go on.
        page: Page,
    },
    /// The events of all runs in one list, where the service has one. The rows are
    /// `Record::Elsewhere`.
    AllEvents {
        /// Only these, where the service can filter. Callers filter again.
        kind: Option<Kind>,
        /// Where to go on.
        page: Page,
    },
    /// What a service keeps in a list of its own beside a mission or a run: tools, artifacts, spans,
    /// states. Only the dialect that asks for it knows its name.
    Aside {
        /// What it belongs to.
        of: Of,
        /// Which list.
        what: &'static str,
        /// Where to go on.
        page: Page,
    },
    /// What an event's id alone names, where the service can look that up. The row is
    /// `Record::Elsewhere`; none where nothing has that id.
    Named {
        /// The id.
        id: Arc<str>,
        /// Which of the service's ways to look it up.
        way: u8,
    },
    /// The cheapest question that proves address, credential and permission. What follows from it
    /// (`also`) belongs to the proof.
    Check,
}

/// What a list of its own belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Of {
    /// A mission, by its id.
    Mission(Arc<str>),
    /// A run.
    Run(RunRef),
}

/// Which events of a run are wanted. What is none does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Only {
    /// Of this kind.
    pub kind: Option<Kind>,
    /// Of this plan step.
    pub step: Option<Arc<str>>,
    /// By this agent.
    pub agent: Option<Arc<str>>,
}

/// A run by its ids, and what the service needs besides them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RunRef {
    /// Id of the mission.
    pub mission: Arc<str>,
    /// Id of the run.
    pub run: Arc<str>,
    /// `Run::room`, where there is one.
    pub room: Option<Arc<str>>,
}

/// Where to go on in a paged list. The default is the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Page {
    /// The service's cursor, or what takes its place; opaque to everybody but the provider.
    pub cursor: Option<Arc<str>>,
    /// How many pages were read before this one.
    pub index: u32,
    /// How many rows were read before this one.
    pub seen: u32,
    /// The smallest `Order::at` read so far, for lists that come newest first.
    pub before: Option<i64>,
    /// Of a followed list: the largest `Order::at` that is known already. Only what is younger is
    /// wanted, so a list that comes newest first ends there. Of a list of runs that is read again: what
    /// began before and has ended is known, and is not worth a request of its own.
    pub after: Option<i64>,
}

impl Ask {
    /// The run that the ask is about, if it is about one.
    pub fn run(&self) -> Option<&RunRef> {
        match self {
            Self::Run(run)
            | Self::Steps(run)
            | Self::Events { run, .. }
            | Self::Picked { run, .. }
            | Self::Part { run, .. }
            | Self::Event { run, .. }
            | Self::Aside {
                of: Of::Run(run), ..
            } => Some(run),
            Self::Missions { .. }
            | Self::Mission { .. }
            | Self::Runs { .. }
            | Self::AllRuns { .. }
            | Self::AllEvents { .. }
            | Self::Aside {
                of: Of::Mission(_), ..
            }
            | Self::Named { .. }
            | Self::Check => None,
        }
    }

    /// How many pages were read before; 0 for what has no pages.
    pub fn page_index(&self) -> u32 {
        match self {
            Self::Missions { page }
            | Self::Runs { page, .. }
            | Self::Events { page, .. }
            | Self::Picked { page, .. }
            | Self::AllRuns { page, .. }
            | Self::AllEvents { page, .. }
            | Self::Aside { page, .. } => page.index,
            Self::Mission { .. }
            | Self::Run(_)
            | Self::Steps(_)
            | Self::Event { .. }
            | Self::Part { .. }
            | Self::Named { .. }
            | Self::Check => 0,
        }
    }
}

/// A GET of one path under the context's base URL. There is no other verb to express, and no path but
/// one made from a template: `fetch` sends it only if the dialect lists that template among its routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    template: &'static str,
    /// Percent-encoded, begins with `/`.
    pub path: String,
    /// Names and values, not yet encoded.
    pub query: Vec<(String, String)>,
}

impl Request {
    /// A request for a path template: each `{}` is replaced by the next of `ids`, percent-encoded as
    /// one path segment.
    pub fn get(template: &'static str, ids: &[&str]) -> Self {
        let mut ids = ids.iter();
        let mut path = String::new();
        for (i, piece) in template.split("{}").enumerate() {
            if i > 0 {
                encode_segment(ids.next().copied().unwrap_or_default(), &mut path);
            }
            path.push_str(piece);
        }
        Self {
            template,
            path,
            query: Vec::new(),
        }
    }

    /// The template that it was made from.
    pub fn template(&self) -> &'static str {
        self.template
    }

    /// The same with one more query parameter.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }
}

/// A segment of dots alone would be read as a way up, so its dots are spelled too.
fn encode_segment(id: &str, out: &mut String) {
    let encoded = encoded(id);
    if id.bytes().all(|b| b == b'.') {
        out.push_str(&encoded.replace('.', "%2E"));
    } else {
        out.push_str(&encoded);
    }
}

/// What a service answered, whole.
#[derive(Clone, Debug)]
pub struct Reply<'a> {
    /// HTTP status; 200 for a file.
    pub status: u16,
    /// The body, decompressed. Slices of it become payloads.
    pub body: &'a Bytes,
    /// When it was received, for what only shows by comparison with now (a run quiet for an hour).
    pub received: Time,
}

impl Reply<'_> {
    /// Whether the status says success.
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

/// What a reply means.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Batch {
    /// What was read. Steps and events belong to the ask's run.
    pub rows: Vec<Row>,
    /// How the list goes on; none at its end.
    pub next: Option<Ask>,
    /// What must be asked besides, because this reply alone does not answer the ask.
    pub also: Vec<Ask>,
    /// How many records could not be read and are kept as events of kind unknown.
    pub skipped: u32,
}

/// One thing that was read.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// The record as it is now.
    Full(Record),
    /// Fields that are now known; absent ones erase nothing.
    Patch(Record),
}

impl Row {
    /// The record, whole or not.
    pub fn record(&self) -> &Record {
        match self {
            Self::Full(record) | Self::Patch(record) => record,
        }
    }
}

/// A record of any of the four sorts.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A mission.
    Mission(Mission),
    /// A run.
    Run(Run),
    /// A step of the ask's run.
    Step(Step),
    /// An event of the ask's run.
    Event(Event),
    /// An event of a run that the ask did not name.
    Elsewhere(Box<Elsewhere>),
}

/// An event with the ids of where it lies.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Elsewhere {
    /// Id of the mission; empty where the list does not say.
    pub mission: String,
    /// Id of the run.
    pub run: String,
    /// The event.
    pub event: Event,
}

impl Record {
    /// The service's id.
    pub fn id(&self) -> &str {
        match self {
            Self::Mission(mission) => &mission.id,
            Self::Run(run) => &run.id,
            Self::Step(step) => &step.id,
            Self::Event(event) => &event.id,
            Self::Elsewhere(elsewhere) => &elsewhere.event.id,
        }
    }
}

/// How a credential is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthScheme {
    /// `Authorization: Bearer …`
    Bearer,
    /// `x-api-key: …`
    XApiKey,
    /// `x-agent-api-key: …`
    AgentKey,
    /// Nothing is sent.
    #[default]
    None,
}

/// What is true of a service as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing of its own that services do or do not"
)]
pub struct Caps {
    /// Where it lives unless told otherwise; ends without a slash.
    pub base_url: &'static str,
    /// How it takes a credential unless told otherwise.
    pub auth: AuthScheme,
    /// Whether it works without any credential.
    pub open: bool,
    /// Whether `Ask::Steps` has an answer of its own.
    pub steps: bool,
    /// Whether it gives each tool call an id that its result repeats. Where it does not, an id is the
    /// writer's, and a call without an answer need not have failed.
    pub call_ids: bool,
    /// What lies beside the arguments in the payload of a tool call.
    pub call_members: CallMembers,
    /// Whether a run that has stopped may be taken up again at any time, and nothing but its newest event
    /// tells of it.
    pub resumes: bool,
}
