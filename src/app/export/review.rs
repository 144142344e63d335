//! What would be masked of runs on their way out, looked at before anything is written: the places, one a
//! row, which of them somebody wants to be seen, and what else they want to be masked. It is found out
//! beside the loop by writing to nowhere, anew with every change, so that what is written is what was shown.

use super::{Menu, Way};
use crate::{
    app::{
        App, Effect,
        action::Action,
        list::{By, Viewport},
        prompt::{Prompt, Wants},
        time::when,
    },
    guard::{ASKED, Fate, Place, Redactor},
    model::Gen,
};

/// Letters of a value that is to be masked, at least: less stands in ordinary words.
const SHORTEST: usize = 3;

/// What was found out.
#[derive(Debug, Default)]
pub struct Reviewed {
    /// Where something is masked, or would be, in the order of the output.
    pub places: Vec<Place>,
    /// How many places were masked before they were read.
    pub before: usize,
}

/// The list, while it is shown.
#[derive(Debug)]
pub struct Review {
    /// In which form it would be written.
    pub way: Way,
    /// What was found out; none as long as it was not.
    pub found: Option<Box<Reviewed>>,
    /// The row with the cursor, and those shown.
    pub view: Viewport,
    /// How many records were gone through for what is being found out; none where nothing is.
    pub looking: Option<usize>,
    /// What masks it, with all that somebody wants.
    pub redactor: Redactor,
    /// How many places are not masked.
    seen: usize,
    /// Before more was to be masked: how many places were masked for being asked for.
    asked: Option<usize>,
    /// Whether it is written as soon as everything is known.
    writes: bool,
}

impl Review {
    fn new(way: Way, redactor: Redactor) -> Self {
        Self {
            way,
            found: None,
            view: Viewport::default(),
            looking: Some(0),
            redactor,
            seen: 0,
            asked: None,
            writes: false,
        }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.found.as_ref().map_or(0, |found| found.places.len())
    }

    /// What happens to a place, as it is wanted now.
    pub fn fate(&self, place: &Place) -> Fate {
        match place.fate {
            Fate::Kept => Fate::Kept,
            Fate::Masked | Fate::Shown if self.redactor.shows(place.secret) => Fate::Shown,
            Fate::Masked | Fate::Shown => Fate::Masked,
        }
    }

    /// How many places are masked and how many are not.
    pub fn counts(&self) -> (usize, usize) {
        (self.rows().saturating_sub(self.seen), self.seen)
    }

    fn count(&mut self) {
        let places = self.found.as_ref().map(|found| found.places.iter());
        let seen = places.into_iter().flatten();
        let seen = seen.filter(|place| self.fate(place) == Fate::Shown);
        self.seen = seen.count();
    }

    fn take(&mut self, found: Reviewed) {
        let before = self.found.take();
        let row = before.and_then(|mut before| {
            let at = self.view.selected;
            (at < before.places.len()).then(|| before.places.swap_remove(at))
        });
        let is_same = |place: &Place| {
            row.as_ref().is_some_and(|row| {
                (place.secret, place.number) == (row.secret, row.number)
                    && (&place.path, &place.id) == (&row.path, &row.id)
            })
        };
        let at = self.view.selected;
        let stays = found.places.get(at).is_some_and(is_same);
        if let Some(at) = found.places.iter().position(is_same).filter(|_| !stays) {
            self.view.keep_line(at);
        }
        self.looking = None;
        self.found = Some(Box::new(found));
        self.count();
    }

    fn asked_for(&self) -> usize {
        let places = self.found.as_ref().map(|found| found.places.iter());
        let asked = places.into_iter().flatten();
        asked.filter(|place| place.kind() == ASKED).count()
    }
}

impl App {
    /// The list, where it has the keys.
    pub fn review(&self) -> Option<&Review> {
        self.export.as_ref()?.review.as_ref()
    }

    /// Finds out what would be masked on a way out.
    pub(super) fn begin_review(&mut self, way: Way) -> Vec<Effect> {
        let (number, redactor) = (self.next_generation(), self.redactor.clone());
        let Some(menu) = self.export.as_mut() else {
            return Vec::new();
        };
        let stop = Effect::StopExport(menu.number);
        menu.number = number;
        menu.review = Some(Review::new(way, redactor));
        let order = self.order(Some(way));
        let look = order.map(|order| Effect::Review(Box::new(order)));
        std::iter::once(stop).chain(look).collect()
    }

    /// What a key does while the list is shown; none where it does what it does everywhere.
    pub(super) fn act_in_review(&mut self, action: Action) -> Option<Vec<Effect>> {
        let writes = self.export.as_ref()?.writing.is_some();
        self.review()?;
        match action {
            Action::Escape | Action::Back | Action::Up | Action::Export if writes => {
                Some(self.leave_export())
            }
            Action::Escape | Action::Back | Action::Up | Action::Export => {
                Some(self.leave_review())
            }
            action if super::matters(action) => None,
            Action::Open | Action::MaskToggle | Action::MaskMore if writes => {
                self.say(format!(
                    "it is being written: {} stops it",
                    self.key_of(Action::Escape)
                ));
                Some(Vec::new())
            }
            Action::Open => Some(self.write_reviewed()),
            Action::MaskToggle => Some(self.toggle_mask()),
            Action::MaskMore => {
                if self.review().is_some_and(|review| review.found.is_some()) {
                    self.prompt = Some(Prompt {
                        wants: Wants::Mask,
                        ..Prompt::default()
                    });
                }
                Some(Vec::new())
            }
            // The rows below do not have the keys.
            _ => Some(Vec::new()),
        }
    }

    pub(super) fn move_in_review(&mut self, by: By) {
        let height = self.page();
        if let Some(review) = self.export.as_mut().and_then(|menu| menu.review.as_mut()) {
            let rows = review.rows();
            review.view.go(by, rows, height);
        }
    }

    /// Back to the menu; nothing is written.
    fn leave_review(&mut self) -> Vec<Effect> {
        let number = self.next_generation();
        let Some(menu) = self.export.as_mut() else {
            return Vec::new();
        };
        let stop = Effect::StopExport(menu.number);
        (menu.review, menu.number) = (None, number);
        let is_known = |(way, weight): (&Way, &Option<_>)| weight.is_some() || *way == Way::Locator;
        let all = Way::ALL.iter().zip(&menu.weights).all(is_known);
        let weighs = !all && menu.unread == 0;
        let order = weighs.then(|| self.order(None)).flatten();
        let weigh = order.map(|order| Effect::Weigh(Box::new(order)));
        std::iter::once(stop).chain(weigh).collect()
    }

    /// Lets what is under the cursor be seen, or masks it again.
    fn toggle_mask(&mut self) -> Vec<Effect> {
        let Some(review) = self.review() else {
            return Vec::new();
        };
        let places = review.found.as_ref().map(|found| &found.places);
        let Some(place) = places.and_then(|places| places.get(review.view.selected)) else {
            return Vec::new();
        };
        if place.fate == Fate::Kept {
            self.say("a credential in use is in it: that is masked whatever somebody wants");
            return Vec::new();
        }
        let redactor = review.redactor.toggled(place.secret);
        self.look_again(redactor)
    }

    /// Masks a value that was typed wherever it occurs.
    pub(in crate::app) fn mask_more(&mut self, typed: &str) -> Vec<Effect> {
        let text = typed.trim();
        let Some(review) = self.review().filter(|_| !text.is_empty()) else {
            return Vec::new();
        };
        if text.chars().count() < SHORTEST {
            self.complain(format!(
                "{SHORTEST} letters or more: less stands in ordinary words"
            ));
            return Vec::new();
        }
        let asked = review.asked_for();
        match review.redactor.asked(text) {
            Ok(redactor) => {
                let effects = self.look_again(redactor);
                if let Some(review) = self.reviewing() {
                    review.asked = Some(asked);
                }
                effects
            }
            Err(why) => {
                self.complain(format!("it cannot be masked: it {why}"));
                Vec::new()
            }
        }
    }

    /// Finds out anew what would be masked, with other wishes.
    fn look_again(&mut self, redactor: Redactor) -> Vec<Effect> {
        let number = self.next_generation();
        let Some(menu) = self.export.as_mut() else {
            return Vec::new();
        };
        menu.number = number;
        if let Some(review) = menu.review.as_mut() {
            review.redactor = redactor.clone();
            review.looking = Some(0);
            review.writes = false;
            review.count();
        }
        vec![Effect::ReviewAgain(number, redactor)]
    }

    /// Writes what was looked at, as it was looked at.
    fn write_reviewed(&mut self) -> Vec<Effect> {
        let Some(review) = self.review() else {
            return Vec::new();
        };
        if review.looking.is_some() {
            // Whoever has seen the list, and changed something, need not wait at the keys.
            let has_seen = review.found.is_some();
            if let Some(review) = self.reviewing().filter(|_| has_seen) {
                review.writes = true;
            }
            self.say(if has_seen {
                "it is written as soon as it is known what is masked"
            } else {
                "one moment: it is not known yet what is masked"
            });
            return Vec::new();
        }
        let (way, redactor) = (review.way, review.redactor.clone());
        let number = self.next_generation();
        if let Some(menu) = self.export.as_mut() {
            (menu.number, menu.writing) = (number, Some((way, 0)));
        }
        vec![Effect::Export(number, redactor)]
    }

    /// What would be masked was found out, or could not be.
    pub(in crate::app) fn reviewed(
        &mut self,
        number: Gen,
        told: Result<Box<Reviewed>, String>,
    ) -> Vec<Effect> {
        let height = self.page();
        let menu = self.export.as_mut();
        let Some(menu) = menu.filter(|menu| menu.number == number) else {
            return Vec::new();
        };
        self.dirty = true;
        let Some(review) = menu.review.as_mut() else {
            return Vec::new();
        };
        let found = match told {
            Ok(found) => *found,
            Err(why) => {
                menu.review = None;
                self.complain(why);
                return Vec::new();
            }
        };
        review.take(found);
        review.view.settle(review.rows(), height);
        let writes = std::mem::take(&mut review.writes);
        if let Some(before) = review.asked.take() {
            let more = review.asked_for().saturating_sub(before);
            self.say(match more {
                0 => "that occurs nowhere in it".to_owned(),
                more => format!("it is masked in {}", when::many(more, "place")),
            });
            return Vec::new();
        }
        if writes {
            return self.write_reviewed();
        }
        // There is nothing to be looked at; a bundle is for somebody else, who gets all of the run.
        let is_plain = review.rows() == 0 && review.way != Way::Bundle;
        if is_plain && !review.redactor.shows_any() {
            return self.write_reviewed();
        }
        Vec::new()
    }

    fn reviewing(&mut self) -> Option<&mut Review> {
        self.export.as_mut()?.review.as_mut()
    }
}

impl Menu {
    /// How far somebody is with it: the records gone through.
    pub(super) fn got_to(&mut self, records: usize) {
        if let Some((_, read)) = self.writing.as_mut() {
            *read = records;
        } else if let Some(review) = self.review.as_mut()
            && let Some(looking) = review.looking.as_mut()
        {
            *looking = records;
        }
    }
}
