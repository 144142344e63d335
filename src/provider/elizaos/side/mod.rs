//! The lists beside agents, pages of runs and runs. Each is asked only besides something else and may
//! fail without harm. What it must know of what it belongs to travels as the cursor of its page, so that
//! nothing is kept here between two asks.

mod ends;
mod log;
mod memories;
mod recalled;
mod server;
mod story;
mod titles;

use std::sync::Arc;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

pub(super) use log::Span;
pub(super) use recalled::memories;
pub(super) use server::Open;
pub(super) use story::{Act, Story};

use crate::model::{Ask, Batch, Of, Page, Reply, Request, Row, Run, RunStatus, Time};
use crate::provider::ReadError;

/// A run whose end or title is wanted.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Want {
    run: String,
    message: Option<String>,
    room: Option<String>,
    /// Start in epoch milliseconds.
    start: Option<i64>,
    /// Whether the list said that it completed, which it says of crashes too.
    #[serde(default)]
    completed: bool,
    /// Failed actions met on the way to its title.
    #[serde(default)]
    failed: u32,
}

/// One read of a side list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Side {
    /// Of an agent: the server's version and age.
    Server,
    /// Of an agent: its rooms.
    Rooms,
    /// Of a page of runs: how they ended.
    Ends {
        want: Vec<Want>,
        offset: u32,
        turn: u32,
    },
    /// Of a page of runs or of a run: whether a restart cut off those without an end.
    Boot { open: Vec<Open> },
    /// Of a page of runs: the channel of their only room, under which newer servers keep its memories.
    Room { room: String, want: Vec<Want> },
    /// Of a page of runs: the channels of their rooms.
    Channels { want: Vec<Want> },
    /// Of a page of runs: the messages that began them, of one room.
    Titles {
        room: String,
        channel: String,
        before: i64,
        want: Vec<Want>,
        turn: u32,
    },
    /// Of a run: its room.
    Place { story: Story },
    /// Of a run: what was said and done.
    Messages { story: Story },
    /// Of a run: actions that began, the newest so many.
    Begun { span: Span, count: u32 },
    /// Of a run: why embeddings failed; ids of the events and of their memories.
    Embeddings {
        run: String,
        room: Option<String>,
        wanted: Vec<(String, String)>,
    },
    /// Of a run that is quiet since then: whether another followed in its room.
    Newer {
        open: Open,
        room: String,
        quiet: i64,
    },
}

/// The side list that an ask stands for.
pub(super) fn of(page: &Page) -> Option<Side> {
    serde_json::from_str(page.cursor.as_deref()?).ok()
}

/// A run of which only what is given besides is known.
fn patch(of: &Of, run: &str) -> Run {
    let mission = match of {
        Of::Mission(mission) => mission.to_string(),
        Of::Run(run) => run.mission.to_string(),
    };
    Run {
        mission_id: mission,
        id: run.to_owned(),
        ..Run::default()
    }
}

impl Want {
    pub fn of(run: &Run, message: Option<String>) -> Self {
        Self {
            run: run.id.clone(),
            message,
            room: run.room.clone(),
            start: run.started_at.map(Time::millis),
            completed: run.status == RunStatus::Succeeded,
            failed: 0,
        }
    }
}

impl Side {
    /// What to ask after a page with these runs, of which some have no end.
    pub fn after(mission: &Arc<str>, page: &Page, want: Vec<Want>, open: Vec<Open>) -> Vec<Ask> {
        if want.is_empty() {
            return Vec::new();
        }
        let of = Of::Mission(Arc::clone(mission));
        // Every run of an earlier page has at least one newer row.
        let ends = Self::Ends {
            want: want.clone(),
            offset: page.seen,
            turn: 0,
        };
        let boot = (!open.is_empty()).then_some(Self::Boot { open });
        let mut rooms = titles::by_room(want);
        let titles = match (rooms.len(), rooms.pop()) {
            (1, Some((room, want))) => Some(Self::Room { room, want }),
            (_, Some((_, last))) => {
                let want = rooms.into_iter().flat_map(|(_, want)| want).chain(last);
                Some(Self::Channels {
                    want: want.collect(),
                })
            }
            (_, None) => None,
        };
        let all = [Some(ends), titles, boot];
        let sides = all.into_iter().flatten();
        sides.filter_map(|side| side.ask(&of)).collect()
    }

    /// Beside an agent.
    pub fn beside(&self, mission: &str) -> Option<Ask> {
        self.ask(&Of::Mission(mission.into()))
    }

    /// Itself as an ask.
    pub fn ask(&self, of: &Of) -> Option<Ask> {
        Some(Ask::Aside {
            of: of.clone(),
            what: self.what(),
            page: Page {
                cursor: Some(serde_json::to_string(self).ok()?.into()),
                ..Page::default()
            },
        })
    }

    fn what(&self) -> &'static str {
        match self {
            Self::Server | Self::Boot { .. } => "server",
            Self::Rooms | Self::Channels { .. } => "rooms",
            Self::Ends { .. } => "run ends",
            Self::Room { .. } | Self::Place { .. } => "room",
            Self::Titles { .. } => "titles",
            Self::Messages { .. } => "messages",
            Self::Begun { .. } => "actions begun",
            Self::Embeddings { .. } => "embeddings",
            Self::Newer { .. } => "newer runs",
        }
    }

    pub fn request(&self, of: &Of) -> Request {
        let mission: &str = match of {
            Of::Mission(mission) => mission,
            Of::Run(run) => &run.mission,
        };
        match self {
            Self::Server | Self::Boot { .. } => Request::get("/api/system/version", &[]),
            Self::Rooms | Self::Channels { .. } => Request::get("/api/agents/{}/rooms", &[mission]),
            Self::Ends { offset, .. } => {
                log_rows(mission, "run_event", ends::ROWS, None).with("offset", offset)
            }
            Self::Room { room, .. } => Request::get("/api/agents/{}/rooms/{}", &[mission, room]),
            Self::Place { story } => {
                Request::get("/api/agents/{}/rooms/{}", &[mission, &story.room])
            }
            Self::Titles {
                channel, before, ..
            } => memories_of(mission, channel, *before),
            Self::Messages { story } => memories_of(mission, &story.channel, story.before),
            Self::Begun { span, count } => {
                log_rows(mission, "action_event", *count, Some(&span.room))
            }
            Self::Embeddings { room, .. } => {
                log_rows(mission, "embedding_event", EMBEDDINGS, room.as_deref())
            }
            Self::Newer { room, .. } => Request::get("/api/agents/{}/runs", &[mission])
                .with("limit", 20)
                .with("from", 1)
                .with("roomId", room),
        }
    }

    /// What is left where it cannot be read at all. A missing title needs no words; a run that is
    /// said to have completed does, and so does one that is looked at.
    pub fn unread(self, of: &Of, why: &str) -> Batch {
        match self {
            Self::Ends { want, .. } => ends::unread(of, want, why),
            Self::Boot { open } => server::superseded(of, &open),
            Self::Server => server::unread(of, "server", why),
            Self::Rooms => server::unread(of, "rooms", why),
            Self::Place { story } | Self::Messages { story } => story::unread(of, &story, why),
            Self::Begun { span, .. } => log::unread(of, &span.run, why),
            Self::Embeddings { run, .. } => log::unread(of, &run, why),
            Self::Room { .. }
            | Self::Channels { .. }
            | Self::Titles { .. }
            | Self::Newer { .. } => Batch::default(),
        }
    }

    /// The same out of records that were captured besides: of a run only, and only where memories of its
    /// room are among them.
    pub fn recall(self, of: &Of, records: &[Bytes], received: Time) -> Vec<Row> {
        match self {
            Self::Place { story } => recalled::story(of, story, records, received),
            _ => Vec::new(),
        }
    }

    /// What its reply means. One that cannot be read is an error, which nobody is told but through
    /// `unread`.
    pub fn read(self, of: &Of, reply: &Reply<'_>) -> Result<Batch, ReadError> {
        match self {
            Self::Server => server::version(of, reply),
            Self::Rooms => server::rooms(of, reply),
            Self::Ends { want, offset, turn } => ends::read(of, reply, want, (offset, turn)),
            Self::Boot { open } => server::boot(of, reply, &open),
            Self::Room { room, want } => Ok(titles::room(of, reply, &room, want)),
            Self::Channels { want } => Ok(titles::rooms(of, reply, want)),
            Self::Titles {
                room,
                channel,
                before,
                want,
                turn,
            } => titles::read(of, reply, (room, channel, before, turn), want),
            Self::Place { story } => story::room(of, reply, story),
            Self::Messages { story } => story::read(of, reply, story),
            Self::Begun { span, .. } => log::begun(reply, &span),
            Self::Embeddings { run, wanted, .. } => log::embeddings(reply, &run, &wanted),
            Self::Newer { open, quiet, .. } => server::newer(of, reply, &open, quiet),
        }
    }
}

/// Rows of embeddings at once.
const EMBEDDINGS: u32 = 200;

/// The newest rows of one type. Always with a type and a count: rows of actions hold a whole state each,
/// and without a count the server gives ten.
fn log_rows(mission: &str, kind: &str, count: u32, room: Option<&str>) -> Request {
    let rows = Request::get("/api/agents/{}/logs", &[mission])
        .with("type", kind)
        .with("count", count);
    match room {
        Some(room) => rows.with("roomId", room),
        None => rows,
    }
}

/// Memories of a channel up to an instant, newest first.
fn memories_of(mission: &str, channel: &str, before: i64) -> Request {
    Request::get("/api/agents/{}/rooms/{}/memories", &[mission, channel])
        .with("limit", memories::MEMORIES)
        .with("before", before)
        .with("tableName", "messages")
        .with("includeEmbedding", false)
}
