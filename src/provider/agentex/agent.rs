//! The lists beside an agent: what is deployed of it and when it starts tasks by itself. They become
//! facts and extras of its mission; what may hold secrets is not kept.

use std::sync::Arc;

use super::{
    aside::{extra, listed, noted},
    said,
};
use crate::model::{Batch, Extra, Fact, Mission, Page, Payload, Record, Reply};
use crate::provider::wire::{self, Object};
use crate::provider::{ReadError, strip};

fn of_mission_row(mission: &Arc<str>, fact: Option<Fact>, extra: Extra) -> Batch {
    noted(Record::Mission(Mission {
        id: mission.to_string(),
        facts: fact.into_iter().collect(),
        extras: vec![extra],
        ..Mission::default()
    }))
}

/// What of an agent is at work.
pub fn deployments(mission: &Arc<str>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let (whole, _) = listed(reply)?;
    let rows = wire::array(whole).unwrap_or_default();
    let live = rows
        .into_iter()
        .filter_map(Object::read)
        .find(|row| row.boolean("is_production") == Some(true));
    let fact = live.and_then(|row| {
        let parts = ["docker_image", "status"];
        let parts: Vec<String> = parts
            .iter()
            .filter_map(|part| row.some_text(part))
            .collect();
        (!parts.is_empty()).then(|| Fact {
            of: None,
            label: "deployed",
            value: parts.join(" "),
        })
    });
    let extra = extra("deployments", &Page::default(), reply, whole);
    Ok(extra.map_or_else(Batch::default, |extra| of_mission_row(mission, fact, extra)))
}

/// `{"run_schedules": [...], "total": n}`. What a schedule starts tasks with may hold secrets, as the
/// tasks' own `params` do, so it is not kept.
pub fn schedules(mission: &Arc<str>, reply: &Reply<'_>) -> Result<Batch, ReadError> {
    let whole = wire::body(reply)?;
    let rows = match Object::read(whole) {
        Some(object) => object.array("run_schedules"),
        None => wire::array(whole),
    };
    let Some(rows) = rows else {
        return Err(said::foreign(whole, "a list of schedules"));
    };
    let kept: Vec<String> = rows
        .iter()
        .map(|raw| {
            let kept = Object::read(raw).and_then(|row| strip::without(&row, "task_params"));
            kept.unwrap_or_else(|| raw.get().to_owned())
        })
        .collect();
    let text = match kept.as_slice() {
        [] => return Ok(Batch::default()),
        [only] => only.clone(),
        all => format!("[{}]", all.join(",")),
    };
    let words = rows.iter().filter_map(|raw| schedule(&Object::read(raw)?));
    let words: Vec<String> = words.collect();
    let fact = (!words.is_empty()).then(|| Fact {
        of: None,
        label: "schedules",
        value: words.join("\n"),
    });
    let extra = Extra {
        label: "schedules".to_owned(),
        raw: Payload::new(text.into()),
    };
    Ok(of_mission_row(mission, fact, extra))
}

/// `burn-watch  */5 * * * *  ACTIVE  next 2026-11-20 09:40:00 UTC`
fn schedule(row: &Object<'_>) -> Option<String> {
    let rhythm = row.some_text("cron_expression").or_else(|| {
        let seconds = row.some_text("interval_seconds")?;
        Some(format!("every {seconds} s"))
    });
    let next = row.array("next_action_times").unwrap_or_default();
    let next = next.first().and_then(|raw| wire::text(raw));
    let parts = [
        row.some_text("name").or_else(|| row.some_text("id")),
        rhythm,
        row.some_text("state"),
        next.map(|at| format!("next {}", wire::spoken(&at))),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("  "))
}
