//! The looks: what one look asks goes through the same engine as any ticket, and what it brings says
//! when the next one is. Also what a stream says must be asked.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc;
use tokio::time::Instant;

use super::tail::Mark;
use super::{Following, LAST_LOOKS, Live, MOST_LAST_LOOKS, News, is_final, now, pace};
use crate::fetch::engine::{self, Closed, Post};
use crate::fetch::http;
use crate::fetch::line::Line;
use crate::model::{Arrival, Ask, Attention, Got, Limit, Ticket, Trouble, Urgency};
use crate::provider::Provider;

/// Every so often a look asks all that belongs to the run, as opening it does.
const WHOLE: u32 = 10;

/// A look that is not answered for so long is said to be asking.
const SILENCE: Duration = Duration::from_secs(3);

/// An ask under way.
pub(super) struct Errand {
    ask: Ask,
    /// Whether a look waits for it.
    of_look: bool,
}

/// A look under way.
#[derive(Default)]
pub(super) struct Look {
    open: u32,
    news: bool,
    /// How far nothing is missing if it ends well.
    aim: Mark,
    /// When somebody who waits for its answer is told so.
    pub(super) tell_at: Option<Instant>,
    /// New events of the run's own list: what a stream should have brought.
    events: u32,
    trouble: Option<Trouble>,
    /// Whether the run had ended when it began.
    is_last: bool,
}

impl Following {
    pub(super) async fn begin_look(
        &mut self,
        provider: &'static dyn Provider,
    ) -> Result<(), Closed> {
        let known = self.tail.gapless();
        let asks: Vec<Ask> = provider
            .looks(&self.watch.run, &known)
            .into_iter()
            .filter(|ask| provider.request(ask).is_some())
            .collect();
        if asks.is_empty() {
            let cause = format!("{} has no way to follow a run", provider.name());
            return self.end(Live::GivenUp(Trouble::Unwilling { cause })).await;
        }
        let whole = known.ended || known.looks % WHOLE == WHOLE - 1;
        self.cost = u32::try_from(asks.len()).unwrap_or(u32::MAX);
        self.look = Some(Look {
            open: self.cost,
            aim: self.tail.aim(),
            tell_at: Some(Instant::now() + SILENCE),
            is_last: known.ended,
            ..Look::default()
        });
        self.look_at = None;
        for ask in asks {
            // What is kept beside the run changes seldom.
            let brisk = !whole && !matches!(ask, Ask::Events { .. });
            self.send_out(ask, true, brisk);
        }
        Ok(())
    }

    /// Asks what the stream said must be asked, where its time has come.
    pub(super) fn fetch_wanted(&mut self) {
        let now = Instant::now();
        let due: Vec<Ask> = self
            .wanted
            .iter()
            .filter(|(_, at)| **at <= now)
            .map(|(ask, _)| ask.clone())
            .collect();
        for ask in due {
            self.wanted.remove(&ask);
            self.send_out(ask, false, false);
        }
    }

    fn send_out(&mut self, ask: Ask, of_look: bool, brisk: bool) {
        let number = self.next_number();
        let away = *self.attention.borrow() == Attention::Away;
        let ticket = Ticket {
            context: self.watch.context,
            node: self.watch.node,
            generation: self.watch.generation,
            ask: ask.clone(),
            limit: Limit::NONE,
            urgency: if away { Urgency::Idle } else { Urgency::Wanted },
        };
        let line = if brisk {
            self.line.clone().brisk()
        } else {
            self.line.clone()
        };
        self.errands.insert(number, Errand { ask, of_look });
        let news = self.sender.clone();
        self.tasks.spawn(run(line, ticket, number, news));
    }

    pub(super) async fn arrived(
        &mut self,
        provider: &'static dyn Provider,
        number: u64,
        arrival: Arrival,
    ) -> Result<(), Closed> {
        if let Some(look) = self.look_of(number) {
            look.tell_at = Some(Instant::now() + SILENCE);
        }
        match arrival.got {
            Got::Rows { rows, skipped } => {
                let is_list = matches!(arrival.ask, Ask::Events { .. });
                let brought = self.rows(&arrival.ask, rows, skipped).await?;
                if let Some(look) = self.look_of(number) {
                    look.news |= brought.news;
                    if is_list {
                        look.events += brought.events;
                        look.aim.reach(&brought);
                    }
                }
                Ok(())
            }
            Got::Waiting { trouble, until } => {
                // How the run is followed is said again when the wait is over.
                self.told = None;
                // Nobody is asked meanwhile.
                let left = until.since(now()).unwrap_or_default();
                if let Some(look) = self.look_of(number) {
                    look.tell_at = Some(Instant::now() + left + SILENCE);
                }
                let got = Got::Waiting { trouble, until };
                self.send(arrival.ask, got).await
            }
            got @ Got::Live(_) => self.send(arrival.ask, got).await,
            Got::Budget(budget) => {
                self.budget = Some(budget);
                self.send(arrival.ask, Got::Budget(budget)).await
            }
            Got::Kept(_) => Ok(()),
            Got::Done { .. } => self.answered(number, None).await,
            Got::Failed(trouble) => {
                let noted = self.errands.get(&number).and_then(|errand| {
                    let note = provider.without(&errand.ask, &trouble.to_string())?;
                    Some((errand.ask.clone(), note))
                });
                let Some((ask, note)) = noted else {
                    return self.answered(number, Some(trouble)).await;
                };
                self.rows(&ask, note.rows, note.skipped).await?;
                self.answered(number, None).await
            }
        }
    }

    /// The look, if this errand is one of it.
    fn look_of(&mut self, number: u64) -> Option<&mut Look> {
        let of_look = self.errands.get(&number).is_some_and(|one| one.of_look);
        self.look.as_mut().filter(|_| of_look)
    }

    /// Says that an answer is being waited for. Beside a stream that goes on nobody waits for it.
    pub(super) async fn asking(&mut self) -> Result<(), Closed> {
        let Some(tell_at) = self.look.as_mut().and_then(|look| look.tell_at.take()) else {
            return Ok(());
        };
        if self.push.is_open() {
            return Ok(());
        }
        let waited = tell_at.elapsed() + SILENCE;
        let since = http::time(SystemTime::now().checked_sub(waited).unwrap_or(UNIX_EPOCH));
        self.tell(Live::Asking { since }).await
    }

    async fn answered(&mut self, number: u64, trouble: Option<Trouble>) -> Result<(), Closed> {
        let Some(errand) = self.errands.remove(&number) else {
            return Ok(());
        };
        if !errand.of_look {
            // The next look finds what was missed.
            return Ok(());
        }
        let Some(look) = &mut self.look else {
            return Ok(());
        };
        look.open = look.open.saturating_sub(1);
        if look.trouble.is_none() {
            look.trouble = trouble;
        }
        if look.open > 0 {
            return Ok(());
        }
        let look = std::mem::take(look);
        self.look = None;
        self.looked(look).await
    }

    async fn looked(&mut self, look: Look) -> Result<(), Closed> {
        self.looked = Instant::now();
        self.tail.known.looks = self.tail.known.looks.saturating_add(1);
        if let Some(trouble) = look.trouble {
            return self.look_failed(trouble).await;
        }
        self.failures = 0;
        self.tail.has_read(look.aim.clone());
        if look.news {
            self.pace.news();
        } else {
            self.pace.quiet();
        }
        if self.has_ended(&look) {
            return self.end(Live::Over).await;
        }
        self.push.looked_beside(look.events);
        self.plan().await?;
        if std::mem::take(&mut self.look_again) {
            self.look_at = Some(self.looked);
        }
        Ok(())
    }

    /// Whether all was seen of a run that has ended.
    fn has_ended(&mut self, look: &Look) -> bool {
        let is_all = self.errands.is_empty() && self.wanted.is_empty() && !self.look_again;
        if self.push.is_over() && is_all {
            return true;
        }
        if !self.tail.known.ended {
            self.last_looks = (0, 0);
            return false;
        }
        if !look.is_last {
            return false;
        }
        let (quiet, all) = self.last_looks;
        self.last_looks = (if look.news { 0 } else { quiet + 1 }, all + 1);
        self.last_looks.0 >= LAST_LOOKS || self.last_looks.1 >= MOST_LAST_LOOKS
    }

    async fn look_failed(&mut self, trouble: Trouble) -> Result<(), Closed> {
        if is_final(&trouble) {
            return self.end(Live::GivenUp(trouble)).await;
        }
        self.failures = self.failures.saturating_add(1);
        let wish = match &trouble {
            Trouble::RateLimited { retry_after, .. } => *retry_after,
            _ => None,
        };
        let at = self.looked + pace::again(wish, self.failures);
        self.look_at = Some(at);
        self.look_again = false;
        // A stream that goes on has lost nothing.
        if self.push.is_open() {
            return Ok(());
        }
        self.lost(trouble, at).await
    }
}

/// One ask, answered as any ticket is; its mails are passed on under its number.
async fn run(line: Line, ticket: Ticket, number: u64, news: mpsc::Sender<News>) {
    let (mail, mut inbox) = mpsc::channel(1);
    let post = Post {
        ticket: Arc::new(ticket),
        mail,
    };
    let pass = async {
        while let Some(arrival) = inbox.recv().await {
            if news
                .send(News::Of(number, Box::new(arrival)))
                .await
                .is_err()
            {
                return;
            }
        }
    };
    tokio::join!(Box::pin(engine::answer(line, post)), pass);
}
