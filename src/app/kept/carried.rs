//! What a bundle says of how its maker looked at a run: where the cursor stood, what was folded, bookmarks
//! and notes. It is shown again as it was, and told to whoever writes a bundle. Nothing of it is written
//! down here: what is kept on this machine is only what was kept on it.

use jiff::tz::TimeZone;

use super::{Deed, Entry, Keeping, Kept, Spot};
use crate::{
    app::{App, Effect, load::State, outline::Lens, time::when},
    model::{Look, NodeId, Offline, Remark, Sort, Time},
};

/// What is said of an offline copy: that it is one, where it comes from, and when it was made.
pub fn words(told: &Offline, now: Time) -> [String; 3] {
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
        format!(" · {}Z", full.get(from..until).unwrap_or_default())
    });
    [
        format!("offline copy{}", masked.unwrap_or_default()),
        format!(" · from {host}{}", told.context),
        made.unwrap_or_default(),
    ]
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

    /// Shows what was carried here as its makers saw it: the first bundle's run is opened, those of others
    /// are shown so when they are.
    pub fn look_as_told(&mut self) -> Vec<Effect> {
        let all: Vec<NodeId> = self.contexts.iter().map(|(context, _)| *context).collect();
        self.look_as_told_in(&all)
    }

    /// The same of these contexts.
    pub(in crate::app) fn look_as_told_in(&mut self, contexts: &[NodeId]) -> Vec<Effect> {
        let told: Vec<Offline> = self
            .contexts
            .iter()
            .filter(|(context, _)| contexts.contains(context))
            .filter_map(|(_, info)| {
                let offline = info.offline.clone()?;
                Some(Offline {
                    // What is called otherwise here is meant by that name.
                    context: info.name.clone(),
                    ..offline
                })
            })
            .collect();
        let mut first = None;
        for offline in &told {
            for look in &offline.looks {
                let entries = look.remarks.iter().map(|remark| entry(offline, remark));
                self.keeping.carried.extend(entries);
                let Some((spot, look)) = spot(offline, look) else {
                    continue;
                };
                first.get_or_insert_with(|| spot.clone());
                self.keeping.looks.push((spot, look));
            }
        }
        self.keeping.came();
        self.kept = self.keeping.with_carried(std::mem::take(&mut self.kept));
        self.sign_all();
        let Some(spot) = first else {
            return Vec::new();
        };
        // What opens by itself would take the cursor elsewhere.
        self.single.unfolds = false;
        self.open_carried(&spot)
    }

    /// The run of a bundle, which is in no other context although another one may have it too.
    fn carried_run(&self, spot: &Spot) -> Option<NodeId> {
        let mut contexts = self.contexts.iter();
        let (context, _) = contexts.find(|(_, info)| info.name == spot.context)?;
        let mission = self.store.find(*context, Sort::Mission, &spot.mission)?;
        self.store.find(mission, Sort::Run, &spot.run)
    }

    fn open_carried(&mut self, spot: &Spot) -> Vec<Effect> {
        let known = self.carried_run(spot);
        let Some(run) = known.or_else(|| self.make_run(spot)) else {
            return Vec::new();
        };
        let mut effects = Vec::new();
        if self.screen() != Some(run) {
            effects.extend(self.open_run(run));
        }
        if let Some(event) = spot.event.clone() {
            effects.extend(self.seek_event(run, event));
        }
        effects
    }

    /// Shows runs as the makers of bundles saw them, once they are there.
    pub(in crate::app) fn look_alike(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if !std::mem::take(&mut self.keeping.looks_due) {
            return effects;
        }
        for (spot, look) in std::mem::take(&mut self.keeping.looks) {
            let run = self.carried_run(&spot);
            let load = run.and_then(|run| self.loads.get(&run));
            let is_ready = load.is_some_and(|load| load.state == State::Ready);
            match run.filter(|_| is_ready) {
                Some(run) => effects.extend(self.show_look(run, &look)),
                None => self.keeping.looks.push((spot, look)),
            }
        }
        effects
    }

    fn show_look(&mut self, run: NodeId, look: &Look) -> Vec<Effect> {
        let mut effects = self.fold_alike(run, look);
        // Whoever pressed a key since is not to be taken elsewhere.
        if self.screen() != Some(run) || self.opened != Some(run) {
            return effects;
        }
        let query = look.filter.as_deref().map(|text| self.read_query(text));
        match query {
            Some(Ok(query)) => effects.extend(self.set_filter(query)),
            Some(Err(fault)) => self.complain(format!(
                "the filter of this bundle cannot be read here: {fault}"
            )),
            None => {}
        }
        if look.only_failures {
            self.outline.set_lens(self.lens_for(true));
            self.place_all_gaps();
        }
        if let Some(row) = self.row_under(run, look) {
            self.seek = None;
            self.keeping.sought = None;
            self.show_hidden(row);
            effects.extend(self.jump(row));
        }
        effects
    }

    /// Folds and unfolds the rows of a run as a look tells.
    pub(in crate::app) fn fold_alike(&mut self, run: NodeId, look: &Look) -> Vec<Effect> {
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

    /// The row that was under the cursor.
    pub(in crate::app) fn row_under(&self, run: NodeId, look: &Look) -> Option<NodeId> {
        let event = look.cursor.as_deref();
        let event = event.and_then(|id| self.store.find(run, Sort::Event, id));
        let step = look.step.as_deref();
        let step = || step.and_then(|id| self.store.find(run, Sort::Step, id));
        let child = || {
            let id = look.child.as_deref()?;
            let mut runs = self.store.all(Sort::Run);
            runs.find(|node| {
                let is_it = |child: &crate::model::Run| child.id == id;
                self.store.run(*node).is_some_and(is_it) && self.outline.contains(*node)
            })
        };
        let silence = event.filter(|_| look.on_silence).and_then(|event| {
            let mut gaps = self.gap_ends.iter();
            gaps.find(|(_, end)| **end == event).map(|(gap, _)| *gap)
        });
        silence.or(event).or_else(step).or_else(child)
    }

    /// How a run is looked at now, for whoever carries it away.
    pub fn look_of(&self, run: NodeId) -> Look {
        let Some(of) = self.run_ref(run) else {
            return Look::default();
        };
        let told = self.offline(run).map(|told| told.looks.as_slice());
        let mut told = told.unwrap_or_default().iter();
        let told = told.find(|look| {
            look.mission.as_deref() == Some(&*of.mission) && look.run.as_deref() == Some(&*of.run)
        });
        let is_in = |node: &NodeId| self.run_of(*node) == Some(run);
        // The screen is that of a run or of a list; of one that is only listed nothing is seen.
        let is_shown = self.screen() == Some(run);
        let under = self.selected.filter(|_| is_shown);
        let steps = self.store.all(Sort::Step).filter(is_in);
        let folded = steps
            .filter(|step| self.outline.contains(*step) && !self.outline.is_open(*step))
            .filter(|step| self.outline.all_child_count(*step) > 0);
        let events = self.store.events_of(run);
        let unfolded = events.filter(|event| {
            self.unfolded.contains(event)
                || self.outline.contains(*event) && self.outline.is_open(*event)
        });
        let filter = self.filter.as_ref().filter(|_| self.is_filtering());
        let lens = self.outline.lens();
        Look {
            mission: Some(of.mission.to_string()),
            run: Some(of.run.to_string()),
            filter: filter
                .filter(|_| is_shown)
                .map(|filter| filter.query.to_string()),
            only_failures: is_shown && matches!(lens, Lens::Failures | Lens::MatchingFailures),
            folded: folded
                .filter_map(|step| Some(self.store.step(step)?.id.clone()))
                .collect(),
            unfolded: unfolded
                .filter_map(|event| Some(self.store.event(event)?.id))
                .collect(),
            remarks: self.remarks_of(run),
            left: told.and_then(|look| look.left.clone()),
            left_of_view: told.and_then(|look| look.left_of_view.clone()),
            ..self.look_under(under.filter(|node| *node != run))
        }
    }

    /// The row under the cursor of a run, by what names it.
    pub(in crate::app) fn look_under(&self, under: Option<NodeId>) -> Look {
        // Silence stands before what ends it.
        let after = under.and_then(|node| self.gap_ends.get(&node).copied());
        let under = after.or(under);
        let event = under.and_then(|node| self.store.event(node));
        let step = under.and_then(|node| self.store.step(node));
        let child = under.and_then(|node| self.store.run(node));
        Look {
            cursor: event.map(|event| event.id),
            on_silence: after.is_some(),
            step: step.map(|step| step.id.clone()),
            child: child.map(|run| run.id.clone()),
            ..Look::default()
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

/// Where the run of a look lies, and the look.
fn spot(offline: &Offline, look: &Look) -> Option<(Spot, Look)> {
    let spot = Spot {
        context: offline.context.clone(),
        provider: offline.provider.clone(),
        mission: look.mission.clone()?,
        run: look.run.clone()?,
        room: None,
        event: look.cursor.clone(),
    };
    Some((spot, look.clone()))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_says_how_much_is_masked_where_it_is_from_and_when_it_was_made() {
        let told = Offline {
            context: "prod".to_owned(),
            base_url: Some("https://api.example/v2".to_owned()),
            made_at: Some(Time(1_795_166_597_000_000_000)),
            masked: Some(3),
            ..Offline::default()
        };
        let later = |seconds: i64| Time(1_795_166_597_000_000_000 + seconds * 1_000_000_000);
        let said = |seconds| words(&told, later(seconds)).concat();
        assert_eq!(
            said(60),
            "offline copy · masked 3 · from api.example/prod · 09:23Z"
        );
        // The time alone would be taken for one of today.
        assert_eq!(
            said(90_000),
            "offline copy · masked 3 · from api.example/prod · 2026-11-20 09:23Z"
        );
    }
}
