//! What a bundle says of how its maker looked at a run: where the cursor stood, what was folded, bookmarks
//! and notes. It is shown again as it was, and told to whoever writes a bundle. Nothing of it is written
//! down here: what is kept on this machine is only what was kept on it.

use jiff::tz::TimeZone;

use super::{Deed, Entry, Keeping, Kept, Spot};
use crate::{
    app::{App, Effect, load::State, time::when},
    model::{Look, NodeId, Offline, Remark, Sort, Time},
};

/// What is said of an offline copy: that it is one, and where it comes from.
pub fn words(told: &Offline, now: Time) -> (String, String) {
    let masked = told.masked.filter(|masked| *masked > 0);
    let masked = masked.map(|masked| format!(" · masked {masked}"));
    let host = told.base_url.as_deref().map(|url| {
        let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    });
    let host = host.map(|host| format!("{host}/")).unwrap_or_default();
    let made = told.made_at.map(|at| {
        let full = when::full(at, &TimeZone::UTC);
        let is_today = now.since(at).is_some_and(|ago| ago.as_secs() < 86_400);
        // The date, where the time alone would be taken for one of today.
        let (from, until) = if is_today { (11, 16) } else { (0, 16) };
        format!(" {}Z", full.get(from..until).unwrap_or_default())
    });
    (
        format!("offline copy{}", masked.unwrap_or_default()),
        format!("from {host}{}{}", told.context, made.unwrap_or_default()),
    )
}

impl Keeping {
    /// What is kept here, and beside it what bundles say.
    pub(super) fn with_carried(&self, mut kept: Kept) -> Kept {
        for entry in &self.carried {
            let own = kept.of(&entry.spot);
            let is_own = own.is_some_and(|item| match &entry.deed {
                Deed::Bookmark(_) => item.bookmark,
                Deed::Note(_) => !item.note.is_empty(),
            });
            if !is_own {
                kept.take(entry.clone());
            }
        }
        kept
    }

    /// Something was done here: what a bundle said of it counts no more.
    pub(super) fn forget_carried(&mut self, done: &Entry) {
        self.carried.retain(|entry| {
            let is_same = matches!(
                (&entry.deed, &done.deed),
                (Deed::Bookmark(_), Deed::Bookmark(_)) | (Deed::Note(_), Deed::Note(_))
            );
            !is_same || !entry.spot.is(&done.spot)
        });
    }
}

impl App {
    /// Where what a row shows was carried from; none for what a service or a plain file tells.
    pub fn offline(&self, node: NodeId) -> Option<&Offline> {
        self.context_of(node)?.1.offline.as_ref()
    }

    /// Shows what was carried here as its maker saw it: of several bundles the first one's run is opened.
    pub fn look_as_told(&mut self) -> Vec<Effect> {
        let told: Vec<Offline> = self
            .contexts
            .iter()
            .filter_map(|(_, info)| info.offline.clone())
            .collect();
        for offline in &told {
            let remarks = offline.look.remarks.iter();
            let entries = remarks.map(|remark| entry(offline, remark));
            self.keeping.carried.extend(entries);
        }
        self.kept = self.keeping.with_carried(std::mem::take(&mut self.kept));
        let first = told.iter().find_map(|offline| {
            let look = &offline.look;
            let spot = Spot {
                context: offline.context.clone(),
                provider: offline.provider.clone(),
                mission: look.mission.clone()?,
                run: look.run.clone()?,
                room: None,
                event: look.cursor.clone(),
            };
            Some((spot, look.clone()))
        });
        let Some((spot, look)) = first else {
            return Vec::new();
        };
        let effects = self.go_to_spot(&spot);
        self.keeping.look = self.find_run(&spot).map(|run| (run, look));
        effects
    }

    /// Folds what the maker of a bundle had folded, once it is there.
    pub(in crate::app) fn look_alike(&mut self) -> Vec<Effect> {
        let run = self.keeping.look.as_ref().map(|(run, _)| *run);
        let load = run.and_then(|run| self.loads.get(&run));
        if load.is_none_or(|load| load.state != State::Ready) {
            return Vec::new();
        }
        let Some((run, look)) = self.keeping.look.take() else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        for id in &look.folded {
            if let Some(step) = self.store.find(run, Sort::Step, id) {
                effects.extend(self.set_open(step, false));
            }
        }
        for id in &look.unfolded {
            if let Some(event) = self.store.find(run, Sort::Event, id)
                && !self.fold_repeats(event, true)
            {
                effects.extend(self.set_open(event, true));
            }
        }
        effects
    }

    /// How a run is looked at now, for whoever carries it away.
    pub fn look_of(&self, run: NodeId) -> Look {
        let Some(of) = self.run_ref(run) else {
            return Look::default();
        };
        let is_in = |node: &NodeId| self.run_of(*node) == Some(run);
        let cursor = self.selected.filter(is_in);
        let cursor = cursor.and_then(|node| self.store.event(node));
        let steps = self.store.all(Sort::Step).filter(is_in);
        let folded = steps
            .filter(|step| self.outline.contains(*step) && !self.outline.is_open(*step))
            .filter(|step| self.outline.all_child_count(*step) > 0);
        let events = self.store.events_of(run);
        let unfolded = events.filter(|event| {
            self.unfolded.contains(event)
                || self.outline.contains(*event) && self.outline.is_open(*event)
        });
        Look {
            mission: Some(of.mission.to_string()),
            run: Some(of.run.to_string()),
            cursor: cursor.map(|event| event.id),
            folded: folded
                .filter_map(|step| Some(self.store.step(step)?.id.clone()))
                .collect(),
            unfolded: unfolded
                .filter_map(|event| Some(self.store.event(event)?.id))
                .collect(),
            remarks: self.remarks_of(run),
        }
    }

    /// Bookmarks and notes of a run, the oldest first.
    fn remarks_of(&self, run: NodeId) -> Vec<Remark> {
        let known = self.context_of(run).zip(self.store.run(run));
        let Some(((_, info), of)) = known else {
            return Vec::new();
        };
        let mut items: Vec<_> = self.kept.of_run(&info.provider, &of.id).collect();
        items.sort_by_key(|item| item.at);
        let remark = |item: &super::Item, note: Option<String>| Remark {
            mission: item.spot.mission.clone(),
            run: item.spot.run.clone(),
            event: item.spot.event.clone(),
            title: item.title.clone(),
            at: Some(item.at),
            note,
        };
        let each = items.into_iter().flat_map(|item| {
            let bookmark = item.bookmark.then(|| remark(item, None));
            let noted = Some(item.note.clone()).filter(|note| !note.is_empty());
            let note = noted.map(|note| remark(item, Some(note)));
            bookmark.into_iter().chain(note)
        });
        each.collect()
    }
}

fn entry(offline: &Offline, remark: &Remark) -> Entry {
    Entry {
        spot: Spot {
            context: offline.context.clone(),
            provider: offline.provider.clone(),
            mission: remark.mission.clone(),
            run: remark.run.clone(),
            room: None,
            event: remark.event.clone(),
        },
        title: remark.title.clone(),
        at: remark.at.unwrap_or(Time(0)),
        deed: match &remark.note {
            Some(note) => Deed::Note(note.clone()),
            None => Deed::Bookmark(true),
        },
    }
}
