//! A payload made readable, and the rows on the screen read out of it. Budget: no payload costs a
//! frame anything that grows with its size; making it readable happens beside the loop.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use divan::{Bencher, counter::BytesCount};
use secrecy::SecretString;
use sortie::{
    demo::tales,
    doc::{Doc, Lay, Look, Part, Place, flow::How, matcher::Matcher},
    guard::redact::{Redactor, Sort},
    model::Payload,
};

const COLUMNS: usize = 88;
const MIB: usize = 1 << 20;

fn main() {
    let _ = std::io::Write::write_all(
        &mut std::io::stdout(),
        b"\nbudget: 60 rows of any payload, as part of a frame of 1 ms; reading is beside the loop\n",
    );
    divan::main();
}

#[derive(Clone, Copy, Debug)]
enum Case {
    Json3,
    Json50,
    Line10,
}

const CASES: &[Case] = if cfg!(debug_assertions) {
    &[Case::Json3]
} else {
    &[Case::Json3, Case::Json50, Case::Line10]
};

/// The rows of an order export, or one string without a line break.
fn payload(case: Case) -> Payload {
    let text = match case {
        Case::Json3 => tales::big_payload(3 * MIB).to_string(),
        Case::Json50 => {
            let part = tales::big_payload(3 * MIB).to_string();
            format!("[{}]", vec![part; 17].join(","))
        }
        Case::Line10 => format!(
            "{{\"log\":\"{}\"}}",
            "all depots are reached ".repeat(10 * MIB / 23)
        ),
    };
    Payload::new(text.into())
}

/// A document of which all is read.
fn build(payload: &Payload) -> Doc {
    let redactor = Redactor::new(vec![SecretString::from("KEY0199f2c47b1e4d86")]);
    let parts = vec![Part::Json(payload.clone(), Sort::Any)];
    let mut doc = Doc::new(parts, Look::default(), redactor.masking());
    while let Some(job) = doc.job() {
        let mut job = Some(job);
        while let Some(now) = job.take() {
            let (step, rest) = now.run();
            doc.take(step);
            job = rest;
        }
    }
    doc
}

const LAY: Lay = Lay {
    columns: COLUMNS,
    how: How::Wrap,
};

/// What is made with the key, so that the first rows are there.
#[divan::bench(args = CASES, sample_count = 50)]
fn opening(bencher: Bencher, case: Case) {
    let payload = payload(case);
    let redactor = Redactor::new(vec![SecretString::from("KEY0199f2c47b1e4d86")]);
    bencher.bench(|| {
        let parts = vec![Part::Json(payload.clone(), Sort::Any)];
        let doc = Doc::new(parts, Look::default(), redactor.masking());
        doc.window(Place::default(), 60, LAY, None)
    });
}

/// Masking, scanning, rows: beside the loop.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn reading(bencher: Bencher, case: Case) {
    let payload = payload(case);
    bencher
        .counter(BytesCount::new(payload.len()))
        .bench(|| build(&payload));
}

/// Sixty lines out of the middle, as a frame asks for them.
#[divan::bench(args = CASES, sample_count = 50)]
fn window(bencher: Bencher, case: Case) {
    let doc = build(&payload(case));
    let middle = Place::of(doc.rows() / 2);
    bencher.bench(|| doc.window(middle, 60, LAY, None));
}

/// A page down: where sixty lines further down is.
#[divan::bench(args = CASES, sample_count = 50)]
fn page(bencher: Bencher, case: Case) {
    let doc = build(&payload(case));
    let middle = Place::of(doc.rows() / 2);
    bencher.bench(|| doc.down(middle, 60, LAY));
}

/// A word that is not there, all of it looked through: beside the loop.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn searching(bencher: Bencher, case: Case) {
    let payload = payload(case);
    let doc = build(&payload);
    let matcher = Matcher::new("zebra-7731").unwrap();
    bencher.counter(BytesCount::new(payload.len())).bench(|| {
        let mut finder = doc.finder(&matcher);
        while !finder.run().2 {}
    });
}
