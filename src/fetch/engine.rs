//! One ticket, answered: the ask, the pages that follow from it and what must be asked besides. Says
//! what it got in small mails and waits while nobody takes them. Ends, whatever a service pages.

use std::collections::{HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;
use std::sync::Arc;

use tokio::sync::mpsc::Sender;
use tokio::task::{AbortHandle, Id, JoinSet};

use super::ahead::Ahead;
use super::keep::{self, Keep};
use super::line::{Inner, Line};
use super::page::{self, Leg, Read};
use crate::fault;
use crate::model::{Arrival, Ask, Batch, Got, Limit, Row, Ticket, Trouble};

/// Rows in one mail.
pub(super) const MAIL: usize = 500;
/// No list is read further than this.
const PAGES: usize = 10_000;
const EMPTY_PAGES: u32 = 10;
/// So many failures of what is only asked besides, and the rest of it is not asked any more: nobody
/// waits for fifty silences.
const DISPENSED: u32 = 3;

/// Where the news of one ticket goes.
#[derive(Clone)]
pub(super) struct Post {
    pub ticket: Arc<Ticket>,
    pub mail: Sender<Arrival>,
}

/// Nobody reads the mail any more.
pub(super) struct Closed;

impl Post {
    /// Waits until there is room.
    pub async fn send(&self, ask: &Ask, got: Got) -> Result<(), Closed> {
        let arrival = Arrival {
            context: self.ticket.context,
            node: self.ticket.node,
            generation: self.ticket.generation,
            ask: ask.clone(),
            got,
        };
        self.mail.send(arrival).await.map_err(|_| Closed)
    }
}

/// Answers the ticket: any number of `Rows` and `Waiting`, then one `Done` or `Failed`.
pub(super) async fn answer(line: Line, post: Post) {
    let (line, kept) = keep::aged(line, &post.ticket.ask).await;
    if let Some(then) = kept
        && post.send(&post.ticket.ask, Got::Kept(then)).await.is_err()
    {
        return;
    }
    let asked = keep::now();
    let mut round = Round::new(line, post.clone());
    if let Ok(end) = round.run().await {
        let kept = round.kept(&end);
        let _ = post.send(&post.ticket.ask, end).await;
        if let Some((keep, rows)) = kept {
            let ask = post.ticket.ask.clone();
            let writing = tokio::task::spawn_blocking(move || keep.take(&ask, asked, rows));
            // What could not be kept is asked for again.
            let _ = writing.await;
        }
    }
}

/// Says that the ticket's context does not exist.
pub(super) async fn refuse(post: Post) {
    let trouble = Trouble::Unwilling {
        cause: "there is no such context".to_owned(),
    };
    let _ = post.send(&post.ticket.ask, Got::Failed(trouble)).await;
}

/// The state of one ticket under way.
struct Round {
    line: Line,
    post: Post,
    /// Pages under way. Dropping them stops them.
    pages: JoinSet<(usize, Ask, Result<Read, Trouble>)>,
    /// What they ask.
    open: HashMap<Id, (Ask, AbortHandle)>,
    /// The lists under way: the ticket's own, and those that had to be asked besides.
    chains: Vec<Chain>,
    asked: HashSet<Ask>,
    rows: u64,
    bytes: u64,
    more: Option<Ask>,
    trouble: Option<Trouble>,
    /// Failures of what could be done without, and the last reason.
    dispensed: (u32, String),
    /// All rows, for whoever keeps runs that have ended.
    rows_kept: Vec<Row>,
}

/// One list, page by page.
#[derive(Default)]
struct Chain {
    /// Hashes of the ids that came.
    seen: HashSet<u64>,
    /// How many pages without any row came in a row.
    empty: u32,
}

impl Chain {
    /// What follows a page with these rows. One that only repeats what came before is the last. An
    /// empty one need not be, because some services filter after paging, but nobody waits for many.
    fn turn(&mut self, rows: &[Row]) -> Turn {
        if rows.is_empty() {
            self.empty += 1;
            return if self.empty <= EMPTY_PAGES {
                Turn::GoOn
            } else {
                Turn::Pause
            };
        }
        self.empty = 0;
        let mut fresh = false;
        for row in rows {
            let mut hasher = DefaultHasher::new();
            discriminant(row.record()).hash(&mut hasher);
            row.record().id().hash(&mut hasher);
            fresh |= self.seen.insert(hasher.finish());
        }
        if fresh { Turn::GoOn } else { Turn::End }
    }
}

/// How a list goes on after a page.
enum Turn {
    GoOn,
    /// Only if it is asked for.
    Pause,
    End,
}

impl Round {
    fn new(line: Line, post: Post) -> Self {
        Self {
            line,
            post,
            pages: JoinSet::new(),
            open: HashMap::new(),
            chains: Vec::new(),
            asked: HashSet::new(),
            rows: 0,
            bytes: 0,
            more: None,
            trouble: None,
            dispensed: (0, String::new()),
            rows_kept: Vec::new(),
        }
    }

    /// What came, if it is all there is of a part of a run that may be kept.
    fn kept(&mut self, end: &Got) -> Option<(Arc<dyn Keep>, Vec<Row>)> {
        let keep = self.line.keep()?.clone();
        let is_whole = matches!(end, Got::Done { more: None }) && self.dispensed.0 == 0;
        let is_part = keep::is_part(&self.post.ticket.ask);
        (is_whole && is_part).then(|| (keep, std::mem::take(&mut self.rows_kept)))
    }

    fn note(&mut self, rows: &[Row]) {
        let Some(keep) = self.line.keep() else {
            return;
        };
        for row in rows {
            keep.hear(row.record());
        }
        if keep::is_part(&self.post.ticket.ask) {
            self.rows_kept.extend_from_slice(rows);
        }
    }

    async fn run(&mut self) -> Result<Got, Closed> {
        self.begin(self.post.ticket.ask.clone());
        while let Some(done) = self.pages.join_next_with_id().await {
            match done {
                Ok((id, (chain, ask, read))) => {
                    self.open.remove(&id);
                    match read {
                        Ok(read) => self.take(chain, &ask, read).await?,
                        Err(trouble) => self.refused(&ask, trouble).await?,
                    }
                }
                Err(fault) => {
                    // What is open no more was stopped by this ticket itself.
                    if let Some((ask, _)) = self.open.remove(&fault.id()) {
                        self.refused(&ask, Trouble::Broken).await?;
                    }
                }
            }
        }
        Ok(match self.trouble.take() {
            Some(trouble) => Got::Failed(trouble),
            None => Got::Done {
                more: self.more.take(),
            },
        })
    }

    /// The first trouble is the one to tell; what is under way besides still arrives. What a dialect
    /// can do without is noted on its rows, and the ticket goes on.
    async fn refused(&mut self, ask: &Ask, trouble: Trouble) -> Result<(), Closed> {
        let why = trouble.to_string();
        let Some(noted) = self.without(ask, &why) else {
            self.trouble.get_or_insert(trouble);
            return Ok(());
        };
        tracing::debug!(
            context = self.line.name(),
            code = trouble.code(),
            "left out what was asked besides"
        );
        self.dispensed = (self.dispensed.0.saturating_add(1), why);
        self.deliver(ask, noted.rows, noted.skipped).await?;
        if self.dispenses() {
            self.dispense().await?;
        }
        Ok(())
    }

    /// Whether nothing is asked any more that can be done without.
    fn dispenses(&self) -> bool {
        self.dispensed.0 >= DISPENSED
    }

    /// Stops all that can be done without, before a word is said: the end of one would let another
    /// begin.
    async fn dispense(&mut self) -> Result<(), Closed> {
        let mut stopped = Vec::new();
        for (id, (ask, task)) in std::mem::take(&mut self.open) {
            if let Some(noted) = self.without(&ask, &self.dispensed.1) {
                task.abort();
                stopped.push((ask, noted));
            } else {
                self.open.insert(id, (ask, task));
            }
        }
        self.deliver_notes(stopped).await
    }

    /// What the dialect makes of an ask that failed; none where it cannot be done without.
    fn without(&self, ask: &Ask, why: &str) -> Option<Batch> {
        // The ticket's own ask is what somebody wants.
        if *ask == self.post.ticket.ask {
            return None;
        }
        match self.line.inner() {
            Inner::Http(http) => http.connection.provider.without(ask, why),
            Inner::File(_) => None,
        }
    }

    async fn take(&mut self, chain: usize, ask: &Ask, read: Read) -> Result<(), Closed> {
        let Read {
            batch,
            bytes,
            ahead,
        } = read;
        let Batch {
            rows,
            next,
            also,
            skipped,
        } = batch;
        self.rows = self.rows.saturating_add(rows.len() as u64);
        self.bytes = self.bytes.saturating_add(bytes);
        let turn = match self.chains.get_mut(chain) {
            Some(chain) => chain.turn(&rows),
            None => Turn::End,
        };
        if let Some(next) = next {
            match turn {
                Turn::GoOn => self.go_on(chain, next, ahead),
                Turn::Pause => self.keep(next),
                Turn::End => {
                    tracing::debug!(context = self.line.name(), "a page brought nothing new");
                }
            }
        }
        // A reply without rows is no list with more to it: it says where to ask instead.
        let mut besides = if rows.is_empty() || !self.line.is_bare() {
            also
        } else {
            Vec::new()
        };
        if self.line.is_brisk() {
            besides
                .retain(|ask| !matches!(ask, Ask::Aside { .. }) || self.without(ask, "").is_none());
        }
        let noted = self.begin_besides(besides);
        self.deliver(ask, rows, skipped).await?;
        self.deliver_notes(noted).await
    }

    async fn deliver_notes(&mut self, notes: Vec<(Ask, Batch)>) -> Result<(), Closed> {
        for (ask, noted) in notes {
            self.deliver(&ask, noted.rows, noted.skipped).await?;
        }
        Ok(())
    }

    /// Begins these, and gives what is noted of those that are not asked any more.
    fn begin_besides(&mut self, asks: Vec<Ask>) -> Vec<(Ask, Batch)> {
        let mut noted = Vec::new();
        for ask in asks {
            let note = self.without(&ask, &self.dispensed.1);
            match note.filter(|_| self.dispenses()) {
                Some(note) => noted.push((ask, note)),
                None => self.begin(ask),
            }
        }
        noted
    }

    /// The next page of a chain, unless the ticket has had enough. Only one list can be gone on with
    /// later; a second one that is as long is read to its end rather than cut in silence.
    fn go_on(&mut self, chain: usize, next: Ask, ahead: Option<Ahead>) {
        let limit = self.post.ticket.limit;
        let enough = self.rows >= u64::from(limit.rows) || self.bytes >= limit.bytes;
        if enough && self.more.is_none() {
            self.keep(next);
        } else {
            self.ask(chain, next, ahead);
        }
    }

    /// Remembers where the list goes on.
    fn keep(&mut self, next: Ask) {
        self.more.get_or_insert(next);
    }

    fn begin(&mut self, ask: Ask) {
        self.chains.push(Chain::default());
        self.ask(self.chains.len() - 1, ask, None);
    }

    /// Nothing is asked twice for one ticket: a cursor that loops ends here.
    fn ask(&mut self, chain: usize, ask: Ask, ahead: Option<Ahead>) {
        if self.asked.len() >= PAGES {
            if self.without(&ask, "").is_none() {
                self.keep(ask);
            }
            return;
        }
        if !self.asked.insert(ask.clone()) {
            return;
        }
        let leg = Leg {
            own: chain == 0,
            left: self.left(),
            ahead,
        };
        let (line, post, asked) = (self.line.clone(), self.post.clone(), ask.clone());
        let task = self.pages.spawn(async move {
            fault::panic_if_asked("fetch");
            let read = page::read(&line, &ask, &post, leg).await;
            (chain, ask, read)
        });
        self.open.insert(task.id(), (asked, task));
    }

    /// How much the ticket still wants.
    fn left(&self) -> Limit {
        let limit = self.post.ticket.limit;
        let rows = u32::try_from(self.rows).unwrap_or(u32::MAX);
        Limit {
            rows: limit.rows.saturating_sub(rows),
            bytes: limit.bytes.saturating_sub(self.bytes),
        }
    }

    async fn deliver(&mut self, ask: &Ask, rows: Vec<Row>, skipped: u32) -> Result<(), Closed> {
        self.note(&rows);
        if rows.len() <= MAIL && !rows.is_empty() {
            return self.post.send(ask, Got::Rows { rows, skipped }).await;
        }
        let mut rows = rows.into_iter().peekable();
        let mut skipped = skipped;
        while rows.peek().is_some() || skipped > 0 {
            let some = rows.by_ref().take(MAIL).collect();
            let got = Got::Rows {
                rows: some,
                skipped: std::mem::take(&mut skipped),
            };
            self.post.send(ask, got).await?;
        }
        Ok(())
    }
}
