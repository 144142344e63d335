//! The filter asked of everything that is loaded, beside the loop: run by run, the one on the screen
//! first, over the runs' digests and a snapshot of the events. Matches are handed on in portions, so
//! that the first are on the screen at once and the loop never has many to mark.

use std::{
    collections::HashMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    analysis::{Digest, Sketch},
    app::{
        find::pieces,
        query::{Answers, Keys, Known, OperationFacts, Query, Told},
    },
    model::{EventView, NodeId, Snapshot},
};

/// Operations that are asked about between two looks whether somebody still waits.
const PORTION: usize = 2_048;
/// The first portion is smaller: somebody waits for it.
const FIRST: usize = 256;
/// Bytes of payloads that are looked through for paths like one that exists nowhere.
const KEYS: usize = 8 << 20;

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
    /// Payload paths that exist nowhere, each with the nearest one there is.
    pub absent: Vec<String>,
}

/// Some operations of a run: which subject it is, and from which place to which.
type Stretch = (usize, Range<usize>);

/// What one thread asks with: copies of its own, since threads would wait for each other's memory.
struct Asking {
    query: Query,
    clauses: Vec<Query>,
    paths: Vec<Query>,
    known: Known,
}

/// What came of a portion.
#[derive(Default)]
struct Part {
    nodes: Vec<NodeId>,
    looked: usize,
    /// How many did not pass each clause, and whether each payload path was met.
    removed: Vec<usize>,
    met: Vec<bool>,
}

/// Asks, and hands on what matches until told to stop.
pub fn judge(order: &Judge, mut tell: impl FnMut(Judged) -> bool) {
    let portions = order.portions();
    let (clauses, paths) = (order.query.clauses(), order.query.paths());
    let mut all = Part {
        removed: vec![0; clauses.len()],
        met: vec![false; paths.len()],
        ..Part::default()
    };
    let found = AtomicBool::new(false);
    let told = |looked, nodes, end| Judged {
        number: order.number,
        nodes,
        looked,
        end,
    };
    let whole = pieces::each(
        portions.len(),
        || Asking {
            query: order.query.clone(),
            clauses: clauses.clone(),
            paths: paths.clone(),
            known: Known::default(),
        },
        |asking, portion| {
            let stretches = portions.get(portion).map_or(&[][..], Vec::as_slice);
            order.ask(asking, stretches, &found)
        },
        |part| {
            all.take(&part);
            if !part.nodes.is_empty() {
                found.store(true, Ordering::Relaxed);
            }
            tell(told(all.looked, part.nodes, None))
        },
    );
    if !whole {
        return;
    }
    let mut end = End::default();
    if !found.load(Ordering::Relaxed) {
        end = all.end(&paths);
        order.name_nearest(&mut end.absent);
    }
    tell(told(all.looked, Vec::new(), Some(end)));
}

impl Part {
    fn take(&mut self, part: &Self) {
        self.looked += part.looked;
        for (all, removed) in self.removed.iter_mut().zip(&part.removed) {
            *all += removed;
        }
        for (met, here) in self.met.iter_mut().zip(&part.met) {
            *met |= here;
        }
    }

    /// Why nothing matches.
    fn end(&self, paths: &[Query]) -> End {
        let worst = self.removed.iter().copied().enumerate();
        let absent = paths.iter().zip(&self.met).filter(|(_, met)| !**met);
        End {
            worst: worst
                .filter(|(_, removed)| *removed > 0)
                .max_by_key(|(at, removed)| (*removed, std::cmp::Reverse(*at))),
            absent: absent.map(|(path, _)| path.to_string()).collect(),
        }
    }
}

impl Asking {
    /// Whether an operation matches; as long as none has, also what it is that does not.
    fn passes(&self, answers: &Answers, of: &OperationFacts<'_>, why: Option<&mut Part>) -> bool {
        let asks = |query: &Query| query.passes_among(answers, of, &self.known);
        let Some(why) = why else {
            return asks(&self.query);
        };
        let mut all = true;
        for (clause, removed) in self.clauses.iter().zip(&mut why.removed) {
            let passes = asks(clause);
            *removed += usize::from(!passes);
            all &= passes;
        }
        for (path, met) in self.paths.iter().zip(&mut why.met) {
            *met = *met || asks(path);
        }
        all
    }
}

impl Judge {
    /// Paths that exist nowhere are told with the nearest that do.
    fn name_nearest(&self, absent: &mut [String]) {
        if absent.is_empty() {
            return;
        }
        let mut keys = Keys::within(KEYS);
        for event in self.events.views() {
            if keys.is_full() {
                break;
            }
            keys.look(match event.body {
                Some(body) => event.raw.part(body),
                None => event.raw.bytes(),
            });
        }
        for path in absent {
            *path = keys.instead_of(path);
        }
    }

    /// Everything, in portions that one thread asks about at a time.
    fn portions(&self) -> Vec<Vec<Stretch>> {
        let (mut portions, mut portion, mut room) = (Vec::new(), Vec::new(), FIRST);
        for (at, subject) in self.subjects.iter().enumerate() {
            let (mut from, all) = (0, subject.digest.places());
            while from < all {
                let to = all.min(from + room);
                portion.push((at, from..to));
                room -= to - from;
                from = to;
                if room == 0 {
                    portions.push(std::mem::take(&mut portion));
                    room = PORTION;
                }
            }
        }
        portions.push(portion);
        portions
    }

    /// Asks about some operations. What does not pass is counted only until something was found.
    fn ask(&self, asking: &Asking, stretches: &[Stretch], found: &AtomicBool) -> Part {
        let mut part = Part {
            removed: vec![0; asking.clauses.len()],
            met: vec![false; asking.paths.len()],
            ..Part::default()
        };
        let mut others = Vec::new();
        for (subject, places) in stretches {
            let Some(subject) = self.subjects.get(*subject) else {
                continue;
            };
            for sketch in subject.digest.sketches_in(places.clone()) {
                subject.digest.joined(&sketch, &mut others);
                let passes = self.asked(subject, &sketch, &others, |operation| {
                    let why = (!found.load(Ordering::Relaxed)).then_some(&mut part);
                    asking.passes(&subject.answers, operation, why)
                });
                part.looked += 1;
                if passes {
                    part.nodes.push(sketch.node);
                }
            }
        }
        part
    }

    fn asked<T>(
        &self,
        subject: &Subject,
        sketch: &Sketch<'_>,
        others: &[NodeId],
        ask: impl FnOnce(&OperationFacts<'_>) -> T,
    ) -> T {
        let view = |node: Option<NodeId>| node.and_then(|node| self.events.view(node));
        let views = [view(Some(sketch.node)), view(sketch.answer)];
        let step = sketch.step.and_then(|step| subject.steps.get(step));
        with(&views, others, &self.events, |events| {
            ask(&OperationFacts {
                events,
                kind: sketch.kind,
                step: step.map(String::as_str),
                told: Some(Told::from(sketch)),
            })
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
