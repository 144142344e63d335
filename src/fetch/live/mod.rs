//! Following a run: what the service pushes where it does, and looks at it, again and again, always.
//! Beside a stream they are few and find what it does not carry. Ends when the run has, or when asking
//! again cannot help; whoever follows hears of it, and is never told that the following failed.

mod errand;
mod grown;
mod pace;
mod push;
mod tail;

use std::time::{Duration, SystemTime};
use std::{collections::HashMap, sync::Arc};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::engine::Closed;
use super::http;
use super::line::{Inner, Line};
use crate::model::{
    Arrival, Ask, Attention, Budget, ContextId, Gen, Got, Kind, Known, Live, NodeId, Page, Record,
    Row, RunRef, Time, Trouble, Watch,
};
use crate::provider::Provider;
use errand::{Errand, Look};
use pace::{Beside, Pace};
use push::{Push, Pushed};
use tail::{Fresh, Tail};

/// A run that has ended is looked at until so many looks brought nothing.
const LAST_LOOKS: u32 = 2;
/// And no more often than this, whatever they bring.
const MOST_LAST_LOOKS: u32 = 10;
/// What grows is told no more often than this.
const GROWTH: Duration = Duration::from_millis(100);
/// Services store what they pushed a little later.
const STORED: Duration = Duration::from_millis(500);
/// A stream that does not open keeps the first look waiting no longer than this.
const OPENING: Duration = Duration::from_secs(2);

/// Follows a run until it has ended, or asking again cannot help, or nobody takes the mail any more.
/// The mails are any number of `Rows`, `Waiting`, `Budget` and `Live`; the last one is `Live::Over` or
/// `Live::GivenUp`. `known` is what was loaded before; rows older than that need not come again.
pub async fn follow(on: impl Into<Line>, run: RunRef, known: Known, mail: mpsc::Sender<Arrival>) {
    let watch = Watch {
        context: ContextId(0),
        node: NodeId(0),
        generation: Gen(0),
        run,
        known,
    };
    // Kept to the end: without it nobody could say any more who looks.
    let (_attend, attention) = watch::channel(Attention::Here);
    Box::pin(watch_over(on.into(), watch, mail, attention)).await;
}

/// The same for a node of the screen.
pub(super) async fn watch_over(
    line: Line,
    watch: Watch,
    mail: mpsc::Sender<Arrival>,
    attention: watch::Receiver<Attention>,
) {
    let provider = match line.inner() {
        Inner::Http(http) => Some(http.connection.provider),
        Inner::File(source) if source.may_grow(&watch.run) => {
            let growing = grown::Growing {
                source: Arc::clone(source),
                watch,
                mail,
                attention,
            };
            // As below.
            let _: Result<(), Closed> = growing.follow().await;
            return;
        }
        Inner::File(_) => None,
    };
    let mut following = Following::new(line, watch, mail, attention);
    // Nobody cares any more where the mail is closed.
    let _: Result<(), Closed> = match provider {
        Some(provider) => following.run(provider).await,
        // What is in files that are read whole has ended.
        None => following.tell(Live::Over).await,
    };
}

/// What is heard of what is under way.
enum News {
    /// Of an errand.
    Of(u64, Box<Arrival>),
    /// Of the stream of that number.
    Pushed(u64, Pushed),
}

struct Following {
    line: Line,
    watch: Watch,
    mail: mpsc::Sender<Arrival>,
    attention: watch::Receiver<Attention>,
    tail: Tail,
    pace: Pace,
    /// How it was last said to be followed.
    told: Option<Live>,
    /// All that is under way. Dropping it stops it.
    tasks: JoinSet<()>,
    sender: mpsc::Sender<News>,
    inbox: mpsc::Receiver<News>,
    /// Numbers errands and streams.
    number: u64,
    errands: HashMap<u64, Errand>,
    look: Option<Look>,
    /// Wanted as soon as the look under way has ended.
    look_again: bool,
    look_at: Option<Instant>,
    /// When the last look ended.
    looked: Instant,
    /// Requests of the last look.
    cost: u32,
    budget: Option<Budget>,
    failures: u32,
    /// Looks in a row, after the end, that brought nothing; and looks after the end.
    last_looks: (u32, u32),
    push: Push,
    /// What the stream says must be asked, and when.
    wanted: HashMap<Ask, Instant>,
    over: bool,
}

impl Following {
    fn new(
        line: Line,
        watch: Watch,
        mail: mpsc::Sender<Arrival>,
        attention: watch::Receiver<Attention>,
    ) -> Self {
        let (sender, inbox) = mpsc::channel(8);
        Self {
            tail: Tail::new(watch.run.clone(), watch.known.clone(), now()),
            line,
            watch,
            mail,
            attention,
            pace: Pace::default(),
            told: None,
            tasks: JoinSet::new(),
            sender,
            inbox,
            number: 0,
            errands: HashMap::new(),
            look: None,
            look_again: false,
            look_at: None,
            looked: Instant::now(),
            cost: 2,
            budget: None,
            failures: 0,
            last_looks: (0, 0),
            push: Push::default(),
            wanted: HashMap::new(),
            over: false,
        }
    }

    /// Until it is over, or the mail is closed.
    async fn run(&mut self, provider: &'static dyn Provider) -> Result<(), Closed> {
        self.open_stream(provider);
        let opening = if self.push.is_there() {
            OPENING
        } else {
            Duration::ZERO
        };
        self.look_at = Some(Instant::now() + opening);
        while !self.over {
            while self.tasks.try_join_next().is_some() {}
            let look_at = self.look_at.filter(|_| self.look.is_none());
            let tell_at = self.look.as_ref().and_then(|look| look.tell_at);
            let wanted_at = self.wanted.values().min().copied();
            tokio::select! {
                () = self.mail.closed() => return Err(Closed),
                Some(news) = self.inbox.recv() => self.heard(provider, news).await?,
                () = until(self.push.grown_at()) => self.grown().await?,
                () = until(wanted_at) => self.fetch_wanted(),
                () = until(look_at) => self.begin_look(provider).await?,
                () = until(tell_at) => self.asking().await?,
                () = until(self.push.open_at()) => self.open_stream(provider),
                Ok(()) = self.attention.changed() => self.plan().await?,
            }
        }
        Ok(())
    }

    async fn heard(&mut self, provider: &'static dyn Provider, news: News) -> Result<(), Closed> {
        match news {
            News::Of(number, arrival) => self.arrived(provider, number, *arrival).await,
            News::Pushed(number, pushed) => self.pushed(number, pushed).await,
        }
    }

    /// Passes on what is new of these rows, and gives the rest of what is to be said of them.
    async fn rows(&mut self, ask: &Ask, rows: Vec<Row>, skipped: u32) -> Result<Fresh, Closed> {
        let rows = self.tail.unless_grown(ask, rows);
        let mut fresh = self.tail.take(ask, rows, now());
        let rows = std::mem::take(&mut fresh.rows);
        if !rows.is_empty() {
            // A look reads again what could not be read before: that was counted then.
            let unread = rows.iter().filter(|row| is_unknown(row)).count();
            let unread = u32::try_from(unread).unwrap_or(u32::MAX);
            let got = Got::Rows {
                rows,
                skipped: skipped.min(unread),
            };
            self.send(ask.clone(), got).await?;
        }
        Ok(fresh)
    }

    /// Says when the next look is, and how the run is being followed.
    async fn plan(&mut self) -> Result<(), Closed> {
        // While something is broken, its own time is kept.
        if self.failures > 0 {
            return Ok(());
        }
        let attention = *self.attention.borrow();
        let beside = self.push.beside();
        let ended = self.tail.known.ended;
        let wait = self.pace.next(beside, ended, attention).max(pace::sparing(
            self.budget,
            self.cost,
            now(),
        ));
        self.look_at = Some(self.looked + wait);
        match beside {
            // It is said by the answer that is being waited for.
            Beside::Nothing if self.look.is_some() => Ok(()),
            Beside::Nothing => self.tell(Live::Polling { every: wait }).await,
            // Said when it opened; a stream that is only being opened is no stream yet.
            Beside::Mute | Beside::Fed if self.push.is_open() => self.tell(Live::Streaming).await,
            Beside::Mute | Beside::Fed => Ok(()),
        }
    }

    /// Asking again cannot help, or the run has ended.
    async fn end(&mut self, how: Live) -> Result<(), Closed> {
        self.over = true;
        self.tell(how).await
    }

    async fn tell(&mut self, live: Live) -> Result<(), Closed> {
        if self.told.as_ref() == Some(&live) {
            return Ok(());
        }
        self.told = Some(live.clone());
        self.send(Ask::Run(self.watch.run.clone()), Got::Live(live))
            .await
    }

    async fn lost(&mut self, trouble: Trouble, until: Instant) -> Result<(), Closed> {
        let wait = until.saturating_duration_since(Instant::now());
        let until = http::time(SystemTime::now() + wait);
        self.tell(Live::Lost { trouble, until }).await
    }

    async fn send(&mut self, ask: Ask, got: Got) -> Result<(), Closed> {
        let arrival = of_watch(&self.watch, ask, got);
        self.mail.send(arrival).await.map_err(|_| Closed)
    }

    /// The ask that pushed rows answer.
    fn pushed_ask(&self) -> Ask {
        Ask::Events {
            run: self.watch.run.clone(),
            page: Page {
                after: self.tail.known.newest,
                ..Page::default()
            },
        }
    }

    fn next_number(&mut self) -> u64 {
        self.number = self.number.wrapping_add(1);
        self.number
    }
}

/// Says that the context of a run to follow does not exist.
pub(super) async fn refuse(watch: Watch, mail: mpsc::Sender<Arrival>) {
    let cause = "there is no such context".to_owned();
    let live = Live::GivenUp(Trouble::Unwilling { cause });
    let ask = Ask::Run(watch.run.clone());
    let _ = mail.send(of_watch(&watch, ask, Got::Live(live))).await;
}

/// A piece of news about a followed run.
fn of_watch(watch: &Watch, ask: Ask, got: Got) -> Arrival {
    Arrival {
        context: watch.context,
        node: watch.node,
        generation: watch.generation,
        ask,
        got,
    }
}

/// Whether asking again cannot help.
fn is_final(trouble: &Trouble) -> bool {
    matches!(
        trouble,
        Trouble::NoCredential { .. }
            | Trouble::NoCommand { .. }
            | Trouble::Refused { .. }
            | Trouble::Forbidden { .. }
            | Trouble::NotFound { .. }
            | Trouble::Unwilling { .. }
    )
}

/// Whether it is an event of a kind that is not known, as what cannot be read is.
fn is_unknown(row: &Row) -> bool {
    match row {
        Row::Full(Record::Event(event)) => event.kind == Kind::Unknown,
        Row::Full(Record::Elsewhere(elsewhere)) => elsewhere.event.kind == Kind::Unknown,
        Row::Full(_) | Row::Patch(_) => false,
    }
}

fn now() -> Time {
    http::time(SystemTime::now())
}

/// Never, where there is no time.
async fn until(at: Option<Instant>) {
    match at {
        Some(at) => sleep_until(at).await,
        None => std::future::pending().await,
    }
}
