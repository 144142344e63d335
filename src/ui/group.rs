//! Rows that tell of all runs, or of a context as a whole, among the runs of an inbox. And the title of
//! each arrangement.

use super::{
    label::Label,
    style::{Glyph, Role, Style},
};
use crate::{
    app::{
        App,
        arrangement::{Arrangement, Head, window_words},
        outline::Lens,
        recent::Remark,
        when,
    },
    model::NodeId,
};

/// What such a row says.
pub fn label(app: &App, style: &Style, node: NodeId) -> Label {
    let left = match app.arranged.head(node) {
        Some(Head::News) => news(app),
        Some(Head::Context(at)) => context(app, style, at),
        None => Vec::new(),
    };
    Label {
        left,
        ..Label::default()
    }
}

/// Good news is told as good news.
fn news(app: &App) -> Vec<(String, Role)> {
    let tally = app.arranged.tally;
    let window = window_words(app.arranged.window);
    let deaf = (0..app.contexts.len()).any(|at| app.remark(at).is_some());
    let window = if deaf {
        format!("{window}, in what answered")
    } else {
        window
    };
    let mut said = if tally.runs == 0 {
        vec![(format!("no runs in the last {window}"), Role::Plain)]
    } else {
        let good = format!("no failed runs in the last {window}");
        let rest = tally.runs - tally.succeeded;
        let neither = if rest > 0 {
            format!(" · {rest} neither")
        } else {
            String::new()
        };
        let more = format!(" · {} succeeded{neither}", tally.succeeded);
        vec![(good, Role::Good), (more, Role::Plain)]
    };
    let all = if app.outline.lens() == Lens::Failures {
        "  ! shows all ·"
    } else {
        ""
    };
    said.push((format!("{all}  :window 7d looks further back"), Role::Dim));
    said
}

fn context(app: &App, style: &Style, at: usize) -> Vec<(String, Role)> {
    let name = app.contexts.get(at).map(|(_, info)| info.name.clone());
    let name = name.unwrap_or_default();
    let said = match app.remark(at) {
        Some(Remark::Loading) => (
            format!("{} {name}: loading runs", style.glyph(Glyph::Running)),
            Role::Running,
        ),
        Some(Remark::Waiting(trouble, until)) => {
            let at = when::clock(until, &app.zone);
            (
                format!(
                    "{} {name}: trying again at {at}: {trouble}",
                    style.glyph(Glyph::Failed)
                ),
                Role::Soft,
            )
        }
        Some(Remark::Failed(trouble)) => (
            format!(
                "{} {name}: {trouble} (r tries again)",
                style.glyph(Glyph::Failed)
            ),
            Role::Failed,
        ),
        None => (String::new(), Role::Dim),
    };
    vec![said]
}

/// `inbox  failed+soft first · last 24h · all contexts  37 runs`; none where the path says where one is.
pub fn title(app: &App) -> Option<String> {
    let of = match app.contexts.as_slice() {
        [(_, info)] => info.name.as_str(),
        _ => "all contexts",
    };
    match app.arranged.by {
        Arrangement::Inbox => {
            let which = if app.outline.lens() == Lens::Failures {
                "only"
            } else {
                "first"
            };
            let window = window_words(app.arranged.window);
            let runs = when::many(app.arranged.tally.runs, "run");
            Some(format!(
                "inbox  failed+soft {which} · last {window} · {of}  {runs}"
            ))
        }
        Arrangement::Missions | Arrangement::Contexts => None,
    }
}
