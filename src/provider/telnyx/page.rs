//! Numbered pages and when to stop. `total_pages` is believed when it ends a list and doubted when it
//! does not: a service that ignores the page number sends the same rows for ever. The cursor therefore
//! carries, besides the number, what the first and the last page held, and which of several lists that
//! answer one ask it is in (`number:first:last:list`).

use std::hash::{DefaultHasher, Hash, Hasher};

use super::asks;
use super::reply::List;
use crate::model::{Ask, Kind, Page, Record, Row};
use crate::provider::Ahead;

/// No list is followed further than this, whatever it says.
const MOST_PAGES: u32 = 20_000;

/// The number to ask for, from 1.
pub(super) fn number(page: &Page) -> u64 {
    let number = mark(page, 0).and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| u64::from(page.index) + 1)
}

/// Which of the lists that answer the ask, from 0.
pub(super) fn list(page: &Page) -> usize {
    let list = mark(page, 3).and_then(|list| list.parse().ok());
    list.unwrap_or(0)
}

fn mark(page: &Page, at: usize) -> Option<&str> {
    let mark = page.cursor.as_deref()?.split(':').nth(at)?;
    (!mark.is_empty()).then_some(mark)
}

/// The ask for the page after this one; none where the list ends or goes round in circles.
pub(super) fn next(ask: &Ask, list: &List<'_>, rows: &[Row]) -> Option<Ask> {
    let mut following = ask.clone();
    let page = page_of(&mut following)?;
    if page.index + 1 >= MOST_PAGES {
        return None;
    }
    let held = fingerprint(rows);
    let cursor = if let Some(cursor) = further(page, list, rows, &held) {
        page.before = rows.iter().filter_map(place).chain(page.before).min();
        cursor
    } else {
        let other = self::list(page) + 1;
        page.before = None;
        (other < asks::lists(ask)).then(|| format!("1:::{other}"))?
    };
    page.cursor = Some(cursor.into());
    page.index += 1;
    let count = u32::try_from(rows.len()).unwrap_or(u32::MAX);
    page.seen = page.seen.saturating_add(count);
    Some(following)
}

/// The page after this one, where the reply says that there is one and that it is the page asked for.
/// The cursor lacks what the rows tell, so it names the same request as that of [`next`] and no more.
pub(super) fn ahead(ask: &Ask, list: &List<'_>) -> Option<Ahead> {
    let mut following = ask.clone();
    let page = page_of(&mut following)?;
    let number = number(page);
    let goes_on = list.total_pages()? > number && list.page_number()? == number;
    if !goes_on || page.index + 1 >= MOST_PAGES {
        return None;
    }
    let cursor = format!("{}:::{}", number.checked_add(1)?, self::list(page));
    page.cursor = Some(cursor.into());
    page.index += 1;
    Some(Ahead {
        ask: following,
        rows: list.page_size()?,
    })
}

fn page_of(ask: &mut Ask) -> Option<&mut Page> {
    match ask {
        Ask::Missions { page }
        | Ask::Runs { page, .. }
        | Ask::AllRuns { page, .. }
        | Ask::Events { page, .. }
        | Ask::AllEvents { page, .. }
        | Ask::Picked { page, .. } => Some(page),
        _ => None,
    }
}

/// The cursor of the next page of the same list, which held `held` last.
fn further(page: &Page, list: &List<'_>, rows: &[Row], held: &str) -> Option<String> {
    let number = number(page);
    let ended = list.total_pages().is_some_and(|total| number >= total);
    let (first, last) = (mark(page, 1), mark(page, 2));
    if rows.is_empty() || ended || first == Some(held) || last == Some(held) {
        return None;
    }
    let first = first.unwrap_or(held);
    let which = self::list(page);
    Some(format!("{}:{first}:{held}:{which}", number.checked_add(1)?))
}

/// Tells apart what pages hold.
pub(super) fn fingerprint(rows: &[Row]) -> String {
    let mut hasher = DefaultHasher::new();
    for row in rows {
        match row.record() {
            // The id may be made up from the place in the list, which differs on every page.
            Record::Event(event) if event.kind == Kind::Unknown => {
                event.raw.bytes().hash(&mut hasher);
            }
            record => record.id().hash(&mut hasher),
        }
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
