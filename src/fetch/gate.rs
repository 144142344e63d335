//! The door of one host, for all contexts that ask it: few requests at once, the most urgent first, and
//! none while the host wants to be left alone. After such a time one goes in to see; the others wait
//! until it is back.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::{oneshot, watch};
use url::Url;

use crate::model::{Gen, Trouble, Urgency};

/// Requests under way at once.
const AT_ONCE: usize = 4;
/// No host is left alone for longer than this without asking once.
const LONGEST: Duration = Duration::from_secs(15 * 60);

/// Who goes first: the more urgent, then the younger, then what was asked for itself and not besides.
pub(super) type Rank = (Urgency, Gen, bool);

/// The door of one host.
pub(super) struct Gate {
    state: Mutex<State>,
    /// Says that the host wants to be left alone, or no more.
    news: watch::Sender<()>,
}

#[derive(Default)]
struct State {
    inside: usize,
    queue: BinaryHeap<Waiting>,
    count: u64,
    block: Option<Block>,
}

/// Until when a host wants to hear nothing, and what it said.
#[derive(Clone)]
struct Block {
    until: Instant,
    trouble: Trouble,
}

struct Waiting {
    place: (Rank, Reverse<u64>),
    grant: oneshot::Sender<Permit>,
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.place == other.place
    }
}

impl Eq for Waiting {}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Waiting {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place.cmp(&other.place)
    }
}

impl State {
    fn room(&self, now: Instant) -> usize {
        match &self.block {
            None => AT_ONCE,
            Some(block) if block.until > now => 0,
            Some(_) => 1,
        }
    }
}

impl Gate {
    /// The door of this address's host; the same for all that ask it while any of them is there.
    pub fn of(url: &Url) -> Arc<Self> {
        static ALL: Mutex<BTreeMap<String, Weak<Gate>>> = Mutex::new(BTreeMap::new());
        let host = url.origin().ascii_serialization();
        let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(gate) = all.get(&host).and_then(Weak::upgrade) {
            return gate;
        }
        all.retain(|_, gate| gate.strong_count() > 0);
        let gate = Arc::new(Self {
            state: Mutex::default(),
            news: watch::Sender::new(()),
        });
        all.insert(host, Arc::downgrade(&gate));
        gate
    }

    /// A place in the queue. Dropping it leaves the queue.
    pub fn queue(self: &Arc<Self>, rank: Rank) -> Place {
        let (grant, permit) = oneshot::channel();
        let news = self.news.subscribe();
        {
            let mut state = self.state();
            state.count = state.count.wrapping_add(1);
            let place = (rank, Reverse(state.count));
            state.queue.push(Waiting { place, grant });
        }
        self.pump();
        Place {
            gate: Arc::clone(self),
            permit,
            news,
            told: None,
        }
    }

    /// The host wants to be left alone for so long, or for longer where it said so before.
    pub fn hush(&self, wait: Duration, trouble: Trouble) {
        let until = Instant::now() + wait.min(LONGEST);
        {
            let mut state = self.state();
            if state
                .block
                .as_ref()
                .is_some_and(|known| known.until >= until)
            {
                return;
            }
            state.block = Some(Block { until, trouble });
        }
        self.news.send_replace(());
    }

    /// The host has answered something else: it may be asked again as ever.
    fn clear(self: &Arc<Self>) {
        {
            let mut state = self.state();
            // Who went in before may be back before the time has passed.
            let passed = state.block.take_if(|block| block.until <= Instant::now());
            if passed.is_none() {
                return;
            }
        }
        self.news.send_replace(());
        self.pump();
    }

    fn block(&self) -> Option<Block> {
        let block = self.state().block.clone();
        block.filter(|block| block.until > Instant::now())
    }

    /// Lets in whoever is first, as long as there is room.
    fn pump(self: &Arc<Self>) {
        let mut state = self.state();
        while state.inside < state.room(Instant::now()) {
            let Some(next) = state.queue.pop() else {
                return;
            };
            if next.grant.is_closed() {
                continue;
            }
            state.inside += 1;
            let gate = Some(Arc::clone(self));
            if let Err(mut unused) = next.grant.send(Permit { gate }) {
                unused.gate = None;
                state.inside -= 1;
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to send one request; given back when dropped.
pub(super) struct Permit {
    gate: Option<Arc<Gate>>,
}

impl Permit {
    /// Gives it back after anything but a wish to be left alone.
    pub fn done(self) {
        if let Some(gate) = &self.gate {
            gate.clear();
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Some(gate) = self.gate.take() {
            {
                let mut state = gate.state();
                state.inside = state.inside.saturating_sub(1);
            }
            gate.pump();
        }
    }
}

/// What happens to somebody in the queue.
pub(super) enum Step {
    /// It may send.
    Go(Permit),
    /// The host wants to be left alone: nobody sends until then. Told once for each such time.
    Blocked { trouble: Trouble, left: Duration },
}

/// A place in the queue.
pub(super) struct Place {
    gate: Arc<Gate>,
    permit: oneshot::Receiver<Permit>,
    news: watch::Receiver<()>,
    told: Option<Instant>,
}

impl Place {
    /// Waits for what happens next.
    pub async fn step(&mut self) -> Step {
        loop {
            let block = self.gate.block();
            if let Some(block) = &block
                && self.told != Some(block.until)
            {
                self.told = Some(block.until);
                return Step::Blocked {
                    trouble: block.trouble.clone(),
                    left: block.until.saturating_duration_since(Instant::now()),
                };
            }
            if block.is_none() {
                // A short silence may have passed before anybody slept through it.
                self.gate.pump();
            }
            let passes = async {
                match block {
                    Some(block) => tokio::time::sleep_until(block.until.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                Ok(permit) = &mut self.permit => return Step::Go(permit),
                Ok(()) = self.news.changed() => {}
                () = passes => self.gate.pump(),
            }
        }
    }

    /// Waits for the right to send, whatever the host wants.
    pub async fn go(mut self) -> Permit {
        loop {
            if let Step::Go(permit) = self.step().await {
                return permit;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(port: u16) -> Arc<Gate> {
        Gate::of(&Url::parse(&format!("http://127.0.0.1:{port}/a")).unwrap())
    }

    fn rank(urgency: Urgency, generation: u32, own: bool) -> Rank {
        (urgency, Gen(generation), own)
    }

    #[tokio::test]
    async fn what_is_looked_at_goes_first() {
        let gate = gate(1);
        let other = Gate::of(&Url::parse("http://127.0.0.1:1/another/base").unwrap());
        assert!(Arc::ptr_eq(&gate, &other), "one door for one host");
        let mut inside = Vec::new();
        for _ in 0..AT_ONCE {
            inside.push(gate.queue(rank(Urgency::Wanted, 1, true)).go().await);
        }
        let ranks = [
            ("idle", rank(Urgency::Idle, 9, true)),
            ("older", rank(Urgency::Wanted, 2, true)),
            ("besides", rank(Urgency::Wanted, 3, false)),
            ("younger", rank(Urgency::Wanted, 3, true)),
            ("ahead", rank(Urgency::Ahead, 4, true)),
        ];
        let order = Arc::new(Mutex::new(Vec::new()));
        let waiting: Vec<_> = ranks
            .into_iter()
            .map(|(name, rank)| {
                let (place, order) = (gate.queue(rank), Arc::clone(&order));
                tokio::spawn(async move {
                    let permit = place.go().await;
                    order.lock().unwrap().push(name);
                    permit.done();
                })
            })
            .collect();
        // One that is no longer wanted does not keep its place.
        drop(gate.queue(rank(Urgency::Wanted, 99, true)));
        inside.pop();
        for task in waiting {
            task.await.unwrap();
        }
        let order = order.lock().unwrap().clone();
        assert_eq!(order, ["younger", "besides", "older", "ahead", "idle"]);
    }

    #[tokio::test]
    async fn a_silence_that_passed_unnoticed_keeps_nobody_waiting() {
        let gate = gate(3);
        gate.hush(Duration::from_millis(20), Trouble::Cancelled);
        let mut place = gate.queue(rank(Urgency::Wanted, 1, true));
        std::thread::sleep(Duration::from_millis(30));
        let step = tokio::time::timeout(Duration::from_secs(5), place.step()).await;
        assert!(matches!(step, Ok(Step::Go(_))));
    }

    #[tokio::test]
    async fn a_shorter_wish_does_not_shorten_a_longer_one() {
        let gate = gate(4);
        let left = || {
            let block = gate.block().unwrap();
            block.until.saturating_duration_since(Instant::now())
        };
        gate.hush(Duration::from_secs(60), Trouble::Cancelled);
        gate.hush(Duration::from_secs(2), Trouble::Broken);
        assert!(left() > Duration::from_secs(30));
        assert_eq!(gate.block().unwrap().trouble, Trouble::Cancelled);
        gate.hush(Duration::from_secs(600), Trouble::Broken);
        assert!(left() > Duration::from_secs(300));
    }

    #[tokio::test]
    async fn a_host_that_wants_silence_is_tried_by_one() {
        let gate = gate(2);
        gate.hush(Duration::from_millis(40), Trouble::Cancelled);
        let mut places: Vec<_> = (0..3)
            .map(|_| gate.queue(rank(Urgency::Wanted, 1, true)))
            .collect();
        for place in &mut places {
            assert!(matches!(place.step().await, Step::Blocked { .. }));
        }
        assert_eq!(gate.state().inside, 0);
        std::thread::sleep(Duration::from_millis(45));
        gate.pump();
        assert_eq!(gate.state().inside, 1, "one goes in to see");
        let first = places.remove(0).go().await;
        first.done();
        assert_eq!(gate.state().inside, 2, "all is well again");
    }
}
