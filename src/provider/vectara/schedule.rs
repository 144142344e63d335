//! Timers that start sessions of an agent, and what they started → extras of the mission, a line of
//! facts. The list was seen to name a schedule by its key and to call every cron an hourly interval,
//! so each is read by itself. Their `created_at` is a fixed day of 1970 and is told nowhere.

use super::cursor::Cursor;
use super::{aside, object, page_key, rows};
use crate::model::{Ask, Batch, Extra, Fact, Mission, Of, Page, Record, Reply, Row};
use crate::provider::ReadError;
use crate::provider::wire::{self, Object, Raw};

/// How many schedules are read by themselves.
const LOOKED_INTO: usize = 20;

pub(super) fn list(
    agent: &str,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sent = rows(&whole, "schedules")?;
    let read: Vec<Object<'_>> = sent.iter().filter_map(|raw| Object::read(raw)).collect();
    let keys: Vec<String> = read.iter().filter_map(key).collect();
    let also = keys.iter().take(LOOKED_INTO).flat_map(|key| {
        [
            aside::of_mission(agent, aside::SCHEDULE, key),
            aside::of_mission(agent, aside::EXECUTIONS, key),
        ]
    });
    let lines: Vec<String> = read.iter().map(line).collect();
    let name = match page.index {
        0 => "schedules".to_owned(),
        n => format!("schedules, page {}", n + 1),
    };
    let mut mission = patch(agent);
    if !sent.is_empty() {
        let line = Some(lines.join("\n")).filter(|_| page.index == 0);
        mission.facts = wire::facts([("schedules", line)]);
        mission
            .extras
            .extend(extra(name, &whole, "schedules", reply));
    }
    let cursor = Cursor::of(page);
    let next = cursor.next(page, sent.len(), page_key(&whole));
    Ok(Batch {
        rows: vec![Row::Patch(Record::Mission(mission))],
        next: next.map(|page| Ask::Aside {
            of: Of::Mission(agent.into()),
            what: aside::SCHEDULES,
            page,
        }),
        also: also.collect(),
        skipped: u32::try_from(sent.len() - read.len()).unwrap_or(u32::MAX),
    })
}

pub(super) fn one(
    agent: &str,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let schedule = object(whole)?;
    let mut mission = patch(agent);
    let key = Cursor::of(page).note;
    mission.facts.extend(rhythm(&schedule).map(|rhythm| Fact {
        label: "schedule",
        value: wire::one_line(&format!("{}: {rhythm}", name(&schedule, &key)), 100),
        of: Some(key.clone()),
    }));
    mission.extras.push(Extra {
        label: format!("schedule {key}"),
        raw: wire::payload(reply, whole),
    });
    Ok(told(mission))
}

pub(super) fn executions(
    agent: &str,
    page: &Page,
    whole: Raw<'_>,
    reply: &Reply<'_>,
) -> Result<Batch, ReadError> {
    let whole = object(whole)?;
    let sent = rows(&whole, "executions")?;
    let cursor = Cursor::of(page);
    let note = cursor.note.clone();
    let name = match page.index {
        0 => format!("executions of {note}"),
        n => format!("executions of {note}, page {}", n + 1),
    };
    let mut mission = patch(agent);
    if !sent.is_empty() {
        mission
            .extras
            .extend(extra(name, &whole, "executions", reply));
    }
    let next = cursor.next(page, sent.len(), page_key(&whole));
    Ok(Batch {
        next: next.map(|page| Ask::Aside {
            of: Of::Mission(agent.into()),
            what: aside::EXECUTIONS,
            page,
        }),
        ..told(mission)
    })
}

fn key(schedule: &Object<'_>) -> Option<String> {
    schedule
        .some_text("key")
        .or_else(|| schedule.some_text("schedule_key"))
}

fn name(schedule: &Object<'_>, key: &str) -> String {
    let name = schedule.some_text("name");
    name.unwrap_or_else(|| key.to_owned())
}

/// When it starts a session. Cron expressions are of UTC.
fn rhythm(schedule: &Object<'_>) -> Option<String> {
    let when = schedule.object("schedule")?;
    let cron = when.some_text("cron_expression");
    cron.map(|cron| format!("cron {cron} (UTC)")).or_else(|| {
        when.some_text("interval")
            .map(|every| format!("every {every}"))
    })
}

/// What the list can be believed in.
fn line(schedule: &Object<'_>) -> String {
    let name = schedule.some_text("name");
    let mut line = name.or_else(|| key(schedule)).unwrap_or_default();
    if schedule.boolean("enabled") == Some(false) {
        line.push_str(", disabled");
    }
    if let Some(last) = schedule.some_text("last_execution_at") {
        line = format!("{line}, last run {last}");
    }
    wire::one_line(&line, 100)
}

/// A list as sent, whatever is in it.
fn extra(label: String, whole: &Object<'_>, name: &str, reply: &Reply<'_>) -> Option<Extra> {
    let raw = wire::payload(reply, whole.raw(name)?);
    Some(Extra { label, raw })
}

fn patch(agent: &str) -> Mission {
    Mission {
        id: agent.to_owned(),
        ..Mission::default()
    }
}

fn told(mission: Mission) -> Batch {
    Batch {
        rows: vec![Row::Patch(Record::Mission(mission))],
        ..Batch::default()
    }
}
