//! Work that would hold up the loop: documents of large payloads, searches, and large runs read anew. Each order is
//! answered by mail from a thread of its own; a search ends when a younger one begins.

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::{AbortHandle, JoinHandle, spawn_blocking};

use super::{
    Post,
    hand::handed,
    spelled::{Spelled, Spelling},
};
use crate::app::{
    Msg,
    columns::Probe,
    detail::within::{Find, Found},
    filter::{self, Judge, Judged},
    find,
    msg::{Read, Search, To},
    operations::anew::{self, Anew},
    palette::seek::{self, Seek},
};
use crate::model::NodeId;

/// Events between two words about how far a search is that finds nothing.
const FURTHER: usize = 1 << 16;

/// Takes orders.
pub(super) struct Work {
    post: Post,
    searching: Arc<AtomicU32>,
    judging: Arc<AtomicU32>,
    reading: Arc<AtomicU64>,
    seeking: Arc<AtomicU32>,
}

impl Work {
    pub fn new(post: Post) -> Self {
        Self {
            post,
            searching: Arc::default(),
            judging: Arc::default(),
            reading: Arc::default(),
            seeking: Arc::default(),
        }
    }

    /// Where to tell what became of something.
    pub fn news(&self) -> UnboundedSender<Msg> {
        self.post.news.clone()
    }

    /// Reads a document on, piece by piece.
    pub fn read(&self, order: Read) {
        let key = order.key;
        self.reading.store(key.0, Ordering::Relaxed);
        let (news, reading) = (self.post.news.clone(), Arc::clone(&self.reading));
        tokio::spawn(async move {
            let posts = news.clone();
            // One that somebody went past is not wanted any more.
            let wanted = move || reading.load(Ordering::Relaxed) == key.0;
            let done = spawn_blocking(move || {
                let mut job = Some(order.job);
                while let Some(now) = job.take().filter(|_| wanted()) {
                    let (step, rest) = now.run();
                    let step = Box::new(step);
                    if posts.send(Msg::Read { key, step }).is_err() {
                        return;
                    }
                    job = rest;
                }
            });
            if done.await.is_err() {
                let _ = news.send(Msg::Unreadable(key));
            }
        });
    }

    /// Looks through a document.
    pub fn find(&self, order: Find) {
        let news = self.post.news.clone();
        spawn_blocking(move || {
            let Find {
                key,
                mut finder,
                stop,
            } = order;
            let len = finder.len();
            while !stop.is_wanted() {
                let (hits, at, done) = finder.run();
                let found = Found {
                    key,
                    hits,
                    progress: (at, len),
                    done,
                };
                if news.send(Msg::Within(Box::new(found))).is_err() || done {
                    return;
                }
            }
        });
    }

    /// Makes the text of a copy and has it copied.
    pub fn spell(&self, order: Spelled) {
        let news = self.post.news.clone();
        let what = order.what();
        tokio::spawn(async move {
            let msg = match spawn_blocking(move || order.spell()).await {
                Ok(Ok((text, what))) => Msg::LaidOut { text, what },
                Ok(Err(why)) => Msg::Told(why),
                Err(_) => Msg::Copied(Err(format!("{what}: sortie broke on it"))),
            };
            let _ = news.send(msg);
        });
    }

    /// Mails a text that is being made for another program, when it is there.
    pub fn hand(&self, making: JoinHandle<Result<Vec<u8>, String>>, to: To) -> AbortHandle {
        let news = self.post.news.clone();
        let waiting = tokio::spawn(async move {
            // The loop may have ended meanwhile.
            let _ = news.send(handed(making.await, to));
        });
        waiting.abort_handle()
    }

    /// Spells a call that is to be looked at.
    pub fn offer(&self, order: Spelling, route: impl Fn(usize) -> String + Send + 'static) {
        let news = self.post.news.clone();
        spawn_blocking(move || {
            let _ = news.send(Msg::Offered(order.offers(route)));
        });
    }

    /// Looks whether paths of columns lead anywhere.
    pub fn probe(&self, order: Probe) {
        let news = self.post.news.clone();
        spawn_blocking(move || {
            let number = order.number;
            let _ = news.send(Msg::Probed(number, order.absent()));
        });
    }

    /// Reads a run anew.
    pub fn read_anew(&self, order: Anew) {
        let (news, run) = (self.post.news.clone(), order.run);
        tokio::spawn(async move {
            let msg = match spawn_blocking(move || anew::read(order)).await {
                Ok(fresh) => Msg::ReadAnew(Box::new(fresh)),
                Err(_) => Msg::StaysAsRead(run),
            };
            // The loop may have ended meanwhile.
            let _ = news.send(msg);
        });
    }

    /// Drops what takes long to drop.
    pub fn discard(large: impl Send + 'static) {
        spawn_blocking(move || drop(large));
    }

    /// Asks a query of what is loaded; ends when a younger one begins.
    pub fn judge(&self, order: Judge) {
        let number = order.number;
        self.judging.store(number, Ordering::Relaxed);
        let (news, judging) = (self.post.news.clone(), Arc::clone(&self.judging));
        tokio::spawn(async move {
            let posts = news.clone();
            let done = spawn_blocking(move || {
                filter::judge(&order, |judged| {
                    let idle = judged.nodes.is_empty() && judged.end.is_none();
                    judging.load(Ordering::Relaxed) == number
                        && (idle || posts.send(Msg::Judged(Box::new(judged))).is_ok())
                });
            });
            if done.await.is_err() {
                let end = Some(filter::End::default());
                let judged = Judged {
                    number,
                    end,
                    ..Judged::default()
                };
                let _ = news.send(Msg::Judged(Box::new(judged)));
            }
        });
    }

    /// Looks through names.
    pub fn seek(&self, order: Seek) {
        let number = order.number;
        self.seeking.store(number, Ordering::Relaxed);
        let (news, seeking) = (self.post.news.clone(), Arc::clone(&self.seeking));
        spawn_blocking(move || {
            let wanted = || seeking.load(Ordering::Relaxed) == number;
            if let Some(sought) = seek::seek(&order, wanted) {
                // The loop may have ended meanwhile.
                let _ = news.send(Msg::Sought(sought));
            }
        });
    }

    /// Looks up the names of all zones, which may be as many files.
    pub fn zone_names(&self) {
        let news = self.post.news.clone();
        spawn_blocking(move || {
            let names = jiff::tz::db().available();
            let names = names.map(|name| Arc::from(name.as_str())).collect();
            let _ = news.send(Msg::ZoneNames(names));
        });
    }

    /// Looks through the events.
    pub fn search(&self, search: Search) {
        let number = search.number;
        self.searching.store(number, Ordering::Relaxed);
        let (news, searching) = (self.post.news.clone(), Arc::clone(&self.searching));
        spawn_blocking(move || {
            let tell = |nodes: Vec<NodeId>, done: bool| {
                if nodes.is_empty() && !done {
                    return searching.load(Ordering::Relaxed) == number;
                }
                let found = Msg::Found {
                    search: number,
                    nodes,
                    done,
                };
                searching.load(Ordering::Relaxed) == number && news.send(found).is_ok()
            };
            find::look(&search, |nodes, looked| {
                if nodes.is_empty() && looked.is_multiple_of(FURTHER) {
                    let _ = news.send(Msg::Looked(number, looked));
                }
                tell(nodes, false)
            });
            tell(Vec::new(), true);
        });
    }
}

/// Nobody waits for the answers any more: a search under way stops at its next look.
impl Drop for Work {
    fn drop(&mut self) {
        self.searching.store(u32::MAX, Ordering::Relaxed);
        self.judging.store(u32::MAX, Ordering::Relaxed);
        self.reading.store(u64::MAX, Ordering::Relaxed);
        self.seeking.store(u32::MAX, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::detail::DocKey;
    use crate::doc::{Doc, Look, Part};
    use crate::guard::redact::{Masking, Sort};
    use crate::model::Payload;
    use crate::run::Mail;

    fn order(key: u64) -> Read {
        let text = format!("[{}0]", "1,".repeat(100_000));
        let part = Part::Json(Payload::new(text.into()), Sort::Any);
        let job = Doc::new(vec![part], Look::default(), Masking::default()).job();
        Read {
            key: DocKey(key),
            job: job.unwrap(),
        }
    }

    #[test]
    fn documents_that_somebody_went_past_are_not_read() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .max_blocking_threads(1)
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut mail = Mail::default();
            let work = Work::new(mail.post());
            let (go, wait) = std::sync::mpsc::channel::<()>();
            let busy = spawn_blocking(move || wait.recv());
            for key in 1..=50 {
                work.read(order(key));
            }
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            busy.await.unwrap().unwrap();
            let Msg::Read { key, step } = mail.next().await else {
                panic!("something else came");
            };
            assert_eq!(key, DocKey(50));
            assert!(step.is_last() && mail.ready().is_none());
        });
    }
}
