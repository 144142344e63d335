//! What it costs to read a run as operations: all of it, one event more, and the same anew. Both grow
//! with the run in a straight line or not at all; the bytes are those of the digest beside the events.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use common::{page, read};
use sortie::{
    analysis::{Digest, Terms},
    model::{Event, NodeId, Record, Row},
};

const FIRST: i64 = 1_794_000_000_000;
/// Events read at once while their run grows.
const PART: usize = 10_000;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    common::budget("one event more costs the same in a run of any size");
    for total in [10_000, 100_000, 1_000_000] {
        let before = common::resident();
        let (mut digest, took) = whole(total);
        let grown = common::resident()
            .zip(before)
            .map(|(now, before)| now.saturating_sub(before) / total);
        let operations = digest.counts().operations;
        let one = one_more(&mut digest, total);
        let again = anew(&mut digest, total);
        let bytes = grown.map_or_else(|| "not measured".to_owned(), |n| n.to_string());
        writeln!(
            out,
            "analysis: {total:>9} events, {operations} operations: {:>8.1} ms, {:>6.0} ns an event, \
             {bytes} bytes an event; one more {one:?}; read anew {again:?}",
            took.as_secs_f64() * 1e3,
            took.as_nanos() as f64 / total as f64,
        )?;
    }
    Ok(())
}

fn events(from: usize, to: usize) -> Vec<Event> {
    let at = |n: usize| FIRST + i64::try_from(n).unwrap() * 1000;
    let (rows, _) = read(&page((from..to).map(|n| (n, at(n)))));
    let event = |row| match row {
        Row::Full(Record::Event(event)) => Some(event),
        _ => None,
    };
    rows.into_iter().filter_map(event).collect()
}

/// The digest of a run, and how long reading it took without making the events.
fn whole(total: usize) -> (Digest, Duration) {
    let mut digest = Digest::new(Terms {
        call_ids: true,
        ..Terms::default()
    });
    let mut took = Duration::ZERO;
    for from in (0..total).step_by(PART) {
        let some = events(from, (from + PART).min(total));
        let begun = Instant::now();
        for (n, event) in (from..).zip(&some) {
            digest.push(NodeId(u32::try_from(n).unwrap()), event);
        }
        digest.finish(false);
        took += begun.elapsed();
        digest.take_changed();
    }
    (digest, took)
}

/// The middle of many single events more.
fn one_more(digest: &mut Digest, total: usize) -> Duration {
    let more = events(total, total + 1000);
    let mut each: Vec<Duration> = (total..)
        .zip(&more)
        .map(|(n, event)| {
            let begun = Instant::now();
            digest.push(NodeId(u32::try_from(n).unwrap()), event);
            digest.finish(false);
            digest.take_changed();
            begun.elapsed()
        })
        .collect();
    each.sort_unstable();
    each[each.len() / 2]
}

/// One event that lies before the others: everything is walked through again.
fn anew(digest: &mut Digest, total: usize) -> Duration {
    let late = events(0, 1).remove(0);
    let begun = Instant::now();
    digest.push(NodeId(u32::try_from(total + 1000).unwrap()), &late);
    digest.settle();
    begun.elapsed()
}
