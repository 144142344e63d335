//! Where one is, kept for the next start by a thread that nobody waits for, and once more by whoever
//! leaves. What cannot be written is said once.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{sync::mpsc::UnboundedSender, task::spawn_blocking};

use crate::{
    app::{Msg, resume::Session},
    config::keep_session,
};

/// The file in which it is kept.
#[derive(Clone)]
pub(super) struct Trail {
    folder: PathBuf,
    news: UnboundedSender<Msg>,
    /// What is to be written, until somebody writes it.
    next: Arc<Mutex<Option<Session>>>,
    /// Held by whoever writes; whether it could not be written once.
    turn: Arc<Mutex<bool>>,
}

impl Trail {
    /// In that folder; what fails is mailed.
    pub fn below(folder: PathBuf, news: UnboundedSender<Msg>) -> Self {
        Self {
            folder,
            news,
            next: Arc::default(),
            turn: Arc::default(),
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<Session>> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps this, soon.
    pub fn keep(&self, session: Session) {
        if self.put(session) {
            let trail = self.clone();
            spawn_blocking(move || trail.write());
        }
    }

    /// Keeps this and what is still to be written now.
    pub fn end(&self, session: Option<Session>) {
        if let Some(session) = session {
            self.put(session);
        }
        self.write();
    }

    /// Whether nobody is about to write it.
    fn put(&self, session: Session) -> bool {
        let mut slot = self.slot();
        match slot.as_mut() {
            Some(waiting) => {
                waiting.add(session);
                false
            }
            None => slot.replace(session).is_none(),
        }
    }

    fn write(&self) {
        // Two at once would not know who is last.
        let mut failed = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(session) = self.slot().take() else {
            return;
        };
        if let Err(why) = keep_session(&self.folder, &session)
            && !std::mem::replace(&mut *failed, true)
        {
            let folder = self.folder.display();
            let told = format!("where you are cannot be kept in {folder}: {why}");
            // The loop may have ended meanwhile.
            let _ = self.news.send(Msg::Told(told));
        }
    }
}
