//! The events of all runs in one list, where a service has one. Services that have none are named and
//! not walked through run by run.

use futures_util::future::join_all;

use super::{CHUNK, Found, Parts, Picked, Placed, Wanted, place};
use crate::{
    app::query::Query,
    cli::session::{Asked, Session},
    model::{Ask, Elsewhere, Limit, Page, Record},
};

/// Rows that are read of a list that does not come newest first, before it is left at that.
const FURTHEST: usize = 20_000;

impl Session {
    /// The wanted events of all runs of all contexts, the newest first; at most `limit`.
    pub async fn everywhere(
        &self,
        wanted: &Picked,
        query: Option<&Query>,
        limit: Option<usize>,
    ) -> Found<Placed<Elsewhere>> {
        let each = self
            .contexts
            .iter()
            .map(|asked| self.everywhere_in(asked, wanted, query, limit));
        let mut found = place(join_all(each).await);
        found
            .rows
            .sort_by_key(|placed| std::cmp::Reverse(placed.row.event.time));
        found.rows.truncate(limit.unwrap_or(usize::MAX));
        found
    }

    /// Reads on until there are enough that fit. Where the newest do not come first they may come last.
    async fn everywhere_in(
        &self,
        asked: &Asked,
        wanted: &Picked,
        query: Option<&Query>,
        limit: Option<usize>,
    ) -> Found<Elsewhere> {
        let mut found = Found::default();
        let context = &asked.record.name;
        let first = Ask::AllEvents {
            kind: match wanted.kinds.as_slice() {
                [one] => Some(*one),
                _ => None,
            },
            page: Page::default(),
        };
        if asked.provider.is_none() {
            return self.everywhere_in_file(asked, wanted, query).await;
        }
        if !asked.lists(&first) {
            let note = format!("{context} has no list of the events of all runs; name a run");
            found.notes.push(note);
            return found;
        }
        let (mut read, mut sorted, mut next) = (0, true, Some(first));
        while let Some(ask) = next.take() {
            let enough = limit.is_some_and(|limit| found.rows.len() >= limit);
            if enough && sorted {
                break;
            }
            if limit.is_some() && read >= FURTHEST {
                let note = format!("{context}: only the first {read} events were looked through");
                found.notes.push(note);
                break;
            }
            let rows = limit.map_or(u32::MAX, |_| CHUNK);
            let limit = Limit {
                rows,
                ..Limit::NONE
            };
            let (collected, failure) = self.ask(asked, ask, limit).await;
            found.skipped = found.skipped.saturating_add(collected.skipped);
            let rows: Vec<Elsewhere> = collected.records.into_iter().filter_map(row).collect();
            read += rows.len();
            let times = rows.iter().filter_map(|row| row.event.time);
            sorted = sorted && times.rev().is_sorted();
            let fits = |row: &Elsewhere| {
                wanted.takes(&row.event)
                    && query.is_none_or(|query| self.matches_alone(asked, "", query, row))
            };
            found.rows.extend(rows.into_iter().filter(fits));
            next = collected.more.filter(|_| failure.is_none());
            found.failures.extend(failure);
        }
        found
    }

    /// A file is read whole anyway: the events of all its runs.
    async fn everywhere_in_file(
        &self,
        asked: &Asked,
        wanted: &Picked,
        query: Option<&Query>,
    ) -> Found<Elsewhere> {
        let (listed, _) = self.runs_of(asked, &Wanted::default()).await;
        let mut found = Found {
            rows: Vec::new(),
            failures: listed.failures,
            notes: listed.notes,
            nowhere: listed.nowhere,
            skipped: listed.skipped,
        };
        for (_, run) in listed.rows {
            let whole = self.whole(asked, &run, Parts::STATE).await;
            let mission = match query {
                Some(query) => self.mission_name(asked, &run, query).await,
                None => String::new(),
            };
            found.skipped = found.skipped.saturating_add(whole.skipped);
            found.failures.extend(whole.failures);
            let rows = whole.events.into_iter().map(|event| Elsewhere {
                mission: run.mission_id.clone(),
                run: run.id.clone(),
                event,
            });
            let fits = |row: &Elsewhere| {
                wanted.takes(&row.event)
                    && query.is_none_or(|query| self.matches_alone(asked, &mission, query, row))
            };
            found.rows.extend(rows.filter(fits));
        }
        found
    }
}

fn row(record: Record) -> Option<Elsewhere> {
    match record {
        Record::Elsewhere(row) => Some(*row),
        Record::Mission(_) | Record::Run(_) | Record::Step(_) | Record::Event(_) => None,
    }
}
