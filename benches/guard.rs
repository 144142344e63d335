//! What every text passes on its way out: cleaning and masking; and the headlines of a screenful. No
//! budget of their own: sixty rows of them are part of a frame of 1 ms.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod common;

use divan::{Bencher, counter::BytesCount};
use sortie::{
    analysis::headline,
    demo::tales,
    guard::{clean, redact::Sort},
    model::{Event, Record},
};

fn main() {
    common::budget("none alone; 60 headlines, cleaned and masked, are part of a frame of 1 ms");
    divan::main();
}

/// An order export of about 256 KiB.
fn export() -> String {
    tales::big_payload(256 << 10).to_string()
}

/// Sixty events of all sorts.
fn screenful() -> Vec<Event> {
    let (rows, _) = common::read(&common::page((0..60).map(|n| (n, 1_794_000_000_000))));
    let events = rows.into_iter().filter_map(|row| match row.record() {
        Record::Event(event) => Some(event.clone()),
        _ => None,
    });
    events.collect()
}

#[divan::bench]
fn clean_plain(bencher: Bencher) {
    let text = export();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| clean::text(&text).len());
}

#[divan::bench]
fn clean_japanese(bencher: Bencher) {
    let text = "エージェントの記録 を読む\n".repeat(4000);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| clean::text(&text).len());
}

#[divan::bench]
fn clean_hostile(bencher: Bencher) {
    let texts = tales::hostile_texts();
    let text = texts
        .iter()
        .map(|(_, text)| text.as_str())
        .collect::<String>()
        .repeat(50);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| clean::text(&text).len());
}

#[divan::bench]
fn mask_json(bencher: Bencher) {
    let text = export();
    let redactor = common::redactor();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| redactor.masking().json(text.as_bytes(), Sort::Any).len());
}

/// With something to mask in every record.
#[divan::bench]
fn mask_json_with_secrets(bencher: Bencher) {
    let text = export().replace("\"region\"", "\"password\"");
    let redactor = common::redactor();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| redactor.masking().json(text.as_bytes(), Sort::Any).len());
}

#[divan::bench]
fn mask_text(bencher: Bencher) {
    let text = export();
    let redactor = common::redactor();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| redactor.masking().text(&text).len());
}

/// Sixty titles and summaries.
#[divan::bench]
fn headlines(bencher: Bencher) {
    let events = screenful();
    bencher.bench(|| {
        events
            .iter()
            .map(|event| headline(event).summary.len())
            .sum::<usize>()
    });
}

/// The same, masked and cleaned.
#[divan::bench]
fn headlines_shown(bencher: Bencher) {
    let events = screenful();
    let redactor = common::redactor();
    bencher.bench(|| {
        let mut masking = redactor.masking();
        let shown = events.iter().map(|event| {
            let line = headline(event);
            clean::line(&masking.text(&line.title)).len()
                + clean::line(&masking.text(&line.summary)).len()
        });
        shown.sum::<usize>()
    });
}
