//! The stream of a followed run: opened, heard, and opened again when it broke. One that stays mute
//! while looks find news does not lead: services have runs that never stream.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::pace::{self, Beside};
use super::{Following, GROWTH, News, STORED, now};
use crate::fetch::engine::Closed;
use crate::fetch::gate::Rank;
use crate::fetch::line::{Inner, Line};
use crate::fetch::reason;
use crate::fetch::sse::{End, Stream};
use crate::model::{Live, Request, Time, Trouble, Urgency};
use crate::provider::{Heard, Listener, Provider};

/// A stream that lived this long was a good one: the next begins without any wait.
const GOOD: Duration = Duration::from_secs(5);

/// What comes of a stream.
pub(super) enum Pushed {
    Frame(Bytes, Time),
    Ended(End),
}

/// The stream, as far as there is one.
#[derive(Default)]
pub(super) struct Push {
    now: Option<Current>,
    open_at: Option<Instant>,
    failures: u32,
    grown_at: Option<Instant>,
    grew: Option<Instant>,
    over: bool,
}

/// A stream that is open or being opened.
struct Current {
    number: u64,
    listener: Box<dyn Listener>,
    task: AbortHandle,
    open: bool,
    since: Instant,
    /// Rows since the last look, and ever.
    rows: (u64, u64),
    /// Looks since it opened, and those that found what it should have brought.
    looks: u32,
    missed: u32,
    leads: bool,
    /// What the service said went wrong.
    said: Option<String>,
}

impl Push {
    pub fn is_there(&self) -> bool {
        self.now.is_some()
    }

    /// Whether it is open and brings what there is.
    pub fn is_open(&self) -> bool {
        self.now.as_ref().is_some_and(|now| now.open && now.leads)
    }

    /// Whether it said that the run has ended.
    pub fn is_over(&self) -> bool {
        self.over
    }

    pub fn grown_at(&self) -> Option<Instant> {
        self.grown_at
    }

    pub fn open_at(&self) -> Option<Instant> {
        self.open_at
    }

    pub fn beside(&self) -> Beside {
        match &self.now {
            Some(now) if now.open && now.leads && now.rows.1 > 0 => Beside::Fed,
            Some(now) if now.open && now.leads => Beside::Mute,
            _ => Beside::Nothing,
        }
    }

    /// A look has found so many events that were not pushed.
    pub fn looked_beside(&mut self, events: u32) {
        let Some(now) = self.now.as_mut().filter(|now| now.open) else {
            return;
        };
        now.looks = now.looks.saturating_add(1);
        // The first look finds what was before the stream.
        if events > 0 && now.rows.0 == 0 && now.looks > 1 {
            now.missed = now.missed.saturating_add(1);
            now.leads &= now.rows.1 > 0 && now.missed < 2;
        }
        now.rows.0 = 0;
    }

    fn brought(&mut self, rows: usize) {
        let Some(now) = self.now.as_mut().filter(|_| rows > 0) else {
            return;
        };
        let rows = rows as u64;
        now.rows = (
            now.rows.0.saturating_add(rows),
            now.rows.1.saturating_add(rows),
        );
        now.missed = 0;
        now.leads = true;
        self.failures = 0;
    }
}

impl Following {
    /// Opens the stream, where the service pushes and the run has not ended.
    pub(super) fn open_stream(&mut self, provider: &'static dyn Provider) {
        self.push.open_at = None;
        if self.push.over || self.tail.known.ended {
            return;
        }
        let Some((request, listener)) = provider.stream(&self.watch.run) else {
            return;
        };
        let number = self.next_number();
        let reason = reason::of_stream(&self.watch.run);
        let stream = listen(
            self.line.clone(),
            request,
            reason,
            (Urgency::Wanted, self.watch.generation, true),
            number,
            self.sender.clone(),
        );
        self.push.now = Some(Current {
            number,
            listener,
            task: self.tasks.spawn(stream),
            open: false,
            since: Instant::now(),
            rows: (0, 0),
            looks: 0,
            missed: 0,
            leads: true,
            said: None,
        });
    }

    pub(super) async fn pushed(&mut self, number: u64, pushed: Pushed) -> Result<(), Closed> {
        let Some(now) = self.push.now.as_mut().filter(|now| now.number == number) else {
            return Ok(());
        };
        match pushed {
            Pushed::Ended(end) => self.stream_ended(end).await,
            Pushed::Frame(data, received) => {
                let listener = &mut now.listener;
                // A listener that breaks on a frame is one lost stream, not a lost following.
                let heard = catch_unwind(AssertUnwindSafe(|| listener.hear(&data, received)));
                if let Ok(heard) = heard {
                    return self.take_heard(heard).await;
                }
                now.task.abort();
                let end = End {
                    trouble: Some(Trouble::Broken),
                    never: true,
                    wish: None,
                };
                self.stream_ended(end).await
            }
        }
    }

    async fn take_heard(&mut self, heard: Heard) -> Result<(), Closed> {
        if let Some(now) = &mut self.push.now {
            now.said = heard.said.or(now.said.take());
        }
        let at = Instant::now();
        for ask in heard.asks {
            self.wanted.entry(ask).or_insert(at + STORED);
        }
        self.push.brought(heard.rows.len());
        self.tail.pushed(&heard.rows);
        let ask = self.pushed_ask();
        self.rows(&ask, heard.rows, heard.skipped).await?;
        if self.push.grown_at.is_none() {
            let due = self.push.grew.map_or(at, |grew| (grew + GROWTH).max(at));
            self.push.grown_at = Some(due);
        }
        if heard.open {
            self.stream_opened().await?;
        }
        if heard.over && !self.push.over {
            self.grown().await?;
            self.push.over = true;
            self.tail.known.ended = true;
            if let Some(gone) = self.push.now.take() {
                gone.task.abort();
            }
            self.look_soon();
            // What was pushed last may not be stored yet.
            self.look_at = Some(at + STORED + GROWTH);
        }
        Ok(())
    }

    /// What was missed until now is asked for.
    async fn stream_opened(&mut self) -> Result<(), Closed> {
        let Some(now) = self.push.now.as_mut().filter(|now| !now.open) else {
            return Ok(());
        };
        now.open = true;
        self.look_soon();
        self.tell(Live::Streaming).await
    }

    fn look_soon(&mut self) {
        // One under way may have read before what it is to find.
        self.look_again = self.look.is_some();
        self.look_at = Some(Instant::now());
    }

    /// Tells what has grown since it was told last.
    pub(super) async fn grown(&mut self) -> Result<(), Closed> {
        self.push.grown_at = None;
        self.push.grew = Some(Instant::now());
        let Some(now) = &mut self.push.now else {
            return Ok(());
        };
        let listener = &mut now.listener;
        let rows = catch_unwind(AssertUnwindSafe(|| listener.grown())).unwrap_or_default();
        self.push.brought(rows.len());
        self.tail.pushed(&rows);
        let ask = self.pushed_ask();
        self.rows(&ask, rows, 0).await?;
        Ok(())
    }

    async fn stream_ended(&mut self, end: End) -> Result<(), Closed> {
        self.grown().await?;
        let Some(gone) = self.push.now.take() else {
            return Ok(());
        };
        self.push.grown_at = None;
        if end.never {
            tracing::debug!(context = self.line.name(), "no stream, only looks");
            return self.plan().await;
        }
        let was_good = gone.open && (gone.rows.1 > 0 || gone.since.elapsed() >= GOOD);
        let silent = was_good && end.trouble.is_none() && gone.said.is_none();
        self.push.failures = if was_good {
            1
        } else {
            self.push.failures.saturating_add(1)
        };
        let at = Instant::now() + pace::again(end.wish, self.push.failures);
        self.push.open_at = Some(at);
        // The run may have ended with its stream, and what came meanwhile is found by a look.
        self.look_soon();
        if silent || !gone.leads || !matches!(self.told, None | Some(Live::Streaming)) {
            return Ok(());
        }
        let trouble = end.trouble.unwrap_or_else(|| Trouble::CutShort {
            received: 0,
            cause: gone
                .said
                .unwrap_or_else(|| "the stream was closed".to_owned()),
        });
        self.lost(trouble, at).await
    }
}

/// Opens a stream and passes on its frames, each as it comes.
async fn listen(
    line: Line,
    request: Request,
    reason: String,
    rank: Rank,
    number: u64,
    news: mpsc::Sender<News>,
) {
    let Inner::Http(http) = line.inner() else {
        return;
    };
    let mut stream = match Stream::open(http, &request, &reason, rank).await {
        Ok(stream) => stream,
        Err(end) => {
            let _ = news.send(News::Pushed(number, Pushed::Ended(end))).await;
            return;
        }
    };
    loop {
        let pushed = match stream.next().await {
            Ok(frame) => Pushed::Frame(frame, now()),
            Err(end) => Pushed::Ended(end),
        };
        let is_last = matches!(pushed, Pushed::Ended(_));
        if news.send(News::Pushed(number, pushed)).await.is_err() || is_last {
            return;
        }
    }
}
