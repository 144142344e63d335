//! What a bundle carries besides its records: where and when it was made, and how its maker looked at the
//! run. Plain values; how they are spelled is for those who write and read them.

use std::collections::HashMap;

use super::Time;

/// Where the records of a context come from that nobody can ask.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offline {
    /// The context they were read in.
    pub context: String,
    /// The service's name.
    pub provider: String,
    /// Its address, where that was told.
    pub base_url: Option<String>,
    /// When they were carried away.
    pub made_at: Option<Time>,
    /// How many places were masked on the way, where that was told.
    pub masked: Option<u64>,
    /// How their makers looked at them: one for each bundle that they came in.
    pub looks: Vec<Look>,
}

impl Offline {
    /// Takes over what another file of the same context says of itself. The youngest counts, what was
    /// masked is added up, and how each maker looked at it stays; of two looks at one run the younger, with the
    /// bookmarks and notes of both. `places` is kept from one call to the next, and begins empty.
    pub fn add(&mut self, other: Self, places: &mut LookPlaces) {
        self.masked = match (self.masked, other.masked) {
            (Some(known), Some(more)) => Some(known.saturating_add(more)),
            (known, more) => known.or(more),
        };
        let is_younger = other.made_at >= self.made_at;
        if is_younger {
            self.made_at = other.made_at;
            self.base_url = other.base_url.or(self.base_url.take());
        }
        for mut look in other.looks {
            let key = (look.mission.clone(), look.run.clone());
            let next = self.looks.len();
            let at = match look.run {
                Some(_) => *places.entry(key).or_insert(next),
                None => next,
            };
            match self.looks.get_mut(at) {
                Some(known) => {
                    if is_younger {
                        std::mem::swap(known, &mut look);
                    }
                    // Bookmarks and notes of both count.
                    let more = look.remarks.into_iter();
                    let more: Vec<Remark> =
                        more.filter(|own| !known.remarks.contains(own)).collect();
                    known.remarks.extend(more);
                }
                None => self.looks.push(look),
            }
        }
    }
}

/// Where the look at a run is among all, by the ids of its mission and of the run.
pub type LookPlaces = HashMap<(Option<String>, Option<String>), usize>;

/// How somebody looked at a run, in the service's own ids. Of what was under the cursor at most one is
/// told, and none by whoever looked at nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The mission of the run.
    pub mission: Option<String>,
    /// The run.
    pub run: Option<String>,
    /// The event under the cursor.
    pub cursor: Option<String>,
    /// Whether that was the silence before it.
    pub on_silence: bool,
    /// The step under the cursor.
    pub step: Option<String>,
    /// The run under the cursor that this one started.
    pub child: Option<String>,
    /// What was filtered for, as it is typed.
    pub filter: Option<String>,
    /// Whether only failures were shown.
    pub only_failures: bool,
    /// Steps whose rows were folded; at the start none is.
    pub folded: Vec<String>,
    /// Events whose rows were unfolded; at the start none is.
    pub unfolded: Vec<String>,
    /// Bookmarks and notes, in the order in which they were made.
    pub remarks: Vec<Remark>,
    /// What a newer sortie said in the header and this one does not know, as one JSON object.
    pub left: Option<String>,
    /// The same of the view in it.
    pub left_of_view: Option<String>,
}

/// A bookmark, or a note, on a run or on an event of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    /// Id of the mission.
    pub mission: String,
    /// Id of the run.
    pub run: String,
    /// Id of the event; none where the run is meant.
    pub event: Option<String>,
    /// What its row said.
    pub title: String,
    /// When it was made.
    pub at: Option<Time>,
    /// What was noted; none for a bookmark.
    pub note: Option<String>,
}

/// What was read of a run's records and not understood, so that it can be written again: JSON as it
/// stood in a newer sortie's file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// Members of known records, as one object, by the sort of record and its id; those of `kept` under the
    /// sort with `.kept` behind it.
    pub members: HashMap<(&'static str, String), String>,
    /// Whole records of unknown sorts.
    pub records: Vec<String>,
}

impl Left {
    /// Whether all was understood.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty() && self.records.is_empty()
    }
}
