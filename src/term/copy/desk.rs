//! A thread that copies, so that the loop never waits for a clipboard.
//!
//! Copies are done one after another, in the order in which they were asked for.
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use super::{Copier, CopyFailed, Receipt, Rungs, World};

type Then = Box<dyn FnOnce(Result<Receipt, CopyFailed>) + Send>;

/// Takes texts and answers each with what became of it.
pub struct Desk {
    orders: Option<Sender<(String, Then)>>,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    /// A desk with the real routes.
    pub fn here() -> Self {
        Self::new(Copier::new(World::here()))
    }

    pub fn new<R: Rungs + Send + 'static>(mut copier: Copier<R>) -> Self {
        let (orders, inbox): (_, Receiver<(String, Then)>) = channel();
        let thread = thread::spawn(move || {
            while let Ok((text, then)) = inbox.recv() {
                then(copier.copy(&text));
            }
        });
        Self {
            orders: Some(orders),
            thread: Some(thread),
        }
    }

    /// Copies a text and then calls `then`, on the desk's own thread.
    pub fn copy(
        &self,
        text: String,
        then: impl FnOnce(Result<Receipt, CopyFailed>) + Send + 'static,
    ) {
        let Some(orders) = &self.orders else { return };
        if let Err(lost) = orders.send((text, Box::new(then))) {
            let (_, then) = lost.0;
            then(Err(CopyFailed(Vec::new())));
        }
    }
}

impl Drop for Desk {
    /// Lets the copies that were asked for finish, and the desktop's clipboard
    /// hand over what it holds.
    fn drop(&mut self) {
        self.orders = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
