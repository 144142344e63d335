//! The one language in which runs and operations are picked: on the screen, and with `--where`. A query
//! is parsed once and then asked of facts that are handed in. Wrong queries are refused with the place
//! and with what would be right there; nothing silently matches nothing. It knows no clock: now and the
//! zone come with the terms.
//!
//! ```text
//! status:failed,soft since:24h (tool:pay.* or err:~time.?out/i) -agent:qa payload.amount:>=1000 "no funds" /re/i
//! ```

mod answers;
mod case;
mod clause;
mod complete;
mod facts;
mod fault;
mod field;
mod keys;
mod known;
mod needle;
mod number;
mod parse;
mod path;
mod pattern;
mod reach;
mod service;
mod span;
mod told;
mod value;
mod words;

use std::fmt;

use jiff::tz::TimeZone;

use crate::model::Time;

pub use self::{
    answers::Answers,
    case::{Tally, Truth},
    complete::{Completion, Offers, complete},
    facts::{OperationFacts, RunFacts, Told},
    fault::Fault,
    field::{Field, fields},
    keys::{Keys, Paths},
    known::Known,
    needle::Needle,
    reach::PayloadPath,
    service::{Service, Split},
};
use self::{clause::Clause, parse::Parser, value::Value};
pub(super) use self::{complete::keys as complete_path, pattern::in_json};

/// What a query is read with.
#[derive(Clone, Debug)]
pub struct Terms {
    /// The present, which spans of time count back from.
    pub now: Time,
    /// The zone that dates without one are in.
    pub zone: TimeZone,
}

/// A query. Two are equal if they are spelled the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Everything that is wanted at once; nothing wants everything.
    all: Vec<Node>,
}

/// A part of a query. Of `All` and `Any` there are at least two parts, none of its own sort.
#[derive(Clone, Debug, PartialEq)]
enum Node {
    Clause(Box<Clause>),
    Not(Box<Node>),
    All(Vec<Node>),
    Any(Vec<Node>),
}

impl Query {
    /// Reads a query.
    pub fn parse(text: &str, terms: &Terms) -> Result<Self, Fault> {
        Parser::new(text, terms).query().map(Self::of)
    }

    fn of(node: Option<Node>) -> Self {
        let all = match node {
            None => Vec::new(),
            Some(Node::All(all)) => all,
            Some(other) => vec![other],
        };
        Self { all }
    }

    /// What both want at once.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    /// Whether it wants everything.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The parts that all must hold, each as a query of its own, to be shown and asked one by one.
    pub fn clauses(&self) -> Vec<Self> {
        let one = |node: &Node| Self::of(Some(node.clone()));
        self.all.iter().map(one).collect()
    }

    /// The query without one of its clauses.
    #[must_use]
    pub fn without(&self, clause: usize) -> Self {
        let kept = self.all.iter().enumerate();
        let kept = kept.filter(|(at, _)| *at != clause);
        Self {
            all: kept.map(|(_, node)| node.clone()).collect(),
        }
    }

    /// For each payload path that it asks about, the query whether there is such a thing at all: what
    /// exists nowhere is to be said, not to be looked for.
    pub fn paths(&self) -> Vec<Self> {
        let mut paths: Vec<Self> = Vec::new();
        self.each(&mut |clause| {
            if let Some(anything) = clause.anything() {
                let query = Self::of(Some(Node::Clause(Box::new(anything))));
                if !paths.contains(&query) {
                    paths.push(query);
                }
            }
        });
        paths
    }

    /// Calls `with` for every clause, however deep.
    fn each(&self, with: &mut dyn FnMut(&Clause)) {
        let mut nodes: Vec<&Node> = self.all.iter().rev().collect();
        while let Some(node) = nodes.pop() {
            match node {
                Node::Clause(clause) => with(clause),
                Node::Not(inner) => nodes.push(inner),
                Node::All(parts) | Node::Any(parts) => nodes.extend(parts.iter().rev()),
            }
        }
    }

    fn asks(&self, about: impl Fn(&Clause) -> bool) -> bool {
        let mut asks = false;
        self.each(&mut |clause| asks |= about(clause));
        asks
    }
}

impl Node {
    /// The opposite.
    fn not(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    /// All of these; none of nothing.
    fn all(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::All, |part| match part {
            Self::All(inner) => Ok(inner),
            other => Err(other),
        })
    }

    /// One of these at least; none of nothing.
    fn any(parts: Vec<Self>) -> Option<Self> {
        Self::joined(parts, Self::Any, |part| match part {
            Self::Any(inner) => Ok(inner),
            other => Err(other),
        })
    }

    fn joined(
        parts: Vec<Self>,
        join: fn(Vec<Self>) -> Self,
        open: fn(Self) -> Result<Vec<Self>, Self>,
    ) -> Option<Self> {
        let flat = parts.into_iter().flat_map(|part| match open(part) {
            Ok(inner) => inner,
            Err(other) => vec![other],
        });
        let mut flat: Vec<Self> = flat.collect();
        match flat.len() {
            0 | 1 => flat.pop(),
            _ => Some(join(flat)),
        }
    }
}

impl fmt::Display for Query {
    /// As it would be typed; reading it again gives the same query.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alone = self.all.len() == 1;
        for (at, node) in self.all.iter().enumerate() {
            if at > 0 {
                f.write_str(" ")?;
            }
            match node {
                Node::Any(_) if !alone => write!(f, "({node})")?,
                _ => write!(f, "{node}")?,
            }
        }
        Ok(())
    }
}

impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clause(clause) => write!(f, "{clause}"),
            Self::Not(inner) => match inner.as_ref() {
                Self::All(_) | Self::Any(_) => write!(f, "-({inner})"),
                _ => write!(f, "-{inner}"),
            },
            Self::All(parts) => joined(f, parts, " "),
            Self::Any(parts) => joined(f, parts, " or "),
        }
    }
}

/// `or` binds less than a blank, so only an `or` among what must hold at once needs brackets.
fn joined(f: &mut fmt::Formatter<'_>, parts: &[Node], between: &str) -> fmt::Result {
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            f.write_str(between)?;
        }
        match part {
            Node::Any(_) => write!(f, "({part})")?,
            _ => write!(f, "{part}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
