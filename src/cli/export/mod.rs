//! `sortie export RUN…`: runs whole, for somebody else, in a file or on stdout. All runs are found before
//! anything is written, each is read to its end and then written, and a file is there whole or not at all.
//! What was masked is told on stderr.

pub mod file;
pub mod job;
mod post;
mod progress;

use std::{
    io::{self, IsTerminal as _},
    path::Path,
    sync::Arc,
};

use tokio::signal::unix::{SignalKind, signal};

use super::{
    exit::{Exit, Stop},
    gather::Placed,
    print::Outlet,
    refuse,
    session::Session,
};
use crate::{
    args::{Export, Format},
    export::Form,
    guard::clean,
    model::{Address, Run},
    text::size,
};
use file::Draft;
use job::{Job, Written};
use post::Post;

/// The signal of a file that grows larger than files may.
const TOO_LARGE: i32 = 25;

pub(super) async fn run(
    session: &Session,
    wanted: &Export,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let format = Format::Text;
    let stop = file::Stop::default();
    let post = wanted
        .to
        .as_deref()
        .map(|to| Post::new(wanted, to))
        .transpose();
    let (post, (form, draft)) = match post.and_then(|post| Ok((post, begin(wanted, &stop)?))) {
        Ok(begun) => begun,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    if let Err(stop) = agreed(wanted, outlet)? {
        return refuse(session, &stop, format, outlet);
    }
    if form == Form::Bundle && draft.is_none() && outlet.columns.is_some() {
        let message = "a bundle is nothing to read on a terminal: --output names a file for it";
        return refuse(session, &Stop::Usage(message.to_owned()), format, outlet);
    }
    let found = match locate_all(session, &wanted.runs).await {
        Ok(found) => found,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let job = Job {
        session,
        form,
        redactor: if wanted.no_mask {
            session.redactor.open()
        } else {
            session.redactor.clone()
        },
        open: wanted.no_mask,
        several: found.len() > 1,
        stop: stop.clone(),
        passed: Arc::default(),
    };
    if let Some(post) = post {
        return post.run(&job, &found, outlet).await;
    }
    let watch = Watch::begin(&stop);
    let done = carry(&job, &found, draft, outlet).await;
    drop(watch);
    let (written, place) = match done {
        Ok(done) => done,
        Err(fault) => return lost(wanted.file(), fault, outlet),
    };
    outlet.note(format, &format!("{place}{}", written.told(job.open)))?;
    let mut masking = session.redactor.masking();
    outlet.failures(format, &written.failures, &mut masking)?;
    Ok(Exit::of(true, &written.failures))
}

/// What can be said to be wrong before anything is asked.
fn begin(wanted: &Export, stop: &file::Stop) -> Result<(Form, Option<Draft>), Stop> {
    let Some(form) = wanted.form() else {
        let words: Vec<&str> = Form::ALL.iter().map(|form| form.word()).collect();
        let words = words.join(", ");
        return Err(Stop::Usage(format!("--format says in which form: {words}")));
    };
    let draft = wanted.file().map(|path| {
        let draft = Draft::new(path, wanted.force, stop.clone());
        draft.map_err(|fault| Stop::Usage(file::reason(path, &fault)))
    });
    Ok((form, draft.transpose()?))
}

/// Whether somebody means it, where secrets are not to be masked: asked once on a terminal.
fn agreed(wanted: &Export, outlet: &mut Outlet<'_>) -> io::Result<Result<(), Stop>> {
    if !wanted.no_mask || wanted.yes {
        return Ok(Ok(()));
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        let why = "--no-mask needs --yes where there is no terminal to ask on";
        return Ok(Err(Stop::Usage(why.to_owned())));
    }
    write!(
        outlet.err,
        "sortie: secrets will NOT be masked, but for the credentials in use. Go on? [y/N] "
    )?;
    outlet.err.flush()?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "Y" | "yes") {
        return Ok(Ok(()));
    }
    Ok(Err(Stop::Usage("nothing was exported".to_owned())))
}

/// Reads and writes; gives what is to be said of where it went.
async fn carry(
    job: &Job<'_>,
    found: &[Placed<Run>],
    draft: Option<Draft>,
    outlet: &mut Outlet<'_>,
) -> io::Result<(Written, String)> {
    let mut notes = Outlet {
        of_files: Vec::new(),
        out: &mut io::sink(),
        err: &mut *outlet.err,
        columns: None,
        ascii: outlet.ascii,
    };
    if let Some(mut draft) = draft {
        let written = job.write(found, &mut draft, &mut notes).await?;
        let (path, bytes) = draft.finish()?;
        let bytes = size::of(bytes);
        return Ok((written, format!("wrote {}: {bytes}, ", path.display())));
    }
    let written = if outlet.columns.is_some() {
        // What a terminal gets is cleaned.
        let mut text = Vec::new();
        let written = job.write(found, &mut text, &mut notes).await?;
        outlet.out.write_all(clean::bytes(&text).as_bytes())?;
        written
    } else {
        job.write(found, &mut *outlet.out, &mut notes).await?
    };
    outlet.out.flush()?;
    Ok((written, String::new()))
}

/// Says why nothing was written. What is wrong with stdout is for the caller to judge.
fn lost(path: Option<&Path>, fault: io::Error, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    if file::is_stopped(&fault) {
        return Ok(Exit::Interrupted);
    }
    let Some(path) = path else {
        return Err(fault);
    };
    outlet.note(Format::Text, &file::reason(path, &fault))?;
    Ok(if fault.kind() == io::ErrorKind::AlreadyExists {
        Exit::Usage
    } else {
        Exit::Partial
    })
}

/// Sets a stop when somebody interrupts, and keeps a file that grows too large from ending the process.
struct Watch(tokio::task::AbortHandle);

impl Watch {
    fn begin(stop: &file::Stop) -> Self {
        // Once somebody listens to it, the signal does nothing else any more.
        drop(signal(SignalKind::from_raw(TOO_LARGE)));
        let stop = stop.clone();
        let task = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.set();
            }
        });
        Self(task.abort_handle())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// All runs that are meant, each once, before any of them is read.
async fn locate_all(session: &Session, runs: &[String]) -> Result<Vec<Placed<Run>>, Stop> {
    let mut found: Vec<Placed<Run>> = Vec::new();
    for text in runs {
        let address = Address::parse(text).filter(|address| address.event.is_none());
        let Some(address) = address else {
            return Err(Stop::Usage(format!("`{text}` names no run")));
        };
        let placed = session.recall(&address).await?.placed;
        let known = found.iter().any(|other| {
            other.context == placed.context
                && other.row.id == placed.row.id
                && other.row.mission_id == placed.row.mission_id
        });
        if !known {
            found.push(placed);
        }
    }
    Ok(found)
}
