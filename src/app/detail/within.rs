//! Searching inside the detail: what was typed is looked for beside the loop, hits arrive while it goes
//! on, `n` and `N` step through them. What a hit was folded away in unfolds for it, and folds back when
//! one goes on.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crate::app::{App, Effect, Wants, detail::DocKey};
use crate::doc::{
    Finder, Hit, Inside, Opened,
    matcher::{Matcher, Wrong},
};

/// Hits that are kept; more are only counted.
const MOST: usize = 1 << 20;

/// A search in the document that is shown.
#[derive(Debug)]
pub struct Within {
    /// What was typed.
    pub typed: String,
    /// What it matches.
    pub matcher: Matcher,
    /// How many matches there are, so far.
    pub count: usize,
    /// Whether all of the document has been looked through.
    pub done: bool,
    /// Bytes looked through and bytes in all.
    pub progress: (usize, usize),
    /// Which of the hits the cursor is on, from 0.
    pub at: Option<usize>,
    key: DocKey,
    hits: Vec<Hit>,
    /// Whether the cursor went to the first one.
    jumped: bool,
    opened: Opened,
    /// The hit in a long string that is to be gone to once that was read.
    later: Option<usize>,
    stop: Stop,
}

/// Tells whoever looks that nobody waits for it any more.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Whether to stop.
    pub fn is_wanted(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    fn now(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Drop for Within {
    fn drop(&mut self) {
        self.stop.now();
    }
}

/// An order to look through a document.
#[derive(Debug)]
pub struct Find {
    /// Which state of which document.
    pub key: DocKey,
    /// Looks.
    pub finder: Finder,
    /// When to stop.
    pub stop: Stop,
}

/// What was found so far.
#[derive(Debug)]
pub struct Found {
    /// Which state of which document.
    pub key: DocKey,
    /// Matches, in order.
    pub hits: Vec<Hit>,
    /// Bytes looked through and bytes in all.
    pub progress: (usize, usize),
    /// Whether these are the last.
    pub done: bool,
}

impl App {
    /// Begins to look for what was typed in the detail.
    pub(in crate::app) fn start_within(&mut self, typed: &str) -> Vec<Effect> {
        self.leave_hits();
        self.detail.within = None;
        let Some(matcher) = Matcher::new(typed) else {
            if !typed.is_empty() {
                self.complain("this pattern is too large to be looked for");
            }
            return Vec::new();
        };
        self.detail.sought = Some(typed.to_owned());
        self.detail.within = Some(Within {
            typed: typed.to_owned(),
            matcher,
            count: 0,
            done: false,
            progress: (0, 0),
            at: None,
            key: self.detail.key,
            hits: Vec::new(),
            jumped: false,
            opened: Opened::default(),
            later: None,
            stop: Stop::default(),
        });
        self.look_within()
    }

    /// What is wrong with the pattern that is being typed for a search in the detail; it will be looked for
    /// as it stands.
    pub fn wrong_within(&self) -> Option<Wrong> {
        let prompt = self.prompt.as_ref()?;
        let searches = prompt.wants == Wants::Search && self.in_detail();
        Matcher::wrong(prompt.input.value()).filter(|_| searches)
    }

    /// Looks through the document anew, where it became another one.
    pub(in crate::app) fn look_within(&mut self) -> Vec<Effect> {
        let key = self.detail.key;
        let (Some(within), Some(doc)) = (self.detail.within.as_mut(), self.detail.doc.as_ref())
        else {
            return Vec::new();
        };
        (within.key, within.count, within.done, within.at) = (key, 0, false, None);
        within.hits.clear();
        within.opened = Opened::default();
        within.stop.now();
        within.stop = Stop::default();
        let stop = within.stop.clone();
        let finder = doc.finder(&within.matcher);
        within.progress = (0, finder.len());
        vec![Effect::Find(Box::new(Find { key, finder, stop }))]
    }

    /// Takes what was found.
    pub(in crate::app) fn found_within(&mut self, found: Found) -> Vec<Effect> {
        let Some(within) = self
            .detail
            .within
            .as_mut()
            .filter(|within| within.key == found.key && !within.done)
        else {
            return Vec::new();
        };
        self.dirty = true;
        within.count += found.hits.len();
        let room = MOST.saturating_sub(within.hits.len());
        within.hits.extend(found.hits.into_iter().take(room));
        (within.progress, within.done) = (found.progress, found.done);
        let typed = within.typed.clone();
        let literal = within.matcher.is_literal();
        if within.hits.is_empty() {
            if found.done {
                let how = if literal { ", taken as it stands" } else { "" };
                let doc = self.detail.doc.as_ref().zip(self.detail.matcher());
                let told = if doc.is_some_and(|(doc, find)| doc.is_in_source(find)) {
                    "is only in what markdown does not show: the raw view has it (d)"
                } else {
                    "is not in here"
                };
                self.complain(format!("\"{typed}\"{how} {told}"));
            }
            return Vec::new();
        }
        if !within.jumped {
            self.first_within(found.done);
        }
        self.read_on()
    }

    /// A long string was read: the hit in it that was to be gone to is there, if the cursor still waits.
    pub(in crate::app) fn go_on_within(&mut self) {
        let here = self.place_within();
        let Some(within) = self.detail.within.as_mut() else {
            return;
        };
        let Some(nth) = within.later.take().filter(|nth| within.at == Some(*nth)) else {
            return;
        };
        let hit = within.hits.get(nth).copied();
        if hit
            .zip(here)
            .is_some_and(|(hit, here)| hit.shares_row(here))
        {
            self.go_within(nth, "");
        }
    }

    /// The cursor goes to the first hit at or behind it once one is known, else to the first of all.
    fn first_within(&mut self, done: bool) {
        let here = self.place_within();
        let Some(within) = self.detail.within.as_mut() else {
            return;
        };
        let next = within.hits.partition_point(|hit| Some(*hit) < here);
        if next < within.hits.len() {
            within.jumped = true;
            self.go_within(next, "");
        } else if done {
            within.jumped = true;
            self.go_within(0, ", from the top again");
        }
    }

    /// `n` and `N` in the detail.
    pub(in crate::app) fn step_within(&mut self, forward: bool) -> Vec<Effect> {
        let here = self.place_within();
        let on = self.detail.within.as_ref().and_then(|within| {
            let hit = within.hits.get(within.at?).copied()?;
            here.filter(|here| here.shares_row(hit)).map(|_| hit)
        });
        let Some(within) = self.detail.within.as_mut() else {
            if let Some(typed) = self.detail.sought.clone() {
                return self.start_within(&typed);
            }
            return Vec::new();
        };
        within.jumped = true;
        let many = within.hits.len();
        if many == 0 {
            let (done, typed) = (within.done, within.typed.clone());
            self.say(if done {
                format!("\"{typed}\" is not in here")
            } else {
                format!("\"{typed}\" was not found yet")
            });
            return Vec::new();
        }
        let (next, around) = if forward {
            let here = on.or(here.map(Hit::behind));
            match within.hits.partition_point(|hit| Some(*hit) <= here) {
                next if next < many => (next, ""),
                _ => (0, ", from the top again"),
            }
        } else {
            let here = on.or(here);
            match within.hits.partition_point(|hit| Some(*hit) < here) {
                0 => (many - 1, ", from the end again"),
                next => (next - 1, ""),
            }
        };
        self.go_within(next, around);
        self.read_on()
    }

    /// Where the cursor is, among hits.
    fn place_within(&self) -> Option<Hit> {
        self.detail.doc.as_ref()?.hit_at(self.detail.cursor)
    }

    fn go_within(&mut self, nth: usize, around: &str) {
        let height = self.detail_height();
        let line = self.detail.line(height);
        let (Some(within), Some(doc)) = (self.detail.within.as_mut(), self.detail.doc.as_mut())
        else {
            return;
        };
        let Some(hit) = within.hits.get(nth).copied() else {
            return;
        };
        within.at = Some(nth);
        doc.fold_back(std::mem::take(&mut within.opened));
        let (row, opened) = doc.reveal(hit);
        // What is cut or unwrapped holds the match below its row.
        let Inside {
            row,
            nth: inside,
            later,
        } = doc.inside_of(row, &within.matcher, hit.nth());
        within.later = later.then_some(nth);
        within.opened = opened;
        let (count, more) = (within.count, if within.done { "" } else { "+" });
        let how = if within.matcher.is_literal() {
            ", as it stands: it is no regular expression"
        } else {
            ""
        };
        let seen = row >= self.detail.top.row && row < self.detail.top.row + height;
        if seen {
            self.detail.move_to(row, height);
        } else {
            self.detail.settle_on(row, line.max(height / 3), height);
        }
        self.detail.show_match(inside, height);
        self.say_where(format!("match {} of {count}{more}{around}{how}", nth + 1));
        self.dirty = true;
    }

    /// What hits were folded away in folds back, unless the cursor is in it.
    fn leave_hits(&mut self) {
        let (Some(within), Some(doc)) = (self.detail.within.as_mut(), self.detail.doc.as_mut())
        else {
            return;
        };
        let here = doc.hit_at(self.detail.cursor);
        doc.fold_back(std::mem::take(&mut within.opened));
        if let Some(here) = here {
            let (row, _) = doc.reveal(here);
            self.detail.cursor = row;
        }
    }

    /// Esc: a search that goes on stops, one that is done goes. Says whether there was one.
    pub(in crate::app) fn drop_within(&mut self) -> bool {
        let Some(within) = self.detail.within.as_ref() else {
            return false;
        };
        let (done, count) = (within.done, within.count);
        self.leave_hits();
        if done {
            self.detail.within = None;
            // What it said last goes with it.
            self.notice = self.notice.take().filter(|notice| notice.failed);
            return true;
        }
        if let Some(within) = self.detail.within.as_mut() {
            within.done = true;
            within.stop.now();
        }
        self.say(format!("stopped: {count} matches so far"));
        true
    }
}
