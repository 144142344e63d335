//! What leaves, while somebody looks at it and until it is written: read once, masked as often as somebody
//! changes their mind. What is told is what is written, since both are made of the same records.

use std::{
    io,
    path::Path,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{runtime::Handle, time::sleep};

use super::{TOLD_EVERY, name::name};
use crate::{
    app::export::{Loaded, Order, Outgoing, Reviewed, Way},
    cli::{
        export::{
            file::{self, Draft, Stop},
            job::{Job, Read, Written},
        },
        gather::Whole,
        print::Outlet,
        session::{Asked, Session},
    },
    export::{Form, Masked},
    guard::{Place, Redactor},
    text::size,
};

/// Of places where something is seen so many are named in a sentence.
const NAMED: usize = 3;

/// Runs that somebody looks at.
pub(super) struct Held {
    pub order: Order,
    reads: OnceLock<Vec<(Asked, Read)>>,
}

impl Held {
    pub fn new(order: Order) -> Self {
        Self {
            order,
            reads: OnceLock::new(),
        }
    }

    fn form(&self) -> Form {
        self.order.way.and_then(form).unwrap_or(Form::Json)
    }
}

/// Where they are looked through and written.
#[derive(Clone)]
pub(super) struct Desk {
    pub session: Arc<Session>,
    pub redactor: Redactor,
    pub stop: Stop,
    pub passed: Arc<AtomicUsize>,
}

impl Desk {
    /// How many records were read, or then written.
    pub fn gone_through(&self) -> usize {
        match self.passed.load(Ordering::Relaxed) {
            0 => self.session.read.load(Ordering::Relaxed),
            passed => passed,
        }
    }

    /// What would be masked; why that is not known, in a sentence.
    pub fn review(&self, held: &Held, here: &Handle) -> Result<Reviewed, String> {
        let found = self.reads(held, here).and_then(|reads| {
            let mut nowhere = io::sink();
            let (masked, places) = self.put(held, reads, &mut nowhere, false)?;
            Ok(Reviewed {
                places,
                before: masked.before,
            })
        });
        found.map_err(|fault| match fault {
            fault if file::is_stopped(&fault) => "stopped; nothing was written".to_owned(),
            fault => format!("the runs cannot be looked through: {fault}"),
        })
    }

    /// Writes them into a folder; says where, or why not.
    pub fn write(
        &self,
        held: &Held,
        here: &Handle,
        folder: &Path,
        host: Option<&str>,
    ) -> Result<String, String> {
        let form = held.form();
        let name = name(&held.order.runs, &mut self.redactor.masking());
        let draft = Draft::unused(folder, &name, form.ending(), self.stop.clone());
        let written = draft.and_then(|mut draft| {
            let reads = self.reads(held, here)?;
            let (masked, seen) = self.put(held, reads, &mut draft, true)?;
            let (path, bytes) = draft.finish_unused(&name, form.ending())?;
            let failures = reads.iter().flat_map(|(_, read)| &read.whole.failures);
            let written = Written {
                runs: reads.len(),
                masked,
                failures: Vec::new(),
            };
            Ok((written, failures.count(), seen, path, bytes))
        });
        match written {
            Ok((written, failures, seen, path, bytes)) => {
                let path = path.display();
                let from = host.map(|host| {
                    let from = format!("{host}:{path}");
                    format!(" — scp {} .", shell_words::quote(&from))
                });
                let lacks = match failures {
                    0 => String::new(),
                    n => format!("; {n} things could not be had, it says which"),
                };
                Ok(format!(
                    "wrote {path} ({}, {}{}){lacks}{}",
                    size::of(bytes),
                    written.told(false),
                    self.told_of(&seen),
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
    }

    /// What is seen that would have been masked.
    fn told_of(&self, seen: &[Place]) -> String {
        if seen.is_empty() {
            return String::new();
        }
        let mut masking = self.redactor.masking();
        let named = seen.iter().take(NAMED).map(|place| {
            let of = match place.number {
                Some(number) => format!("#{number}"),
                None => place.record.to_owned(),
            };
            format!("{of} {}", masking.text(&place.path))
        });
        let named = named.collect::<Vec<_>>().join(", ");
        let more = match seen.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("; NOT MASKED: {named}{more}")
    }

    /// Writes all of them; with `only_shown` the places are given where something is seen, without it all.
    fn put(
        &self,
        held: &Held,
        reads: &[(Asked, Read)],
        to: &mut dyn io::Write,
        only_shown: bool,
    ) -> io::Result<(Masked, Vec<Place>)> {
        let job = self.job(held);
        let mut shipment = job.shipment(to);
        shipment.keep_places(only_shown);
        for (asked, read) in reads {
            job.put(asked, read, &mut shipment)?;
        }
        shipment.end_with_places()
    }

    fn job(&self, held: &Held) -> Job<'_> {
        Job {
            passed: Arc::clone(&self.passed),
            ..job(
                &self.session,
                held.form(),
                &self.redactor,
                held.order.runs.len(),
                &self.stop,
            )
        }
    }

    /// The runs with all that is in them, read once.
    fn reads<'h>(&self, held: &'h Held, here: &Handle) -> io::Result<&'h [(Asked, Read)]> {
        if let Some(reads) = held.reads.get() {
            return Ok(reads);
        }
        let reads = here.block_on(self.read_all(held))?;
        Ok(held.reads.get_or_init(|| reads))
    }

    async fn read_all(&self, held: &Held) -> io::Result<Vec<(Asked, Read)>> {
        let job = self.job(held);
        let mut reads = Vec::new();
        for outgoing in &held.order.runs {
            let Some(asked) = asked(&self.session, outgoing) else {
                continue;
            };
            let mut notes = Outlet {
                of_files: Vec::new(),
                out: &mut io::sink(),
                err: &mut io::sink(),
                columns: None,
                ascii: false,
            };
            let read = tokio::select! {
                read = whole(&job, &asked, outgoing, &mut notes) => read?,
                () = stopped(&self.stop) => return Err(file::stopped()),
            };
            reads.push((asked, read));
        }
        Ok(reads)
    }
}

pub(super) fn job<'a>(
    session: &'a Session,
    form: Form,
    redactor: &Redactor,
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
        passed: Arc::default(),
    }
}

/// The form of a way.
pub(super) fn form(way: Way) -> Option<Form> {
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

/// The context of a run.
pub(super) fn asked(session: &Session, outgoing: &Outgoing) -> Option<Asked> {
    let mut contexts = session.contexts.iter();
    contexts
        .find(|asked| asked.record.name == outgoing.context)
        .cloned()
}

/// A run as it is loaded.
pub(super) fn here(outgoing: &Outgoing, loaded: &Loaded) -> Read {
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
