//! What somebody captured of a service, told by its shape: the records in one JSON value, and of each the
//! ask that it answers. Lists, single records and records line by line come down to the same. What is
//! nothing of a run is told by its name, and a refusal by its words; nothing here reads a record.

use std::sync::Arc;

use super::{
    ALL, Provider,
    wire::{self, Object, Raw},
};
use crate::model::{Ask, RunRef, Time};

/// Members that tell when a record that is nothing of a run was made, or happened.
const TIMES: [&str; 7] = [
    "created_at",
    "createdAt",
    "executed_at",
    "deployment_timestamp",
    "timestamp",
    "scheduled_at_fixed_datetime",
    "time",
];

/// The records in a captured value.
#[derive(Debug)]
pub struct Capture<'a> {
    /// In the order in which they lie there.
    pub pieces: Vec<Piece<'a>>,
    /// Whether the value as it is answers the asks of its records, as far as these are one ask.
    pub is_framed: bool,
}

/// A record, and what it is.
#[derive(Clone, Debug)]
pub struct Piece<'a> {
    /// As sent.
    pub raw: Raw<'a>,
    /// What it is.
    pub sort: Sort,
}

/// What a record is.
#[derive(Clone, Debug)]
pub enum Sort {
    /// Something that a reader of the service knows.
    Answer(Box<Answer>),
    /// Nothing of a run.
    Paper(Paper),
    /// The service said no, in these words.
    Refusal(String),
    /// A list of these with nothing in it.
    Nothing(&'static str),
}

/// Which ask a record answers, together with others of the same ask.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The ask. Of one about a run that the record does not name, the run is empty.
    pub ask: Ask,
    /// What stands before and behind the records of a reply to it; none where each record is a reply.
    pub frame: Option<Frame>,
    /// The same record asked for by itself, for where what it tells of is not there.
    pub alone: Option<Ask>,
    /// A name for its run that is not the run's id: a record of another list may tell which run has it.
    pub thread: Option<Arc<str>>,
}

/// What stands before and behind the records of a list.
pub type Frame = (&'static str, &'static str);

/// A record that is nothing of a run.
#[derive(Clone, Debug)]
pub struct Paper {
    /// What such records are called, in the plural.
    pub what: &'static str,
    /// What it calls itself.
    pub title: Option<String>,
    /// When it was made, or happened.
    pub time: Option<Time>,
    /// The record without what must not be shown; none where all of it may be.
    pub kept: Option<String>,
}

impl Answer {
    /// As what a record is.
    pub fn sort(self) -> Sort {
        Sort::Answer(Box::new(self))
    }

    /// A record of a list.
    pub fn listed(ask: Ask, frame: Frame) -> Self {
        Self {
            ask,
            frame: Some(frame),
            alone: None,
            thread: None,
        }
    }

    /// A record that is a reply of its own.
    pub fn single(ask: Ask) -> Self {
        Self {
            ask,
            frame: None,
            alone: None,
            thread: None,
        }
    }
}

impl Sort {
    /// What a record is taken for that is not known and comes behind one that is.
    fn followed(&self) -> Self {
        let mut sort = self.clone();
        match &mut sort {
            Self::Answer(answer) => (answer.alone, answer.thread) = (None, None),
            Self::Paper(paper) => (paper.title, paper.time, paper.kept) = (None, None, None),
            Self::Refusal(_) | Self::Nothing(_) => {}
        }
        sort
    }
}

impl Paper {
    /// What such records are called, and the first of these members that names this one.
    pub fn of(what: &'static str, record: &Object<'_>, names: &[&str]) -> Self {
        let name = names.iter().find_map(|name| record.some_text(name));
        Self {
            what,
            title: name.map(|name| wire::one_line(&name, 200)),
            time: TIMES.iter().find_map(|name| record.time(name)),
            kept: None,
        }
    }
}

impl<'a> Capture<'a> {
    /// The records of a list; none where the first of them is not known. What is not known further on
    /// goes with the record before it, whose reader shows that it cannot be read.
    pub fn list(
        rows: Vec<Raw<'a>>,
        is_framed: bool,
        sort: impl Fn(&Object<'a>) -> Option<Sort>,
    ) -> Option<Self> {
        let mut last: Option<Sort> = None;
        let mut pieces = Vec::with_capacity(rows.len());
        for raw in rows {
            let known = Object::read(raw).and_then(|object| sort(&object));
            let sort = match (known, &last) {
                (Some(Sort::Refusal(_) | Sort::Nothing(_)) | None, None) => return None,
                (Some(Sort::Refusal(_) | Sort::Nothing(_)) | None, Some(last)) => last.followed(),
                (Some(known), _) => known,
            };
            last = Some(sort.clone());
            pieces.push(Piece { raw, sort });
        }
        (!pieces.is_empty()).then_some(Self { pieces, is_framed })
    }

    /// One record.
    pub fn one(raw: Raw<'a>, is_framed: bool, sort: Sort) -> Self {
        Self {
            pieces: vec![Piece { raw, sort }],
            is_framed,
        }
    }

    /// Whether all of it is a refusal.
    pub fn is_refusal(&self) -> bool {
        matches!(
            self.pieces.as_slice(),
            [Piece {
                sort: Sort::Refusal(_),
                ..
            }]
        )
    }
}

/// A captured value that a service knows.
pub struct Found<'a> {
    /// The service.
    pub provider: &'static dyn Provider,
    /// Others that may have sent it as well.
    pub others: Vec<&'static dyn Provider>,
    /// What is in it.
    pub capture: Capture<'a>,
}

/// Which service a captured value is of, and what is in it.
pub fn captured(bytes: &[u8]) -> Option<Found<'_>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let whole: Raw<'_> = serde_json::from_str(text.trim_start_matches('\u{feff}')).ok()?;
    let mut refused: Option<Found<'_>> = None;
    for provider in ALL {
        let Some(capture) = provider.captured(whole) else {
            continue;
        };
        let is_refusal = capture.is_refusal();
        match &mut refused {
            // Two services may say no in the same way.
            Some(found) if is_refusal => found.others.push(provider),
            found => {
                *found = Some(Found {
                    provider,
                    others: Vec::new(),
                    capture,
                });
            }
        }
        if !is_refusal {
            break;
        }
    }
    refused
}

/// A run that a record names, or none.
pub(super) fn run(mission: Option<String>, run: Option<String>) -> RunRef {
    RunRef {
        mission: mission.unwrap_or_default().into(),
        run: run.unwrap_or_default().into(),
        room: None,
    }
}

/// Whether a record has a member, be it null.
pub(super) fn has(record: &Object<'_>, name: &str) -> bool {
    record.members().iter().any(|(key, _)| key == name)
}

/// Whether a record has no members but these.
pub(super) fn only(record: &Object<'_>, names: &[&str]) -> bool {
    let mut members = record.members().iter();
    members.all(|(key, _)| names.contains(&&**key))
}
