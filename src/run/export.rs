//! Runs on their way out of the screen, beside the loop: what each form weighs, what is masked in one, and
//! the writing of that into
//! the folder that sortie was started in. Runs that are not loaded whole are read first, as the commands
//! without a screen do. A younger order ends the one before; what came of it is mailed. Nothing half written
//! stays, also where a key or a signal closes the screen meanwhile.

mod held;
mod name;
mod weight;

use std::{convert::Infallible, path::PathBuf, sync::Arc, time::Duration};

use tokio::{
    runtime::Handle,
    sync::mpsc::UnboundedSender,
    task::{JoinHandle, JoinSet, spawn_blocking},
    time::sleep,
};

use self::{
    held::{Desk, Held, asked, form, here, job},
    weight::weight,
};
use crate::{
    app::{
        Msg,
        export::{Order, Way},
    },
    cli::{
        export::{file::Stop, job::Read},
        session::{Asked, Session},
    },
    guard::Redactor,
    model::Gen,
};

/// What is said where a work ended otherwise.
const BROKE: &str = "sortie broke on one of these runs";

/// Between two words about how far the reading is.
const TOLD_EVERY: Duration = Duration::from_millis(200);

/// Takes orders.
pub struct Exports {
    contexts: Vec<Asked>,
    news: UnboundedSender<Msg>,
    /// Where files are written.
    folder: PathBuf,
    /// The host, where somebody looks at it from elsewhere.
    host: Option<String>,
    under_way: Option<(Gen, Stop)>,
    /// What is looked at before it is written.
    held: Option<Arc<Held>>,
    /// What has not ended yet, also of what nobody wants any more.
    works: JoinSet<()>,
}

impl Exports {
    /// Of these contexts, into a folder.
    pub fn new(
        contexts: Vec<Asked>,
        folder: PathBuf,
        host: Option<String>,
        news: UnboundedSender<Msg>,
    ) -> Self {
        Self {
            contexts,
            news,
            folder,
            host,
            under_way: None,
            held: None,
            works: JoinSet::new(),
        }
    }

    /// The same with other contexts.
    pub fn show(&mut self, contexts: Vec<Asked>) {
        self.contexts = contexts;
    }

    /// The same with one more.
    pub fn add(&mut self, context: Asked) {
        self.contexts.push(context);
    }

    /// Nobody waits for what has that number.
    pub fn stop(&mut self, number: Gen) {
        if let Some((_, stop)) = self
            .under_way
            .take_if(|(under_way, _)| *under_way == number)
        {
            stop.set();
            self.held = None;
        }
    }

    /// Stops what is under way; what is given back ends when all of it has ended. Whoever drives the
    /// runtime waits for it, since what is being read is read by that.
    pub fn end(&mut self) -> impl Future<Output = ()> + use<> {
        if let Some((_, stop)) = self.under_way.take() {
            stop.set();
        }
        let mut works = std::mem::take(&mut self.works);
        async move { while works.join_next().await.is_some() {} }
    }

    /// Finds out what each form weighs, one after another.
    pub fn weigh(&mut self, order: Order) {
        let stop = self.begin(order.number);
        let session = self.session(&order, &order.redactor);
        let news = self.news.clone();
        // Nobody waits for it at the end: it writes nothing.
        spawn_blocking(move || {
            let reads: Vec<(Asked, Read)> = order
                .runs
                .into_iter()
                .filter_map(|outgoing| {
                    let asked = asked(&session, &outgoing)?;
                    let read = here(&outgoing, outgoing.loaded.as_ref()?);
                    Some((asked, read))
                })
                .collect();
            for way in Way::ALL {
                let Some(form) = form(way) else { continue };
                let job = job(&session, form, &order.redactor, reads.len(), &stop);
                let Ok(weight) = weight(&job, &reads, &stop) else {
                    return;
                };
                let told = Msg::Weighed(order.number, way, weight);
                if news.send(told).is_err() {
                    return;
                }
            }
        });
    }

    /// Finds out what would be masked of runs. They stay here until it is written or nobody wants it.
    pub fn review(&mut self, order: Order) {
        let stop = self.begin(order.number);
        let (number, redactor) = (order.number, order.redactor.clone());
        self.held = Some(Arc::new(Held::new(order)));
        self.look(number, &redactor, stop);
    }

    /// The same once more, with other wishes.
    pub fn review_again(&mut self, number: Gen, redactor: &Redactor) {
        let stop = self.begin(number);
        self.look(number, redactor, stop);
    }

    fn look(&mut self, number: Gen, redactor: &Redactor, stop: Stop) {
        let Some(held) = self.held.clone() else {
            return;
        };
        let desk = self.desk(&held, redactor, &stop);
        let here = Handle::current();
        let telling = tell(desk.clone(), number, self.news.clone(), stop);
        let work = spawn_blocking(move || desk.review(&held, &here));
        self.go_on(work, telling, move |told| {
            let told = told.unwrap_or_else(|| Err(BROKE.to_owned()));
            Msg::Reviewed(number, told.map(Box::new))
        });
    }

    /// Writes to a file what was looked at.
    pub fn write(&mut self, number: Gen, redactor: &Redactor) {
        let stop = self.begin(number);
        let Some(held) = self.held.clone() else {
            return;
        };
        let desk = self.desk(&held, redactor, &stop);
        let (folder, host) = (self.folder.clone(), self.host.clone());
        let here = Handle::current();
        let telling = tell(desk.clone(), number, self.news.clone(), stop);
        let work = spawn_blocking(move || desk.write(&held, &here, &folder, host.as_deref()));
        self.go_on(work, telling, move |told| {
            Msg::Exported(number, told.unwrap_or_else(|| Err(BROKE.to_owned())))
        });
    }

    /// Waits for a work beside the loop and tells what came of it.
    fn go_on<T: Send + 'static>(
        &mut self,
        work: JoinHandle<T>,
        telling: impl Future<Output = Infallible> + Send + 'static,
        told: impl FnOnce(Option<T>) -> Msg + Send + 'static,
    ) {
        let news = self.news.clone();
        self.works.spawn(async move {
            let came = tokio::select! {
                came = work => came.ok(),
                never = telling => match never {},
            };
            // The loop may have ended meanwhile.
            let _ = news.send(told(came));
        });
    }

    fn desk(&self, held: &Held, redactor: &Redactor, stop: &Stop) -> Desk {
        Desk {
            session: Arc::new(self.session(&held.order, redactor)),
            redactor: redactor.clone(),
            stop: stop.clone(),
            passed: Arc::default(),
        }
    }

    fn begin(&mut self, number: Gen) -> Stop {
        while self.works.try_join_next().is_some() {}
        let stop = Stop::default();
        if let Some((_, before)) = self.under_way.replace((number, stop.clone())) {
            before.set();
        }
        stop
    }

    fn session(&self, order: &Order, redactor: &Redactor) -> Session {
        let session = Session::new(
            self.contexts.clone(),
            redactor.clone(),
            order.zone.clone(),
            order.now,
            None,
        );
        session.judging_by((*order.switches).clone())
    }
}

impl Drop for Exports {
    fn drop(&mut self) {
        if let Some((_, stop)) = self.under_way.take() {
            stop.set();
        }
    }
}

/// Tells again and again how many records were read.
async fn tell(desk: Desk, number: Gen, news: UnboundedSender<Msg>, stop: Stop) -> Infallible {
    let mut before = 0;
    loop {
        sleep(TOLD_EVERY).await;
        let read = desk.gone_through();
        if read != before && !stop.is_set() {
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::Exporting(number, read));
        }
        before = read;
    }
}

#[cfg(test)]
mod tests;
