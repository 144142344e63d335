//! JSON made into rows, and what a key costs on it. Budgets: reading 400 MB/s, masked 200 MB/s, searching
//! for a rare word 500 MB/s, an index of half the text at most on ordinary documents, and 60 rows as part
//! of a frame of 1 ms wherever they are.
#![allow(clippy::unwrap_used, reason = "a bench fails by panicking")]

#[path = "common/figure.rs"]
#[allow(dead_code, reason = "each bench uses its part")]
mod figure;

use std::io::Write as _;

use divan::{Bencher, counter::BytesCount};
use figure::{Budget, budget_of, figure};
use regex::bytes::Regex;
use secrecy::SecretString;
use sortie::{
    demo::tales,
    doc::{
        Rows as _, Source,
        json::{CAP, Fold, Json, Mode},
    },
    guard::redact::{Redactor, Sort},
};

const MIB: usize = 1 << 20;

fn main() {
    let json = read(&source(SIZES.last().copied().unwrap_or(1)), true);
    let (_, len) = json.progress();
    let _ = writeln!(
        std::io::stdout(),
        "\nbudgets: masked reading 200 MB/s; rare word 500 MB/s; 60 rows, a fold: part of a frame of 1 ms\n\
         index: {} of {len} bytes; {} rows",
        json.size(),
        json.all(),
    );
    let part = json.size() as f64 * 100.0 / len.max(1) as f64;
    figure("index of its text", part, "%", Budget::Most(50.0));
    for (which, limit) in [
        ("first_rows/*", "at most 1 ms"),
        ("reading/*", "at least 400 MB/s"),
        ("reading_masked/*", "at least 200 MB/s"),
        ("window/*", "at most 1 ms"),
        ("window_folded/*", "at most 1 ms"),
        ("fold_all/*", "at most 1 ms"),
        ("search/*", "at least 500 MB/s"),
    ] {
        budget_of(which, limit);
    }
    divan::main();
}

/// Sizes in MiB.
const SIZES: &[usize] = if cfg!(debug_assertions) {
    &[1]
} else {
    &[3, 48]
};

fn source(size: usize) -> Source {
    let part = tales::big_payload(size.min(3) * MIB).to_string();
    Source::Here(format!("[{}]", vec![part; size.div_ceil(3)].join(",")).into())
}

fn read(source: &Source, is_masked: bool) -> Json {
    let key = SecretString::from("KEY0199f2c47b1e4d86");
    let redactor = Redactor::new(if is_masked { vec![key] } else { Vec::new() });
    let (mut json, mut indexer) = Json::begin(
        source.clone(),
        redactor.masking(),
        Sort::Any,
        Mode::Data,
        CAP,
    );
    while !indexer.is_done() {
        json.take(indexer.here(source, MIB));
    }
    json
}

/// The first rows, with the key.
#[divan::bench(args = SIZES, sample_count = 20)]
fn first_rows(bencher: Bencher, size: usize) {
    let source = source(size);
    bencher.bench(|| {
        let masking = Redactor::default().masking();
        let (mut json, mut indexer) =
            Json::begin(source.clone(), masking, Sort::Any, Mode::Data, CAP);
        json.take(indexer.here(&source, 64 << 10));
        json
    });
}

/// With secrets looked for by key.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn reading(bencher: Bencher, size: usize) {
    let source = source(size);
    bencher
        .counter(BytesCount::new(source.len()))
        .bench(|| read(&source, false));
}

/// With a credential looked for besides.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn reading_masked(bencher: Bencher, size: usize) {
    let source = source(size);
    bencher
        .counter(BytesCount::new(source.len()))
        .bench(|| read(&source, true));
}

/// Sixty rows out of the middle.
#[divan::bench(args = SIZES, sample_count = 50)]
fn window(bencher: Bencher, size: usize) {
    let json = read(&source(size), true);
    let middle = json.len() / 2;
    bencher.bench(|| {
        (middle..middle + 60)
            .map(|at| json.row(at))
            .collect::<Vec<_>>()
    });
}

/// The same folded, with previews.
#[divan::bench(args = SIZES, sample_count = 50)]
fn window_folded(bencher: Bencher, size: usize) {
    let mut json = read(&source(size), true);
    json.fold(0, Fold::Depth(2));
    let middle = json.len() / 2;
    bencher.bench(|| {
        (middle..middle + 60)
            .map(|at| json.row(at))
            .collect::<Vec<_>>()
    });
}

/// Everything folded and unfolded.
#[divan::bench(args = SIZES, sample_count = 10)]
fn fold_all(bencher: Bencher, size: usize) {
    let mut json = read(&source(size), true);
    bencher.bench_local(|| {
        json.fold(0, Fold::CloseAll);
        json.fold(0, Fold::OpenAll);
    });
}

/// A word that is nowhere.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn search(bencher: Bencher, size: usize) {
    let source = source(size);
    let json = read(&source, true);
    let word = Regex::new("(?i)xyzzy").unwrap();
    bencher
        .counter(BytesCount::new(source.len()))
        .bench(|| json.finder(word.clone(), 0).run(usize::MAX));
}

/// A pattern that every value has to be asked for.
#[divan::bench(args = SIZES, sample_count = 5, sample_size = 1)]
fn search_anchored(bencher: Bencher, size: usize) {
    let source = source(size);
    let json = read(&source, true);
    let word = Regex::new("^xyzzy$").unwrap();
    bencher
        .counter(BytesCount::new(source.len()))
        .bench(|| json.finder(word.clone(), 0).run(usize::MAX));
}
