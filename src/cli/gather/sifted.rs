//! The runs that a query picks, also for what happened in them. What a list does not tell is found out by
//! reading the runs, the newest first, until enough are picked or there is nothing more.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use futures_util::{StreamExt as _, stream};

use super::{CHUNK, Found, Placed, Wanted};
use crate::{
    app::query::{Paths, Query, Truth},
    cli::{
        exit::Failure,
        pick::{AT_ONCE, look_at, parts},
        session::Session,
    },
    model::Run,
};

/// Runs that may match which are looked at where only some are wanted: at least so many, or so many times
/// as many as are wanted.
const FURTHEST: usize = 1000;
const TIMES: usize = 10;

/// A run with its mission's name, in its context.
type Listed = Placed<(String, Run)>;

/// What was picked, and how far that was looked for.
#[derive(Debug, Default)]
pub struct Sifted {
    /// What was picked.
    pub found: Found<Listed>,
    /// Runs that were looked at.
    pub looked: usize,
    /// Those of them that would have to be read.
    pub not_read: usize,
    /// Whether more were left out than were looked at.
    pub is_cut: bool,
}

/// A query that is asked of runs, with what payloads it met.
struct Asking<'q> {
    query: &'q Query,
    paths: Mutex<Paths>,
    load: bool,
}

impl Session {
    /// The wanted runs. Of those about which the list alone does not decide, those that are at hand are
    /// read, and with `load` all; the others are left out and counted.
    pub(in crate::cli) async fn sifted(&self, wanted: &Wanted, load: bool) -> Sifted {
        let Some(query) = &wanted.query else {
            let found = self.runs(wanted).await;
            return Sifted {
                looked: found.rows.len(),
                found,
                ..Sifted::default()
            };
        };
        let asking = Asking {
            query,
            paths: Mutex::new(Paths::of(query)),
            load,
        };
        let mut sifted = Sifted::default();
        let mut known = HashSet::new();
        for furthest in stages(wanted.limit) {
            let wanted = Wanted {
                furthest,
                ..wanted.clone()
            };
            let mut found = self.runs(&wanted).await;
            sifted.is_cut = furthest.is_some_and(|furthest| found.rows.len() >= furthest);
            let rows = std::mem::take(&mut found.rows);
            // The lists were read from the beginning again: so their notes stand for all of them.
            sifted.found.notes.clear();
            sifted.found.skipped = 0;
            sifted.found.absorb(found);
            let new = rows.into_iter().filter(|listed| known.insert(key(listed)));
            let is_full = self
                .sift(new.collect(), &asking, wanted.limit, &mut sifted)
                .await;
            if is_full || !sifted.is_cut {
                break;
            }
        }
        // Of what could not be read nobody knows.
        if sifted.found.failures.is_empty() {
            let paths = asking.paths.into_inner();
            let absent = paths.unwrap_or_else(PoisonError::into_inner).told();
            let told = |path| format!("no event of the runs that were read has {path}");
            sifted.found.nowhere.extend(absent.into_iter().map(told));
        }
        sifted
    }

    /// Takes those that are picked, in order, until there are enough; whether there are.
    async fn sift(
        &self,
        rows: Vec<Listed>,
        asking: &Asking<'_>,
        limit: Option<usize>,
        sifted: &mut Sifted,
    ) -> bool {
        let judged = rows.into_iter().map(|listed| async move {
            let (truth, failures) = self.judge(&listed, asking).await;
            (listed, truth, failures)
        });
        let mut judged = stream::iter(judged).buffered(AT_ONCE);
        while limit.is_none_or(|limit| sifted.found.rows.len() < limit)
            && let Some((listed, truth, failures)) = judged.next().await
        {
            sifted.looked += 1;
            match truth {
                Truth::Yes => sifted.found.rows.push(listed),
                Truth::NotRead => sifted.not_read += 1,
                Truth::No => {}
            }
            sifted.found.absorb(Found {
                failures,
                ..Found::default()
            });
        }
        limit == Some(sifted.found.rows.len())
    }

    async fn judge(&self, listed: &Listed, asking: &Asking<'_>) -> (Truth, Vec<Failure>) {
        let Some(asked) = self.contexts.get(listed.context) else {
            return (Truth::No, Vec::new());
        };
        let (mission, run) = &listed.row;
        let query = asking.query;
        let truth = query.matches_unread(&self.facts(asked, mission, run));
        if truth != Truth::NotRead || !asking.load && !self.is_at_hand(asked, run).await {
            return (truth, Vec::new());
        }
        let whole = self.whole(asked, run, parts(query)).await;
        let truth = self.matches(asked, mission, query, &whole);
        if let Ok(mut paths) = asking.paths.lock() {
            look_at(&mut paths, &whole);
        }
        (truth, whole.failures)
    }
}

/// How far to look: not far at first, since every row of a list may cost a request.
fn stages(limit: Option<usize>) -> Vec<Option<usize>> {
    let Some(limit) = limit else {
        return vec![None];
    };
    let near = limit.max(CHUNK as usize);
    let far = limit.saturating_mul(TIMES).max(FURTHEST);
    vec![Some(near), Some(far)]
}

fn key(listed: &Listed) -> (usize, String, String) {
    let run = &listed.row.1;
    (listed.context, run.mission_id.clone(), run.id.clone())
}
