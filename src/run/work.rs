//! Work that would hold up the loop: documents of large payloads, and searches. Each order is
//! answered by mail from a thread of its own; a search ends when a younger one begins.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

use tokio::task::spawn_blocking;

use super::Post;
use crate::app::{
    Msg, detail, find,
    msg::{Build, Search},
};

/// Takes orders.
pub(super) struct Work {
    post: Post,
    searching: Arc<AtomicU32>,
}

impl Work {
    pub fn new(post: Post) -> Self {
        Self {
            post,
            searching: Arc::default(),
        }
    }

    /// Makes a document.
    pub fn build(&self, order: Build) {
        let news = self.post.news.clone();
        tokio::spawn(async move {
            let msg = match spawn_blocking(move || detail::build(order)).await {
                Ok(built) => Msg::Built(Box::new(built)),
                Err(_) => Msg::Told("sortie broke on this payload; yy still copies it".to_owned()),
            };
            // The loop may have ended meanwhile.
            let _ = news.send(msg);
        });
    }

    /// Looks through the events.
    pub fn search(&self, search: Search) {
        let number = search.number;
        self.searching.store(number, Ordering::Relaxed);
        let (news, searching) = (self.post.news.clone(), Arc::clone(&self.searching));
        spawn_blocking(move || {
            let tell = |nodes, done| {
                let found = Msg::Found {
                    search: number,
                    nodes,
                    done,
                };
                news.send(found).is_ok() && searching.load(Ordering::Relaxed) == number
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
