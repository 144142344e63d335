//! Files beside what is shown: a path that somebody typed is read by a thread of its own, and becomes one
//! context or several, each under a name that no other has.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::{sync::mpsc::UnboundedSender, task::spawn_blocking};

use crate::{
    app::{Beside, ContextInfo, Msg, Notice},
    cli::open::reference,
    model::{Far, Trouble},
    source::{Opened, Source},
};

/// A file that was read, with its path.
type Read = Result<(Opened, String), String>;

/// Reads them.
#[derive(Default)]
pub(super) struct Files {
    /// Where there is room for what is unpacked; else among the temporary files.
    room: Option<PathBuf>,
    read: Arc<Mutex<Vec<Read>>>,
}

impl Files {
    /// With a place for what is unpacked.
    pub fn with(room: Option<PathBuf>) -> Self {
        Self {
            room,
            ..Self::default()
        }
    }

    /// Begins to read the file that a text names; says whether it names one.
    pub fn open(&self, text: &str, news: UnboundedSender<Msg>) -> bool {
        let home = std::env::var_os("HOME").map(PathBuf::from);
        let below = text.strip_prefix("~/").zip(home);
        let path = below.map_or_else(|| PathBuf::from(text), |(rest, home)| home.join(rest));
        let paths = [path];
        // What is typed already is no input of its own. A line of a log may end with the path of one.
        let is_sentence = text.contains(char::is_whitespace) && !paths.iter().all(|p| p.exists());
        if text == "-" || is_sentence || reference(&paths).is_some() {
            return false;
        }
        let (read, room) = (Arc::clone(&self.read), self.room.clone());
        spawn_blocking(move || {
            let names = text_of(&paths);
            let opened =
                Opened::browse_in(&paths, room.as_deref()).map_err(|trouble| trouble.to_string());
            let opened = opened.map(|opened| (opened, names));
            read.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(opened);
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::FileRead);
        });
        true
    }

    /// What was read first of what nobody took yet.
    pub fn take(&self) -> Read {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.is_empty() {
            return Err("sortie broke on this file".to_owned());
        }
        read.remove(0)
    }
}

fn text_of(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    paths.join(" ")
}

/// What is shown of an opened file beside contexts of which some names are `taken`.
pub(super) fn beside(opened: &Opened, names: &str, taken: impl Fn(&str) -> bool) -> Beside {
    let mut contexts: Vec<ContextInfo> = Vec::new();
    for source in &opened.sources {
        let mut info = offline(source, names);
        let is_free = |name: &str| !taken(name) && contexts.iter().all(|other| other.name != name);
        if !is_free(&info.name) {
            let mut more = (2..).map(|nth| format!("{}-{nth}", info.name));
            let name = more.find(|name| is_free(name));
            info.name = name.unwrap_or_default();
        }
        contexts.push(info);
    }
    Beside {
        contexts,
        documents: documents(opened),
        is_document: opened.is_document(),
        is_one_run: opened.is_one_run(),
        notes: notes(opened),
        told: told(opened),
    }
}

/// What is wrong with the files: which could not be read, where they break off, and that one is a refusal.
pub(super) fn notes(opened: &Opened) -> Vec<String> {
    let refusals = opened.told.iter().filter(|said| said.is_refusal);
    let refusals = refusals.map(|said| said.text.clone());
    let missing = opened.missing.iter().map(Trouble::to_string);
    let broken = opened.notes.iter().cloned();
    missing.chain(broken).chain(refusals).collect()
}

/// What else is to be said of them.
pub(super) fn told(opened: &Opened) -> Vec<String> {
    let others = opened.told.iter().filter(|said| !said.is_refusal);
    others.map(|said| said.text.clone()).collect()
}

/// What is to be said of opened files, where there is anything.
pub(super) fn notice(notes: Vec<String>, told: Vec<String>) -> Option<Notice> {
    let failed = !notes.is_empty();
    let all = [notes, told].concat();
    (!all.is_empty()).then(|| Notice {
        text: all.join("; "),
        failed,
        until: None,
    })
}

/// The texts that stay in their files.
pub(super) fn documents(opened: &Opened) -> HashMap<String, Arc<dyn Far>> {
    let documents = opened.sources.iter().flat_map(Source::documents);
    documents
        .map(|(mission, far)| (mission.clone(), Arc::clone(far)))
        .collect()
}

/// A context that nobody can ask. `names` are those of the files.
pub(super) fn offline(source: &Source, names: &str) -> ContextInfo {
    let told = source.offline().clone();
    let is_plain = told.context == Source::NAME;
    ContextInfo {
        name: told.context.clone(),
        provider: told.provider.clone(),
        base_url: (told.base_url.clone()).unwrap_or_else(|| names.to_owned()),
        credential: String::new(),
        insecure: false,
        call_ids: source.call_ids(),
        call_members: source.call_members(),
        all_runs: false,
        tails: source.has_tails(),
        console_url: None,
        offline: (!is_plain).then_some(told),
    }
}
