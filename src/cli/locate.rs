//! Finds the run that an address names: the newest runs of every context, at most 1,000 each, until
//! one fits wholly. A beginning must fit only one.

use std::{collections::VecDeque, fmt::Write as _, sync::atomic::Ordering};

use futures_util::{StreamExt as _, stream::FuturesUnordered};

use super::{
    exit::{Failure, Stop},
    gather::{Placed, run},
    session::{Asked, Session},
};
use crate::{
    export::record::rfc3339,
    model::{Address, Ask, Fit, Limit, Mission, Page, Record, Run, RunRef},
};

/// Runs that are looked at in one context.
const FURTHEST: usize = 1_000;

/// Rows that are read of one mission before the next has its turn.
const TURN: u32 = 100;

/// Characters of a word that may be the id of an event, and how many such words are looked up.
const LEAST: usize = 20;
const TRIED: usize = 3;

/// How many candidates of an ambiguous address are told.
const TOLD: usize = 20;

/// A run that was found, and what failed on the way.
#[derive(Debug)]
pub struct Located {
    /// The run and its context.
    pub placed: Placed<Run>,
    /// Contexts that did not answer, and so may have another that fits.
    pub failures: Vec<Failure>,
    /// The event that was meant, where its id alone named it.
    pub event: Option<String>,
}

#[derive(Default)]
struct Search {
    whole: Option<Run>,
    beginnings: Vec<Run>,
    failures: Vec<Failure>,
    more: bool,
}

/// All runs that may be meant, and what may have others.
#[derive(Debug, Default)]
pub struct Candidates {
    /// The one that fits wholly, or all whose beginning fits.
    pub runs: Vec<Placed<Run>>,
    /// Contexts that did not answer.
    pub failures: Vec<Failure>,
    /// Whether a context has older runs that were not looked at.
    pub more: bool,
    /// The event that was meant, where its id alone named it.
    pub event: Option<String>,
}

impl Session {
    /// The run that an address names as it was typed, and the context that has it.
    pub(super) async fn sought(&self, typed: &str) -> Result<(Address, Located, &Asked), Stop> {
        let Some(address) = Address::parse(typed) else {
            let message = format!("`{typed}` names no run and no event");
            return Err(Stop::Usage(message));
        };
        let located = self.recall(&address).await?;
        match self.contexts.get(located.placed.context) {
            Some(asked) => Ok((address, located, asked)),
            None => Err(Stop::NotFound(format!("nothing has `{typed}`"))),
        }
    }

    /// The run to be read: one that a whole locator names and that is kept needs no list, which could only
    /// say again that it has ended. Whoever follows a run searches, for it may have been taken up again.
    pub(super) async fn recall(&self, address: &Address) -> Result<Located, Stop> {
        match self.kept(address).await {
            Some(placed) => Ok(Located {
                placed,
                failures: Vec::new(),
                event: None,
            }),
            None => self.locate(address).await,
        }
    }

    async fn kept(&self, address: &Address) -> Option<Placed<Run>> {
        let (mission, run) = address.ids()?;
        let wanted = address.context.as_deref()?;
        let mut contexts = self.contexts.iter().enumerate();
        let (context, asked) = contexts.find(|(_, asked)| asked.record.name == wanted)?;
        let of = RunRef {
            mission: mission.into(),
            run: run.into(),
            room: None,
        };
        let row = asked.line.kept(&of).await?;
        Some(Placed { context, row })
    }

    /// Searches all contexts, or the one that a locator names.
    pub async fn locate(&self, address: &Address) -> Result<Located, Stop> {
        self.locate_any(std::slice::from_ref(address)).await
    }

    /// The same of several addresses, of which one is meant.
    pub async fn locate_any(&self, addresses: &[Address]) -> Result<Located, Stop> {
        let candidates = self.candidates(addresses).await?;
        self.decide(addresses, candidates)
    }

    /// All runs that may be meant, or the one that fits wholly. Where no run fits, an id may be that of an
    /// event, which some services look up.
    pub async fn candidates(&self, addresses: &[Address]) -> Result<Candidates, Stop> {
        let found = self.listed(addresses).await?;
        if !found.runs.is_empty() {
            return Ok(found);
        }
        let Some(named) = self.named(addresses).await else {
            return Ok(found);
        };
        let event = named.event.clone();
        let more = self.listed(&[named]).await?;
        Ok(Candidates { event, ..more })
    }

    /// The run of an event that an id alone names.
    async fn named(&self, addresses: &[Address]) -> Option<Address> {
        let words = addresses.iter().filter(|address| {
            let word = address.word();
            let is_id =
                word.len() >= LEAST && word.bytes().all(|b| b == b'-' || b.is_ascii_hexdigit());
            is_id && address.ids().is_none() && address.event.is_none()
        });
        for address in words.take(TRIED) {
            for asked in &self.contexts {
                let ask = Ask::Named {
                    id: address.word().into(),
                    way: 0,
                };
                if !asked.lists(&ask) {
                    continue;
                }
                let (collected, _) = self.ask(&asked.bare(), ask, Limit::NONE).await;
                for record in collected.records {
                    let Record::Elsewhere(found) = record else {
                        continue;
                    };
                    let context = Some(asked.record.name.as_str());
                    let event = Some(found.event.id);
                    return Some(Address::exact(
                        &address.text,
                        context,
                        None,
                        found.run,
                        event,
                    ));
                }
            }
        }
        None
    }

    async fn listed(&self, addresses: &[Address]) -> Result<Candidates, Stop> {
        let contexts = self.contexts.iter().enumerate();
        let admitted: Vec<(usize, &Asked)> = contexts
            .filter(|(_, asked)| {
                let mut wanted = addresses.iter().map(|address| address.context.as_deref());
                wanted.any(|wanted| wanted.is_none_or(|wanted| wanted == asked.record.name))
            })
            .collect();
        let named = addresses
            .first()
            .and_then(|address| address.context.as_deref());
        if let Some(name) = named.filter(|_| admitted.is_empty()) {
            return Err(Stop::Usage(format!("there is no context `{name}`")));
        }
        let mut searches: FuturesUnordered<_> = admitted
            .into_iter()
            .map(|(context, asked)| async move { (context, self.search(asked, addresses).await) })
            .collect();
        let mut found = Candidates::default();
        while let Some((context, search)) = searches.next().await {
            if let Some(row) = search.whole {
                return Ok(Candidates {
                    runs: vec![Placed { context, row }],
                    ..Candidates::default()
                });
            }
            let rows = search.beginnings.into_iter();
            found.runs.extend(rows.map(|row| Placed { context, row }));
            found.failures.extend(search.failures);
            found.more |= search.more;
        }
        Ok(found)
    }

    fn decide(&self, addresses: &[Address], found: Candidates) -> Result<Located, Stop> {
        let Candidates {
            runs: mut candidates,
            failures,
            more,
            event,
        } = found;
        let tried: Vec<&str> = addresses
            .iter()
            .map(|address| address.text.as_str())
            .collect();
        let tried = tried.join("`, `");
        if candidates.len() > 1 {
            candidates.sort_by_key(|placed| (placed.context, placed.row.id.clone()));
            return Err(Stop::Usage(self.ambiguous(&tried, &candidates)));
        }
        match candidates.pop() {
            Some(placed) => Ok(Located {
                placed,
                failures,
                event,
            }),
            None if failures.is_empty() => {
                let far = if more {
                    " among the newest 1,000 of a context"
                } else {
                    ""
                };
                let events = if event.is_some() {
                    ""
                } else {
                    "; an event of another run than those is found as RUN#EVENT"
                };
                Err(Stop::NotFound(format!(
                    "no run fits `{tried}`{far}{events}"
                )))
            }
            None => Err(Stop::Failed(failures)),
        }
    }

    fn ambiguous(&self, tried: &str, candidates: &[Placed<Run>]) -> String {
        let mut message = format!("`{tried}` fits {} runs:", candidates.len());
        for placed in candidates.iter().take(TOLD) {
            let context = self.contexts.get(placed.context);
            let context = context.map_or("", |asked| asked.record.name.as_str());
            let run = &placed.row;
            let began = run.started_at.map(rfc3339).unwrap_or_default();
            let line = format!("{}/{}  {began}  {}", run.mission_id, run.id, run.title);
            let _ = write!(message, "\n  {context}  {}", line.trim_end());
        }
        if candidates.len() > TOLD {
            let _ = write!(message, "\n  and {} more", candidates.len() - TOLD);
        }
        message
    }

    /// Missions take turns, so that the newest runs of each come first. Only ids are wanted: what a
    /// list lacks of the run that is found comes with its detail.
    async fn search(&self, asked: &Asked, addresses: &[Address]) -> Search {
        let name = &asked.record.name;
        let admits = |address: &&Address| {
            let context = address.context.as_ref();
            context.is_none_or(|context| context == name)
        };
        let addresses: Vec<&Address> = addresses.iter().filter(admits).collect();
        let asked = &asked.bare();
        let missions = self.missions_of(asked).await;
        let mut search = Search {
            failures: missions.failures,
            ..Search::default()
        };
        let admitted = missions
            .rows
            .iter()
            .filter(|mission| addresses.iter().any(|address| address.admits(mission)));
        let mut turns: VecDeque<(&Mission, Ask)> = admitted
            .map(|mission| (mission, first_page(mission)))
            .collect();
        let mut read = 0;
        while let Some((mission, ask)) = turns.pop_front() {
            if read >= FURTHEST {
                search.more = true;
                break;
            }
            let limit = Limit {
                rows: TURN,
                ..Limit::NONE
            };
            let (collected, failure) = self.ask(asked, ask, limit).await;
            for run in collected.records.into_iter().filter_map(run) {
                read += 1;
                self.looked.fetch_add(1, Ordering::Relaxed);
                let fits = addresses.iter().map(|address| address.fit(mission, &run));
                match fits.max().unwrap_or(Fit::No) {
                    Fit::Whole => {
                        search.whole = Some(run);
                        return search;
                    }
                    Fit::Beginning => search.beginnings.push(run),
                    Fit::No => {}
                }
            }
            if let Some(more) = collected.more.filter(|_| failure.is_none()) {
                turns.push_back((mission, more));
            }
            search
                .failures
                .extend(failure.filter(|failure| !failure.is_absence()));
        }
        search.failures.dedup();
        search
    }
}

fn first_page(mission: &Mission) -> Ask {
    Ask::Runs {
        mission: mission.id.as_str().into(),
        status: None,
        page: Page::default(),
    }
}
