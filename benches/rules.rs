//! What a call and a result say, read once as they arrive, on the loop that paints. Budget: about 1 µs a
//! KB, and whatever the size no more than 64 KiB read: at most 100 µs.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod common;

use bytes::Bytes;
use divan::{Bencher, black_box, counter::BytesCount};
use sortie::{
    analysis::{
        canon,
        rules::{read_call, read_result},
    },
    model::{Event, Payload, Span},
};

fn main() {
    common::budget("a result of 2 KB: 2 µs; of 64 KB and more: 100 µs");
    common::figure::budget_of("*/2000", "at most 2 µs");
    for size in [64_000, 5_000_000] {
        common::figure::budget_of(&format!("*/{size}"), "at most 100 µs");
    }
    divan::main();
}

const SIZES: [usize; 4] = [200, 2_000, 64_000, 5_000_000];

fn event(body: &str) -> Event {
    Event {
        tool: Some("orders.search".to_owned()),
        body: Span::new(0, body.len()),
        raw: Payload::new(Bytes::copy_from_slice(body.as_bytes())),
        ..Event::default()
    }
}

/// Rows as tools give them, about so many bytes.
fn rows(size: usize) -> Event {
    let row = r#"{"id":7,"name":"Dock road","open":true,"note":"nothing \"new\" here"},"#;
    let rows = row.repeat(size / row.len());
    event(&format!(
        r#"{{"tool":"orders.search","result":{{"rows":[{rows}1]}}}}"#
    ))
}

/// The same as JSON in a string.
fn quoted(size: usize) -> Event {
    let row = r#"{\"id\":7,\"name\":\"Dock road\",\"open\":true},"#;
    let rows = row.repeat(size / row.len());
    event(&format!(r#""{{\"rows\":[{rows}1]}}""#))
}

/// Plain text, with the words that are looked at twice.
fn text(size: usize) -> Event {
    let line = r"The parcel could not be handed over and was not left at the door.\n";
    event(&format!(
        r#"{{"content":[{{"type":"text","text":"{}"}}]}}"#,
        line.repeat((size / line.len()).max(1))
    ))
}

fn bench(bencher: Bencher<'_, '_>, event: &Event, read: impl Fn(&Event) -> bool) {
    bencher
        .counter(BytesCount::new(event.raw.bytes().len()))
        .bench_local(|| read(black_box(event)));
}

#[divan::bench(args = SIZES)]
fn result_of_rows(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, &rows(size), |event| {
        read_result(event).says.is_empty()
    });
}

#[divan::bench(args = SIZES)]
fn result_in_a_string(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, &quoted(size), |event| {
        read_result(event).says.is_empty()
    });
}

#[divan::bench(args = SIZES)]
fn result_of_text(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, &text(size), |event| {
        read_result(event).says.is_empty()
    });
}

#[divan::bench(args = SIZES)]
fn call(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, &rows(size), |event| {
        read_call(event).echo.is_empty()
    });
}

#[divan::bench(args = SIZES)]
fn same_arguments(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, &rows(size), |event| canon::arguments(event) == 0);
}

#[divan::bench(args = SIZES)]
fn same_outcome(bencher: Bencher<'_, '_>, size: usize) {
    bench(bencher, &rows(size), |event| canon::outcome(event) == 0);
}
