//! Failures with a cause in common, as a record and as a row of text.

use serde::Serialize;

use super::{Home, rfc3339};
use crate::{
    analysis::Fingerprint,
    guard::Masking,
    model::{Run, Time},
};

/// Where and when failures with a cause in common were seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    first: Option<Time>,
    last: Option<Time>,
    missions: Vec<At>,
    runs: Vec<At>,
}

/// A mission or a run by its ids.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct At {
    context: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    mission_id: Option<String>,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

impl Seen {
    /// One more run failed so, at that time.
    pub fn add(&mut self, home: Home<'_>, mission: &str, run: &Run, at: Option<Time>) {
        self.first = self.first.into_iter().chain(at).min();
        self.last = self.last.into_iter().chain(at).max();
        let of = At {
            context: home.context.to_owned(),
            mission_id: None,
            id: run.mission_id.clone(),
            name: Some(mission.to_owned()),
        };
        if !self.missions.contains(&of) {
            self.missions.push(of);
        }
        self.runs.push(At {
            context: home.context.to_owned(),
            mission_id: Some(run.mission_id.clone()),
            id: run.id.clone(),
            name: None,
        });
    }

    /// When it was seen last.
    pub fn last(&self) -> Option<Time> {
        self.last
    }

    /// When it was seen first.
    pub fn first(&self) -> Option<Time> {
        self.first
    }

    /// How many runs failed so.
    pub fn count(&self) -> usize {
        self.runs.len()
    }

    /// The names of their missions.
    pub fn missions(&self) -> impl Iterator<Item = &str> {
        self.missions.iter().filter_map(|at| at.name.as_deref())
    }
}

/// Failures with a cause in common.
#[derive(Debug, Serialize)]
pub struct CauseRecord<'a> {
    fingerprint: String,
    kind: &'static str,
    tool: Option<String>,
    message: String,
    count: usize,
    first_seen: Option<String>,
    last_seen: Option<String>,
    missions: Vec<At>,
    runs: &'a [At],
}

/// The record of a cause.
pub fn cause<'a>(shape: &Fingerprint, seen: &'a Seen, masking: &mut Masking) -> CauseRecord<'a> {
    let missions = seen.missions.iter().map(|at| At {
        name: at
            .name
            .as_deref()
            .map(|name| masking.text(name).into_owned()),
        ..at.clone()
    });
    let missions = missions.collect();
    CauseRecord {
        fingerprint: format!("{:016x}", shape.id()),
        kind: shape.kind,
        tool: shape
            .tool
            .as_deref()
            .map(|tool| masking.text(tool).into_owned()),
        message: masking.text(&shape.message).into_owned(),
        count: seen.count(),
        first_seen: seen.first.map(rfc3339),
        last_seen: seen.last.map(rfc3339),
        missions,
        runs: &seen.runs,
    }
}
