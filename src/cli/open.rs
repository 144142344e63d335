//! `sortie open REF --print`: what a pasted id, address, locator or line of a log names, as locators that
//! every machine with the same contexts understands; of files the runs that they hold. Without `--print` the
//! screen opens it.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    address_of,
    exit::{Exit, Failure, Stop},
    gather::{Parts, Wanted},
    print::{Field, Outlet, json},
    refuse,
    session::{Asked, Session},
};
use crate::{
    args::{Command, Format, Global},
    export::text::ascii,
    guard::{Masking, clean},
    model::{Address, Run, address::find_event},
    provider::refer::{self, Home},
    text::percent::encoded,
};

/// What was found.
#[derive(Clone, Debug, Serialize)]
struct Found {
    context: String,
    provider: Option<String>,
    mission_id: String,
    run_id: String,
    event_id: Option<String>,
    title: String,
    locator: String,
}

/// The one thing to open that is no file: what is there as a file is one, and so is what is spelled like
/// the path of one.
pub fn reference(files: &[PathBuf]) -> Option<String> {
    let [file] = files else {
        return None;
    };
    let text = file.to_str()?;
    let ends = |ends: &str| Path::new(text).extension().is_some_and(|end| end == ends);
    let is_path = text == "-"
        || text.starts_with(['/', '.', '~'])
        || [
            "json", "jsonl", "ndjson", "log", "txt", "md", "sortie", "gz", "zst",
        ]
        .into_iter()
        .any(ends);
    (!is_path && !file.exists()).then(|| text.to_owned())
}

/// The same flags, where the command itself names files to be opened.
pub(super) fn over_files(global: &Global, command: &Command) -> Global {
    let mut global = global.clone();
    if let Command::Open { files, .. } = command
        && reference(files).is_none()
    {
        global.from.clone_from(files);
        global.offline = false;
    }
    global
}

impl Session {
    /// All that a text may name, the likeliest first.
    pub fn addresses(&self, text: &str) -> Vec<Address> {
        let homes: Vec<Home<'_>> = self
            .contexts
            .iter()
            .map(|asked| Home {
                context: &asked.record.name,
                provider: asked.record.provider.as_deref().unwrap_or_default(),
                base_url: asked.record.base_url.as_deref().unwrap_or_default(),
                console_url: address_of(&self.consoles, &asked.record.name),
            })
            .filter(|home| !home.base_url.is_empty())
            .collect();
        refer::addresses(text, &homes)
    }
}

pub(super) async fn run(
    session: &Session,
    files: &[PathBuf],
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let Some(text) = reference(files) else {
        let (found, failures) = held(session).await;
        return print(session, &found, &failures, format, outlet);
    };
    match find(session, &text).await {
        Ok((found, failures)) => print(session, &[found], &failures, format, outlet),
        Err(stop) => refuse(session, &stop, format, outlet),
    }
}

/// The runs that opened files hold.
async fn held(session: &Session) -> (Vec<Found>, Vec<Failure>) {
    let listed = session.runs(&Wanted::default()).await;
    let found = listed.rows.iter().filter_map(|placed| {
        let asked = session.contexts.get(placed.context)?;
        Some(Found::of(asked, &placed.row.1, None))
    });
    (found.collect(), listed.failures)
}

async fn find(session: &Session, text: &str) -> Result<(Found, Vec<Failure>), Stop> {
    let addresses = session.addresses(text);
    if addresses.is_empty() {
        let message = format!("`{text}` names no run: nothing in it looks like an id");
        return Err(Stop::Usage(message));
    }
    let located = session.locate_any(&addresses).await?;
    let run = &located.placed.row;
    let Some(asked) = session.contexts.get(located.placed.context) else {
        return Err(Stop::NotFound(format!("no run fits `{text}`")));
    };
    let wanted = addresses.iter().find_map(|address| address.event.clone());
    let wanted = located.event.clone().or(wanted);
    let mut failures = located.failures;
    let mut event_id = None;
    if let Some(wanted) = wanted {
        let whole = session.whole(asked, run, Parts::STATE).await;
        failures.extend(whole.failures.iter().cloned());
        event_id = match find_event(&wanted, &whole.events).as_slice() {
            [at] => whole.events.get(*at).map(|event| event.id.clone()),
            [] if failures.is_empty() => {
                let count = whole.events.len();
                let message = format!("no event of the run's {count} fits `{wanted}`");
                return Err(Stop::NotFound(message));
            }
            [] => return Err(Stop::Failed(failures)),
            several => {
                let message = format!("`{wanted}` fits {} events of {}", several.len(), run.id);
                return Err(Stop::Usage(message));
            }
        };
    }
    Ok((Found::of(asked, run, event_id), failures))
}

impl Found {
    fn of(asked: &Asked, run: &Run, event_id: Option<String>) -> Self {
        Self {
            context: asked.record.name.clone(),
            provider: asked.record.provider.clone(),
            mission_id: run.mission_id.clone(),
            run_id: run.id.clone(),
            event_id,
            title: run.title.clone(),
            locator: String::new(),
        }
    }

    /// As it leaves: masked, with the locator of its ids.
    fn shown(&self, masking: &mut Masking) -> Self {
        let mut id = |id: &str| masking.id(id).into_owned();
        let (mission_id, run_id) = (id(&self.mission_id), id(&self.run_id));
        let event_id = self.event_id.as_deref().map(id);
        let event = event_id.as_deref().map(|id| format!("#{}", encoded(id)));
        let locator = format!(
            "sortie:{}/{}/{}{}",
            encoded(&self.context),
            encoded(&mission_id),
            encoded(&run_id),
            event.unwrap_or_default()
        );
        Self {
            context: self.context.clone(),
            provider: self.provider.clone(),
            mission_id,
            run_id,
            event_id,
            title: masking.text(&self.title).into_owned(),
            locator,
        }
    }
}

fn print(
    session: &Session,
    found: &[Found],
    failures: &[Failure],
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let mut masking = session.redactor.masking();
    let found: Vec<Found> = found.iter().map(|one| one.shown(&mut masking)).collect();
    if format == Format::Text {
        for one in &found {
            let line = format!("{}  {}", one.locator, one.title);
            let line = clean::line(line.trim_end());
            writeln!(outlet.out, "{}", ascii(&line, outlet.ascii))?;
        }
        outlet.failures(format, failures, &mut masking)?;
    } else {
        let records = found.iter().map(json).collect::<io::Result<_>>()?;
        let fields = [("items", Field::Many(records))];
        outlet.records(format, "sortie.open/1", &fields, failures, &mut masking)?;
    }
    Ok(Exit::of(!found.is_empty(), failures))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_a_file_or_spelled_like_one_is_no_reference() {
        let folder = tempfile::tempdir().unwrap();
        let there = folder.path().join("8c41");
        std::fs::write(&there, "").unwrap();
        let read = |paths: &[&str]| {
            let files: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            reference(&files)
        };
        for paths in [
            &["-"][..],
            &["a.jsonl"],
            &["run.sortie"],
            &["./8c41"],
            &["/tmp/none"],
            &["a", "b"],
            &[there.to_str().unwrap()],
        ] {
            assert_eq!(read(paths), None, "{paths:?}");
        }
        for text in ["8c41-none", "m/8c41#3", "sortie:a/b/c", "run=8c41 failed"] {
            assert_eq!(read(&[text]).as_deref(), Some(text));
        }
    }
}
