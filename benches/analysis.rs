//! What it costs to read a run as operations: all of it, one event more, and the same anew. Both grow
//! with the run in a straight line or not at all; the bytes are those of the digest beside the events.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{
    hint::black_box,
    io::Write,
    time::{Duration, Instant},
};

use bytes::Bytes;
use common::{
    figure::{Budget, figure, median, took},
    page, read,
};
use sortie::{
    analysis::{Digest, Terms, canon},
    model::{Event, Kind, NodeId, Payload, Record, Row, Span},
};

const FIRST: i64 = 1_794_000_000_000;
/// Events read at once while their run grows.
const PART: usize = 10_000;
/// Sizes of runs.
const TOTALS: &[usize] = if cfg!(debug_assertions) {
    &[1_000]
} else {
    &[10_000, 100_000, 1_000_000]
};
/// How much more an event of a run ten times as long may cost: larger tables miss the caches more often.
const GROWTH: f64 = 1.5;
/// What a result may cost, however large.
const RESULT: Duration = Duration::from_millis(1);

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    common::budget(
        "one event more costs the same in a run of any size, an event of a larger one no more",
    );
    let mut each = Vec::new();
    for total in TOTALS {
        let before = common::resident();
        let (mut digest, whole_took) = whole(*total);
        let grown = common::resident()
            .zip(before)
            .map(|(now, before)| now.saturating_sub(before) / total);
        let operations = digest.counts().operations;
        let one = one_more(&mut digest, *total);
        let (anew, changed) = anew(&mut digest, *total);
        let bytes = grown.map_or_else(|| "not measured".to_owned(), |n| n.to_string());
        let nanos = whole_took.as_nanos() as f64 / *total as f64;
        writeln!(
            out,
            "analysis: {total:>9} events, {operations} operations, {bytes} bytes an event, {changed} rows changed"
        )?;
        figure(
            &format!("analysis of {total}, an event of it"),
            nanos,
            "ns",
            Budget::None,
        );
        took(&format!("analysis of {total}"), whole_took, None);
        took(&format!("analysis, one event behind {total}"), one, None);
        took(&format!("analysis, one event before {total}"), anew, None);
        each.push(nanos);
    }
    if let [.., middle, last] = each[..] {
        let growth = Budget::Most(GROWTH);
        figure(
            "analysis, an event of the largest run to one of the next",
            last / middle,
            "times",
            growth,
        );
    }
    large_result();
    Ok(())
}

/// What one event with a result of 64 KiB costs that is JSON, and one that is text.
fn large_result() {
    common::budget("a large result: 1 ms");
    let row = |n: usize| {
        format!(
            r#"{{"order_id":"ord_{n:08x}","placedAt":"2026-11-21T03:02:{:02}Z","status":"in transit to the depot","weight":{n}.5}}"#,
            n % 60
        )
    };
    let rows: Vec<String> = (0..560).map(row).collect();
    let json = format!(r#"{{"rows":[{}]}}"#, rows.join(","));
    let text = format!("\"{}\"", rows.join(" ").replace('"', "'"));
    for (name, body) in [("JSON", json), ("text", text)] {
        let body = body
            .get(..65_000)
            .filter(|_| name == "text")
            .unwrap_or(&body);
        let event = Event {
            kind: Kind::ToolResult,
            body: Span::new(0, body.len()),
            raw: Payload::new(Bytes::from(body.to_owned())),
            ..Event::default()
        };
        let each = (0..20)
            .map(|_| {
                let begun = Instant::now();
                black_box(canon::outcome(&event));
                begun.elapsed()
            })
            .collect();
        let what = format!("a result of {} bytes of {name}", body.len());
        took(&what, median(each), Some(RESULT));
    }
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
    let each = (total..)
        .zip(&more)
        .map(|(n, event)| {
            let begun = Instant::now();
            digest.push(NodeId(u32::try_from(n).unwrap()), event);
            digest.finish(false);
            digest.take_changed();
            begun.elapsed()
        })
        .collect();
    median(each)
}

/// One event that lies before the others: everything is walked through again.
fn anew(digest: &mut Digest, total: usize) -> (Duration, usize) {
    let late = events(0, 1).remove(0);
    digest.push(NodeId(u32::try_from(total + 1000).unwrap()), &late);
    let begun = Instant::now();
    let (_, changed) = digest.settled();
    (begun.elapsed(), changed.len())
}
