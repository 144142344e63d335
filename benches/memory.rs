//! What a loaded event costs beside the bytes of its own JSON: how much this process grew while one
//! million events were loaded, less their JSON, divided by their number. Budget: at most 120 bytes.
//! Whatever the allocator wastes is in the figure. Measured where the system tells (Linux).

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench fails by panicking"
)]

mod common;

use std::io::Write as _;

use common::{
    LOADED, MAIL, Opened,
    figure::{Budget, figure},
    page, read,
};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout();
    let events = LOADED.last().copied().unwrap();
    common::budget("memory per loaded event beyond its own JSON: 120 bytes");
    let mut opened = Opened::empty();
    let before = common::resident();
    let mut json = 0;
    for first in (0..events).step_by(MAIL) {
        let mail = (first..first + MAIL)
            .map(|n| (n, 1_794_000_000_000 + i64::try_from(n).unwrap() * 1000));
        let (rows, bytes) = read(&page(mail));
        json += bytes;
        opened.arrive(rows);
    }
    let after = common::resident();
    let (Some(before), Some(after)) = (before, after) else {
        return writeln!(out, "memory: not measured, the system does not tell");
    };
    let grown = after.saturating_sub(before);
    let each = grown.saturating_sub(json) as f64 / events as f64;
    let what = format!(
        "memory of each of {events} events beside {} bytes of JSON",
        json / events
    );
    figure(&what, each, "bytes", Budget::Most(120.0));
    assert!(opened.app.store.counts(opened.run).0 == events);
    Ok(())
}
