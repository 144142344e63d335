//! What the peek says of a mission, a run or a step of the plan, in sentences and facts: their records say
//! the same at length, and are read in the detail.

use ratatui::layout::Rect;

use super::style::Style;
use crate::{
    app::{App, time::when},
    guard::clean,
    model::{Sort, Time},
    text::width,
};

/// Columns of a fact's value.
const FACT: usize = 40;

/// Of the selected row; none of rows whose beginning is read from their payload.
pub fn of(app: &App, style: &Style, area: Rect) -> Option<String> {
    mission_peek(app, style, area)
        .or_else(|| run_peek(app, style, area))
        .or_else(|| step_peek(app))
}

/// What a mission is for, then its facts, for which a line is kept: its record says the same at length.
fn mission_peek(app: &App, style: &Style, area: Rect) -> Option<String> {
    let mission = app.store.mission(app.selected?)?;
    let mut masking = app.redactor.masking();
    let mut told = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        style.told(&words.join(" "), &mut masking)
    };
    let facts: Vec<String> = mission
        .facts
        .iter()
        .map(|fact| {
            let value = told(&fact.value);
            format!("{} {}", fact.label, style.fit(&value, FACT))
        })
        .collect();
    let about = mission.description.as_deref().map(told).unwrap_or_default();
    let facts = (!facts.is_empty()).then(|| facts.join("  "));
    let about = Some(about).filter(|text| !text.trim().is_empty());
    let lines = about.map(|text| {
        let kept = usize::from(facts.is_some());
        let most = usize::from(area.height).saturating_sub(kept);
        let lines = width::wrap(&text, usize::from(area.width));
        lines.into_iter().take(most).collect::<Vec<_>>().join("\n")
    });
    let parts: Vec<String> = lines.into_iter().chain(facts).collect();
    (!parts.is_empty()).then(|| parts.join("\n"))
}

/// What a run is called, which its row may cut, all of its error where the line above cuts that, and what is
/// known of it besides: its record says the same at length.
fn run_peek(app: &App, style: &Style, area: Rect) -> Option<String> {
    let node = app
        .selected
        .filter(|node| app.store.sort(*node) == Sort::Run)?;
    let run = app.store.run(node)?;
    let mut masking = app.redactor.masking();
    let mut told = |text: &str| {
        let words: Vec<&str> = text.split_whitespace().collect();
        style.told(&words.join(" "), &mut masking)
    };
    let columns = usize::from(area.width);
    let title = style.fit(&told(&run.title), columns).into_owned();
    let error = run.error.as_deref().map(&mut told);
    let status = width::width(run.status.word()) + 2;
    let error = error.filter(|error| width::width(error) + status > columns);
    let started = run.started_at.map(|at| when::full(at, &app.zone));
    let id = told(&run.id);
    let mut facts = vec![format!("id {id}")];
    facts.extend(started.map(|at| format!("started {at}")));
    facts.extend(run.facts.iter().map(|fact| {
        let value = told(&fact.value);
        format!("{} {}", fact.label, style.fit(&value, FACT))
    }));
    let parts = [Some(title), error, Some(facts.join("  "))];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    Some(parts.join("\n"))
}

/// What is known of a step of the plan, below its title.
fn step_peek(app: &App) -> Option<String> {
    let node = app
        .selected
        .filter(|node| app.store.sort(*node) == Sort::Step)?;
    let step = app.store.step(node)?;
    let id = app.redactor.masking().text(&step.id).into_owned();
    let id = clean::line(&id).into_owned();
    let told = |word: &str, at: Option<Time>| {
        at.map_or_else(String::new, |at| {
            format!("\n{word}  {}", when::full(at, &app.zone))
        })
    };
    let started = told("started", step.started_at);
    let ended = told("ended  ", step.ended_at);
    Some(format!("id       {id}{started}{ended}"))
}
