//! The desktop's clipboard, on a thread of its own.
//!
//! On X11 and Wayland a copied text lives in the process that copied it, so one
//! handle is opened at the first copy and kept to the end. A display that does
//! not answer blocks only this thread.
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use arboard::Clipboard;

/// How long the clipboard may take before another route is tried.
const ANSWER_LIMIT: Duration = Duration::from_millis(300);

struct Request {
    text: String,
    answer: Sender<Result<(), String>>,
}

/// The thread that holds the clipboard, started with the first copy.
#[derive(Default)]
pub(super) struct Native {
    thread: Option<(Sender<Request>, Receiver<()>)>,
}

impl Native {
    pub(super) fn copy(&mut self, text: &str) -> Result<(), String> {
        let (requests, _) = self.thread.get_or_insert_with(start);
        let (answer, wait) = channel();
        let text = text.to_owned();
        if requests.send(Request { text, answer }).is_err() {
            self.thread = None;
            return Err("its thread has ended".to_owned());
        }
        wait.recv_timeout(ANSWER_LIMIT)
            .unwrap_or_else(|_| Err(format!("no answer in {} ms", ANSWER_LIMIT.as_millis())))
    }
}

impl Drop for Native {
    /// Gives the handle time to hand the text to a clipboard manager.
    fn drop(&mut self) {
        if let Some((requests, ended)) = self.thread.take() {
            drop(requests);
            let _ = ended.recv_timeout(ANSWER_LIMIT);
        }
    }
}

fn start() -> (Sender<Request>, Receiver<()>) {
    let (requests, inbox) = channel();
    let (ending, ended) = channel();
    thread::spawn(move || {
        serve(&inbox);
        // Whoever waited may have given up.
        let _ = ending.send(());
    });
    (requests, ended)
}

fn serve(inbox: &Receiver<Request>) {
    let mut handle: Option<Clipboard> = None;
    while let Ok(Request { text, answer }) = inbox.recv() {
        let result = set(&mut handle, text);
        if result.is_err() {
            handle = None;
        }
        let _ = answer.send(result);
    }
}

fn set(handle: &mut Option<Clipboard>, text: String) -> Result<(), String> {
    let clipboard = match handle {
        Some(clipboard) => clipboard,
        None => handle.insert(Clipboard::new().map_err(reason)?),
    };
    clipboard.set_text(text).map_err(reason)
}

/// The reason without the sentence that wraps it, since a notice has one line.
fn reason(error: arboard::Error) -> String {
    match error {
        arboard::Error::Unknown { description } => description,
        other => other.to_string(),
    }
}
