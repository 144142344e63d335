//! How far a file reaches that may still grow: whoever reads it waits here for more, and whoever makes it
//! grow is told here that nobody reads it any more.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// See the module.
#[derive(Debug)]
pub(super) struct Extent {
    known: Mutex<Known>,
    changed: Condvar,
    /// Whether somebody may append to it when it was done.
    is_open: bool,
}

#[derive(Debug)]
struct Known {
    end: u64,
    is_done: bool,
    /// Why it ends there, where that is not its end.
    broken: Option<String>,
    is_left: bool,
    /// Whether whoever reads it waits for that.
    is_awaited: bool,
}

/// What is known of an extent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reach {
    /// The byte behind the last.
    pub end: u64,
    /// Whether that is all.
    pub is_done: bool,
}

impl Extent {
    /// Of a file that is whole until somebody appends to it.
    pub fn whole(end: u64) -> Self {
        Self::new(end, true, true)
    }

    /// Of one whose last line is still waited for.
    pub fn unsettled(end: u64) -> Self {
        Self::new(end, false, true)
    }

    /// Of a file that grows until it is ended.
    pub fn growing(end: u64) -> Self {
        Self::new(end, false, false)
    }

    fn new(end: u64, is_done: bool, is_open: bool) -> Self {
        let known = Known {
            end,
            is_done,
            broken: None,
            is_left: false,
            is_awaited: false,
        };
        Self {
            known: Mutex::new(known),
            changed: Condvar::new(),
            is_open,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it reaches beyond a byte, or reaches no further.
    pub fn beyond(&self, at: u64) -> Reach {
        let mut known = self.known();
        while known.end <= at && !known.is_done && !known.is_left {
            known = self
                .changed
                .wait(known)
                .unwrap_or_else(PoisonError::into_inner);
        }
        Reach {
            end: known.end,
            is_done: known.is_done || known.is_left,
        }
    }

    /// Whether somebody may append to it.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The byte behind the last.
    pub fn end(&self) -> u64 {
        self.known().end
    }

    /// Waits, when all was read, until somebody has appended to it. Not so where nobody does, or nobody
    /// reads it any more.
    pub fn more(&self) -> bool {
        let mut known = self.known();
        let end = known.end;
        known.is_awaited = self.is_open && known.broken.is_none();
        while known.is_awaited && known.end == end && !known.is_left {
            known = self
                .changed
                .wait(known)
                .unwrap_or_else(PoisonError::into_inner);
        }
        known.is_awaited = false;
        known.end > end && !known.is_left
    }

    /// It was appended to, which is told where somebody waits for that; `first` is done before.
    pub fn extend(&self, end: u64, first: impl FnOnce()) {
        let mut known = self.known();
        if known.is_awaited && end > known.end {
            first();
            known.end = end;
            self.changed.notify_all();
        }
    }

    /// It reaches so far now. Whether somebody is left who reads it.
    pub fn grow(&self, end: u64) -> bool {
        let mut known = self.known();
        known.end = known.end.max(end);
        self.changed.notify_all();
        !known.is_left
    }

    /// It grows no more. What was said first about its end holds.
    pub fn finish(&self, broken: Option<String>) {
        let mut known = self.known();
        if !known.is_done {
            (known.is_done, known.broken) = (true, broken);
        }
        self.changed.notify_all();
    }

    /// Why it ends where it does, where that is not its end.
    pub fn broken(&self) -> Option<String> {
        self.known().broken.clone()
    }
}

/// The extent of a file that somebody reads: when it is dropped, nobody does.
#[derive(Debug)]
pub(super) struct Read(Arc<Extent>);

impl Read {
    pub fn new(extent: Arc<Extent>) -> Self {
        Self(extent)
    }

    pub fn extent(&self) -> Arc<Extent> {
        Arc::clone(&self.0)
    }
}

impl Drop for Read {
    fn drop(&mut self) {
        self.0.known().is_left = true;
        self.0.changed.notify_all();
    }
}
