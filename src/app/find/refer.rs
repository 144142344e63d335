//! `O`: what was pasted is gone to, be it an id, the beginning of one, a locator, an address of a console
//! or an API, or a line of a log. What is loaded is found at once; where else it may be is looked for
//! outside, and as soon as a key is pressed nobody waits for that any more.

use crate::app::{
    App, ContextInfo, Effect, Prompt, kept::Spot, palette::Entry, prompt::Wants, time::when,
};
use crate::model::{
    Address, Ask, ContextId, Fit, Gen, Got, Limit, NodeId, Record, RunRef, Sort, Ticket, Urgency,
};

/// An order to look for runs in the lists of all contexts.
#[derive(Debug)]
pub struct Locate {
    /// Its number; the answer of an older one is dropped.
    pub number: u32,
    /// What may be meant, the likeliest first; nothing where nobody waits for the order before.
    pub addresses: Vec<Address>,
}

/// What was found.
#[derive(Debug)]
pub struct Located {
    /// The order's.
    pub number: u32,
    /// Runs that fit, each with the context it is in, or why there is none.
    pub runs: Result<Vec<Spot>, String>,
}

/// What is being looked for outside.
#[derive(Clone, Debug)]
pub(in crate::app) struct Looked {
    number: u32,
    typed: String,
    event: Option<String>,
    /// The run of that name is asked for first.
    probe: Option<Probe>,
}

/// A run whose ids are given whole. Before its service has it, it gets no row.
#[derive(Clone, Debug)]
struct Probe {
    spot: Spot,
    is_there: bool,
    /// What is looked for in the lists where it is not there.
    addresses: Vec<Address>,
}

impl App {
    /// Asks what to open.
    pub(in crate::app) fn ask_reference(&mut self) {
        self.prompt = Some(Prompt {
            wants: Wants::Reference,
            ..Prompt::default()
        });
    }

    /// Opens what a text names. What it may name is read outside, where the services are known.
    pub fn refer(&mut self, typed: &str) -> Vec<Effect> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Vec::new();
        }
        vec![Effect::Refer(typed.to_owned())]
    }

    /// Goes to the first of these that there is.
    pub(in crate::app) fn referred(&mut self, typed: &str, addresses: Vec<Address>) -> Vec<Effect> {
        self.dirty = true;
        (self.help, self.requests) = (None, None);
        self.close_lists();
        if addresses.is_empty() {
            self.complain(format!(
                "\"{typed}\" names no run: nothing in it looks like an id"
            ));
            return Vec::new();
        }
        for address in &addresses {
            if let Some(spot) = self.spot(address) {
                if self.has_run(&spot) {
                    return self.go_to_spot(&spot);
                }
                if let Some(effect) = self.ask_for_run(typed, spot, &addresses) {
                    return vec![effect];
                }
            }
            let event = self.loaded_event(address);
            if let Some(event) = event {
                return self.go_to(event);
            }
        }
        let event = addresses.iter().find_map(|address| address.event.clone());
        let runs = self.loaded_runs(&addresses);
        match runs.as_slice() {
            [] => self.look_for(typed, event, addresses),
            [run] => self.go_to_run(*run, event),
            several => {
                let count = several.len();
                self.say(format!("\"{typed}\" fits {count} runs that are loaded"));
                self.open_choice(runs)
            }
        }
    }

    /// Where ids that are given whole lie: in the context that is named, else in the one that has the
    /// mission.
    fn spot(&self, address: &Address) -> Option<Spot> {
        let (mission, run) = address.ids()?;
        let mut contexts = self.contexts.iter();
        let (_, info) = contexts.find(|(node, info)| match &address.context {
            Some(name) => info.name == *name,
            None => self.store.find(*node, Sort::Mission, mission).is_some(),
        })?;
        Some(Spot {
            context: info.name.clone(),
            provider: info.provider.clone(),
            mission: mission.to_owned(),
            run: run.to_owned(),
            room: None,
            event: address.event.clone(),
        })
    }

    /// An event of that id in a run that was read.
    fn loaded_event(&self, address: &Address) -> Option<NodeId> {
        self.digests
            .keys()
            .find_map(|run| self.store.find(*run, Sort::Event, address.word()))
    }

    /// The loaded run that fits wholly, or all whose beginning fits.
    fn loaded_runs(&self, addresses: &[Address]) -> Vec<NodeId> {
        let mut beginnings = Vec::new();
        for node in self.store.all(Sort::Run) {
            let Some(run) = self.store.run(node) else {
                continue;
            };
            let Some(mission) = self.store.mission(self.store.owner(node)) else {
                continue;
            };
            let fits = addresses.iter().map(|address| address.fit(mission, run));
            match fits.max().unwrap_or(Fit::No) {
                Fit::Whole => return vec![node],
                Fit::Beginning => beginnings.push(node),
                Fit::No => {}
            }
        }
        beginnings
    }

    fn go_to_run(&mut self, run: NodeId, event: Option<String>) -> Vec<Effect> {
        let mut effects = self.go_to(run);
        if let Some(event) = event {
            effects.extend(self.seek_event(run, event));
        }
        effects
    }

    /// Asks for a run by its ids, to go there once it is known to be there.
    fn ask_for_run(&mut self, typed: &str, spot: Spot, addresses: &[Address]) -> Option<Effect> {
        let named = |info: &ContextInfo| info.name == spot.context;
        let at = self.contexts.iter().position(|(_, info)| named(info))?;
        let (node, _) = self.contexts.get(at)?;
        let (node, generation) = (*node, self.next_generation());
        let ask = Ask::Run(RunRef {
            mission: spot.mission.as_str().into(),
            run: spot.run.as_str().into(),
            room: None,
        });
        self.say(format!(
            "asking {} for \"{typed}\"; Esc gives up",
            spot.context
        ));
        self.looked = Some(Looked {
            number: generation.0,
            typed: typed.to_owned(),
            event: spot.event.clone(),
            probe: Some(Probe {
                spot,
                is_there: false,
                addresses: addresses.to_vec(),
            }),
        });
        Some(Effect::Load(Ticket {
            context: ContextId(u16::try_from(at).ok()?),
            node,
            generation,
            ask,
            limit: Limit::NONE,
            urgency: Urgency::Wanted,
        }))
    }

    /// News of a run that was asked for by its ids; none if the number is of something else.
    pub(in crate::app) fn probe_came(
        &mut self,
        generation: Gen,
        got: &mut Got,
    ) -> Option<Vec<Effect>> {
        let looked = self.looked.as_mut()?;
        (looked.number == generation.0).then_some(())?;
        let probe = looked.probe.as_mut()?;
        match got {
            Got::Rows { rows, .. } => {
                for row in rows {
                    if let Record::Run(run) = row.record()
                        && run.id == probe.spot.run
                    {
                        probe.is_there = true;
                        probe.spot.room.clone_from(&run.room);
                    }
                }
                return Some(Vec::new());
            }
            Got::Waiting { .. } | Got::Kept(_) | Got::Budget(_) | Got::Live(_) => {
                return Some(Vec::new());
            }
            Got::Done { .. } | Got::Failed(_) => {}
        }
        let Looked {
            typed,
            event,
            probe,
            ..
        } = self.looked.take()?;
        let probe = probe?;
        if probe.is_there {
            self.notice = None;
            return Some(self.go_to_spot(&probe.spot));
        }
        // It may be a child, or need more than its ids to be asked for: the lists know.
        Some(self.look_for(&typed, event, probe.addresses))
    }

    fn look_for(
        &mut self,
        typed: &str,
        event: Option<String>,
        addresses: Vec<Address>,
    ) -> Vec<Effect> {
        let number = self.next_generation().0;
        let typed = typed.to_owned();
        self.say(format!(
            "looking for \"{typed}\" in the runs of {}; Esc gives up",
            when::many(self.contexts.len(), "context")
        ));
        if let Some(notice) = self.notice.as_mut() {
            notice.until = None;
        }
        self.looked = Some(Looked {
            number,
            typed,
            event,
            probe: None,
        });
        vec![Effect::Locate(Box::new(Locate { number, addresses }))]
    }

    /// So many runs were looked at so far.
    pub(in crate::app) fn looking(&mut self, number: u32, runs: usize) {
        let looked = self.looked.as_ref();
        let Some(looked) = looked.filter(|looked| looked.number == number) else {
            return;
        };
        let contexts = when::many(self.contexts.len(), "context");
        let runs = when::many(runs, "run");
        let text = format!(
            "looking for \"{}\" in {contexts}: {runs} so far; Esc gives up",
            looked.typed
        );
        self.say(text);
        if let Some(notice) = self.notice.as_mut() {
            notice.until = None;
        }
        self.dirty = true;
    }

    /// Runs were found outside, or none.
    pub(in crate::app) fn located(&mut self, located: Located) -> Vec<Effect> {
        let is_wanted = |looked: &mut Looked| looked.number == located.number;
        let Some(looked) = self.looked.take_if(is_wanted) else {
            return Vec::new();
        };
        self.dirty = true;
        self.notice = None;
        let spots = match located.runs {
            Ok(spots) => spots,
            Err(why) => {
                self.complain(why);
                return Vec::new();
            }
        };
        let runs: Vec<NodeId> = spots
            .iter()
            .filter_map(|spot| self.known_run(spot))
            .collect();
        match runs.as_slice() {
            [] => {
                self.complain(format!("no run fits \"{}\"", looked.typed));
                Vec::new()
            }
            [run] => {
                let named = spots.first().and_then(|spot| spot.event.clone());
                self.go_to_run(*run, named.or(looked.event))
            }
            several => {
                self.say(format!("\"{}\" fits {} runs", looked.typed, several.len()));
                self.open_choice(runs)
            }
        }
    }

    /// Nobody waits for what is looked for outside any more; none where nothing is.
    pub(in crate::app) fn give_up_looking(&mut self) -> Option<Effect> {
        let looked = self.looked.take()?;
        self.say(format!("gave up looking for \"{}\"", looked.typed));
        if looked.probe.is_some() {
            return Some(Effect::Cancel(Gen(looked.number)));
        }
        let addresses = Vec::new();
        let number = looked.number;
        Some(Effect::Locate(Box::new(Locate { number, addresses })))
    }

    /// A list of runs to choose from.
    fn open_choice(&mut self, runs: Vec<NodeId>) -> Vec<Effect> {
        let effects = self.open_palette();
        if let Some(palette) = self.palette.as_mut() {
            palette.only = Some(runs.into_iter().map(Entry::Go).collect());
        }
        let more = self.seek_typed();
        effects.into_iter().chain(more).collect()
    }
}
