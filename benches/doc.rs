//! A payload made readable, and the rows on the screen read out of it. Budget: no payload costs a
//! frame anything that grows with its size; making it readable happens beside the loop.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

use divan::{Bencher, counter::BytesCount};
use secrecy::SecretString;
use sortie::{
    demo::tales,
    doc::{Doc, Part, Wrap},
    guard::redact::{Redactor, Sort},
    model::Payload,
};

const COLUMNS: usize = 88;
const MIB: usize = 1 << 20;

fn main() {
    let _ = std::io::Write::write_all(
        &mut std::io::stdout(),
        b"\nbudget: 60 rows of any payload, as part of a frame of 1 ms; building is beside the loop\n",
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

fn build(payload: &Payload) -> Doc {
    let redactor = Redactor::new(vec![SecretString::from("KEY0199f2c47b1e4d86")]);
    Doc::build(
        vec![Part::Json(payload.clone(), Sort::Any)],
        &mut redactor.masking(),
    )
}

/// Masking, scanning, rows.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn building(bencher: Bencher, case: Case) {
    let payload = payload(case);
    bencher
        .counter(BytesCount::new(payload.len()))
        .bench(|| build(&payload));
}

/// Which line is which, for one width.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn wrapping(bencher: Bencher, case: Case) {
    let payload = payload(case);
    let doc = build(&payload);
    bencher
        .counter(BytesCount::new(payload.len()))
        .bench(|| Wrap::new(&doc, COLUMNS));
}

/// Sixty rows out of the middle, as a frame asks for them.
#[divan::bench(args = CASES, sample_count = 50)]
fn window(bencher: Bencher, case: Case) {
    let doc = build(&payload(case));
    let wrap = Wrap::new(&doc, COLUMNS);
    let middle = doc.rows(&wrap) / 2;
    bencher.bench(|| doc.lines(&wrap, middle..middle + 60));
}
