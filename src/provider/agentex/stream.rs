//! The live stream of a task. Frames tell of messages that are started, grow and are done, and of the
//! task itself; what lies in `parent_task_message` is the message as it was created, in every frame. A
//! message built here has the id, the place and the kind that the same message has when it is read
//! later. Nothing earlier is ever replayed, so what grew unheard is asked for when it is whole.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;

use super::growing::Growing;
use super::message::{Reader, Told};
use super::task;
use crate::model::{Ask, Event, Record, Reply, Row, RunRef, Time};
use crate::provider::wire::{self, Object, Raw};
use crate::provider::{Heard, Listener};

/// Messages that grow at the same time. Agents write one or a few; those that died leave theirs open.
const MOST: usize = 128;
/// Messages that are known to be whole, for pieces that come late.
const WHOLE: usize = 64;

/// A message that is older than this when its first frame comes was streamed before, or clocks disagree:
/// of a task that has ended the service replays some old frames, and they say less than what was read.
const OLD: Duration = Duration::from_secs(120);

/// Hears the stream of one task.
pub struct Stream {
    run: RunRef,
    growing: HashMap<String, Growing>,
    /// In the order in which they began.
    begun: VecDeque<String>,
    /// Those that grew since they were told last.
    grown: Vec<String>,
    whole: VecDeque<String>,
}

impl Stream {
    pub fn new(run: RunRef) -> Self {
        Self {
            run,
            growing: HashMap::new(),
            begun: VecDeque::new(),
            grown: Vec::new(),
            whole: VecDeque::new(),
        }
    }

    fn frame(&mut self, frame: &Object<'_>, reply: &Reply<'_>, heard: &mut Heard) -> Option<()> {
        match frame.some_text("type")?.as_str() {
            "connected" => heard.open = true,
            "error" => {
                let words = frame.some_text("message");
                heard.said = Some(words.unwrap_or_else(|| "an error without words".to_owned()));
            }
            "task_updated" => self.task(frame.raw("task")?, reply, heard)?,
            "start" | "delta" | "full" | "done" => self.message(frame, reply, heard)?,
            _ => return None,
        }
        Some(())
    }

    fn message(&mut self, frame: &Object<'_>, reply: &Reply<'_>, heard: &mut Heard) -> Option<()> {
        let parent = Parent::of(frame)?;
        if !self.growing.contains_key(&parent.id) && parent.is_old(reply.received) {
            return self.old(&parent, frame, heard);
        }
        match frame.some_text("type")?.as_str() {
            "start" => self.start(&parent, frame, heard),
            "delta" => self.delta(&parent, frame, heard),
            "full" => self.full(&parent, frame, heard),
            _ => self.done(&parent, heard),
        }
    }

    /// One that began long ago says too little here, but that it is whole now is worth a question.
    fn old(&mut self, parent: &Parent<'_>, frame: &Object<'_>, heard: &mut Heard) -> Option<()> {
        let is_whole = matches!(frame.some_text("type")?.as_str(), "full" | "done");
        if is_whole && !self.whole.contains(&parent.id) {
            self.ask(&parent.id, heard);
            self.end(&parent.id);
        }
        Some(())
    }

    fn task(&self, raw: Raw<'_>, reply: &Reply<'_>, heard: &mut Heard) -> Option<()> {
        Object::read(raw)?;
        let (record, _) = task::run(reply, raw, &self.run.mission);
        let record = super::with_id(record, &self.run.run);
        heard.rows.push(Row::Full(record));
        heard.over = task::is_over(raw);
        Some(())
    }

    fn start(&mut self, parent: &Parent<'_>, frame: &Object<'_>, heard: &mut Heard) -> Option<()> {
        let content = frame
            .raw("content")
            .or_else(|| parent.message.raw("content"));
        let message = Growing::started(content, parent.message.raw("created_at"));
        let event = self.event(&parent.id, &message, true)?;
        heard.rows.push(Row::Full(Record::Event(event)));
        self.begin(&parent.id, message);
        Some(())
    }

    fn delta(&mut self, parent: &Parent<'_>, frame: &Object<'_>, heard: &mut Heard) -> Option<()> {
        let delta = frame.object("delta")?;
        if self.whole.contains(&parent.id) {
            return Some(());
        }
        if let Some(message) = self.growing.get_mut(&parent.id) {
            let read = message.add(&delta);
            if !self.grown.contains(&parent.id) {
                self.grown.push(parent.id.clone());
            }
            return read.then_some(());
        }
        // Its beginning was missed: what comes now is not what it says.
        let content = parent.message.raw("content");
        let mut message = Growing::started(content, parent.message.raw("created_at"));
        message.partial = true;
        let mut event = self.event(&parent.id, &message, true)?;
        event.summary = Some("(being written, its beginning was missed)".to_owned());
        heard.rows.push(Row::Full(Record::Event(event)));
        self.begin(&parent.id, message);
        Some(())
    }

    /// The content at once: of a message that never grew, or the end of one that did. It is what will
    /// be stored, so nothing needs to be asked.
    fn full(&mut self, parent: &Parent<'_>, frame: &Object<'_>, heard: &mut Heard) -> Option<()> {
        let content = frame
            .raw("content")
            .or_else(|| parent.message.raw("content"));
        let message = Growing::started(content, parent.message.raw("created_at"));
        let event = self.event(&parent.id, &message, false)?;
        heard.rows.push(Row::Full(Record::Event(event)));
        self.end(&parent.id);
        Some(())
    }

    /// What is stored in the end may differ from the sum of the pieces, and is stored a moment later.
    fn done(&mut self, parent: &Parent<'_>, heard: &mut Heard) -> Option<()> {
        if self.whole.contains(&parent.id) {
            return Some(());
        }
        let message = self.growing.remove(&parent.id);
        if let Some(message) = message.filter(|message| !message.partial) {
            let event = self.event(&parent.id, &message, false)?;
            heard.rows.push(Row::Full(Record::Event(event)));
        }
        self.ask(&parent.id, heard);
        self.end(&parent.id);
        Some(())
    }

    fn ask(&self, id: &str, heard: &mut Heard) {
        heard.asks.push(Ask::Event {
            run: self.run.clone(),
            event: id.into(),
        });
    }

    fn begin(&mut self, id: &str, message: Growing) {
        self.whole.retain(|whole| whole != id);
        self.grown.retain(|grown| grown != id);
        if self.growing.insert(id.to_owned(), message).is_none() {
            self.begun.push_back(id.to_owned());
        }
        while self.growing.len() > MOST {
            let Some(oldest) = self.begun.pop_front() else {
                break;
            };
            self.growing.remove(&oldest);
        }
    }

    fn end(&mut self, id: &str) {
        self.growing.remove(id);
        self.begun.retain(|begun| begun != id);
        self.grown.retain(|grown| grown != id);
        self.whole.push_back(id.to_owned());
        if self.whole.len() > WHOLE {
            self.whole.pop_front();
        }
    }

    /// The event of a message as it looks now.
    fn event(&self, id: &str, message: &Growing, growing: bool) -> Option<Event> {
        let content = message.content();
        let id = serde_json::Value::from(id);
        let task = serde_json::Value::from(&*self.run.run);
        let status = if growing { "IN_PROGRESS" } else { "DONE" };
        let created = message.created.as_deref().unwrap_or("null");
        let text = format!(
            r#"{{"id":{id},"task_id":{task},"content":{content},"streaming_status":"{status}","created_at":{created},"updated_at":null}}"#
        );
        let body = Bytes::from(text);
        let reply = Reply {
            status: 200,
            body: &body,
            received: Time(0),
        };
        let Told { event, .. } = Reader::new(&reply).event(wire::body(&reply).ok()?);
        Some(event)
    }
}

impl Listener for Stream {
    fn hear(&mut self, data: &Bytes, received: Time) -> Heard {
        let reply = Reply {
            status: 200,
            body: data,
            received,
        };
        let mut heard = Heard::default();
        let frame = wire::body(&reply).ok().and_then(Object::read);
        let read = frame.and_then(|frame| self.frame(&frame, &reply, &mut heard));
        heard.skipped = u32::from(read.is_none());
        heard
    }

    fn grown(&mut self) -> Vec<Row> {
        let ids = std::mem::take(&mut self.grown);
        let messages = ids
            .iter()
            .filter_map(|id| Some((id, self.growing.get(id)?)));
        messages
            .filter(|(_, message)| !message.partial)
            .filter_map(|(id, message)| self.event(id, message, true))
            .map(|event| Row::Full(Record::Event(event)))
            .collect()
    }
}

/// The message that a frame is about, as it was created. Without its id it cannot be placed.
struct Parent<'a> {
    id: String,
    message: Object<'a>,
}

impl<'a> Parent<'a> {
    fn of(frame: &Object<'a>) -> Option<Self> {
        let message = frame.object("parent_task_message")?;
        let id = message.some_text("id")?;
        Some(Self { id, message })
    }

    fn is_old(&self, now: Time) -> bool {
        let age = self.message.time("created_at").and_then(|at| now.since(at));
        age.is_some_and(|age| age > OLD)
    }
}
