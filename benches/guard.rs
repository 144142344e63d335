//! What every text passes on its way out: cleaning and masking; and the headlines of a screenful, of which
//! sixty rows are part of a frame of 1 ms. Ordinary payloads are to be masked at 200 MB/s.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

mod common;

use std::sync::Arc;

use common::payloads::{self, Payload};
use divan::{Bencher, counter::BytesCount};
use sortie::{
    analysis::headline,
    demo::tales,
    guard::{Redactor, Rules, clean, redact::Sort},
    model::{Event, Record},
};

fn main() {
    common::budget(
        "ordinary payloads masked at 200 MB/s, without and with rules of one's own; 60 headlines, cleaned and masked, are part of a frame of 1 ms",
    );
    let least = format!("at least {} MB/s", payloads::LEAST);
    for which in ["mask_ordinary/*", "mask_with_own_rules/*"] {
        common::figure::budget_of(which, &least);
    }
    common::figure::budget_of("headlines_shown", "at most 1 ms");
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

/// Bytes of each payload: small ones where nothing is measured (debug builds).
const SIZE: usize = if cfg!(debug_assertions) {
    16 << 10
} else {
    16 << 20
};

/// Each of them, with a credential in use to look for.
#[divan::bench(args = payloads::all(SIZE))]
fn mask_ordinary(bencher: Bencher, payload: &Payload) {
    masked(bencher, payload, &common::redactor());
}

/// The same where the configuration has rules of its own.
#[divan::bench(args = payloads::all(SIZE))]
fn mask_with_own_rules(bencher: Bencher, payload: &Payload) {
    let mut rules = Rules::default();
    rules.add("badge", "EMP-[0-9]{6}").unwrap();
    rules.add("host", r"\b[a-z]+\.corp\.example\b").unwrap();
    rules.add("ticket", r"(?i)^ticket \d+$").unwrap();
    masked(bencher, payload, &common::redactor().with(Arc::new(rules)));
}

fn masked(bencher: Bencher, payload: &Payload, redactor: &Redactor) {
    let text = &payload.text;
    bencher.counter(BytesCount::of_str(text)).bench(|| {
        let mut masking = redactor.masking();
        if payload.is_json {
            masking.json(text.as_bytes(), Sort::Any).len()
        } else {
            masking.text(text).len()
        }
    });
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
