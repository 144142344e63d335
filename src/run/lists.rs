//! Looking for a run in the lists of all contexts, as the commands without a screen do, beside the loop.
//! A younger order ends the one before; what was found is mailed.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use jiff::tz::TimeZone;
use tokio::{sync::mpsc::UnboundedSender, task::AbortHandle};

use super::over;
use crate::{
    app::{
        Msg,
        find::refer::{Locate, Located},
        kept::Spot,
    },
    cli::{
        exit::{Failure, Stop},
        session::Session,
    },
    fetch::{Connection, Line},
    guard::redact::Redactor,
    model::{Address, Time},
};

/// Between two words about how far it is.
const TOLD_EVERY: Duration = Duration::from_millis(250);

/// The contexts whose lists are looked through.
pub struct Lists {
    session: Arc<Session>,
    news: UnboundedSender<Msg>,
    under_way: Option<AbortHandle>,
}

impl Lists {
    /// Of these, each asked over its line.
    pub fn new(
        contexts: &[Connection],
        lines: &[Line],
        consoles: Vec<(String, String)>,
        news: UnboundedSender<Msg>,
    ) -> Self {
        let asked = over(contexts, lines);
        // Nothing of it is shown before it passes the screen, which masks.
        let redactor = Redactor::new(Vec::new());
        let mut session = Session::new(asked, redactor, TimeZone::UTC, Time(0), None);
        session.consoles = consoles;
        Self {
            session: Arc::new(session),
            news,
            under_way: None,
        }
    }

    /// What a text may name.
    pub fn addresses(&self, text: &str) -> Vec<Address> {
        self.session.addresses(text)
    }

    /// Begins to look, or stops looking where there is nothing to look for.
    pub fn locate(&mut self, order: Locate) {
        self.stop();
        if order.addresses.is_empty() {
            return;
        }
        let (session, news) = (Arc::clone(&self.session), self.news.clone());
        let task = tokio::spawn(async move {
            let number = order.number;
            session.looked.store(0, Ordering::Relaxed);
            let runs = tokio::select! {
                runs = look(&session, &order.addresses) => runs,
                () = tell(&session, number, &news) => return,
            };
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::Located(Located { number, runs }));
        });
        self.under_way = Some(task.abort_handle());
    }

    /// Nobody waits for it any more.
    pub fn stop(&mut self) {
        if let Some(task) = self.under_way.take() {
            task.abort();
        }
    }
}

impl Drop for Lists {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Tells again and again how many runs were looked at.
async fn tell(session: &Session, number: u32, news: &UnboundedSender<Msg>) {
    loop {
        tokio::time::sleep(TOLD_EVERY).await;
        let runs = session.looked.load(Ordering::Relaxed);
        // The loop may have ended meanwhile.
        let _ = news.send(Msg::Looking(number, runs));
    }
}

async fn look(session: &Session, addresses: &[Address]) -> Result<Vec<Spot>, String> {
    let found = match session.candidates(addresses).await {
        Ok(found) => found,
        Err(Stop::Usage(why) | Stop::Unconfigured(why) | Stop::NotFound(why)) => return Err(why),
        Err(Stop::File(failure)) => return Err(told(&[failure])),
        Err(Stop::Failed(failures)) => return Err(told(&failures)),
    };
    let event = found.event;
    let spots = found.runs.into_iter().filter_map(|placed| {
        let record = &session.contexts.get(placed.context)?.record;
        Some(Spot {
            context: record.name.clone(),
            provider: record.provider.clone().unwrap_or_default(),
            mission: placed.row.mission_id,
            run: placed.row.id,
            room: placed.row.room,
            event: event.clone(),
        })
    });
    let spots: Vec<Spot> = spots.collect();
    if !spots.is_empty() {
        return Ok(spots);
    }
    let tried: Vec<&str> = addresses
        .iter()
        .map(|address| address.text.as_str())
        .collect();
    let tried = tried.join(", ");
    let named: Vec<&str> = addresses
        .iter()
        .filter_map(|address| address.context.as_deref())
        .collect();
    let mut why = if named.len() == addresses.len() {
        // Nothing else was looked through.
        let far = if found.more {
            " among the newest 1,000"
        } else {
            ""
        };
        format!(
            "no run fits {tried}: {} lists none such{far}",
            named.join(", ")
        )
    } else {
        let all = session.contexts.iter();
        let names: Vec<&str> = all.map(|asked| asked.record.name.as_str()).collect();
        let far = if found.more {
            "the newest 1,000 runs"
        } else {
            "all runs"
        };
        let runs = session.looked.load(Ordering::Relaxed);
        format!(
            "no run fits {tried}: looked at {far} ({runs}) of {}, and at the events of runs that are loaded; \
             for an event of another run, say RUN#EVENT",
            names.join(", ")
        )
    };
    if !found.failures.is_empty() {
        why = format!("{why}; {}", told(&found.failures));
    }
    Err(why)
}

fn told(failures: &[Failure]) -> String {
    let each = failures.iter().map(|failure| {
        let record = failure.record();
        let context = record.context.unwrap_or_default();
        format!("{context}: {}", record.message)
    });
    each.collect::<Vec<_>>().join("; ")
}
