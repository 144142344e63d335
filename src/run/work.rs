//! Work that would hold up the loop: documents of large payloads, searches, and large runs read anew. Each order is
//! answered by mail from a thread of its own; a search ends when a younger one begins.

use std::sync::{
    Arc,
    atomic::{AtomicU32, AtomicU64, Ordering},
};

use tokio::task::spawn_blocking;

use super::Post;
use crate::app::{
    Msg,
    anew::{self, Anew},
    carry, detail, find,
    msg::{Build, LayOut, Search},
};
use crate::model::NodeId;

/// Takes orders.
pub(super) struct Work {
    post: Post,
    searching: Arc<AtomicU32>,
    building: Arc<AtomicU64>,
}

impl Work {
    pub fn new(post: Post) -> Self {
        Self {
            post,
            searching: Arc::default(),
            building: Arc::default(),
        }
    }

    /// Makes a document.
    pub fn build(&self, order: Build) {
        let key = order.key;
        self.building.store(key.0, Ordering::Relaxed);
        let (news, building) = (self.post.news.clone(), Arc::clone(&self.building));
        tokio::spawn(async move {
            // One that waited for a thread while somebody went past it is not wanted any more.
            let wanted = move || building.load(Ordering::Relaxed) == key.0;
            let built = spawn_blocking(move || wanted().then(|| detail::build(order)));
            let msg = match built.await {
                Ok(Some(built)) => Msg::Built(Box::new(built)),
                Ok(None) => return,
                Err(_) => Msg::Unreadable(key),
            };
            // The loop may have ended meanwhile.
            let _ = news.send(msg);
        });
    }

    /// Lays out a payload for a copy.
    pub fn lay_out(&self, order: LayOut) {
        let (news, what) = (self.post.news.clone(), order.what);
        tokio::spawn(async move {
            let msg = match spawn_blocking(move || carry::lay_out(order)).await {
                Ok(text) => Msg::LaidOut { text, what },
                Err(_) => Msg::Copied(Err(format!("{what}: sortie broke on it"))),
            };
            let _ = news.send(msg);
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
            find::look(&search, |nodes| tell(nodes, false));
            tell(Vec::new(), true);
        });
    }
}

/// Nobody waits for the answers any more: a search under way stops at its next look.
impl Drop for Work {
    fn drop(&mut self) {
        self.searching.store(u32::MAX, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::detail::DocKey;
    use crate::run::Mail;

    fn order(key: u64) -> Build {
        Build {
            key: DocKey(key),
            facts: Vec::new(),
            body: Vec::new(),
            masking: crate::guard::redact::Masking::default(),
            width: 40,
        }
    }

    #[test]
    fn documents_that_somebody_went_past_are_not_made() {
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
                work.build(order(key));
            }
            tokio::task::yield_now().await;
            go.send(()).unwrap();
            busy.await.unwrap().unwrap();
            let Msg::Built(built) = mail.next().await else {
                panic!("something else came");
            };
            assert_eq!(built.key, DocKey(50));
            assert!(mail.ready().is_none());
        });
    }
}
