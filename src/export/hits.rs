//! Events in which a text was found: where they are, what they are, and the line.

use serde::Serialize;

use super::{
    record::{Home, rfc3339},
    table::Table,
    text::Sheet,
};
use crate::{
    analysis::headline,
    guard::Masking,
    model::{Event, Run},
};

/// One of them.
#[derive(Clone, Debug)]
pub struct Hit<'a> {
    /// Whose.
    pub home: Home<'a>,
    /// The run.
    pub run: &'a Run,
    /// The event's number in it.
    pub seq: Option<usize>,
    /// The event.
    pub event: &'a Event,
    /// The line, masked and not cleaned.
    pub line: String,
}

impl Hit<'_> {
    /// `RUN#N`, or `RUN#ID` where there is no number.
    fn address(&self) -> String {
        match self.seq {
            Some(seq) => format!("{}#{seq}", self.run.id),
            None => format!("{}#{}", self.run.id, self.event.id),
        }
    }
}

/// A hit as a record.
#[derive(Debug, Serialize)]
pub struct HitRecord<'a> {
    context: &'a str,
    provider: &'a str,
    mission_id: &'a str,
    run_id: &'a str,
    event_id: &'a str,
    seq: Option<usize>,
    address: String,
    kind: &'static str,
    time: Option<String>,
    title: String,
    line: &'a str,
}

/// A hit as a record.
pub fn hit<'a>(hit: &'a Hit<'a>, masking: &mut Masking) -> HitRecord<'a> {
    HitRecord {
        context: hit.home.context,
        provider: hit.home.provider,
        mission_id: &hit.run.mission_id,
        run_id: &hit.run.id,
        event_id: &hit.event.id,
        seq: hit.seq,
        address: hit.address(),
        kind: hit.event.kind.word(),
        time: hit.event.time.map(rfc3339),
        title: masking.text(&headline(hit.event).title).into_owned(),
        line: &hit.line,
    }
}

impl Sheet<'_> {
    /// Hits, one a line.
    pub fn hits(&mut self, hits: &[Hit<'_>]) -> String {
        let mut table = Table::new(&["EVENT", "TITLE", "LINE"]);
        for hit in hits {
            let title = headline(hit.event).title;
            table.row([
                self.line(&hit.address()),
                self.line(&title),
                self.line(&hit.line),
            ]);
        }
        table.render(self.columns, self.ascii)
    }
}
