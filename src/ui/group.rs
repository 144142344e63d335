//! Rows that tell of all runs, or of a context as a whole, among the runs of an inbox. And the title of
//! each arrangement.

use super::{
    label::{Column, Label},
    style::{Glyph, Role, Style},
};
use crate::{
    app::{
        App,
        arrange::recent::Remark,
        arrange::{Arrangement, Head, window_words},
        outline::Lens,
        time::when,
    },
    model::NodeId,
};

/// What such a row says.
pub fn label(app: &App, style: &Style, node: NodeId) -> Label {
    let left = match app.arranged.head(node) {
        Some(Head::News) => news(app),
        Some(Head::Context(at)) => context(app, style, at),
        Some(Head::Cause(id)) => return cause(app, style, id).unwrap_or_default(),
        Some(Head::Unread) => unread(app, node),
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
            let news = match app.arranged.tally.news {
                0 => String::new(),
                news if app.top > 0 => format!(" · {news} newly failed, g shows them"),
                news => format!(" · {news} newly failed"),
            };
            Some(format!(
                "inbox  failed+soft {which} · last {window} · {of}  {runs}{news}"
            ))
        }
        Arrangement::Causes => {
            let window = window_words(app.arranged.window);
            let causes = when::many(app.arranged.tally.causes, "cause");
            let runs = when::many(app.arranged.tally.runs, "failed run");
            Some(format!("causes  last {window} · {of}  {causes} · {runs}"))
        }
        Arrangement::Missions | Arrangement::Contexts => None,
    }
}

/// `✗ upstream 402 card_declined · pay.refund  ×7 new        2 missions  ▁  ▂ █    12m`
fn cause(app: &App, style: &Style, id: u64) -> Option<Label> {
    let cause = app.arranged.causes.get(id)?;
    let shape = &cause.fingerprint;
    let (glyph, role) = if cause.fails {
        (Glyph::Failed, Role::Failed)
    } else {
        (Glyph::Soft, Role::Soft)
    };
    let of = match &shape.tool {
        Some(tool) => format!(" · {tool}"),
        None if shape.kind == "run" => String::new(),
        None => format!(" · {}", shape.kind),
    };
    let new = if cause.is_new { "  new" } else { "" };
    let at = cause.seen.map(|(_, last)| when::age(app.now, last));
    Some(Label {
        left: vec![
            (format!("{} ", style.glyph(glyph)), role),
            (shape.message.clone(), Role::Plain),
            (style.text(&of), Role::Tool),
        ],
        faults: format!("  {}{}", style.glyph(Glyph::Times), cause.runs),
        more: vec![(new.to_owned(), Role::Soft)],
        beside: vec![
            Column(when::many(cause.missions, "mission"), 17, 110),
            Column(course(style, &cause.parts), 15, 60),
        ],
        time: at.unwrap_or_default(),
        ..Label::default()
    })
}

/// How many in each part of the window: as heights, or as digits where only ASCII is shown.
fn course(style: &Style, parts: &[u32]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = parts.iter().copied().max().unwrap_or(0).max(1);
    let sign = |count: &u32| match (*count, style.is_ascii()) {
        (0, true) => '.',
        (0, false) => '·',
        (count, true) => char::from_digit(count.min(9), 10).unwrap_or('9'),
        (count, false) => {
            let height = (count * 8).div_ceil(most).clamp(1, 8) as usize;
            HEIGHTS.get(height - 1).copied().unwrap_or('█')
        }
    };
    parts.iter().map(sign).collect()
}

fn unread(app: &App, node: NodeId) -> Vec<(String, Role)> {
    let runs = app.outline.all_child_count(node);
    vec![
        (format!("not read yet ({runs})"), Role::Soft),
        ("  Enter reads them all".to_owned(), Role::Dim),
    ]
}
