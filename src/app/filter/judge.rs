//! The filter asked of everything that is loaded, beside the loop: run by run, the one on the screen
//! first, over the runs' digests and a snapshot of the events. Matches are handed on in portions, so
//! that the first are on the screen at once and the loop never has many to mark.

use std::{collections::HashMap, sync::Arc};

use crate::{
    analysis::{Digest, Sketch},
    app::query::{Answers, OperationFacts, Query, Told},
    model::{EventView, NodeId, Snapshot},
};

/// Operations between two looks whether somebody still waits.
const PORTION: u32 = 2_048;
/// The first portion is smaller: somebody waits for it.
const FIRST: u32 = 256;

/// Titles of plan steps by their ids.
pub(in crate::app) type Steps = HashMap<String, String>;

/// A run whose operations are to be asked about.
#[derive(Debug)]
pub struct Subject {
    /// The run.
    pub run: NodeId,
    /// What the query says of the run itself.
    pub answers: Answers,
    /// Its operations.
    pub digest: Arc<Digest>,
    /// Its plan, where the query names steps.
    pub steps: Steps,
}

/// An order to ask a query of what is loaded.
#[derive(Debug)]
pub struct Judge {
    /// Its number; answers of older ones are dropped.
    pub number: u32,
    /// The query.
    pub query: Query,
    /// The runs, in the order in which they are asked about.
    pub subjects: Vec<Subject>,
    /// The events as they are now.
    pub events: Snapshot,
}

/// What came of it so far.
#[derive(Debug, Default)]
pub struct Judged {
    /// Which order.
    pub number: u32,
    /// Rows that match, of this portion.
    pub nodes: Vec<NodeId>,
    /// How many operations were asked about so far.
    pub looked: usize,
    /// At the end: what to say where nothing matches.
    pub end: Option<End>,
}

/// What is to be said at the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct End {
    /// Of a query that nothing matches: its clause that the fewest pass, and how many do not.
    pub worst: Option<(usize, usize)>,
    /// Payload paths that exist nowhere, each as it is written.
    pub absent: Vec<String>,
}

/// Asks, and hands on what matches until told to stop.
pub fn judge(order: &Judge, mut tell: impl FnMut(Judged) -> bool) {
    let mut portion = Judged {
        number: order.number,
        ..Judged::default()
    };
    let (mut since, mut limit, mut found) = (0, FIRST, 0);
    let whole = order.each(|subject, sketch, operation| {
        portion.looked += 1;
        since += 1;
        if order.query.passes(&subject.answers, operation) {
            portion.nodes.push(sketch.node);
            found += 1;
        }
        if since < limit {
            return true;
        }
        (since, limit) = (0, PORTION);
        let next = Judged {
            number: order.number,
            looked: portion.looked,
            ..Judged::default()
        };
        tell(std::mem::replace(&mut portion, next))
    });
    if !whole {
        return;
    }
    let looked = portion.looked;
    let number = order.number;
    if !tell(portion) {
        return;
    }
    let end = if found == 0 {
        order.end(|| {
            tell(Judged {
                number,
                looked,
                ..Judged::default()
            })
        })
    } else {
        Some(End::default())
    };
    let end = Some(end.unwrap_or_default());
    tell(Judged {
        number,
        nodes: Vec::new(),
        looked,
        end,
    });
}

impl Judge {
    /// Calls `ask` for each operation until it says no; says whether it never did.
    fn each(&self, mut ask: impl FnMut(&Subject, &Sketch, &OperationFacts<'_>) -> bool) -> bool {
        for subject in &self.subjects {
            let mut others = Vec::new();
            for sketch in subject.digest.sketches() {
                let mut views: [Option<EventView<'_>>; 2] = [None; 2];
                let nodes = [Some(sketch.node), sketch.answer];
                for (view, node) in views.iter_mut().zip(nodes) {
                    *view = node.and_then(|node| self.events.view(node));
                }
                subject.digest.joined(&sketch, &mut others);
                let facts = |views: &[EventView<'_>]| {
                    let step = sketch.step.and_then(|step| subject.steps.get(step));
                    ask(
                        subject,
                        &sketch,
                        &OperationFacts {
                            events: views,
                            kind: sketch.kind,
                            step: step.map(String::as_str),
                            told: Some(Told::from(&sketch)),
                        },
                    )
                };
                if !with(&views, &others, &self.events, facts) {
                    return false;
                }
            }
        }
        true
    }

    /// Why nothing matches; none where nobody waits any more.
    fn end(&self, mut wanted: impl FnMut() -> bool) -> Option<End> {
        let clauses = self.query.clauses();
        let paths = self.query.paths();
        let mut removed = vec![0; clauses.len()];
        let mut seen = vec![false; paths.len()];
        let mut looked = 0u32;
        let whole = self.each(|subject, _, operation| {
            looked = looked.wrapping_add(1);
            for (clause, removed) in clauses.iter().zip(&mut removed) {
                *removed += usize::from(!clause.passes(&subject.answers, operation));
            }
            for (path, seen) in paths.iter().zip(&mut seen) {
                *seen = *seen || path.passes(&subject.answers, operation);
            }
            !looked.is_multiple_of(PORTION) || wanted()
        });
        let worst = removed.into_iter().enumerate();
        let worst = worst
            .filter(|(_, removed)| *removed > 0)
            .max_by_key(|(at, removed)| (*removed, std::cmp::Reverse(*at)));
        let absent = paths.iter().zip(seen).filter(|(_, seen)| !seen);
        whole.then(|| End {
            worst,
            absent: absent.map(|(path, _)| path.to_string()).collect(),
        })
    }
}

/// Hands on the views that there are as one slice; most operations have one or two and need no list.
fn with<T>(
    views: &[Option<EventView<'_>>; 2],
    others: &[NodeId],
    events: &Snapshot,
    ask: impl FnOnce(&[EventView<'_>]) -> T,
) -> T {
    match (views, others) {
        ([Some(call), Some(answer)], []) => ask(&[*call, *answer]),
        ([Some(one), None] | [None, Some(one)], []) => ask(&[*one]),
        (views, others) => {
            let more = others.iter().filter_map(|node| events.view(*node));
            let all: Vec<EventView<'_>> = views.iter().flatten().copied().chain(more).collect();
            ask(&all)
        }
    }
}
