//! What one look at a followed task asks. The task and its newest messages every time; what changes
//! seldom, or is only told besides, every so often; everything once more when the task has ended.

use super::aside::{self, INBOX, SPANS, TASK};
use crate::model::{Ask, Known, Of, Page, RunRef};

/// So many looks from one look into the inbox to the next. Its records are immutable and nothing tells
/// which one is the last that is known, so it is read whole.
const INBOX_EVERY: u32 = 3;
/// The same for spans, which are stored when they end.
const SPANS_EVERY: u32 = 5;
/// The same for what belongs to the whole task: its agents, their states and trackers, and the inboxes
/// of those other than the one it is shown under.
const WHOLE_EVERY: u32 = 20;

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
    // Counted from one, because that is when a follower lets a look ask all that lies beside.
    let whole = known.ended || known.looks % WHOLE_EVERY == WHOLE_EVERY - 1;
    let task = if whole {
        Ask::Run(run.clone())
    } else {
        aside::of_run(run, TASK)
    };
    let mut asks = vec![
        task,
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
    asks
}
