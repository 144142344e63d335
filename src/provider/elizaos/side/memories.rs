//! Memories: what was said in a room, and the true results of actions, which the run's own events
//! mostly lack. A list of them is a page of one room, newest first.

use crate::model::{Reply, Time};
use crate::provider::ReadError;
use crate::provider::elizaos::envelope;
use crate::provider::elizaos::lists::list_of;
use crate::provider::elizaos::state::error_text;
use crate::provider::wire::{Object, Raw};

/// Memories at once. The server names no upper limit; where it gives fewer, the page is read on.
pub(super) const MEMORIES: usize = 500;

/// One memory, as far as it is read here.
pub(super) struct Memory<'a> {
    pub raw: Raw<'a>,
    pub object: Object<'a>,
    content: Option<Object<'a>>,
    metadata: Option<Object<'a>>,
}

/// The memories of a reply; what is no object is left out, it has no place in any run.
pub(super) fn list<'a>(reply: &'a Reply<'_>) -> Result<Vec<Memory<'a>>, ReadError> {
    let list = list_of(envelope::data(reply)?, "memories").unwrap_or_default();
    Ok(list.into_iter().filter_map(Memory::read).collect())
}

/// How many actions of the run failed, as far as these memories tell.
pub(super) fn failed_of(memories: &[Memory<'_>], run: &str) -> u32 {
    let own = memories.iter().filter(|memory| {
        memory.is_result() && memory.run().as_deref() == Some(run) && memory.failed() == Some(true)
    });
    u32::try_from(own.count()).unwrap_or(u32::MAX)
}

/// Where a room's memories go on after page `turn`: the channel, and the instant up to which they are
/// wanted. A channel that has none at all is asked for by the room instead, as older servers keep them.
pub(super) fn further(
    found: &[Memory<'_>],
    room: &str,
    channel: String,
    (before, turn): (i64, u32),
) -> Option<(String, i64)> {
    let oldest = found.iter().filter_map(Memory::time).min();
    match oldest {
        None if channel != room && turn == 0 => Some((room.to_owned(), before)),
        // The limit includes its instant, so the oldest comes again; alone it is the end.
        Some(oldest) if oldest.millis() < before => Some((channel, oldest.millis())),
        _ => None,
    }
}

impl<'a> Memory<'a> {
    fn read(raw: Raw<'a>) -> Option<Self> {
        let object = Object::read(raw)?;
        Some(Self {
            raw,
            content: object.object("content"),
            metadata: object.object("metadata"),
            object,
        })
    }

    pub fn id(&self) -> Option<String> {
        self.object.some_text("id")
    }

    pub fn time(&self) -> Option<Time> {
        self.object.time("createdAt")
    }

    /// What was said.
    pub fn text(&self) -> Option<String> {
        self.content.as_ref()?.some_text("text")
    }

    /// A member of the content.
    pub fn content(&self, name: &str) -> Option<Raw<'a>> {
        self.content.as_ref()?.raw(name)
    }

    /// A member of the content that is text.
    pub fn word(&self, name: &str) -> Option<String> {
        self.content.as_ref()?.some_text(name)
    }

    fn meta(&self, name: &str) -> Option<String> {
        self.metadata.as_ref()?.some_text(name)
    }

    pub fn is_result(&self) -> bool {
        let kind = self.word("type").or_else(|| self.meta("type"));
        kind.as_deref() == Some("action_result")
    }

    /// The run that it names as its own.
    pub fn run(&self) -> Option<String> {
        self.meta("parentRunId")
    }

    /// The action that it is the result of.
    pub fn action(&self) -> Option<String> {
        self.meta("actionId").or_else(|| self.id())
    }

    pub fn action_name(&self) -> Option<String> {
        self.word("actionName").or_else(|| self.meta("actionName"))
    }

    /// Its place in the plan, where the plan has more than one step: `2/5`.
    pub fn plan_step(&self) -> Option<String> {
        self.word("planStep")
            .filter(|step| step.split_once('/').is_some_and(|(_, of)| of.trim() != "1"))
    }

    /// Whether the action failed; none where it does not say. One that gave back a bare boolean is
    /// always called failed, which means nothing.
    pub fn failed(&self) -> Option<bool> {
        let result = self.result();
        if result
            .as_ref()
            .is_some_and(|result| result.raw("legacy").is_some())
        {
            return None;
        }
        if self.error().is_some() {
            return Some(true);
        }
        match self.word("actionStatus").as_deref() {
            Some("failed") => Some(true),
            Some("completed") => Some(false),
            _ => result?.boolean("success").map(|success| !success),
        }
    }

    /// What went wrong, in the action's words.
    pub fn error(&self) -> Option<String> {
        let result = self.result();
        result
            .as_ref()
            .and_then(|result| error_text(result, "error"))
            .or_else(|| error_text(self.content.as_ref()?, "error"))
    }

    /// The whole action result, as the action gave it back.
    pub fn result(&self) -> Option<Object<'a>> {
        self.content.as_ref()?.object("actionResult")
    }
}
