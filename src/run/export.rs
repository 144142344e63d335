//! Runs on their way out of the screen, beside the loop: what each form weighs, and the writing of one into
//! the folder that sortie was started in. Runs that are not loaded whole are read first, as the commands
//! without a screen do. A younger order ends the one before; what came of it is mailed. Nothing half written
//! stays, also where a key or a signal closes the screen meanwhile.

mod name;
mod weight;

use std::{
    convert::Infallible,
    io,
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{
    runtime::Handle,
    sync::mpsc::UnboundedSender,
    task::{JoinSet, spawn_blocking},
    time::sleep,
};

use self::{name::name, weight::weight};
use crate::{
    app::{
        Msg,
        export::{Loaded, Order, Outgoing, Way},
    },
    cli::{
        export::{
            file::{self, Draft, Stop},
            job::{Job, Read, Written},
        },
        gather::Whole,
        print::Outlet,
        session::{Asked, Session},
    },
    export::Form,
    model::Gen,
    text::size,
};

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
        let (session, news) = (self.session(&order), self.news.clone());
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

    /// Writes runs to a file.
    pub fn write(&mut self, order: Order) {
        let stop = self.begin(order.number);
        let Some(form) = order.way.and_then(form) else {
            return;
        };
        let session = Arc::new(self.session(&order));
        let (news, folder, host) = (self.news.clone(), self.folder.clone(), self.host.clone());
        let number = order.number;
        let telling = tell(Arc::clone(&session), number, news, stop.clone());
        let here = Handle::current();
        let work = spawn_blocking(move || {
            let name = name(&order.runs, &mut order.redactor.masking());
            let draft = Draft::unused(&folder, &name, form.ending(), stop.clone());
            let written = draft.and_then(|mut draft| {
                let job = job(&session, form, &order.redactor, order.runs.len(), &stop);
                let written = here.block_on(put_all(&job, &order.runs, &mut draft, &stop))?;
                let (path, bytes) = draft.finish_unused(&name, form.ending())?;
                Ok((written, path, bytes))
            });
            match written {
                Ok((written, path, bytes)) => {
                    let bytes = size::of(bytes);
                    let path = path.display();
                    let from = host.map(|host| {
                        let from = format!("{host}:{path}");
                        format!(" — scp {} .", shell_words::quote(&from))
                    });
                    let lacks = match written.failures.len() {
                        0 => String::new(),
                        n => format!("; {n} things could not be had, it says which"),
                    };
                    Ok(format!(
                        "wrote {path} ({bytes}, {}){lacks}{}",
                        written.told(false),
                        from.unwrap_or_default()
                    ))
                }
                Err(fault) if file::is_stopped(&fault) => {
                    Err("stopped; nothing was written".to_owned())
                }
                Err(fault) => {
                    let path = folder.join(format!("{name}.{}", form.ending()));
                    Err(file::reason(&path, &fault))
                }
            }
        });
        let news = self.news.clone();
        self.works.spawn(async move {
            let told = tokio::select! {
                told = work => told,
                never = telling => match never {},
            };
            let told = told.unwrap_or_else(|_| Err("sortie broke on one of these runs".to_owned()));
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::Exported(number, told));
        });
    }

    fn begin(&mut self, number: Gen) -> Stop {
        while self.works.try_join_next().is_some() {}
        let stop = Stop::default();
        if let Some((_, before)) = self.under_way.replace((number, stop.clone())) {
            before.set();
        }
        stop
    }

    fn session(&self, order: &Order) -> Session {
        let session = Session::new(
            self.contexts.clone(),
            order.redactor.clone(),
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

fn job<'a>(
    session: &'a Session,
    form: Form,
    redactor: &crate::guard::Redactor,
    runs: usize,
    stop: &Stop,
) -> Job<'a> {
    Job {
        session,
        form,
        redactor: redactor.clone(),
        open: false,
        several: runs > 1,
        stop: stop.clone(),
    }
}

fn form(way: Way) -> Option<Form> {
    match way {
        Way::Html => Some(Form::Html),
        Way::Markdown => Some(Form::Markdown),
        Way::Json => Some(Form::Json),
        Way::Jsonl => Some(Form::Jsonl),
        Way::Csv => Some(Form::Csv),
        Way::Otlp => Some(Form::Otlp),
        Way::Bundle => Some(Form::Bundle),
        Way::Locator => None,
    }
}

fn asked(session: &Session, outgoing: &Outgoing) -> Option<Asked> {
    let mut contexts = session.contexts.iter();
    contexts
        .find(|asked| asked.record.name == outgoing.context)
        .cloned()
}

/// A run as it is loaded.
fn here(outgoing: &Outgoing, loaded: &Loaded) -> Read {
    Read {
        whole: Whole {
            run: outgoing.run.clone(),
            steps: loaded.steps.clone(),
            children: loaded.children.clone(),
            events: loaded.events(),
            ..Whole::default()
        },
        mission: outgoing.known.clone(),
        look: outgoing.look.clone(),
    }
}

async fn put_all(
    job: &Job<'_>,
    runs: &[Outgoing],
    draft: &mut Draft,
    stop: &Stop,
) -> io::Result<Written> {
    let mut written = Written::default();
    let mut shipment = job.shipment(draft);
    for outgoing in runs {
        let Some(asked) = asked(job.session, outgoing) else {
            continue;
        };
        let mut notes = Outlet {
            out: &mut io::sink(),
            err: &mut io::sink(),
            columns: None,
            ascii: false,
        };
        let read = tokio::select! {
            read = whole(job, &asked, outgoing, &mut notes) => read?,
            () = stopped(stop) => return Err(file::stopped()),
        };
        job.put(&asked, &read, &mut shipment)?;
        written.runs += 1;
        written.failures.extend(read.whole.failures);
    }
    written.masked = shipment.end()?;
    Ok(written)
}

/// A run with all that is in it, as far as it is not loaded read first.
async fn whole(
    job: &Job<'_>,
    asked: &Asked,
    outgoing: &Outgoing,
    notes: &mut Outlet<'_>,
) -> io::Result<Read> {
    let Some(loaded) = &outgoing.loaded else {
        return Ok(Read {
            look: outgoing.look.clone(),
            ..job.read(asked, &outgoing.run, notes).await?
        });
    };
    let mut read = here(outgoing, loaded);
    job.complete(asked, &mut read.whole, notes).await?;
    Ok(read)
}

/// Until nobody wants it any more.
async fn stopped(stop: &Stop) {
    while !stop.is_set() {
        sleep(TOLD_EVERY / 2).await;
    }
}

/// Tells again and again how many records were read.
async fn tell(
    session: Arc<Session>,
    number: Gen,
    news: UnboundedSender<Msg>,
    stop: Stop,
) -> Infallible {
    let mut before = 0;
    loop {
        sleep(TOLD_EVERY).await;
        let read = session.read.load(Ordering::Relaxed);
        if read != before && !stop.is_set() {
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::Exporting(number, read));
        }
        before = read;
    }
}

#[cfg(test)]
mod tests;
