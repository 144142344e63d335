//! Runs on their way out of the screen, beside the loop: what each form weighs, and the writing of one into
//! the folder that sortie was started in. Runs that are not loaded whole are read first, as the commands
//! without a screen do. A younger order ends the one before; what came of it is mailed.

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{runtime::Handle, sync::mpsc::UnboundedSender, task::spawn_blocking, time::sleep};

use crate::{
    app::{
        Msg,
        export::{Loaded, Order, Outgoing, Way, Weight},
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
/// Letters of each part of the name of a file.
const NAMED: usize = 40;

/// Takes orders.
pub struct Exports {
    contexts: Vec<Asked>,
    news: UnboundedSender<Msg>,
    /// Where files are written.
    folder: PathBuf,
    /// The host, where somebody looks at it from elsewhere.
    host: Option<String>,
    under_way: Option<(Gen, Stop)>,
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

    /// Finds out what each form weighs, one after another.
    pub fn weigh(&mut self, order: Order) {
        let stop = self.begin(order.number);
        let (session, news) = (self.session(&order), self.news.clone());
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
                let job = job(&session, form, &order.redactor, reads.len());
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
        let telling = tell(Arc::clone(&session), number, news.clone(), stop.clone());
        let telling = tokio::spawn(telling);
        let here = Handle::current();
        let work = spawn_blocking(move || {
            let name = name(&order.runs);
            let draft = Draft::unused(&folder, &name, form.ending(), stop.clone());
            let written = draft.and_then(|mut draft| {
                let job = job(&session, form, &order.redactor, order.runs.len());
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
                Err(fault) => {
                    let path = folder.join(format!("{name}.{}", form.ending()));
                    Err(file::reason(&path, &fault))
                }
            }
        });
        let news = self.news.clone();
        tokio::spawn(async move {
            let told = work.await;
            telling.abort();
            let told = told.unwrap_or_else(|_| Err("sortie broke on one of these runs".to_owned()));
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::Exported(number, told));
        });
    }

    fn begin(&mut self, number: Gen) -> Stop {
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
) -> Job<'a> {
    Job {
        session,
        form,
        redactor: redactor.clone(),
        open: false,
        several: runs > 1,
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
        let read = if let Some(loaded) = &outgoing.loaded {
            let mut read = here(outgoing, loaded);
            job.complete(&asked, &mut read.whole, &mut notes).await?;
            read
        } else {
            tokio::select! {
                read = job.read(&asked, &outgoing.run, &mut notes) => Read {
                    look: outgoing.look.clone(),
                    ..read?
                },
                () = stopped(stop) => return Err(file::stopped()),
            }
        };
        job.put(&asked, &read, &mut shipment)?;
        written.runs += 1;
        written.failures.extend(read.whole.failures);
    }
    written.masked = shipment.end()?;
    Ok(written)
}

/// Until nobody wants it any more.
async fn stopped(stop: &Stop) {
    while !stop.is_set() {
        sleep(TOLD_EVERY / 2).await;
    }
}

/// Tells again and again how many records were read.
async fn tell(session: Arc<Session>, number: Gen, news: UnboundedSender<Msg>, stop: Stop) {
    let mut before = 0;
    while !stop.is_set() {
        sleep(TOLD_EVERY).await;
        let read = session.read.load(Ordering::Relaxed);
        // The loop may have ended meanwhile.
        if read != before && news.send(Msg::Exporting(number, read)).is_err() {
            return;
        }
        before = read;
    }
}

fn weight(job: &Job<'_>, reads: &[(Asked, Read)], stop: &Stop) -> io::Result<Weight> {
    let mut scale = Scale {
        bytes: 0,
        stop: stop.clone(),
    };
    let mut shipment = job.shipment(&mut scale);
    for (asked, read) in reads {
        job.put(asked, read, &mut shipment)?;
    }
    let masked = shipment.end()?;
    Ok(Weight {
        bytes: scale.bytes,
        masked,
    })
}

/// Counts what is written, as long as somebody wants to know.
struct Scale {
    bytes: u64,
    stop: Stop,
}

impl Write for Scale {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.is_set() {
            return Err(file::stopped());
        }
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// `mission-run`, or `mission-3-runs`, of letters that are no trouble anywhere.
fn name(runs: &[Outgoing]) -> String {
    let missions: std::collections::BTreeSet<String> = runs
        .iter()
        .map(|outgoing| plain(&outgoing.mission))
        .collect();
    let mission = match missions.first() {
        Some(one) if missions.len() == 1 && !one.is_empty() => format!("{one}-"),
        _ => String::new(),
    };
    match runs {
        [one] => {
            // Enough of an id to know it again.
            let run: String = plain(&one.run.id).chars().take(8).collect();
            let name = format!("{mission}{}", run.trim_end_matches('-'));
            if name.is_empty() {
                "run".to_owned()
            } else {
                name
            }
        }
        several => format!("{mission}{}-runs", several.len()),
    }
}

/// Letters, digits, points and single hyphens; not hidden, and not too long.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || matches!(c, '_' | '.') && !out.is_empty() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if out.len() >= NAMED {
            break;
        }
    }
    let end = out.trim_end_matches(['-', '.']).len();
    out.truncate(end);
    out
}

#[cfg(test)]
mod tests;
