//! The palette: the line that is typed, and below it what fits, the best first, with its key and its
//! sentence. It lies over what is below the top line and leaves the rest of a large screen as it is.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
    widgets::Clear,
};
use unicode_segmentation::UnicodeSegmentation as _;

use super::{
    foot, layout,
    style::{Glyph, Role, Style},
};
use crate::{
    app::{App, Entry, Marks, Palette, Taker},
    guard::redact::Masking,
    text::width,
};

/// Lines at most, the typed one included.
const TALL: u16 = 24;
/// Columns of what sort of thing a row is.
const SORT: usize = 8;
/// Columns of the name of a command.
const NAME: usize = 16;
/// Columns of its keys.
const KEYS: usize = 9;

/// Draws it, if it is open; says where its rows are.
pub fn draw(app: &App, style: &Style, frame: &mut Frame, main: Rect) -> Option<Rect> {
    let palette = app.palette.as_ref()?;
    let prompt = app.prompt.as_ref()?;
    let area = Rect {
        height: main.height.min(TALL),
        ..main
    };
    frame.render_widget(Clear, area);
    let mut places = area.rows();
    let input = places.next()?;
    foot::draw_prompt(prompt, style, frame, input);
    draw_count(palette, style, frame, input);
    let typed = prompt.input.value();
    let mut marks = Marks::new(typed);
    let mut masking = app.redactor.masking();
    let rows = area
        .height
        .saturating_sub(if area.height < main.height { 2 } else { 1 });
    let places = places.take(usize::from(rows));
    if palette.rows.is_empty() {
        draw_nothing(app, typed, style, frame, area);
    }
    for (at, place) in (palette.view.top..).zip(places) {
        let Some(entry) = palette.rows.get(at) else {
            break;
        };
        let row = Row {
            app,
            style,
            entry,
            selected: at == palette.view.selected,
        };
        let line = row.line(&mut marks, &mut masking, usize::from(place.width));
        frame.render_widget(line, place);
        if row.selected {
            frame.buffer_mut().set_style(place, style.selection());
        }
    }
    if area.height < main.height {
        let last = Rect {
            y: area.bottom().saturating_sub(1),
            height: 1,
            ..area
        };
        layout::seam(style, frame, last);
    }
    Some(Rect {
        y: area.y.saturating_add(1),
        height: rows,
        ..area
    })
}

/// How much fits, at the end of the typed line where there is room.
fn draw_count(palette: &Palette, style: &Style, frame: &mut Frame, input: Rect) {
    let more = if palette.waits { "+" } else { "" };
    let text = format!(" {}{more} fit ", palette.count);
    let columns = u16::try_from(width::width(&text)).unwrap_or(u16::MAX);
    let place = Rect {
        x: input.right().saturating_sub(columns),
        width: columns.min(input.width),
        ..input
    };
    frame.render_widget(Span::styled(text, style.of(Role::Dim)), place);
}

fn draw_nothing(app: &App, typed: &str, style: &Style, frame: &mut Frame, area: Rect) {
    let nearest = app.nearest(typed.trim());
    let text = match nearest {
        Some(nearest) => format!("  nothing is called that; the nearest command is :{nearest}"),
        None => "  nothing that is loaded and no command is called that".to_owned(),
    };
    let place = Rect {
        y: area.y.saturating_add(1),
        height: 1,
        ..area
    };
    let text = style.fit(&text, usize::from(place.width)).into_owned();
    frame.render_widget(Span::styled(style.text(&text), style.of(Role::Soft)), place);
}

struct Row<'a> {
    app: &'a App,
    style: &'a Style,
    entry: &'a Entry,
    selected: bool,
}

impl Row<'_> {
    fn line(&self, marks: &mut Marks, masking: &mut Masking, columns: usize) -> Line<'static> {
        let style = self.style;
        let sign = if self.selected {
            style.glyph(Glyph::Cursor)
        } else {
            "  "
        };
        let sort = width::pad(self.entry.sort(self.app), SORT);
        let mut spans = vec![
            Span::raw(sign.to_owned()),
            Span::styled(sort, style.of(Role::Dim)),
        ];
        let room = columns.saturating_sub(width::width(sign) + SORT + 1);
        let name = style.told(&self.entry.name(self.app), masking);
        if let Entry::Go(_) = self.entry {
            let at = marks.in_name(&name);
            spans.extend(self.marked(&name, &at, room, Role::Plain));
            return Line::from(spans);
        }
        let at = marks.in_name(&name);
        spans.extend(self.marked(&name, &at, room, Role::Tool));
        if let Entry::Give(Taker::Zone, _) = self.entry {
            spans.push(Span::raw(format!("  {}", self.beside())));
            return Line::from(spans);
        }
        let taken = width::width(&name).max(NAME);
        spans.push(Span::raw(" ".repeat(taken - width::width(&name) + 1)));
        let beside = self.beside();
        let beside = width::pad(&style.fit(&beside, KEYS), KEYS);
        spans.push(Span::styled(beside, style.of(Role::Strong)));
        spans.push(Span::raw(" "));
        let room = room.saturating_sub(taken + KEYS + 2);
        if let Some(why) = self.unable() {
            let why = style.told(&why, masking);
            let why = style.fit(&why, room).into_owned();
            spans.push(Span::styled(why, style.of(Role::Soft)));
            return Line::from(spans);
        }
        let told = self.entry.told();
        let at = marks.in_sentence(told);
        spans.extend(self.marked(told, &at, room, Role::Dim));
        Line::from(spans)
    }

    /// Why it would do nothing here and now, which is said in place of what it does.
    fn unable(&self) -> Option<String> {
        match self.entry {
            Entry::Do(action) => self.app.unable(*action),
            _ => None,
        }
    }

    /// The keys of an action; of a setting whether it is so now.
    fn beside(&self) -> String {
        match self.entry {
            Entry::Do(action) => self.app.keys_of(*action),
            Entry::Own(name) => self.app.keys_of_command(name),
            entry if entry.is_set(self.app) => "now".to_owned(),
            _ => String::new(),
        }
    }

    /// A text with the characters that fit marked, cut to so many columns. A cluster is marked as one.
    fn marked(&self, text: &str, at: &[u32], room: usize, role: Role) -> Vec<Span<'static>> {
        let shown = self.style.fit(text, room);
        let mut spans: Vec<Span<'static>> = Vec::new();
        let (mut plain, mut hit) = (String::new(), String::new());
        let mut letter = 0_u32;
        for cluster in shown.graphemes(true) {
            let letters = u32::try_from(cluster.chars().count()).unwrap_or(u32::MAX);
            let is_hit = at
                .iter()
                .any(|at| (letter..letter.saturating_add(letters)).contains(at));
            letter = letter.saturating_add(letters);
            if is_hit {
                self.push(&mut spans, &mut plain, role);
                hit.push_str(cluster);
            } else {
                self.push(&mut spans, &mut hit, Role::Hit);
                plain.push_str(cluster);
            }
        }
        self.push(&mut spans, &mut plain, role);
        self.push(&mut spans, &mut hit, Role::Hit);
        spans
    }

    fn push(&self, spans: &mut Vec<Span<'static>>, text: &mut String, role: Role) {
        if !text.is_empty() {
            spans.push(Span::styled(std::mem::take(text), self.style.of(role)));
        }
    }
}
