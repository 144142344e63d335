//! The language by table and by property, and what its clauses mean.

mod grammar;
mod meaning;

use super::*;

/// A Friday noon in Berlin.
fn terms() -> Terms {
    let now: jiff::Timestamp = "2026-08-21T10:00:00Z".parse().unwrap();
    Terms {
        now: Time(i64::try_from(now.as_nanosecond()).unwrap()),
        zone: TimeZone::get("Europe/Berlin").unwrap(),
    }
}

fn parse(text: &str) -> Query {
    Query::parse(text, &terms()).unwrap_or_else(|fault| panic!("{}", fault.picture(text)))
}
