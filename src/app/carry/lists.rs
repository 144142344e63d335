//! What a service lists beside a mission may say how a tool is reached. Whoever came to a run past its
//! mission, from the inbox or by a locator, has not read it: then it is read before a call is shown, so that
//! the same call has the same grade on every way to it.

use std::collections::HashSet;

use crate::app::{App, Effect, keymap::Mode, load::State};
use crate::model::{Ask, Gen, Got, Limit, NodeId, Sort, Ticket, Urgency};

/// Said while they are read.
const READING: &str =
    "reading what the mission says of its tools; once more shows the call without";
/// Said of a call for which these lists could not be had.
const WITHOUT: &str = "what the mission says of its tools could not be read";

/// The missions that were asked, and the call that waits for one of them.
#[derive(Debug, Default)]
pub struct ToolLists {
    read: HashSet<NodeId>,
    waits: Option<Waits>,
}

#[derive(Debug)]
struct Waits {
    /// The row of the call.
    node: NodeId,
    mission: NodeId,
    generation: Gen,
    /// Whether it is looked at, else printed.
    looks: bool,
    /// What had the keys.
    mode: Mode,
}

impl App {
    /// Asks for what lies beside the mission of a call; none where it is known, or where somebody wants
    /// the call a second time and so does not want to wait.
    pub(in crate::app) fn ask_beside(&mut self, node: NodeId, looks: bool) -> Option<Vec<Effect>> {
        let mission = self.mission_of(self.run_of(node)?)?;
        let loaded = self.loads.get(&mission).map(|load| load.state);
        if loaded == Some(State::Ready) || self.tool_lists.read.contains(&mission) {
            return None;
        }
        let given_up = self.tool_lists.waits.take();
        let mut effects: Vec<Effect> = given_up
            .iter()
            .map(|waits| Effect::Cancel(waits.generation))
            .collect();
        if given_up.is_some_and(|waits| waits.node == node && waits.looks == looks) {
            effects.extend(self.spell_call(node, looks));
            return Some(effects);
        }
        let (context, _) = self.context_of(mission)?;
        let id = self.store.mission(mission)?.id.as_str().into();
        let generation = self.next_generation();
        self.tool_lists.waits = Some(Waits {
            node,
            mission,
            generation,
            looks,
            mode: self.mode(),
        });
        self.say(READING);
        effects.push(Effect::Load(Ticket {
            context,
            node: mission,
            generation,
            ask: Ask::Mission { mission: id },
            limit: Limit::NONE,
            urgency: Urgency::Wanted,
        }));
        Some(effects)
    }

    /// News of what lies beside a mission; none if the number is of something else.
    pub(in crate::app) fn beside_came(
        &mut self,
        generation: Gen,
        got: &mut Got,
    ) -> Option<Vec<Effect>> {
        let waits = self.tool_lists.waits.as_ref()?;
        (waits.generation == generation).then_some(())?;
        let mission = waits.mission;
        let mut effects = Vec::new();
        let came = match got {
            Got::Rows { rows, skipped } => {
                self.rows(mission, std::mem::take(rows), *skipped);
                return Some(effects);
            }
            Got::Kept(_) | Got::Budget(_) | Got::Live(_) => return Some(effects),
            Got::Done { .. } => true,
            Got::Failed(_) => false,
            Got::Waiting { .. } => {
                effects.push(Effect::Cancel(generation));
                false
            }
        };
        let waits = self.tool_lists.waits.take()?;
        if came {
            self.tool_lists.read.insert(mission);
        }
        // Whoever has gone elsewhere is not to find a call in the way.
        let still = self.mode() == waits.mode
            && self.rows_meant().first() == Some(&waits.node)
            && self.store.sort(waits.node) == Sort::Event;
        self.notice.take_if(|notice| notice.text == READING);
        if !still {
            return Some(effects);
        }
        effects.extend(self.spell_call(waits.node, waits.looks));
        if !came {
            self.complain(WITHOUT);
        }
        Some(effects)
    }

    fn spell_call(&mut self, node: NodeId, looks: bool) -> Vec<Effect> {
        let effects = self.spelled_call(node, looks);
        if looks {
            return effects;
        }
        let printed = effects.into_iter();
        printed
            .map(|effect| Effect::Print(Box::new(effect)))
            .collect()
    }
}
