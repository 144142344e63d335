//! Events in which a text was found: where they are, what they are, and the line.

use std::borrow::Cow;

use serde::Serialize;

use super::{
    record::{Home, rfc3339},
    table::Table,
    text::{Sheet, ascii},
};
use crate::{
    analysis::headline,
    guard::{Masking, clean},
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
    fn address(&self, masking: &mut Masking) -> String {
        let run = masking.id(&self.run.id);
        match self.seq {
            Some(seq) => format!("{run}#{seq}"),
            None => format!("{run}#{}", masking.id(&self.event.id)),
        }
    }
}

/// A hit as a record.
#[derive(Debug, Serialize)]
pub struct HitRecord<'a> {
    context: &'a str,
    provider: &'a str,
    mission_id: Cow<'a, str>,
    run_id: Cow<'a, str>,
    event_id: Cow<'a, str>,
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
        mission_id: masking.id(&hit.run.mission_id),
        run_id: masking.id(&hit.run.id),
        event_id: masking.id(&hit.event.id),
        seq: hit.seq,
        address: hit.address(masking),
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
            let address = hit.address(self.masking);
            table.row([
                ascii(&clean::line(&address), self.ascii).into_owned(),
                self.line(&title),
                self.line(&hit.line),
            ]);
        }
        table.render(self.columns, self.ascii)
    }
}
