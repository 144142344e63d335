//! What was said and done in a run, out of its room's memories: the message that began it, the agent's
//! replies, and the true results of its actions. A result that the event of the action lacks is a row
//! of its own behind it, and the event learns from it whether the action failed.

use serde::{Deserialize, Serialize};

use super::memories::{self, Memory};
use super::{Side, patch};
use crate::model::{
    Batch, Event, Fact, Kind, Of, Order, Record, Reply, Row, Run, RunStatus, Step, StepStatus, Time,
};
use crate::provider::ReadError;
use crate::provider::elizaos::{envelope, event, plan};
use crate::provider::wire::{self, Object};

/// How far back the memories of one run are read.
const TURNS: u32 = 40;
/// A message is stored before its run starts; a minute covers clocks that disagree.
const MARGIN: i64 = 60_000;

/// What is known of the run whose memories are read. It travels with the asks.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(in crate::provider::elizaos) struct Story {
    pub run: String,
    pub room: String,
    /// The message that began it.
    pub message: Option<String>,
    /// Epoch milliseconds, as all times here.
    pub start: Option<i64>,
    pub end: Option<i64>,
    /// Whether it ended well, so that failed actions are worth a word.
    pub completed: bool,
    /// Actions known to have failed.
    pub failed: usize,
    pub acts: Vec<Act>,
    /// Where the room's memories are kept, once that is known.
    #[serde(default)]
    pub channel: String,
    #[serde(default)]
    pub before: i64,
    #[serde(default)]
    pub turn: u32,
}

/// An action of the run, as its events tell it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::provider::elizaos) struct Act {
    pub id: String,
    /// Ids of its two events, as far as it has them.
    pub begun: Option<String>,
    pub ended: Option<String>,
    /// When it ended, as an event's order.
    pub at: i64,
    /// Whether its event does not say how it ended.
    pub lost: bool,
}

/// The room of the run: a record of its own beside the run, and where its memories are.
pub(super) fn room(of: &Of, reply: &Reply<'_>, mut story: Story) -> Result<Batch, ReadError> {
    let data = match envelope::data(reply) {
        // Its memories may lie under the room's own id all the same.
        Err(_) if reply.status == 404 => None,
        read => Some(read?),
    };
    let room = data.and_then(Object::read);
    let channel = room.as_ref().and_then(|room| room.some_text("channelId"));
    story.channel = channel.unwrap_or_else(|| story.room.clone());
    let last = story.end.unwrap_or_else(|| reply.received.millis());
    story.before = last.saturating_add(MARGIN);
    let name = room.as_ref().and_then(|room| room.some_text("name"));
    let rows = data.filter(|_| room.is_some()).map(|data| {
        Row::Patch(Record::Run(Run {
            facts: wire::facts([("room name", name)]),
            extras: vec![crate::model::Extra {
                label: "room".to_owned(),
                raw: wire::payload(reply, data),
            }],
            ..patch(of, &story.run)
        }))
    });
    Ok(Batch {
        rows: rows.into_iter().collect(),
        also: Side::Messages { story }.ask(of).into_iter().collect(),
        ..Batch::default()
    })
}

/// A page of the room's memories, newest first: those of the run become events.
pub(super) fn read(of: &Of, reply: &Reply<'_>, mut story: Story) -> Result<Batch, ReadError> {
    let found = memories::list(reply)?;
    let mut batch = Batch::default();
    let mut telling = Telling {
        of,
        reply,
        story: &mut story,
        found: &found,
        rows: &mut batch.rows,
    };
    telling.tell();
    let oldest = found.iter().filter_map(Memory::time).min();
    let reached = story
        .start
        .zip(oldest)
        .is_some_and(|(start, oldest)| oldest.millis() < start.saturating_sub(MARGIN));
    let (channel, before) = (story.channel.clone(), story.before);
    let on = memories::further(&found, &story.room, channel, (before, story.turn));
    if let Some((channel, before)) = on
        && !reached
        && story.turn < TURNS
    {
        let story = Story {
            channel,
            before,
            turn: story.turn + 1,
            ..story
        };
        batch.also.extend(Side::Messages { story }.ask(of));
    } else {
        batch.rows.extend(nowhere(&story));
    }
    Ok(batch)
}

/// The actions whose result neither event nor memory has.
fn nowhere(story: &Story) -> impl Iterator<Item = Row> + '_ {
    let lost = story.acts.iter().filter(|act| act.lost);
    lost.filter_map(|act| {
        Some(Row::Patch(Record::Event(Event {
            id: act.ended.clone()?,
            kind: Kind::ToolResult,
            summary: Some("said to have worked, but its result was not kept".to_owned()),
            ..Event::default()
        })))
    })
}

/// What is left where the memories cannot be read.
pub(super) fn unread(of: &Of, story: &Story, why: &str) -> Batch {
    Batch {
        rows: vec![Row::Patch(Record::Run(Run {
            facts: vec![Fact {
                of: None,
                label: "messages",
                value: format!("not read: {why}"),
            }],
            ..patch(of, &story.run)
        }))],
        ..Batch::default()
    }
}

/// One page being told.
struct Telling<'a> {
    of: &'a Of,
    reply: &'a Reply<'a>,
    story: &'a mut Story,
    found: &'a [Memory<'a>],
    rows: &'a mut Vec<Row>,
}

impl Telling<'_> {
    fn tell(&mut self) {
        let before = self.story.failed;
        let mut run = patch(self.of, &self.story.run);
        for (at, memory) in self.found.iter().enumerate() {
            if memory.is_result() {
                self.result(at, memory);
            } else if self.is_said_here(memory) {
                if memory.id().is_some() && memory.id() == self.story.message {
                    run.title = memory
                        .text()
                        .map(|text| wire::one_line(&text, 300))
                        .unwrap_or_default();
                }
                let event = said(self.reply, at, memory);
                self.rows.push(Row::Full(Record::Event(event)));
            }
        }
        if self.story.failed > before {
            let failed = self.story.failed;
            run.facts = wire::facts([("failed actions", Some(failed.to_string()))]);
            if self.story.completed {
                run.status = RunStatus::Succeeded;
                run.status_reason = Some(plan::with_failed(failed));
            }
        }
        if !run.title.is_empty() || !run.facts.is_empty() {
            self.rows.push(Row::Patch(Record::Run(run)));
        }
    }

    /// Whether this was said in the run: the message that began it, and what the agent said in the
    /// room while it lasted, unless that answers another message.
    fn is_said_here(&self, memory: &Memory<'_>) -> bool {
        if memory.id().is_some() && memory.id() == self.story.message {
            return true;
        }
        if memory.run().is_some() {
            return memory.run().as_deref() == Some(&self.story.run);
        }
        let answers = memory.word("inReplyTo");
        if answers.is_some() && answers == self.story.message {
            return true;
        }
        let other = |answered: &String| {
            let known = |one: &&Memory<'_>| one.id().as_ref() == Some(answered);
            self.found.iter().find(known).is_some()
        };
        by_agent(memory) && self.is_within(memory) && !answers.as_ref().is_some_and(other)
    }

    fn is_within(&self, memory: &Memory<'_>) -> bool {
        let Some((at, start)) = memory.time().zip(self.story.start) else {
            return false;
        };
        at.millis() >= start && self.story.end.is_none_or(|end| at.millis() <= end)
    }

    /// The result of an action of this run: told by its event already, a row behind its event, or the
    /// only trace of an action that has no event at all.
    fn result(&mut self, at: usize, memory: &Memory<'_>) {
        let action = memory.action();
        let acts = &mut self.story.acts;
        let own = acts.iter_mut().find(|act| Some(&act.id) == action.as_ref());
        let act = own.map(|act| {
            let known = act.clone();
            act.lost = false;
            known
        });
        let linked = memory.run().as_deref() == Some(&self.story.run);
        let stray = memory.run().is_none() && self.is_within(memory);
        if act.is_none() && !linked && !stray {
            return;
        }
        let ended = act.as_ref().and_then(|act| act.ended.clone());
        let failed = memory.failed();
        self.plan(memory, act.as_ref(), failed);
        let Some(ended) = ended else {
            self.story.failed += usize::from(failed == Some(true));
            let event = done(self.reply, at, memory);
            self.rows.push(Row::Full(Record::Event(event)));
            return;
        };
        let (lost, at_end) = act.map_or((false, 0), |act| (act.lost, act.at));
        if lost {
            self.story.failed += usize::from(failed == Some(true));
            self.rows.push(Row::Patch(Record::Event(Event {
                id: ended,
                kind: Kind::ToolResult,
                is_error: failed,
                summary: outcome(memory),
                step_id: memory.plan_step(),
                ..Event::default()
            })));
        }
        if lost || memory.content("planThought").is_some() {
            let mut event = row(self.reply, at, memory, "action_result", Kind::Data);
            event.title = Some("action result".to_owned());
            // It is stored a moment before the log row, behind which it belongs.
            event.order.at = event.order.at.max(at_end);
            event.tool = memory.action_name();
            event.step_id = memory.plan_step();
            event.summary = outcome(memory);
            self.rows.push(Row::Full(Record::Event(event)));
        }
    }

    /// The step of the plan that the action was, which its events seldom name.
    fn plan(&mut self, memory: &Memory<'_>, act: Option<&Act>, failed: Option<bool>) {
        let Some(id) = memory.plan_step() else {
            return;
        };
        let status = match failed {
            Some(true) => StepStatus::Failed,
            Some(false) => StepStatus::Succeeded,
            None => StepStatus::Unknown,
        };
        self.rows.push(Row::Patch(Record::Step(Step {
            sequence: plan::sequence(&id),
            title: memory.action_name().unwrap_or_default(),
            status,
            ended_at: memory.time(),
            id: id.clone(),
            ..Step::default()
        })));
        if let Some(begun) = act.and_then(|act| act.begun.clone()) {
            self.rows.push(Row::Patch(Record::Event(Event {
                id: begun,
                kind: Kind::ToolCall,
                step_id: Some(id),
                ..Event::default()
            })));
        }
    }
}

/// What a memory tells where nothing is known of its run: what was said, or what became of an action.
pub(super) fn told(reply: &Reply<'_>, at: usize, memory: &Memory<'_>) -> Event {
    if memory.is_result() {
        done(reply, at, memory)
    } else {
        said(reply, at, memory)
    }
}

fn said(reply: &Reply<'_>, at: usize, memory: &Memory<'_>) -> Event {
    let mut event = row(reply, at, memory, "message", Kind::Message);
    let word = memory.word("type");
    if let Some(word) = word {
        event.kind = Kind::Data;
        event.title = Some(word);
    } else {
        let who = if by_agent(memory) { "agent" } else { "user" };
        event.title = Some(who.to_owned());
    }
    let said = memory.content("text").or_else(|| memory.content("thought"));
    let said = said.filter(|raw| raw.get().starts_with('"'));
    event.prose = said
        .and_then(|raw| wire::span(&event.raw, raw))
        .into_iter()
        .collect();
    event
}

/// The result of an action that has no event.
fn done(reply: &Reply<'_>, at: usize, memory: &Memory<'_>) -> Event {
    Event {
        tool: memory.action_name(),
        call_id: memory.action(),
        step_id: memory.plan_step(),
        is_error: memory.failed(),
        summary: outcome(memory),
        ..row(reply, at, memory, "action_result", Kind::ToolResult)
    }
}

fn row(reply: &Reply<'_>, at: usize, memory: &Memory<'_>, word: &str, kind: Kind) -> Event {
    let raw = wire::payload(reply, memory.raw);
    let stamp = memory
        .time()
        .map_or_else(|| "none".to_owned(), |time| time.millis().to_string());
    let id = memory.id().unwrap_or_else(|| at.to_string());
    let body = if memory.is_result() {
        memory.content("actionResult")
    } else {
        memory.object.raw("content")
    };
    Event {
        id: event::id_of(word, &stamp, &id),
        kind,
        type_sent: memory.word("type").unwrap_or_else(|| word.to_owned()),
        order: Order {
            at: memory.time().map_or(0, |Time(at)| at),
            // Behind the rows of the log of the same instant; newest come first.
            tie: u64::MAX - at as u64,
        },
        time: memory.time(),
        agent: by_agent(memory)
            .then(|| memory.object.some_text("agentId"))
            .flatten(),
        body: body.and_then(|body| wire::span(&raw, body)),
        raw,
        ..Event::default()
    }
}

/// Whether the agent itself wrote it.
fn by_agent(memory: &Memory<'_>) -> bool {
    let entity = memory.object.some_text("entityId");
    entity.is_some() && entity == memory.object.some_text("agentId")
}

/// What an action said at its end, and what went wrong.
fn outcome(memory: &Memory<'_>) -> Option<String> {
    let said = memory.result().and_then(|result| result.some_text("text"));
    let said = said.or_else(|| memory.text());
    let line = match (said, memory.error()) {
        (Some(said), Some(error)) if said != error => Some(format!("{said}: {error}")),
        (said, error) => error.or(said),
    };
    line.map(|line| wire::one_line(&line, 200))
}
