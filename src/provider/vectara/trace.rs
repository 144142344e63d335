//! Traces → what a session's turns took and cost. Each turn of an agent is one trace; events report
//! neither tokens nor models. The sums go through the pages with the cursor. Keys that may read
//! events need not be allowed to read these.

use super::cursor::Cursor;
use super::look::NEWEST;
use super::{aside, object, page_key, rows, session, span};
use crate::model::{Batch, Extra, Page, Record, Reply, Row, RunRef, Time, Tokens};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// Of how many turns the spans are read, newest first.
const LOOKED_INTO: usize = 50;
/// Of how many at a look: turns may have ended since the look before.
const LOOKED_INTO_AGAIN: usize = 10;

pub(super) fn list(
    run: &RunRef,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sent = rows(&whole, "traces")?;
    let traces: Vec<Object<'_>> = sent.iter().filter_map(|raw| Object::read(raw)).collect();
    let mut cursor = Cursor::of(page);
    let mut sums = Sums::of(&cursor.note);
    let mut turns: Vec<(Option<Time>, String)> = Vec::new();
    for trace in sums.uncounted(&traces) {
        sums.add(trace);
        let at = trace.time("started_at");
        turns.extend(trace.some_text("trace_id").map(|id| (at, id)));
    }
    // The service states no order of its own.
    turns.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let most = if sums.newest {
        LOOKED_INTO_AGAIN
    } else {
        LOOKED_INTO
    };
    let left = most.saturating_sub(sums.looked_into);
    let also: Vec<_> = turns
        .iter()
        .take(left)
        .map(|(_, id)| span::ask(run, id))
        .collect();
    sums.looked_into += also.len();
    let mut patch = session::patch(run);
    patch.tokens = Tokens {
        input: sums.input,
        output: sums.output,
        ..Tokens::default()
    }
    .reported();
    patch.facts = wire::facts([("traces", sums.line())]);
    if let Some(raw) = whole.raw("traces").filter(|_| !sent.is_empty()) {
        let label = match page.index {
            0 => "traces".to_owned(),
            n => format!("traces, page {}", n + 1),
        };
        let raw = wire::payload(reply, raw);
        patch.extras.push(Extra { label, raw });
    }
    cursor.note = sums.note();
    let next = cursor.next(page, sent.len(), page_key(&whole));
    Ok(Batch {
        rows: vec![Row::Patch(Record::Run(patch))],
        next: next.map(|page| aside::of_run(run, aside::TRACES, page)),
        also,
        skipped: u32::try_from(sent.len() - traces.len()).unwrap_or(u32::MAX),
    })
}

/// What the traces of all pages so far come to.
#[derive(Clone, Debug, Default, PartialEq)]
struct Sums {
    /// Only the newest turns are looked into, because the others were before.
    newest: bool,
    looked_into: usize,
    turns: u64,
    failed: u64,
    millis: u64,
    input: Option<u64>,
    output: Option<u64>,
    /// The last trace: new ones push it onto the next page, where it counts no more.
    last: String,
}

impl Sums {
    fn of(note: &str) -> Self {
        let mut parts = note.splitn(8, '/');
        let newest = parts.next() == Some(NEWEST);
        let mut count = || parts.next().and_then(|part| part.parse::<u64>().ok());
        let looked_into = count().and_then(|count| usize::try_from(count).ok());
        Self {
            newest,
            looked_into: looked_into.unwrap_or(0),
            turns: count().unwrap_or(0),
            failed: count().unwrap_or(0),
            millis: count().unwrap_or(0),
            input: count(),
            output: count(),
            last: parts.next().unwrap_or_default().to_owned(),
        }
    }

    fn note(&self) -> String {
        let spelled = |count: Option<u64>| count.map_or_else(|| "-".to_owned(), |n| n.to_string());
        let which = if self.newest { NEWEST } else { "all" };
        let (input, output) = (spelled(self.input), spelled(self.output));
        format!(
            "{which}/{}/{}/{}/{}/{input}/{output}/{}",
            self.looked_into, self.turns, self.failed, self.millis, self.last
        )
    }

    /// Those of a page that were not on the page before.
    fn uncounted<'a, 'b>(&self, traces: &'a [Object<'b>]) -> &'a [Object<'b>] {
        let known = traces.iter().rposition(|trace| {
            !self.last.is_empty() && trace.some_text("trace_id").as_ref() == Some(&self.last)
        });
        traces
            .get(known.map_or(0, |at| at + 1)..)
            .unwrap_or_default()
    }

    fn add(&mut self, trace: &Object<'_>) {
        let plus = |sum: Option<u64>, field: &str| match trace.count(field) {
            Some(count) => Some(sum.unwrap_or(0).saturating_add(count)),
            None => sum,
        };
        self.turns += 1;
        self.failed += u64::from(trace.text_of("status").as_deref() == Some("error"));
        let took = trace.count("duration_ms").unwrap_or(0);
        self.millis = self.millis.saturating_add(took);
        self.input = plus(self.input, "input_tokens");
        self.output = plus(self.output, "output_tokens");
        self.last = trace.some_text("trace_id").unwrap_or_default();
    }

    fn line(&self) -> Option<String> {
        if self.turns == 0 {
            return None;
        }
        let plural = if self.turns == 1 { "" } else { "s" };
        let mut line = format!("{} turn{plural}", self.turns);
        if self.failed > 0 {
            line = format!("{line}, {} failed", self.failed);
        }
        if self.millis > 0 {
            let tenths = self.millis / 100;
            line = format!("{line}, {}.{} s of work", tenths / 10, tenths % 10);
        }
        if !self.newest && u64::try_from(self.looked_into).is_ok_and(|read| read < self.turns) {
            line = format!("{line}; spans of the newest {} read", self.looked_into);
        }
        Some(line)
    }
}
