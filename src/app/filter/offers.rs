//! What the prompts of the filter and of columns may offer of what is loaded: names, and keys of payloads.
//! Gathered when Tab is pressed, from a sample of bounded size: what is loaded meanwhile is in the next one.

use crate::{
    app::{
        App,
        query::{Field, Offers},
    },
    guard::redact::Masking,
    model::{Event, NodeId, Sort},
};

/// Bytes of payloads that are looked through.
const BYTES: usize = 512 << 10;
/// Events of a run that are looked at: so many from its beginning, and as many from its end.
const EACH: usize = 400;
/// Runs and missions that are looked at.
const MOST: usize = 50;
/// Events of all of them together.
const EVENTS: usize = 2000;

/// A sample of what is loaded.
struct Sample<'a> {
    offers: Offers,
    masking: &'a mut Masking,
    /// Events that may still be looked at.
    left: usize,
}

impl Sample<'_> {
    /// A name is offered unless something in it has to be hidden.
    fn name(&mut self, field: Field, name: &str) {
        if self.masking.text(name) == name {
            self.offers.name(field, name);
        }
    }

    fn event(&mut self, event: &Event) {
        for (field, name) in [(Field::Tool, &event.tool), (Field::Agent, &event.agent)] {
            if let Some(name) = name {
                self.name(field, name);
            }
        }
        self.offers.keys.look(match event.body {
            Some(body) => event.raw.part(body),
            None => event.raw.bytes(),
        });
    }
}

impl App {
    /// What may be offered: of the run on the screen, else of the selected one, else of all.
    pub(in crate::app) fn offers(&self) -> Offers {
        let mut sample = Sample {
            offers: Offers::within(BYTES),
            masking: &mut self.redactor.masking(),
            left: EVENTS,
        };
        for (_, info) in &self.contexts {
            sample.name(Field::Ctx, &info.name);
        }
        for mission in self.store.all(Sort::Mission).take(MOST) {
            let mission = self.store.mission(mission);
            sample.name(Field::Mission, mission.map_or("", |mission| &mission.name));
        }
        let selected = self.selected.and_then(|node| self.run_of(node));
        let own = self.screen().or(selected);
        let own = own.filter(|run| self.store.counts(*run).0 > 0);
        let runs = match own {
            Some(run) => vec![run],
            None => self.store.all(Sort::Run).take(MOST).collect(),
        };
        // What the cursor is on comes first: somebody looks at it.
        let here = self.selected.and_then(|node| self.store.event(node));
        if let Some(event) = here {
            sample.event(&event);
        }
        for run in runs {
            self.sample_run(run, &mut sample);
        }
        sample.offers
    }

    fn sample_run(&self, run: NodeId, sample: &mut Sample<'_>) {
        let steps = self.plans.get(&run).map(Vec::as_slice).unwrap_or_default();
        for step in steps.iter().take(MOST) {
            let step = self.store.step(*step);
            sample.name(Field::Step, step.map_or("", |step| &step.title));
        }
        let all = self.store.counts(run).0;
        let first = self.store.events_of(run).take(EACH);
        let last = self.store.events_of(run).rev();
        for node in first.chain(last.take(EACH.min(all.saturating_sub(EACH)))) {
            if sample.left == 0 {
                return;
            }
            sample.left -= 1;
            if let Some(event) = self.store.event(node) {
                sample.event(&event);
            }
        }
    }
}
