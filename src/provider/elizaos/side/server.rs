//! The server itself: which version it is, and since when it runs. A run that has no end and began
//! before that was cut off; of one that another run followed the server is silent too.

use serde::{Deserialize, Serialize};

use super::patch;
use crate::model::{
    Batch, Extra, Fact, Mission, Of, Payload, Record, Reply, Row, Run, RunStatus, Time,
};
use crate::provider::ReadError;
use crate::provider::elizaos::envelope;
use crate::provider::elizaos::lists::list_of;
use crate::provider::wire::{self, Object};

/// Clocks of server and database may be so far apart, in milliseconds.
const SKEW: i64 = 5_000;

/// A run without an end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::provider::elizaos) struct Open {
    pub run: String,
    /// Epoch milliseconds.
    pub start: Option<i64>,
    /// Whether it hangs, and another run of its room followed.
    pub followed: bool,
}

/// The server's version and how long it runs, as facts of the agent.
pub(super) fn version(of: &Of, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let Some(told) = Object::read(data) else {
        return Ok(Batch::default());
    };
    let up = told.number("uptime").filter(|up| *up >= 0.0);
    let words = [
        told.some_text("version"),
        up.map(|up| format!("up {}", spell(up))),
    ];
    let words: Vec<String> = words.into_iter().flatten().collect();
    let value = (!words.is_empty()).then(|| words.join(", "));
    Ok(mission(
        of,
        Mission {
            facts: wire::facts([("server", value)]),
            extras: vec![extra("server", wire::payload(reply, data))],
            ..Mission::default()
        },
    ))
}

/// The agent's rooms.
pub(super) fn rooms(of: &Of, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let data = envelope::data(reply)?;
    let count = list_of(data, "rooms")
        .ok()
        .map(|rooms| rooms.len().to_string());
    let inside = Object::read(data).and_then(|data| data.raw("rooms"));
    Ok(mission(
        of,
        Mission {
            facts: wire::facts([("rooms", count)]),
            extras: vec![extra("rooms", wire::payload(reply, inside.unwrap_or(data)))],
            ..Mission::default()
        },
    ))
}

/// What is left where a list beside the agent cannot be read: a word that it could not.
pub(super) fn unread(of: &Of, label: &'static str, why: &str) -> Batch {
    mission(
        of,
        Mission {
            facts: vec![Fact {
                of: None,
                label,
                value: format!("not read: {why}"),
            }],
            ..Mission::default()
        },
    )
}

fn extra(label: &str, raw: Payload) -> Extra {
    Extra {
        label: label.to_owned(),
        raw,
    }
}

fn mission(of: &Of, with: Mission) -> Batch {
    let id = match of {
        Of::Mission(mission) => mission.to_string(),
        Of::Run(run) => run.mission.to_string(),
    };
    let row = Row::Patch(Record::Mission(Mission { id, ..with }));
    Batch {
        rows: vec![row],
        ..Batch::default()
    }
}

/// Which of the runs were cut off when the server stopped, and which hang for another reason.
pub(super) fn boot(of: &Of, reply: &Reply<'_>, open: &[Open]) -> Result<Batch, ReadError> {
    let told = Object::read(envelope::data(reply)?);
    let started = told.and_then(|told| {
        let now = told.time("timestamp")?.millis();
        let up = wire::millis(told.number("uptime")? * 1000.0)?;
        now.checked_sub(i64::try_from(up.as_millis()).ok()?)
    });
    let before = |open: &&Open| {
        let margin = started.map(|started| started.saturating_sub(SKEW));
        margin.is_some_and(|margin| open.start.is_some_and(|start| start < margin))
    };
    let (cut, hanging): (Vec<&Open>, Vec<&Open>) = open.iter().partition(|open| before(open));
    let mut batch = superseded(of, hanging);
    batch.rows.extend(cut.into_iter().map(|open| {
        Row::Patch(Record::Run(Run {
            status: RunStatus::Unknown,
            status_sent: Some("started".to_owned()),
            status_reason: Some(
                "interrupted: never ended, and the server was restarted since it began".to_owned(),
            ),
            quiet_since: open.start.and_then(Time::from_millis),
            ..patch(of, &open.run)
        }))
    }));
    Ok(batch)
}

/// The runs that hang and were followed by another: without a restart that is the best guess.
pub(super) fn superseded<'a>(of: &Of, open: impl IntoIterator<Item = &'a Open>) -> Batch {
    let followed = open.into_iter().filter(|open| open.followed);
    let rows = followed.map(|open| {
        Row::Patch(Record::Run(Run {
            status: RunStatus::Cancelled,
            status_sent: Some("started".to_owned()),
            status_reason: Some(
                "never ended; probably superseded by a newer message in its room".to_owned(),
            ),
            hearsay: true,
            ..patch(of, &open.run)
        }))
    });
    Batch {
        rows: rows.collect(),
        ..Batch::default()
    }
}

/// Whether a younger run of the room followed the one that says nothing any more. Two runs of a room
/// can go on side by side, so it stays what it is, with a word.
pub(super) fn newer(
    of: &Of,
    reply: &Reply<'_>,
    open: &Open,
    quiet: i64,
) -> Result<Batch, ReadError> {
    let list = list_of(envelope::data(reply)?, "runs").unwrap_or_default();
    let start = |run: Object<'_>| run.time("startedAt").or_else(|| run.time("startTime"));
    let starts = list.into_iter().filter_map(Object::read).filter_map(start);
    let own = open.start.unwrap_or(i64::MAX);
    if !starts.map(Time::millis).any(|start| start > own) {
        return Ok(Batch::default());
    }
    let row = Row::Patch(Record::Run(Run {
        status: RunStatus::Running,
        status_sent: Some("started".to_owned()),
        status_reason: Some(
            "quiet while a newer run of its room began: probably superseded".to_owned(),
        ),
        quiet_since: Time::from_millis(quiet),
        hearsay: true,
        ..patch(of, &open.run)
    }));
    Ok(Batch {
        rows: vec![row],
        ..Batch::default()
    })
}

/// Seconds in the largest unit that has two of them.
fn spell(seconds: f64) -> String {
    let seconds = wire::to_count(seconds).unwrap_or_default();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} d", seconds / 86_400),
    }
}
