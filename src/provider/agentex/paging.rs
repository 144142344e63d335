//! How a list goes on, and when it must not. The service pages agents and tasks by number and
//! messages by cursor; a bad cursor is ignored there, and a page of none says that there is more, so
//! each step checks that the one before it got anywhere.

use std::sync::Arc;

use super::message::Reader;
use super::{fingerprint, said};
use crate::model::{Ask, Page, Reply, RunRef};
use crate::provider::wire::Object;

/// Cursors of our own making begin so; the service's are base64, which has no colon.
const NUMBERED: &str = "page:";
/// The cursor of a transcript that can only be had as a task's export.
const EXPORT: &str = "export:";
/// So far back a followed list is read once more: rows that came late lie before younger ones.
const OVERLAP: i64 = 30_000_000_000;

/// Whether this page is asked for by number although the list usually has cursors.
pub fn is_numbered(page: &Page) -> bool {
    own(page).is_some()
}

/// The number of the page to ask for, from 1.
pub fn number(page: &Page) -> u32 {
    own(page).map_or(page.index.saturating_add(1), |(number, _)| number)
}

/// The number, and the fingerprint of the page before.
fn own(page: &Page) -> Option<(u32, &str)> {
    let (number, print) = page
        .cursor
        .as_deref()?
        .strip_prefix(NUMBERED)?
        .split_once(':')?;
    Some((number.parse().ok()?, print))
}

/// The page after one with these ids. A short page is the last; so is one that repeats the page
/// before it, which means that the server does not look at the number.
pub fn by_number(page: &Page, limit: usize, ids: &[String]) -> Option<Page> {
    if ids.len() < limit || ids.is_empty() {
        return None;
    }
    let print = format!("{:016x}", fingerprint(ids.join("\n").bytes()));
    if own(page).is_some_and(|(_, before)| before == print) {
        return None;
    }
    let cursor = format!("{NUMBERED}{}:{print}", number(page).saturating_add(1));
    Some(follow(page, &cursor, ids.len(), None))
}

/// The page after one with these ids in a list that goes on behind the last id. A short page is the
/// last. An id that the server does not know is ignored there and everything comes again, so a page
/// with the very id that was asked for is the last too.
pub fn by_last(page: &Page, limit: usize, ids: &[String]) -> Option<Page> {
    let last = ids.last().filter(|_| ids.len() >= limit)?;
    let asked = page.cursor.as_deref();
    if asked.is_some_and(|asked| ids.iter().any(|id| id == asked)) {
        return None;
    }
    Some(follow(page, last, ids.len(), None))
}

/// Whether a page of a followed list, newest first, ends in what is known already. One that tells
/// nothing of time ends there too.
pub fn reaches_known(page: &Page, oldest: Option<i64>) -> bool {
    let known = |after: i64| oldest.is_none_or(|at| at < after.saturating_sub(OVERLAP));
    page.after.is_some_and(known)
}

/// The page after one that came with a cursor. The list ends without a cursor, whatever `has_more`
/// says; with no rows; with the cursor that was asked for; and where rows are newer than those read
/// before, for then the cursor was ignored and the list began anew.
pub fn by_cursor(page: &Page, reply: &Object<'_>, rows: usize, read: &Reader<'_>) -> Option<Page> {
    let cursor = reply.some_text("next_cursor")?;
    let over = reply.boolean("has_more") == Some(false) || rows == 0;
    let again = page.cursor.as_deref() == Some(&cursor);
    let anew =
        matches!((read.newest(), page.before), (Some(newest), Some(before)) if newest > before);
    if over || again || anew || reaches_known(page, read.oldest()) {
        return None;
    }
    Some(follow(page, &cursor, rows, read.oldest()))
}

fn follow(page: &Page, cursor: &str, rows: usize, oldest: Option<i64>) -> Page {
    let before = match (page.before, oldest) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    };
    Page {
        after: page.after,
        cursor: Some(Arc::from(cursor)),
        index: page.index.saturating_add(1),
        seen: page
            .seen
            .saturating_add(u32::try_from(rows).unwrap_or(u32::MAX)),
        before,
    }
}

/// Whether this refusal means that the server is older than pages by cursor (December 2025): then
/// `paginated` is taken for a message's id. A task that does not exist is refused by its own id.
pub fn has_no_cursors(reply: &Reply<'_>, run: &RunRef, page: &Page) -> bool {
    let first = page.cursor.is_none() && page.index == 0;
    first
        && reply.status == 404
        && !said::words(reply).is_some_and(|words| words.contains(&*run.run))
}

/// Whether this refusal means that the server has no list of messages at all.
pub fn has_no_messages(reply: &Reply<'_>, page: &Page) -> bool {
    is_numbered(page) && page.index <= 1 && said::is_no_route(reply)
}

/// The same transcript as a task's export, which has no pages.
pub fn as_export(run: &RunRef, page: &Page) -> Ask {
    Ask::Events {
        run: run.clone(),
        page: Page {
            cursor: Some(Arc::from(EXPORT)),
            ..page.clone()
        },
    }
}

/// Whether the transcript is asked for as an export.
pub fn is_export(page: &Page) -> bool {
    page.cursor.as_deref() == Some(EXPORT)
}

/// The same list, asked for by number.
pub fn without_cursors(run: &RunRef, page: &Page) -> Ask {
    Ask::Events {
        run: run.clone(),
        page: follow(page, &format!("{NUMBERED}1:"), 0, None),
    }
}
