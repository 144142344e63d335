//! Numbered pages and when to stop. `total_pages` is believed when it ends a list and doubted when it
//! does not: a service that ignores the page number sends the same rows for ever. The cursor therefore
//! carries, besides the number, what the first and the last page held.

use std::hash::{DefaultHasher, Hash, Hasher};

use super::reply::List;
use crate::model::{Ask, Page, Record, Row};

/// No list is followed further than this, whatever it says.
const MOST_PAGES: u32 = 20_000;

/// The number to ask for, from 1.
pub(super) fn number(page: &Page) -> u64 {
    let cursor = page.cursor.as_deref().unwrap_or_default();
    let number = cursor.split(':').next().unwrap_or_default().parse().ok();
    number.unwrap_or_else(|| u64::from(page.index) + 1)
}

/// The ask for the page after this one; none where the list ends or goes round in circles.
pub(super) fn next(ask: &Ask, list: &List<'_>, rows: &[Row]) -> Option<Ask> {
    let mut following = ask.clone();
    let (Ask::Missions { page } | Ask::Runs { page, .. } | Ask::Events { page, .. }) =
        &mut following
    else {
        return None;
    };
    let number = number(page);
    let ended = list.total_pages().is_some_and(|total| number >= total);
    if rows.is_empty() || ended || page.index + 1 >= MOST_PAGES {
        return None;
    }
    let held = fingerprint(rows);
    let cursor = page.cursor.as_deref().unwrap_or_default();
    let mut marks = cursor.split(':').skip(1);
    let first = marks.next().unwrap_or(&held).to_owned();
    if page.cursor.is_some() && (first == held || marks.next() == Some(&held)) {
        return None;
    }
    page.cursor = Some(format!("{}:{first}:{held}", number.checked_add(1)?).into());
    page.index += 1;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    page.seen = page.seen.saturating_add(count);
    page.before = rows.iter().filter_map(place).chain(page.before).min();
    Some(following)
}

fn fingerprint(rows: &[Row]) -> String {
    let mut hasher = DefaultHasher::new();
    for row in rows {
        row.record().id().hash(&mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn place(row: &Row) -> Option<i64> {
    match row.record() {
        Record::Event(event) => Some(event.order.at),
        Record::Elsewhere(elsewhere) => Some(elsewhere.event.order.at),
        Record::Mission(_) | Record::Run(_) | Record::Step(_) => None,
    }
}
