//! A payload made readable, and the rows on the screen read out of it. Budget: no payload costs a
//! frame anything that grows with its size; making it readable happens beside the loop.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "common/figure.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod figure;

use std::fmt::Write as _;

use divan::{Bencher, counter::BytesCount};
use secrecy::SecretString;
use sortie::{
    demo::tales,
    doc::{Doc, Format, Lay, Look, Part, Place, View, flow::How, matcher::Matcher},
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
    for which in ["window/*", "window_again/*", "page/*"] {
        figure::budget_of(which, "at most 1 ms");
    }
    divan::main();
}

#[derive(Clone, Copy, Debug)]
enum Case {
    /// The rows of an order export.
    Json3,
    Json50,
    /// A string without a line break in an object.
    String10,
    /// 200,000 lines of a log.
    Lines,
    /// Text of one line.
    Line10,
    Markdown,
    /// Bytes as they are.
    Hex10,
}

const CASES: &[Case] = if cfg!(debug_assertions) {
    &[Case::Json3, Case::Markdown]
} else {
    &[
        Case::Json3,
        Case::Json50,
        Case::String10,
        Case::Lines,
        Case::Line10,
        Case::Markdown,
        Case::Hex10,
    ]
};

fn text(case: Case) -> String {
    match case {
        Case::Json3 => tales::big_payload(3 * MIB).to_string(),
        Case::Json50 => {
            let part = tales::big_payload(3 * MIB).to_string();
            format!("[{}]", vec![part; 17].join(","))
        }
        Case::String10 => format!(
            "{{\"log\":\"{}\"}}",
            "all depots are reached ".repeat(10 * MIB / 23)
        ),
        Case::Lines => (0..200_000).fold(String::new(), |mut text, at| {
            let _ = writeln!(text, "{at:06} INFO depot {} reached, {at} parcels", at % 97);
            text
        }),
        Case::Line10 | Case::Hex10 => "all depots are reached ".repeat(10 * MIB / 23),
        Case::Markdown => {
            "# Depots\n\nAll *are* reached:\n\n- north\n- south\n\n```\nok\n```\n\n".repeat(2000)
        }
    }
}

fn parts(case: Case, text: &str) -> Vec<Part> {
    vec![match case {
        Case::Json3 | Case::Json50 | Case::String10 => {
            Part::Json(Payload::new(text.to_owned().into()), Sort::Any)
        }
        Case::Markdown => Part::Text(text.to_owned(), Format::Markdown),
        Case::Lines | Case::Line10 | Case::Hex10 => Part::Text(text.to_owned(), Format::Plain),
    }]
}

fn look(case: Case) -> Look {
    Look {
        view: if let Case::Hex10 = case {
            View::Hex
        } else {
            View::Pretty
        },
        columns: COLUMNS,
        ..Look::default()
    }
}

fn redactor() -> Redactor {
    Redactor::new(vec![SecretString::from("KEY0199f2c47b1e4d86")])
}

/// A document of which all is read.
fn build(case: Case, parts: Vec<Part>) -> Doc {
    let mut doc = Doc::new(parts, look(case), redactor().masking());
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

/// Another place each time, all over the document: what was read before is kept for a while.
fn places(doc: &Doc) -> impl FnMut() -> Place {
    let rows = doc.rows().max(1);
    let lines = doc.height(0, LAY).max(1);
    let mut nth = 0_usize;
    move || {
        nth = nth.wrapping_add(7919);
        Place {
            row: nth.wrapping_mul(13) % rows,
            line: if rows == 1 { nth % lines } else { 0 },
        }
    }
}

/// What is made with the key, so that the first rows are there.
#[divan::bench(args = CASES, sample_count = 50)]
fn opening(bencher: Bencher, case: Case) {
    let text = text(case);
    bencher
        .with_inputs(|| parts(case, &text))
        .bench_local_values(|parts| {
            let doc = Doc::new(parts, look(case), redactor().masking());
            doc.window(Place::default(), 60, LAY, None)
        });
}

/// Masking, scanning, rows: beside the loop.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn reading(bencher: Bencher, case: Case) {
    let text = text(case);
    bencher
        .counter(BytesCount::new(text.len()))
        .with_inputs(|| parts(case, &text))
        .bench_local_values(|parts| build(case, parts));
}

/// Sixty lines anywhere, as a frame asks for them after a jump.
#[divan::bench(args = CASES, sample_count = 50)]
fn window(bencher: Bencher, case: Case) {
    let doc = build(case, parts(case, &text(case)));
    let mut place = places(&doc);
    bencher.bench_local(|| doc.window(place(), 60, LAY, None));
}

/// The same lines once more, as a frame asks for them after most keys.
#[divan::bench(args = CASES, sample_count = 50)]
fn window_again(bencher: Bencher, case: Case) {
    let doc = build(case, parts(case, &text(case)));
    let place = places(&doc)();
    bencher.bench_local(|| doc.window(place, 60, LAY, None));
}

/// A page down: where sixty lines further down is.
#[divan::bench(args = CASES, sample_count = 50)]
fn page(bencher: Bencher, case: Case) {
    let doc = build(case, parts(case, &text(case)));
    let mut place = places(&doc);
    bencher.bench_local(|| doc.down(place(), 60, LAY));
}

/// A word that is not there, all of it looked through: beside the loop.
#[divan::bench(args = CASES, sample_count = 5, sample_size = 1)]
fn searching(bencher: Bencher, case: Case) {
    let text = text(case);
    let doc = build(case, parts(case, &text));
    let matcher = Matcher::new("zebra-7731").unwrap();
    bencher
        .counter(BytesCount::new(text.len()))
        .bench_local(|| {
            let mut finder = doc.finder(&matcher);
            while !finder.run().2 {}
        });
}
