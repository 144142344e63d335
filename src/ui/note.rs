//! Rows that are no records: silences, and how far a list is loaded.

use super::{
    label::Label,
    row,
    style::{Glyph, Role, Style},
};
use crate::{
    analysis::{Gap, axis},
    app::{
        App,
        arrange::{Arrangement, recent::Remark},
        load::{Missing, Note},
        time::when,
    },
    model::{NodeId, Sort},
};

/// `┄┄ 3m40s without events ┄┄`
fn silence(style: &Style, gap: Gap) -> Label {
    let line = style.glyph(Glyph::Silence).repeat(2);
    let took = gap.to.0.saturating_sub(gap.from.0);
    let took = axis::length(took.unsigned_abs());
    Label {
        left: vec![(format!("{line} {took} without events {line}"), Role::Dim)],
        ..Label::default()
    }
}

/// What the row says.
pub(super) fn label(app: &App, style: &Style, node: NodeId) -> Label {
    if let Some(gap) = app.gap(node) {
        return silence(style, gap);
    }
    let owner = app.store.owner(node);
    let children = app.outline.all_child_count(owner) - row::noted(app, owner);
    let of_load = app.loads.get(&owner);
    let note = app
        .hole_note(node)
        .or_else(|| of_load?.note(children, app.now));
    let runs_below = app.arranged.by == Arrangement::Contexts;
    let at = app.contexts.iter().position(|(node, _)| *node == owner);
    // The runs of a context stand right below it there, and are asked for by themselves.
    let asked = at.filter(|_| runs_below).and_then(|at| app.remark(at));
    let note = match (note, asked) {
        (Some(Note::Empty), Some(Remark::Loading)) => Some(Note::Loading),
        (note, _) => note,
    };
    let things = match app.store.sort(owner) {
        Sort::Context if runs_below => "runs",
        Sort::Context => "missions",
        Sort::Mission => "runs",
        Sort::Run | Sort::Step | Sort::Event | Sort::Note | Sort::Group => "events",
    };
    // What a refresh could not replace stays, and says how old it is.
    let synced = app.loads.get(&owner).and_then(|load| load.synced);
    let stale = synced
        .filter(|_| children > 0)
        .map(|at| format!("stale, from {}: ", when::clock(at, &app.zone)))
        .unwrap_or_default();
    let failed = style.glyph(Glyph::Failed);
    let (mut remedy, mut terse) = (String::new(), "");
    let (text, role) = match note {
        None | Some(Note::Blank) => (String::new(), Role::Dim),
        Some(Note::Loading) => (
            format!("{} loading {things}", style.glyph(Glyph::Running)),
            Role::Running,
        ),
        Some(Note::Waiting(trouble, until)) => {
            let left = until.since(app.now).filter(|left| !left.is_zero());
            let when =
                left.map_or_else(String::new, |left| format!(" in {} s", left.as_secs() + 1));
            (
                format!("{failed} trying again{when}: {trouble}"),
                Role::Soft,
            )
        }
        Some(Note::Failed(trouble)) => {
            (remedy, terse) = (" (r tries again)".to_owned(), " (r)");
            (format!("{failed} {stale}{trouble}"), Role::Failed)
        }
        Some(Note::Stuck(trouble)) => {
            let more = format!(" (r tries again; more {things} exist: Enter loads on)");
            (remedy, terse) = (more, " (r, Enter)");
            (format!("{failed} {stale}{trouble}"), Role::Failed)
        }
        Some(Note::Between(count, is_coming)) => {
            let count = match count {
                Missing::Counted(count) => format!("{count} "),
                Missing::Uncounted => String::new(),
            };
            let more = if is_coming {
                " yet"
            } else {
                ": Enter loads on"
            };
            let text = format!("{count}{things} between are not loaded{more}");
            (text, Role::Soft)
        }
        Some(Note::More) => (
            format!("{children} {things} loaded, more exist: Enter loads on"),
            Role::Soft,
        ),
        Some(Note::Empty) => (format!("no {things}"), Role::Dim),
    };
    Label {
        left: vec![(text, role)],
        faults: remedy,
        terse,
        ..Label::default()
    }
}
