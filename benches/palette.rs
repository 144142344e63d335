//! The palette over 50,000 names of missions and runs: what one keystroke costs beside the loop. Budget:
//! 16 ms, so that the list follows the letters.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a bench fails by panicking"
)]

mod common;

use std::{
    io::Write as _,
    time::{Duration, Instant},
};

use common::figure;
use sortie::{
    app::{
        find::names::{Listed, Name},
        palette::seek::{Seek, seek},
    },
    model::NodeId,
};

const NAMES: u32 = if cfg!(debug_assertions) { 500 } else { 50_000 };
const BUDGET: Duration = Duration::from_millis(16);
/// What is typed, letter by letter.
const TYPED: [&str; 6] = [
    "nightly billing",
    "refund 8c41",
    "qzx",
    "Checkout",
    "überweisung",
    "a",
];

fn main() {
    common::budget("the palette over 50,000 names: 16 ms a keystroke");
    let names: Listed = (0..NAMES).map(name).collect();
    let mut took = Vec::new();
    for typed in TYPED {
        for (end, letter) in typed.char_indices() {
            let typed = &typed[..end + letter.len_utf8()];
            let order = Seek {
                number: 1,
                typed: typed.into(),
                names: names.clone(),
                used: vec![NodeId(7), NodeId(9)],
            };
            let begun = Instant::now();
            let found = seek(&order, || true).unwrap();
            took.push((begun.elapsed(), typed.to_owned(), found.count));
        }
    }
    took.sort();
    let (median, _, _) = &took[took.len() / 2];
    let (worst, typed, count) = took.last().unwrap();
    let told = format!("the slowest was \"{typed}\", {count} fit");
    let _ = writeln!(std::io::stdout(), "{told}");
    let what = format!("a keystroke over {NAMES} names");
    figure::took(&format!("{what}, median"), *median, Some(BUDGET));
    figure::took(&format!("{what}, slowest"), *worst, Some(BUDGET));
}

fn name(n: u32) -> Name {
    const WORDS: [&str; 8] = [
        "Nightly billing of the shop in Lisbon",
        "Refund the double charge of order",
        "Checkout latency alert: find the cause and roll back if safe",
        "Certificate sweep stopped by the on-call person",
        "Überweisung prüfen",
        "Who owns the queue that is full?",
        "Supplier mail intake",
        "",
    ];
    let words = WORDS[n as usize % WORDS.len()];
    let mission = n % 97;
    let id = u64::from(n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let text = format!("{words} {n}  {id:016x}-41d4-a716  mission-{mission}");
    Name::new(NodeId(n), text)
}
