//! Figures, each beside its budget, in lines that `.ci/bench` makes a table of:
//!
//! ```text
//! figure | browse 200x60 1000000 | 0.312 ms | at most 1 ms | within
//! budget of arrive/* | at most 1 ms
//! ```
//!
//! The second is for what divan measures, which tells its figures in a table of its own: `arrive/*` are
//! all lines below `arrive` in it.

use std::{io::Write as _, time::Duration};

/// What a figure is held against.
#[derive(Clone, Copy)]
pub enum Budget {
    None,
    Most(f64),
    Least(f64),
}

/// Tells a figure, and says whether it keeps to its budget.
pub fn figure(what: &str, value: f64, unit: &str, budget: Budget) {
    let (limit, verdict) = match budget {
        Budget::None => ("no budget".to_owned(), ""),
        Budget::Most(most) => (format!("at most {most} {unit}"), verdict(value <= most)),
        Budget::Least(least) => (format!("at least {least} {unit}"), verdict(value >= least)),
    };
    let line = format!("figure | {what} | {value:.3} {unit} | {limit} | {verdict}");
    let _ = writeln!(std::io::stdout(), "{}", line.trim_end_matches(" | "));
}

/// Of a debug build nothing is held against anything.
fn verdict(is_within: bool) -> &'static str {
    match is_within {
        _ if cfg!(debug_assertions) => "",
        true => "within",
        false => "OVER",
    }
}

/// Tells how long something took.
pub fn took(what: &str, took: Duration, most: Option<Duration>) {
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let budget = most.map_or(Budget::None, |most| Budget::Most(millis(most)));
    figure(what, millis(took), "ms", budget);
}

/// Says what figures of divan are held against: which, with `*` for anything, and "at most 1 ms".
pub fn budget_of(which: &str, limit: &str) {
    let _ = writeln!(std::io::stdout(), "budget of {which} | {limit}");
}

/// The middle one.
pub fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}
