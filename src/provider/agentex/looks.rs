//! What one look at a followed task asks. The task and its newest messages every time; what changes
//! seldom, or is only told besides, every so often; everything once more when the task has ended.

use super::aside::{self, INBOX, SPANS, STATES, TASK, TRACKERS};
use crate::model::{Ask, Known, Of, Page, RunRef};

/// So many looks from one look into the inbox to the next. Its records are immutable and nothing tells
/// which one is the last that is known, so it is read whole.
const INBOX_EVERY: u32 = 3;
/// The same for spans, which are stored when they end.
const SPANS_EVERY: u32 = 5;
/// The same for states and trackers.
const MEMORY_EVERY: u32 = 20;

/// The asks of one look.
pub fn looks(run: &RunRef, known: &Known) -> Vec<Ask> {
    if known.newest.is_none() {
        // Nothing is known: that is no look but the first reading.
        return vec![
            Ask::Run(run.clone()),
            Ask::Events {
                run: run.clone(),
                page: Page::default(),
            },
        ];
    }
    let page = Page {
        after: known.newest,
        ..Page::default()
    };
    let due = |every: u32| known.ended || (known.looks > 0 && known.looks.is_multiple_of(every));
    let mut asks = vec![
        aside::of_run(run, TASK),
        Ask::Events {
            run: run.clone(),
            page: page.clone(),
        },
    ];
    if due(INBOX_EVERY) {
        asks.push(aside::of_run(run, INBOX));
    }
    if due(SPANS_EVERY) {
        asks.push(Ask::Aside {
            of: Of::Run(run.clone()),
            what: SPANS,
            // A span that ends late began early: at the end all are read once more.
            page: if known.ended { Page::default() } else { page },
        });
    }
    if due(MEMORY_EVERY) {
        asks.push(aside::of_run(run, STATES));
        asks.push(aside::of_run(run, TRACKERS));
    }
    asks
}
