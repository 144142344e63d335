//! How this terminal is painted on: what each role looks like in the theme that holds, with as many
//! colours as there are, and the signs in Unicode or ASCII. It knows no file and no key; a terminal
//! without colour gets the same weights whatever the theme, and the signs say everything.

mod glyph;
mod paint;
#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style as Paint},
};

use self::paint::Painted;
use super::fitted::Fitted;
pub use crate::app::theme::Role;
use crate::{
    app::theme::Theme,
    doc::Tone,
    guard::{clean, redact::Masking},
    model::{Event, Kind, RunStatus, StepStatus},
    text::{ascii, colour::Depth, width},
};
pub use glyph::Glyph;

/// Bytes of a text that a line of the screen may be made of.
const HEAD: usize = 4096;

/// How this terminal is painted on.
#[derive(Clone, Debug)]
pub struct Style {
    ascii: bool,
    depth: Depth,
    theme: Arc<Theme>,
    painted: Arc<Painted>,
    fitted: Arc<Mutex<Fitted>>,
}

impl Style {
    /// The usual look, for a terminal that shows only ASCII, or no colour.
    pub fn new(ascii: bool, colour: bool) -> Self {
        let depth = if colour { Depth::Full } else { Depth::None };
        Self::themed(Arc::default(), ascii, depth)
    }

    /// The look of a theme, for a terminal with so many colours.
    pub fn themed(theme: Arc<Theme>, ascii: bool, depth: Depth) -> Self {
        Self {
            ascii,
            depth,
            painted: Arc::new(Painted::of(&theme, depth)),
            fitted: Arc::default(),
            theme,
        }
    }

    /// Takes another theme, where it is another one.
    pub fn follow(&mut self, theme: &Arc<Theme>) {
        if !Arc::ptr_eq(&self.theme, theme) && self.theme != *theme {
            *self = Self::themed(Arc::clone(theme), self.ascii, self.depth);
        }
    }

    /// Rows that were fitted for this look.
    pub fn fitted(&self) -> MutexGuard<'_, Fitted> {
        self.fitted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether only ASCII is shown.
    pub fn is_ascii(&self) -> bool {
        self.ascii
    }

    /// The look of a role.
    pub fn of(&self, role: Role) -> Paint {
        self.painted.look(role)
    }

    /// The look of a piece of a document.
    pub fn tone(&self, tone: Tone) -> Paint {
        match tone {
            Tone::Key => self.of(Role::Key),
            Tone::Text => self.of(Role::Text),
            Tone::Number => self.of(Role::Number),
            Tone::Code => self.of(Role::Code),
            Tone::Word => self.of(Role::Word),
            Tone::Masked => self.of(Role::Masked),
            Tone::Punct | Tone::Label | Tone::Note => self.of(Role::Dim),
            Tone::Prose | Tone::Value => self.of(Role::Plain),
            Tone::Heading | Tone::Strong => self.of(Role::Strong),
            Tone::Fault => self.of(Role::Failed),
            Tone::Emphasis | Tone::Quote => Paint::new().add_modifier(Modifier::ITALIC),
            Tone::Link => self.of(Role::Tool).add_modifier(Modifier::UNDERLINED),
            Tone::Ansi(ink) => self.painted.ink(ink),
        }
    }

    /// Paints what no role has coloured in the colours of the theme, where it has some for that.
    pub fn ground(&self, buffer: &mut Buffer) {
        let (fore, back) = self.painted.ground;
        if fore.is_none() && back.is_none() {
            return;
        }
        for cell in &mut buffer.content {
            if let (Color::Reset, Some(fore)) = (cell.fg, fore) {
                cell.fg = fore;
            }
            if let (Color::Reset, Some(back)) = (cell.bg, back) {
                cell.bg = back;
            }
        }
    }

    /// The end of a text where all of it takes more columns than there are.
    pub fn fit_end<'t>(&self, text: &'t str, max: usize) -> Cow<'t, str> {
        let over = width::width(text).saturating_sub(max);
        if over == 0 {
            return Cow::Borrowed(text);
        }
        let more = self.text("…");
        let (cut, _) = width::cut_at(text, over + width::width(&more));
        Cow::Owned(more + text.get(cut..).unwrap_or_default())
    }

    /// The look of the selected row: one even bar. Colours reversed one by one would make it a patchwork,
    /// and the signs say the same.
    pub fn selection(&self) -> Paint {
        Paint::new()
            .fg(Color::Reset)
            .bg(Color::Reset)
            .remove_modifier(Modifier::DIM | Modifier::ITALIC)
            .patch(self.of(Role::Selection))
    }

    /// Makes the row of a list the selected one, with the sign in the first free column of its margin.
    pub fn select(&self, buffer: &mut Buffer, row: Rect) {
        buffer.set_style(row, self.selection());
        let margin = (row.x..row.right()).take(2);
        let free = margin.map(|x| (x, row.y)).find(|place| {
            let cell = buffer.cell(*place);
            cell.is_some_and(|cell| cell.symbol() == " ")
        });
        if let Some(cell) = free.and_then(|place| buffer.cell_mut(place)) {
            cell.set_symbol(self.glyph(Glyph::Cursor).trim_end());
        }
    }

    /// The glyph, or its ASCII twin.
    pub fn glyph(&self, glyph: Glyph) -> &'static str {
        let (unicode, ascii) = glyph.twins();
        if self.ascii { ascii } else { unicode }
    }

    /// Text of a service for one line: masked, cleaned, in the terminal's characters. Of a long one only
    /// as much is gone through, each time it is painted, as any line could show.
    pub fn told(&self, text: &str, masking: &mut Masking) -> String {
        let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= HEAD);
        let masked = match end.and_then(|end| text.get(..end)) {
            Some(head) => masking.text(&format!("{head}…")).into_owned(),
            None => masking.text(text).into_owned(),
        };
        self.text(&clean::line(&masked))
    }

    /// Text of our own in the terminal's character set: dashes, dots and multiplication signs replaced
    /// where only ASCII is shown.
    pub fn text(&self, text: &str) -> String {
        if self.ascii {
            ascii::plain(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// The text if it takes at most `max` columns, else its beginning and dots that say so.
    pub fn fit<'t>(&self, text: &'t str, max: usize) -> Cow<'t, str> {
        if self.ascii {
            width::fit_plain(text, max)
        } else {
            width::fit(text, max)
        }
    }

    /// How a run's state looks.
    pub fn run(&self, status: RunStatus) -> (Glyph, Role) {
        match status {
            RunStatus::Succeeded => (Glyph::Ok, Role::Good),
            RunStatus::Failed | RunStatus::TimedOut => (Glyph::Failed, Role::Failed),
            RunStatus::Cancelled => (Glyph::Cancelled, Role::Dim),
            RunStatus::Running => (Glyph::Running, Role::Running),
            RunStatus::Paused => (Glyph::Change, Role::Soft),
            RunStatus::Pending => (Glyph::Quiet, Role::Dim),
            RunStatus::Unknown => (Glyph::Unknown, Role::Soft),
        }
    }

    /// How a step's state looks.
    pub fn step(&self, status: StepStatus) -> (Glyph, Role) {
        match status {
            StepStatus::Succeeded => (Glyph::Ok, Role::Good),
            StepStatus::Failed => (Glyph::Failed, Role::Failed),
            StepStatus::Running => (Glyph::Running, Role::Running),
            StepStatus::Skipped => (Glyph::Cancelled, Role::Dim),
            StepStatus::Pending | StepStatus::Unknown => (Glyph::Quiet, Role::Dim),
        }
    }

    /// How an event looks: glyph, kind in four to six letters, role of its title.
    pub fn event(&self, event: &Event) -> (Glyph, &'static str, Role) {
        let failed = event.is_error == Some(true) || event.kind == Kind::Error;
        let (glyph, word, role) = match event.kind {
            Kind::ToolCall => (Glyph::Quiet, "call", Role::Tool),
            Kind::ToolResult if event.is_error.is_some() => (Glyph::Ok, "result", Role::Tool),
            Kind::ToolResult => (Glyph::Quiet, "result", Role::Tool),
            Kind::Message => (Glyph::Message, "msg", speaker(event)),
            Kind::Reasoning => (Glyph::Quiet, "think", Role::Model),
            Kind::ModelCall => (Glyph::Quiet, "llm", Role::Model),
            Kind::Step => (Glyph::Change, "step", Role::Status),
            Kind::Status => (Glyph::Change, "status", Role::Status),
            Kind::Error => (Glyph::Failed, "error", Role::Failed),
            Kind::Data => (Glyph::Quiet, "data", Role::Plain),
            Kind::Span => (Glyph::Quiet, "span", Role::Plain),
            Kind::Artifact => (Glyph::Message, "file", Role::Plain),
            Kind::SubRun => (Glyph::Change, "sub", Role::Status),
            Kind::Unknown => (Glyph::Unknown, "other", Role::Soft),
        };
        if failed {
            (Glyph::Failed, word, Role::Failed)
        } else {
            (glyph, word, role)
        }
    }
}

fn speaker(event: &Event) -> Role {
    if event.title.as_deref() == Some("user") {
        Role::User
    } else {
        Role::Assistant
    }
}
