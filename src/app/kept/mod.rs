//! What a person keeps of runs and events: bookmarks and notes, under the ids of service, run and event,
//! so that they outlive rows, fetches and sortie itself. It knows no files: what changes leaves as an
//! effect, and what was written by any sortie comes back whole.

pub mod carried;
mod go;
mod list;
mod rows;

use std::collections::HashMap;

use super::{App, Effect};
use crate::model::{Look, NodeId, Time};

pub use list::Bookmarks;

/// Where something that is kept lies, by the service's own ids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// The context it was seen in. Only a hint: another one of the same service may have it too.
    pub context: String,
    /// The service.
    pub provider: String,
    /// Id of the mission.
    pub mission: String,
    /// Id of the run.
    pub run: String,
    /// `Run::room`, where there is one.
    pub room: Option<String>,
    /// Id of the event; none where the run itself is meant.
    pub event: Option<String>,
}

impl Spot {
    /// Whether both are the same run or event.
    pub fn is(&self, other: &Self) -> bool {
        self.event == other.event && self.run == other.run && self.provider == other.provider
    }
}

/// What was done to a run or an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// A bookmark was set on it, or taken away.
    Bookmark(bool),
    /// This was noted on it; empty: the note was taken away.
    Note(String),
}

/// One change to what is kept, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Where.
    pub spot: Spot,
    /// What the row said, masked, for where it is not loaded.
    pub title: String,
    /// When.
    pub at: Time,
    /// What was done.
    pub deed: Deed,
}

/// A run or an event of which something is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where it lies.
    pub spot: Spot,
    /// What its row said.
    pub title: String,
    /// When something about it was kept last.
    pub at: Time,
    /// Whether it has a bookmark.
    pub bookmark: bool,
    /// What is noted on it; may be empty.
    pub note: String,
}

/// Everything that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// By the id of the run.
    runs: HashMap<String, Vec<Item>>,
    /// How many lines on disk could not be read.
    pub broken: usize,
}

impl Kept {
    /// Takes a change over. The last one counts.
    pub fn take(&mut self, entry: Entry) {
        let Entry {
            spot,
            title,
            at,
            deed,
        } = entry;
        let items = self.runs.entry(spot.run.clone()).or_default();
        let at_once = items.iter().position(|item| item.spot.is(&spot));
        let place = at_once.unwrap_or(items.len());
        if at_once.is_none() {
            items.push(Item {
                spot: spot.clone(),
                title: String::new(),
                at,
                bookmark: false,
                note: String::new(),
            });
        }
        let Some(item) = items.get_mut(place) else {
            return;
        };
        (item.spot, item.title, item.at) = (spot, title, at);
        match deed {
            Deed::Bookmark(set) => item.bookmark = set,
            Deed::Note(text) => item.note = text,
        }
        items.retain(|item| item.bookmark || !item.note.is_empty());
        self.runs.retain(|_, items| !items.is_empty());
    }

    /// What is kept of a run and its events.
    pub fn of_run(&self, provider: &str, run: &str) -> impl Iterator<Item = &Item> {
        let items = self.runs.get(run).map(Vec::as_slice).unwrap_or_default();
        let provider = provider.to_owned();
        items
            .iter()
            .filter(move |item| item.spot.provider == provider)
    }

    /// What is kept of exactly this.
    pub fn of(&self, spot: &Spot) -> Option<&Item> {
        self.of_run(&spot.provider, &spot.run)
            .find(|item| item.spot.is(spot))
    }

    /// All of it, newest first.
    pub fn items(&self) -> Vec<&Item> {
        let mut items: Vec<_> = self.runs.values().flatten().collect();
        items.sort_by(|a, b| {
            let key = |item: &Item| (item.spot.run.clone(), item.spot.event.clone());
            b.at.cmp(&a.at).then_with(|| key(a).cmp(&key(b)))
        });
        items
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }
}

/// What surrounds that on the screen.
#[derive(Debug, Default)]
pub(super) struct Keeping {
    /// Changes that are on their way to the disk. What comes back from there lacks those of them that
    /// were made after it was read.
    under_way: u32,
    /// The rows that show the bookmarks of each run.
    signed: HashMap<NodeId, Vec<NodeId>>,
    /// What the note that is being typed is about.
    noting: Option<(Spot, String)>,
    /// An event to go to once its run has it, as long as no key is pressed.
    sought: Option<go::Sought>,
    /// What bundles say was kept by their makers, where nothing else is kept here.
    carried: Vec<Entry>,
    /// How the makers of bundles looked at runs that were not loaded since.
    looks: Vec<(Spot, Look)>,
    /// Whether one of them may be of a run that is loaded by now.
    looks_due: bool,
}

impl Keeping {
    /// A key was pressed: whoever presses keys is not to be taken elsewhere.
    pub(super) fn let_be(&mut self) {
        self.sought = None;
    }

    /// A run was loaded: somebody may have said how to look at it.
    pub(super) fn came(&mut self) {
        self.looks_due = !self.looks.is_empty();
    }

    /// Everything on the screen was dropped.
    pub(super) fn forget_rows(&mut self) {
        self.signed.clear();
        self.sought = None;
    }
}

impl App {
    /// Sets a bookmark or takes it away.
    pub(super) fn toggle_bookmark(&mut self) -> Vec<Effect> {
        let Some((spot, title)) = self.here_to_keep() else {
            return Vec::new();
        };
        let set = !self.kept.of(&spot).is_some_and(|item| item.bookmark);
        self.say(if set {
            "bookmark set: ' lists all of them"
        } else {
            "bookmark taken away"
        });
        vec![self.keep(spot, title, Deed::Bookmark(set))]
    }

    /// Begins to type a note, with what is noted already.
    pub(super) fn begin_note(&mut self) -> Vec<Effect> {
        if let Some((spot, title)) = self.here_to_keep() {
            let noted = self.kept.of(&spot).map(|item| item.note.clone());
            self.prompt = Some(super::Prompt::note(&noted.unwrap_or_default()));
            self.keeping.noting = Some((spot, title));
        }
        Vec::new()
    }

    /// Keeps the note that was typed.
    pub(super) fn note(&mut self, typed: &str) -> Vec<Effect> {
        let Some((spot, title)) = self.keeping.noting.take() else {
            return Vec::new();
        };
        let text = typed.trim().to_owned();
        let before = self.kept.of(&spot).map(|item| item.note.as_str());
        if before.unwrap_or_default() == text {
            return Vec::new();
        }
        self.say(if text.is_empty() {
            "note taken away"
        } else {
            "noted: ; changes it"
        });
        vec![self.keep(spot, title, Deed::Note(text))]
    }

    fn keep(&mut self, spot: Spot, title: String, deed: Deed) -> Effect {
        let entry = Entry {
            spot,
            title,
            at: self.now,
            deed,
        };
        self.keeping.forget_carried(&entry);
        self.kept.take(entry.clone());
        self.keeping.under_way += 1;
        self.sign_all();
        Effect::Keep(Box::new(entry))
    }

    /// Asks for what is on disk, to which other sorties may have added something.
    pub(super) fn recall(&mut self) -> Effect {
        self.keeping.under_way += 1;
        Effect::Recall
    }

    /// What is kept, as it is on disk; `fault` says why something is not there.
    pub(super) fn recalled(&mut self, kept: Kept, fault: Option<String>) {
        let kept = self.keeping.with_carried(kept);
        self.keeping.under_way = self.keeping.under_way.saturating_sub(1);
        if self.keeping.under_way == 0 && self.kept != kept {
            self.kept = kept;
            self.sign_all();
            self.dirty = true;
        }
        if let Some(fault) = fault {
            self.complain(fault);
            self.dirty = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(event: &str, at: i64, deed: Deed) -> Entry {
        Entry {
            spot: Spot {
                provider: "telnyx".to_owned(),
                run: "r".to_owned(),
                event: (!event.is_empty()).then(|| event.to_owned()),
                ..Spot::default()
            },
            title: event.to_uppercase(),
            at: Time(at),
            deed,
        }
    }

    fn kept(entries: impl IntoIterator<Item = Entry>) -> Kept {
        entries
            .into_iter()
            .fold(Kept::default(), |mut kept, entry| {
                kept.take(entry);
                kept
            })
    }

    #[test]
    fn the_last_change_counts_and_nothing_is_left_of_what_was_taken_away() {
        let note = |text: &str| Deed::Note(text.to_owned());
        let kept = kept([
            entry("a", 1, Deed::Bookmark(true)),
            entry("b", 2, note("first")),
            entry("a", 3, note("looks new")),
            entry("", 4, Deed::Bookmark(true)),
            entry("a", 5, Deed::Bookmark(false)),
            entry("b", 6, note("")),
        ]);
        let told: Vec<_> = kept
            .items()
            .into_iter()
            .map(|item| (item.title.as_str(), item.bookmark, item.note.as_str()))
            .collect();
        assert_eq!(told, [("A", false, "looks new"), ("", true, "")]);
    }

    #[test]
    fn runs_of_other_services_with_the_same_id_are_others() {
        let mut other = entry("a", 1, Deed::Bookmark(true));
        other.spot.provider = "vectara".to_owned();
        let kept = kept([entry("a", 2, Deed::Note("mine".to_owned())), other]);
        assert_eq!(kept.of_run("vectara", "r").count(), 1);
        assert_eq!(kept.items().len(), 2);
    }
}
