//! What of a query a service can filter by itself, so that fewer pages come, and what is left to do here.
//! Whatever a service filters is filtered here once more: what it does is only ever less to read.

use super::{Node, Query, RunFacts, Truth, field::Field, value::Test};
use crate::model::{Kind, Run, RunStatus};

/// What may be asked of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// Runs in this state.
    pub status: Option<RunStatus>,
    /// Events of this kind.
    pub kind: Option<Kind>,
    /// Events of this plan step.
    pub step: Option<String>,
    /// Events by this agent.
    pub agent: Option<String>,
}

/// Who does what, each clause as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Done by the service.
    pub api: Vec<String>,
    /// Done here.
    pub local: Vec<String>,
}

impl Query {
    /// What a service may be asked for in its place: what must hold in any case and is one word.
    pub fn service(&self) -> Service {
        let mut service = Service::default();
        for node in &self.all {
            let Some((field, word, test)) = plain(node) else {
                continue;
            };
            match (field, test) {
                (Field::Status, Test::Status(status)) => service.status = Some(*status),
                (Field::Kind, Test::Kind(own, Some(kind))) if own.is_none() || is_alone(*kind) => {
                    service.kind = Some(*kind);
                }
                (Field::Step, _) => service.step = Some(word.to_owned()),
                (Field::Agent, _) => service.agent = Some(word.to_owned()),
                _ => {}
            }
        }
        service
    }

    /// Whether any run of a mission can match, by what is asked of context, service and mission; of a
    /// context without a mission by the first two.
    pub fn admits(&self, context: &str, provider: &str, mission: Option<(&str, &str)>) -> bool {
        let (id, name) = mission.unwrap_or_default();
        let run = Run {
            mission_id: id.to_owned(),
            ..Run::default()
        };
        let facts = RunFacts {
            context,
            provider,
            mission: name,
            run: &run,
            soft: None,
            now: crate::model::Time(0),
        };
        let above = |field| match field {
            Field::Ctx | Field::Provider => true,
            Field::Mission => mission.is_some(),
            _ => false,
        };
        self.clauses().iter().all(|clause| {
            let asks = clause.asks(|clause| !above(clause.field));
            asks || clause.matches_unread(&facts) != Truth::No
        })
    }

    /// Whether it asks about something.
    pub fn asks_about(&self, field: Field) -> bool {
        self.asks(|clause| clause.field == field)
    }

    /// Who does what where runs are listed by this service.
    pub fn split(&self, provider: &str) -> Split {
        let mut split = Split::default();
        for node in &self.all {
            let by_service = match plain(node) {
                Some((Field::Status, _, Test::Status(status))) => filters(provider, *status),
                _ => false,
            };
            let to = if by_service {
                &mut split.api
            } else {
                &mut split.local
            };
            to.push(Self::of(Some(node.clone())).to_string());
        }
        split
    }
}

/// Whether operations of that name are made of such events and no others.
fn is_alone(kind: Kind) -> bool {
    matches!(kind, Kind::Step | Kind::Status | Kind::Error | Kind::Span)
}

/// A clause that wants one word.
fn plain(node: &Node) -> Option<(Field, &str, &Test)> {
    let Node::Clause(clause) = node else {
        return None;
    };
    let (word, test) = clause.only_word()?;
    Some((clause.field, word, test))
}

/// Whether a service lists the runs in one state apart. ElizaOS cuts its list before it filters, and Vectara
/// does not filter.
fn filters(provider: &str, status: RunStatus) -> bool {
    use RunStatus::{Cancelled, Failed, Paused, Pending, Running, Succeeded, TimedOut, Unknown};
    match provider {
        "telnyx" => !matches!(status, TimedOut | Unknown),
        "agentex" => match status {
            Running | Succeeded | Failed | TimedOut => true,
            Pending | Paused | Cancelled | Unknown => false,
        },
        _ => false,
    }
}
