//! The answer to one ask as a whole, for commands that print and end: the same engine as behind the
//! screen, its mails gathered and each record kept once.

use std::collections::HashMap;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::mpsc;

use super::engine::{self, Post};
use super::line::Line;
use crate::model::{
    Arrival, Ask, ContextId, Gen, Got, Limit, NodeId, Record, Row, Ticket, Trouble, Urgency, merge,
};

/// What an ask brought.
#[derive(Debug, Default)]
pub struct Collected {
    /// Each record once, in the order of their first arrival.
    pub records: Vec<Record>,
    /// How many of them could not be read and are kept as unknown.
    pub skipped: u32,
    /// Where the list goes on, if the limit was reached.
    pub more: Option<Ask>,
    /// Why it is not whole. What came before it is in `records`.
    pub trouble: Option<Trouble>,
}

/// Asks and waits for everything up to the limit. `on` is a line, a connection or opened files.
pub async fn collect(on: impl Into<Line>, ask: Ask, limit: Limit) -> Collected {
    collect_counted(on, ask, limit, &AtomicUsize::new(0)).await
}

/// The same, counting records as they come.
pub async fn collect_counted(
    on: impl Into<Line>,
    ask: Ask,
    limit: Limit,
    count: &AtomicUsize,
) -> Collected {
    let (mail, mut inbox) = mpsc::channel(4);
    let ticket = Ticket {
        context: ContextId(0),
        node: NodeId(0),
        generation: Gen(0),
        ask,
        limit,
        urgency: Urgency::Wanted,
    };
    let post = Post {
        ticket: Arc::new(ticket),
        mail,
    };
    let gather = async {
        let mut gathered = Gathered::default();
        while let Some(arrival) = inbox.recv().await {
            if let Got::Rows { rows, .. } = &arrival.got {
                count.fetch_add(rows.len(), Ordering::Relaxed);
            }
            gathered.take(arrival);
        }
        gathered.collected
    };
    // Boxed: commands nest, and what they hold would nest with them.
    let answer = Box::pin(engine::answer(on.into(), post));
    let ((), collected) = tokio::join!(answer, gather);
    collected
}

#[derive(Default)]
struct Gathered {
    collected: Collected,
    places: HashMap<(u8, String), usize>,
}

impl Gathered {
    fn take(&mut self, arrival: Arrival) {
        match arrival.got {
            Got::Rows { rows, skipped } => {
                self.collected.skipped = self.collected.skipped.saturating_add(skipped);
                for row in rows {
                    self.keep(row);
                }
            }
            Got::Done { more } => self.collected.more = more,
            Got::Failed(trouble) => self.collected.trouble = Some(trouble),
            Got::Waiting { .. } | Got::Kept(_) | Got::Budget(_) | Got::Live(_) => {}
        }
    }

    fn keep(&mut self, row: Row) {
        let records = &mut self.collected.records;
        let key = (sort(row.record()), row.record().id().to_owned());
        let known = self.places.get(&key).and_then(|i| records.get_mut(*i));
        if let Some(known) = known {
            join(known, row);
            return;
        }
        self.places.insert(key, records.len());
        records.push(match row {
            Row::Full(record) | Row::Patch(record) => record,
        });
    }
}

/// Joins what came first with what came again, as the screen's store does; of two whole events the
/// first stays, because a list that repeats itself says nothing new about them.
fn join(known: &mut Record, row: Row) {
    match (known, row) {
        (
            Record::Mission(known),
            Row::Full(Record::Mission(new)) | Row::Patch(Record::Mission(new)),
        ) => {
            merge::mission(known, new);
        }
        (Record::Run(known), Row::Full(Record::Run(new)) | Row::Patch(Record::Run(new))) => {
            merge::run(known, new);
        }
        (Record::Step(known), Row::Full(Record::Step(new)) | Row::Patch(Record::Step(new))) => {
            merge::step(known, new);
        }
        (Record::Event(known), Row::Patch(Record::Event(new))) => {
            *known = merge::event_patch(std::mem::take(known), new);
        }
        (_, Row::Full(_) | Row::Patch(_)) => {}
    }
}

fn sort(record: &Record) -> u8 {
    match record {
        Record::Mission(_) => 0,
        Record::Run(_) => 1,
        Record::Step(_) => 2,
        Record::Event(_) => 3,
        Record::Elsewhere(_) => 4,
    }
}
