//! A thread that copies, so that the loop never waits for a clipboard.
//!
//! Copies are done one after another, in the order in which they were asked for.
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use super::{Choice, Copier, CopyFailed, Receipt, Rungs, Wishes, World};

type Then = Box<dyn FnOnce(Result<Receipt, CopyFailed>) + Send>;

struct Order {
    text: String,
    /// In a file, whatever else there is.
    saved: bool,
    then: Then,
}

/// Takes texts and answers each with what became of it.
pub struct Desk {
    orders: Option<Sender<Order>>,
    thread: Option<JoinHandle<()>>,
    choice: Choice,
}

impl Desk {
    /// A desk with the real routes.
    pub fn here(wishes: Wishes) -> Self {
        Self::new(Copier::new(World::here(), wishes))
    }

    pub fn new<R: Rungs + Send + 'static>(mut copier: Copier<R>) -> Self {
        let (orders, inbox): (_, Receiver<Order>) = channel();
        let choice = copier.choice();
        let thread = thread::spawn(move || {
            while let Ok(Order { text, saved, then }) = inbox.recv() {
                then(if saved {
                    copier.save(&text)
                } else {
                    copier.copy(&text)
                });
            }
        });
        Self {
            orders: Some(orders),
            thread: Some(thread),
            choice,
        }
    }

    /// The way that copies take.
    pub fn choice(&self) -> Choice {
        self.choice.clone()
    }

    /// Copies a text and then calls `then`, on the desk's own thread.
    pub fn copy(
        &self,
        text: String,
        then: impl FnOnce(Result<Receipt, CopyFailed>) + Send + 'static,
    ) {
        self.order(text, false, Box::new(then));
    }

    /// Saves a text in a file and then calls `then`, on the desk's own thread.
    pub fn save(
        &self,
        text: String,
        then: impl FnOnce(Result<Receipt, CopyFailed>) + Send + 'static,
    ) {
        self.order(text, true, Box::new(then));
    }

    fn order(&self, text: String, saved: bool, then: Then) {
        let Some(orders) = &self.orders else { return };
        if let Err(lost) = orders.send(Order { text, saved, then }) {
            (lost.0.then)(Err(CopyFailed(Vec::new())));
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
