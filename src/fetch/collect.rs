//! The answer to one ask as a whole, for commands that print and end: the same engine as behind the
//! screen, its mails gathered and each record kept once.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::mpsc;

use super::engine::{self, Post};
use super::line::Line;
use super::merge::merge;
use crate::model::{
    Arrival, Ask, ContextId, Gen, Got, Limit, NodeId, Record, Row, Ticket, Trouble,
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
    let (mail, mut inbox) = mpsc::channel(4);
    let ticket = Ticket {
        context: ContextId(0),
        node: NodeId(0),
        generation: Gen(0),
        ask,
        limit,
    };
    let post = Post {
        ticket: Arc::new(ticket),
        mail,
    };
    let gather = async {
        let mut gathered = Gathered::default();
        while let Some(arrival) = inbox.recv().await {
            gathered.take(arrival);
        }
        gathered.collected
    };
    let ((), collected) = tokio::join!(engine::answer(on.into(), post), gather);
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
            Got::Waiting { .. } => {}
        }
    }

    fn keep(&mut self, row: Row) {
        let records = &mut self.collected.records;
        let key = (sort(row.record()), row.record().id().to_owned());
        let known = self.places.get(&key).and_then(|i| records.get_mut(*i));
        if let Some(known) = known {
            merge(known, row);
            return;
        }
        self.places.insert(key, records.len());
        records.push(match row {
            Row::Full(record) | Row::Patch(record) => record,
        });
    }
}

fn sort(record: &Record) -> u8 {
    match record {
        Record::Mission(_) => 0,
        Record::Run(_) => 1,
        Record::Step(_) => 2,
        Record::Event(_) => 3,
    }
}
