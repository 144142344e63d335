//! How far the reading of runs is, on a line of a terminal that goes when it is over. Elsewhere it says
//! nothing.

use std::{
    io::{self, IsTerminal as _, Write as _},
    sync::atomic::Ordering,
    time::Duration,
};

use crate::{cli::session::Session, guard::clean};

/// How often it is said.
const EVERY: Duration = Duration::from_millis(200);

/// Waits for some reading and tells on stderr how far it is.
pub(super) async fn told<T>(session: &Session, what: &str, reading: impl Future<Output = T>) -> T {
    let mut reading = std::pin::pin!(reading);
    if !io::stderr().is_terminal() {
        return reading.await;
    }
    // An id is the service's word: masked, cleaned, and short enough for the line.
    let what = session.redactor.masking().text(what).into_owned();
    let what: String = clean::line(&what).chars().take(40).collect();
    let _line = Line;
    let before = session.read.load(Ordering::Relaxed);
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        tokio::select! {
            done = &mut reading => return done,
            _ = ticks.tick() => {
                let records = session.read.load(Ordering::Relaxed) - before;
                // A line that cannot be written is nobody's loss.
                let _ = write!(io::stderr(), "\r\x1b[Ksortie: reading {what} · {records} records · ctrl-c stops");
            }
        }
    }
}

/// Takes the line away, also where the reading is given up.
struct Line;

impl Drop for Line {
    fn drop(&mut self) {
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
}
