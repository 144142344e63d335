//! Every request that was sent, the newest thousand of them, and those under way: what the API log shows. It knows paths
//! and figures, never a header, a body or a credential.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::model::Sent;

const KEPT: usize = 1000;

/// The newest requests of one connection.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    newest: VecDeque<Sent>,
    /// How many there were in all.
    count: usize,
    /// What was sent and is not over, as it would be listed if nothing came of it any more.
    under_way: Vec<(Ticket, Instant, Sent)>,
    begun: u64,
}

/// Names a request under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ticket(u64);

impl Log {
    /// A request goes out.
    pub fn begin(&self, began: Instant, sent: Sent) -> Ticket {
        let mut kept = self.kept();
        let ticket = Ticket(kept.begun);
        kept.begun += 1;
        kept.under_way.push((ticket, began, sent));
        ticket
    }

    /// It is over, in one step, so that it is never in both lists or in none.
    pub fn over(&self, ticket: Ticket, sent: Sent) {
        trace(&sent);
        let mut kept = self.kept();
        kept.under_way.retain(|(other, ..)| *other != ticket);
        kept.push(sent);
    }

    pub fn add(&self, sent: Sent) {
        trace(&sent);
        self.kept().push(sent);
    }
    pub fn all(&self) -> Vec<Sent> {
        self.kept().newest.iter().cloned().collect()
    }

    /// Those after the first `seen`, as far as they are kept, and how many there were in all.
    pub fn since(&self, seen: usize) -> (Vec<Sent>, usize) {
        let kept = self.kept();
        let dropped = kept.count - kept.newest.len();
        let skip = seen.saturating_sub(dropped);
        (kept.newest.iter().skip(skip).cloned().collect(), kept.count)
    }

    /// The same, and what is under way behind them.
    pub fn since_and_under_way(&self, seen: usize) -> Vec<Sent> {
        let kept = self.kept();
        let skip = seen.saturating_sub(kept.count - kept.newest.len());
        let over = kept.newest.iter().skip(skip).cloned();
        let under_way = kept.under_way.iter().map(|(_, began, sent)| Sent {
            took: began.elapsed(),
            ..sent.clone()
        });
        over.chain(under_way).collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn push(&mut self, sent: Sent) {
        if self.newest.len() >= KEPT {
            self.newest.pop_front();
        }
        self.newest.push_back(sent);
        self.count += 1;
    }
}

fn trace(sent: &Sent) {
    let path = sent.path.split('?').next().unwrap_or_default();
    tracing::debug!(
        context = sent.context,
        method = sent.method,
        path,
        status = sent.status,
        ms = sent.took.as_millis(),
        bytes = sent.bytes,
        retries = sent.retries,
        "request"
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Time;

    #[test]
    fn what_is_under_way_is_listed_once_whether_or_not_it_is_over() {
        let log = Log::default();
        let sent = |path: &str, status| Sent {
            at: Time(0),
            context: String::new(),
            method: "GET",
            path: path.to_owned(),
            status,
            took: std::time::Duration::ZERO,
            bytes: 0,
            retries: 0,
            cached: false,
            reason: String::new(),
        };
        let first = log.begin(Instant::now(), sent("/a", None));
        log.begin(Instant::now(), sent("/b", None));
        let told = |seen| {
            let all = log.since_and_under_way(seen).into_iter();
            all.map(|sent| (sent.path, sent.status)).collect::<Vec<_>>()
        };
        let named = |path: &str, status| (path.to_owned(), status);
        assert_eq!(told(0), [named("/a", None), named("/b", None)]);
        assert_eq!(log.since(0).1, 0);
        log.over(first, sent("/a", Some(200)));
        assert_eq!(told(0), [named("/a", Some(200)), named("/b", None)]);
        assert_eq!(told(1), [named("/b", None)]);
    }
}
