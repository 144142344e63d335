//! Which row shows what is kept: bookmarks as marks of the outline, which are counted and stepped through
//! like failures, and the note of a row when it is painted.

use super::{Item, Spot};
use crate::{
    analysis,
    app::{App, outline::Mark},
    model::{NodeId, Sort},
};

/// Letters of a row that are kept with it.
const TITLE: usize = 120;

impl App {
    /// What is kept of what a row shows.
    pub fn kept_at(&self, node: NodeId) -> Option<&Item> {
        if self.kept.is_empty() || !matches!(self.store.sort(node), Sort::Run | Sort::Event) {
            return None;
        }
        let run = self.run_of(node)?;
        let (_, info) = self.context_of(run)?;
        let mut items = self
            .kept
            .of_run(&info.provider, &self.store.run(run)?.id)
            .peekable();
        items.peek()?;
        if node == run {
            return items.find(|item| item.spot.event.is_none());
        }
        let shown: Vec<String> = match self.shown_operation(node) {
            Some(operation) => operation.events,
            None => vec![node],
        }
        .into_iter()
        .filter_map(|event| self.store.event(event))
        .map(|event| event.id)
        .collect();
        items.find(|item| {
            let event = item.spot.event.as_ref();
            event.is_some_and(|event| shown.contains(event))
        })
    }

    /// What there is to be kept where the cursor is, and what its row says; says why there is nothing.
    pub(super) fn here_to_keep(&mut self) -> Option<(Spot, String)> {
        if let Some(list) = &self.bookmarks {
            let item = list.rows.get(list.view.selected)?;
            return Some((item.spot.clone(), item.title.clone()));
        }
        let node = self.selected?;
        if let Some(item) = self.kept_at(node) {
            return Some((item.spot.clone(), item.title.clone()));
        }
        let here = self.spot_of(node).map(|spot| (spot, self.title_of(node)));
        if here.is_none() {
            self.say("bookmarks and notes are kept of runs and events: this row is neither");
        }
        if here.as_ref().is_some_and(|(spot, _)| self.is_secret(spot)) {
            self.say("its id is a secret and not written down: no bookmark and no note is kept");
            return None;
        }
        here
    }

    /// Whether one of the ids by which it would be found again is a secret.
    pub(in crate::app) fn is_secret(&self, spot: &Spot) -> bool {
        let mut masking = self.redactor.masking();
        let more = [spot.room.as_ref(), spot.event.as_ref()];
        let ids = [&spot.mission, &spot.run].into_iter();
        let mut ids = ids.chain(more.into_iter().flatten());
        ids.any(|id| masking.id(id) != *id)
    }

    /// Where a run or an event lies.
    pub(in crate::app) fn spot_of(&self, node: NodeId) -> Option<Spot> {
        let event = match self.store.sort(node) {
            Sort::Run => None,
            Sort::Event => Some(self.store.event(node)?.id),
            Sort::Context | Sort::Mission | Sort::Step | Sort::Note | Sort::Group => return None,
        };
        let run = self.run_of(node)?;
        let (_, info) = self.context_of(run)?;
        let ids = self.run_ref(run)?;
        Some(Spot {
            context: info.name.clone(),
            provider: info.provider.clone(),
            mission: ids.mission.as_ref().to_owned(),
            run: ids.run.as_ref().to_owned(),
            room: ids.room.as_deref().map(str::to_owned),
            event,
        })
    }

    /// What a row says, masked, since it is written down.
    fn title_of(&self, node: NodeId) -> String {
        let said = match self.store.run(node) {
            Some(run) if run.title.is_empty() => String::new(),
            Some(run) => run.title.clone(),
            None => {
                let event = self.store.event(node).unwrap_or_default();
                let answer = self.shown_operation(node).and_then(|shown| shown.answer);
                let answer = answer.and_then(|answer| self.store.event(answer));
                let verdict = self.role(node).map(|role| role.verdict);
                let head = analysis::title(&event, answer.as_ref(), verdict.unwrap_or_default());
                let title = match head.title.as_str() {
                    "" => event.kind.word(),
                    title => title,
                };
                match head.summary.as_str() {
                    summary if summary == title => title.to_owned(),
                    summary => format!("{title}  {summary}"),
                }
            }
        };
        let mut masking = self.redactor.masking();
        let masked = masking.text(&said).into_owned();
        masked.trim().chars().take(TITLE).collect()
    }

    /// Puts the marks of all bookmarks where they belong.
    pub(in crate::app) fn sign_all(&mut self) {
        let mut runs: Vec<NodeId> = self.keeping.signed.keys().copied().collect();
        runs.extend(self.digests.keys().copied());
        let known: Vec<Spot> = self
            .kept
            .items()
            .into_iter()
            .map(|item| item.spot.clone())
            .collect();
        runs.extend(known.iter().filter_map(|spot| self.find_run(spot)));
        for run in runs {
            self.sign_run(run);
        }
        self.renew_bookmarks();
        if let Some(node) = self.detail.node {
            self.detail.touched(node);
        }
    }

    /// Puts the marks of a run's bookmarks where they belong.
    pub(in crate::app) fn sign_run(&mut self, run: NodeId) {
        if self.kept.is_empty() && self.keeping.signed.is_empty() {
            return;
        }
        let rows = self.bookmarked(run).unwrap_or_default();
        let before = self.keeping.signed.remove(&run).unwrap_or_default();
        for row in before.iter().filter(|row| !rows.contains(row)) {
            self.outline.set_mark(*row, Mark::Bookmark, false);
        }
        for row in &rows {
            self.outline.set_mark(*row, Mark::Bookmark, true);
        }
        if !rows.is_empty() {
            self.keeping.signed.insert(run, rows);
        }
    }

    /// The rows of a run with bookmarks, as far as they are loaded.
    fn bookmarked(&self, run: NodeId) -> Option<Vec<NodeId>> {
        let (_, info) = self.context_of(run)?;
        let id = &self.store.run(run)?.id;
        let items = self.kept.of_run(&info.provider, id);
        let rows = items
            .filter(|item| item.bookmark)
            .filter_map(|item| match &item.spot.event {
                None => Some(run),
                Some(event) => self
                    .store
                    .find(run, Sort::Event, event)
                    .map(|event| self.row_for(event)),
            });
        Some(rows.collect())
    }
}
