//! Records of a file that answer the same ask, and the reply that they make together.

use std::{collections::HashMap, sync::Arc};

use bytes::Bytes;

use super::scan::{Part, Scan, What};
use crate::{
    model::{Ask, Batch, Of, Reply, RunRef, Time},
    provider::{
        Provider, ReadError,
        capture::{Answer, Sort},
    },
};

/// Records that answer one ask.
pub(super) struct Group {
    /// The number of their file.
    pub file: usize,
    pub provider: &'static dyn Provider,
    /// What the first of them is.
    pub answer: Answer,
    /// The records as sent.
    pub records: Vec<Bytes>,
    /// Names for their run that are not the run's id.
    pub threads: Vec<Arc<str>>,
    /// Of records that can be asked for by themselves: how.
    pub alone: Vec<(Ask, Bytes)>,
    /// Lines that are no JSON, with their numbers and how many of the records come before them.
    pub broken: Vec<(usize, u32, Bytes)>,
    /// The reply, where it is there as it came.
    whole: Option<Bytes>,
}

/// What of a file answers no ask.
pub(super) struct Other {
    pub raw: Bytes,
    pub provider: &'static dyn Provider,
    pub others: Vec<&'static dyn Provider>,
    pub sort: Sort,
}

/// A file by what its records answer.
#[derive(Default)]
pub(super) struct Sorted {
    /// In the order in which they are met.
    pub groups: Vec<Group>,
    pub rest: Vec<Other>,
    /// Lines that are no JSON before any that answers an ask, with their numbers.
    pub broken: Vec<(u32, Bytes)>,
}

/// The groups of a file, and the rest.
pub(super) fn groups(file: usize, scan: Scan) -> Sorted {
    let mut sorted = Sorted::default();
    let Sorted {
        groups,
        rest,
        broken,
    } = &mut sorted;
    let mut places: HashMap<(&'static str, Ask), usize> = HashMap::new();
    let mut last: Option<usize> = None;
    let Scan {
        bytes,
        parts,
        is_framed,
    } = scan;
    for Part { place, what } in parts {
        let raw = bytes.slice(place);
        let (provider, others, sort) = match what {
            What::Known {
                provider,
                others,
                sort,
            } => (provider, others, sort),
            What::Broken(number) => {
                match last.and_then(|at| groups.get_mut(at)) {
                    Some(group) => group.broken.push((group.records.len(), number, raw)),
                    None => broken.push((number, raw)),
                }
                continue;
            }
        };
        let answer = match sort {
            Sort::Answer(answer) => *answer,
            sort @ (Sort::Paper(_) | Sort::Refusal(_) | Sort::Nothing(_)) => {
                rest.push(Other {
                    raw,
                    provider,
                    others,
                    sort,
                });
                continue;
            }
        };
        let next = groups.len();
        let at = if answer.frame.is_some() {
            let key = (provider.name(), answer.ask.clone());
            *places.entry(key).or_insert(next)
        } else {
            next
        };
        last = Some(at);
        if let Some(group) = groups.get_mut(at) {
            group.put(answer, raw);
        } else {
            let mut group = Group::new(file, provider, answer.clone());
            group.put(answer, raw);
            groups.push(group);
        }
    }
    if let ([group], true, true) = (groups.as_mut_slice(), is_framed, rest.is_empty()) {
        group.whole = Some(bytes);
    }
    sorted
}

impl Group {
    fn new(file: usize, provider: &'static dyn Provider, answer: Answer) -> Self {
        Self {
            file,
            provider,
            answer,
            records: Vec::new(),
            threads: Vec::new(),
            alone: Vec::new(),
            broken: Vec::new(),
            whole: None,
        }
    }

    fn put(&mut self, answer: Answer, raw: Bytes) {
        self.alone
            .extend(answer.alone.map(|ask| (ask, raw.clone())));
        self.threads.extend(
            answer
                .thread
                .filter(|thread| !self.threads.contains(thread)),
        );
        self.records.push(raw);
    }

    /// Whether its records do not name their run.
    pub fn is_homeless(&self) -> bool {
        self.answer.ask.run().is_some_and(|run| run.run.is_empty())
    }

    /// Gives its records a run.
    pub fn settle(&mut self, run: &RunRef) {
        settle(&mut self.answer.ask, run);
        for (ask, _) in &mut self.alone {
            settle(ask, run);
        }
    }

    /// What the records tell.
    pub fn read(&self, received: Time) -> Result<Batch, ReadError> {
        let body = match (&self.whole, self.answer.frame) {
            (Some(whole), _) => whole.clone(),
            (None, Some(frame)) => framed(frame, &self.records),
            (None, None) => self.records.first().cloned().unwrap_or_default(),
        };
        read(self.provider, &self.answer.ask, &body, received)
    }

    /// What one of the records tells among none of the others.
    pub fn read_one(&self, record: &Bytes, received: Time) -> Option<Batch> {
        let body = framed(self.answer.frame?, std::slice::from_ref(record));
        read(self.provider, &self.answer.ask, &body, received).ok()
    }

    /// What a record tells as the answer to an ask of its own.
    pub fn read_alone(&self, ask: &Ask, record: &Bytes, received: Time) -> Option<Batch> {
        read(self.provider, ask, record, received).ok()
    }
}

fn read(
    provider: &dyn Provider,
    ask: &Ask,
    body: &Bytes,
    received: Time,
) -> Result<Batch, ReadError> {
    let reply = Reply {
        status: 200,
        body,
        received,
    };
    provider.read(ask, &reply)
}

/// The records as a list.
fn framed((open, close): (&str, &str), records: &[Bytes]) -> Bytes {
    let size = records.iter().map(|record| record.len() + 1).sum::<usize>();
    let mut body = Vec::with_capacity(open.len() + size + close.len());
    body.extend_from_slice(open.as_bytes());
    for (i, record) in records.iter().enumerate() {
        if i > 0 {
            body.push(b',');
        }
        body.extend_from_slice(record);
    }
    body.extend_from_slice(close.as_bytes());
    body.into()
}

/// The run stands where the ask has none.
fn settle(ask: &mut Ask, run: &RunRef) {
    let (Ask::Run(of)
    | Ask::Steps(of)
    | Ask::Events { run: of, .. }
    | Ask::Picked { run: of, .. }
    | Ask::Event { run: of, .. }
    | Ask::Aside {
        of: Of::Run(of), ..
    }) = ask
    else {
        return;
    };
    if of.run.is_empty() {
        of.run = Arc::clone(&run.run);
        if of.mission.is_empty() {
            of.mission = Arc::clone(&run.mission);
        }
    }
}
