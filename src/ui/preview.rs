//! A call that may be copied, before it is: its grade, what was masked, whether it writes, the script, and
//! the way that a copy of it would go. It lies over the middle of the screen.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};

use super::{
    layout,
    style::{Role, Style},
};
use crate::{
    app::App,
    guard::clean,
    text::{size, width},
};

/// Lines of a script, and bytes of a line, that are shown at most: the copy has all of them.
const MOST: usize = 200;
const HEAD: usize = 4096;

/// Said of what may change something.
const WARNING: &str = "  writes data!";

/// Draws it, if a call is looked at.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, main: Rect) {
    let Some((preview, offer)) = app.preview.as_ref().and_then(|p| Some((p, p.offer()?))) else {
        return;
    };
    let columns = usize::from(main.width.saturating_sub(2));
    let lines: Vec<String> = offer
        .text
        .lines()
        .take(MOST)
        .flat_map(|line| wrapped(line, columns))
        .collect();
    let height = u16::try_from(lines.len().saturating_add(3)).unwrap_or(u16::MAX);
    let area = Rect {
        y: main.bottom().saturating_sub(height.min(main.height)),
        height: height.min(main.height),
        ..main
    };
    frame.render_widget(Clear, area);
    let mut places = area.rows();
    if let Some(place) = places.next() {
        layout::seam(style, frame, place);
    }
    if let Some(place) = places.next() {
        let mut spans = vec![Span::styled(
            format!(" grade {}", offer.grade),
            style.of(Role::Strong),
        )];
        let room = usize::from(place.width).saturating_sub(9);
        let mut told = format!(": {}", offer.words);
        if !offer.secrets.is_empty() {
            let secrets: Vec<String> = offer
                .secrets
                .iter()
                .map(|name| format!("${name}"))
                .collect();
            let masked = format!("{} masked, {}", offer.secrets.len(), secrets.join(" "));
            // What the grade means stands whole in the script's first line.
            let short = offer.words.split(',').next().unwrap_or_default();
            told = format!(": {short} · {masked}");
            if width::width(&told) + WARNING.len() > room {
                told = format!(": {masked}");
            }
        }
        let warning = if offer.writes { WARNING } else { "" };
        let told = style
            .fit(&told, room.saturating_sub(warning.len()))
            .into_owned();
        spans.push(Span::raw(style.text(&told)));
        spans.push(Span::styled(warning, style.of(Role::Failed)));
        frame.render_widget(Line::from(spans), place);
    }
    let shown = usize::from(area.height.saturating_sub(3));
    let top = preview.top.min(lines.len().saturating_sub(shown));
    for line in lines.iter().skip(top).take(shown) {
        let Some(place) = places.next() else { break };
        let role = if line.starts_with('#') {
            Role::Dim
        } else {
            Role::Plain
        };
        let line = format!(" {}", style.text(line));
        frame.render_widget(Span::styled(line, style.of(role)), place);
    }
    if let Some(place) = area.rows().next_back() {
        frame.render_widget(Clear, place);
        let via = if offer.route.is_empty() {
            String::new()
        } else {
            format!(" via {}", offer.route)
        };
        let hints = [
            (
                "enter",
                format!("copy{via} ({})", size::of(offer.text.len())),
            ),
            ("g", format!("grade {}", next(preview.at, &preview.offers))),
            ("p", "print".to_owned()),
            ("s", "save".to_owned()),
            ("esc", "close".to_owned()),
        ];
        let hints = hints
            .into_iter()
            .filter(|(key, _)| *key != "g" || preview.offers.len() > 1);
        let spans = hints.flat_map(|(key, what)| {
            [
                Span::styled(format!(" {key}"), style.of(Role::Strong)),
                Span::styled(format!(" {what} "), style.of(Role::Dim)),
            ]
        });
        frame.render_widget(Line::from(spans.collect::<Vec<_>>()), place);
    }
}

/// The letter that the next grade is called by.
fn next(at: usize, offers: &[crate::app::carry::again::Offer]) -> char {
    let next = (at + 1).checked_rem(offers.len()).unwrap_or_default();
    offers.get(next).map_or(' ', |offer| offer.grade)
}

fn wrapped(line: &str, columns: usize) -> Vec<String> {
    let end = line.char_indices().map(|(at, _)| at).find(|at| *at >= HEAD);
    let shown = match end.and_then(|end| line.get(..end)) {
        Some(head) => format!("{}…", clean::line(head)),
        None => clean::line(line).into_owned(),
    };
    let lines = width::wrap(&shown, columns.max(1));
    lines.into_iter().map(str::to_owned).collect()
}
