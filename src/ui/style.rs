//! Roles and how they look: sixteen colours over the terminal's own background. Every role has a glyph
//! or a word besides, so that nothing is lost where there is no colour.

use std::borrow::Cow;

use ratatui::style::{Color, Modifier, Style as Paint};

use crate::{
    doc::Tone,
    guard::{
        ansi::{Colour, Ink},
        clean,
        redact::Masking,
    },
    model::{Event, Kind, RunStatus, StepStatus},
    text::{ascii, width},
};

/// Bytes of a text that a line of the screen may be made of.
const HEAD: usize = 4096;

/// What a piece of text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Ordinary text.
    Plain,
    /// Less important text.
    Dim,
    /// Something to be seen first.
    Strong,
    /// It failed.
    Failed,
    /// A warning.
    Soft,
    /// It goes on.
    Running,
    /// It went well.
    Good,
    /// A tool.
    Tool,
    /// A user's words.
    User,
    /// What the model thought or did.
    Model,
    /// A step or a status.
    Status,
    /// A match of the search.
    Hit,
    /// A line between panes.
    Rule,
}

/// How this terminal is painted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    ascii: bool,
    colour: bool,
}

impl Style {
    /// For a terminal that shows only ASCII, or no colour.
    pub fn new(ascii: bool, colour: bool) -> Self {
        Self { ascii, colour }
    }

    /// Whether only ASCII is shown.
    pub fn is_ascii(self) -> bool {
        self.ascii
    }

    /// The look of a role.
    pub fn of(self, role: Role) -> Paint {
        let plain = Paint::new();
        let dim = plain.add_modifier(Modifier::DIM);
        let bold = plain.add_modifier(Modifier::BOLD);
        let (paint, colour) = match role {
            Role::Plain => (plain, None),
            Role::Dim | Role::Rule => (dim, None),
            Role::Good => (dim, Some(Color::Green)),
            Role::Strong => (bold, None),
            Role::Failed => (bold, Some(Color::Red)),
            Role::Soft => (plain, Some(Color::Yellow)),
            Role::Running => (plain, Some(Color::Cyan)),
            Role::Tool => (plain, Some(Color::Blue)),
            Role::User => (plain, Some(Color::Green)),
            Role::Model => (dim.add_modifier(Modifier::ITALIC), None),
            Role::Status => (plain, Some(Color::Magenta)),
            Role::Hit => (
                plain.add_modifier(Modifier::REVERSED | Modifier::UNDERLINED),
                None,
            ),
        };
        match colour {
            Some(colour) if self.colour => paint.fg(colour),
            _ => paint,
        }
    }

    /// The look of a piece of a document.
    pub fn tone(self, tone: Tone) -> Paint {
        match tone {
            Tone::Key => self.of(Role::Tool),
            Tone::Text => self.of(Role::User),
            Tone::Number | Tone::Code => self.of(Role::Running),
            Tone::Word => self.of(Role::Status),
            Tone::Punct | Tone::Label | Tone::Masked | Tone::Note => self.of(Role::Dim),
            Tone::Prose | Tone::Value => self.of(Role::Plain),
            Tone::Heading | Tone::Strong => self.of(Role::Strong),
            Tone::Fault => self.of(Role::Failed),
            Tone::Emphasis | Tone::Quote => Paint::new().add_modifier(Modifier::ITALIC),
            Tone::Link => self.of(Role::Tool).add_modifier(Modifier::UNDERLINED),
            Tone::Ansi(ink) => self.ink(ink),
        }
    }

    /// The look that a sender asked for; without colour, its marks alone.
    fn ink(self, ink: Ink) -> Paint {
        let marks = [
            (Ink::BOLD, Modifier::BOLD),
            (Ink::DIM, Modifier::DIM),
            (Ink::ITALIC, Modifier::ITALIC),
            (Ink::UNDERLINE, Modifier::UNDERLINED),
            (Ink::REVERSE, Modifier::REVERSED),
            (Ink::STRIKE, Modifier::CROSSED_OUT),
        ];
        let set = marks.into_iter().filter(|(mark, _)| ink.has(*mark));
        let marks = set.fold(Modifier::empty(), |all, (_, modifier)| all | modifier);
        let mut paint = Paint::new().add_modifier(marks);
        if self.colour {
            paint.fg = colour(ink.fore);
            paint.bg = colour(ink.back);
        }
        paint
    }

    /// The end of a text where all of it takes more columns than there are.
    pub fn fit_end(self, text: &str, max: usize) -> Cow<'_, str> {
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
    pub fn selection(self) -> Paint {
        Paint::new()
            .fg(Color::Reset)
            .bg(Color::Reset)
            .remove_modifier(Modifier::DIM | Modifier::ITALIC)
            .add_modifier(Modifier::REVERSED)
    }

    /// The glyph, or its ASCII twin.
    pub fn glyph(self, glyph: Glyph) -> &'static str {
        let (unicode, ascii) = match glyph {
            Glyph::Ok => ("✓", "+"),
            Glyph::Failed => ("✗", "x"),
            Glyph::Running => ("…", "."),
            Glyph::Unknown => ("?", "?"),
            Glyph::Change => ("◆", "#"),
            Glyph::Message | Glyph::Behind => ("›", ">"),
            Glyph::Quiet => ("·", "-"),
            Glyph::Cancelled => ("⊘", "/"),
            Glyph::Open => ("▾ ", "v "),
            Glyph::Closed => ("▸ ", "> "),
            Glyph::Cursor => ("▶ ", "* "),
            Glyph::Line => ("─", "-"),
            Glyph::Wall => ("│", "|"),
            Glyph::Fork => ("┬", "+"),
            Glyph::Foot => ("┴", "+"),
            Glyph::Path => (" › ", " > "),
            Glyph::Soft => ("~", "~"),
            Glyph::Loop => ("∞", "@"),
            Glyph::Times => ("×", "x"),
            Glyph::Then => ("→", ">"),
            Glyph::Pair => ("⇄", "="),
            Glyph::Silence => ("┄", "."),
            Glyph::Before => ("‹", "<"),
            Glyph::Bookmark => ("•", "o"),
            Glyph::Picked => ("■", "*"),
        };
        if self.ascii { ascii } else { unicode }
    }

    /// Text of a service for one line: masked, cleaned, in the terminal's characters. Of a long one only
    /// as much is gone through, each time it is painted, as any line could show.
    pub fn told(self, text: &str, masking: &mut Masking) -> String {
        let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= HEAD);
        let masked = match end.and_then(|end| text.get(..end)) {
            Some(head) => masking.text(&format!("{head}…")).into_owned(),
            None => masking.text(text).into_owned(),
        };
        self.text(&clean::line(&masked))
    }

    /// Text of our own in the terminal's character set: dashes, dots and multiplication signs replaced
    /// where only ASCII is shown.
    pub fn text(self, text: &str) -> String {
        if self.ascii {
            ascii::plain(text).into_owned()
        } else {
            text.to_owned()
        }
    }

    /// The text if it takes at most `max` columns, else its beginning and dots that say so.
    pub fn fit(self, text: &str, max: usize) -> Cow<'_, str> {
        if self.ascii {
            width::fit_plain(text, max)
        } else {
            width::fit(text, max)
        }
    }

    /// How a run's state looks.
    pub fn run(self, status: RunStatus) -> (Glyph, Role) {
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
    pub fn step(self, status: StepStatus) -> (Glyph, Role) {
        match status {
            StepStatus::Succeeded => (Glyph::Ok, Role::Good),
            StepStatus::Failed => (Glyph::Failed, Role::Failed),
            StepStatus::Running => (Glyph::Running, Role::Running),
            StepStatus::Skipped => (Glyph::Cancelled, Role::Dim),
            StepStatus::Pending | StepStatus::Unknown => (Glyph::Quiet, Role::Dim),
        }
    }

    /// How an event looks: glyph, kind in four to six letters, role of its title.
    pub fn event(self, event: &Event) -> (Glyph, &'static str, Role) {
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
        Role::Plain
    }
}

/// The signs of the screen. Each has an ASCII twin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glyph {
    /// It went well.
    Ok,
    /// It failed.
    Failed,
    /// It goes on.
    Running,
    /// Nobody knows.
    Unknown,
    /// Something changed.
    Change,
    /// Something was said.
    Message,
    /// Nothing special.
    Quiet,
    /// It was stopped or left out.
    Cancelled,
    /// What is below is shown.
    Open,
    /// What is below is folded away.
    Closed,
    /// The selected row.
    Cursor,
    /// A line across.
    Line,
    /// A line down.
    Wall,
    /// Where a line down begins.
    Fork,
    /// Where a line down ends.
    Foot,
    /// Between the parts of a path.
    Path,
    /// Its content says that it failed.
    Soft,
    /// It goes round in circles.
    Loop,
    /// So many times.
    Times,
    /// One after the other.
    Then,
    /// A call and its result.
    Pair,
    /// Nothing happened.
    Silence,
    /// More lies before.
    Before,
    /// More lies behind.
    Behind,
    /// A bookmark is on it.
    Bookmark,
    /// The person marked it.
    Picked,
}

fn colour(colour: Colour) -> Option<Color> {
    match colour {
        Colour::Own => None,
        Colour::Table(n) => Some(Color::Indexed(n)),
        Colour::Rgb(red, green, blue) => Some(Color::Rgb(red, green, blue)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::redact::Redactor;

    #[test]
    fn of_a_long_text_only_its_beginning_is_gone_through() {
        let style = Style::new(false, false);
        let told = |text: &str| style.told(text, &mut Redactor::default().masking());
        assert_eq!(
            told("short \u{1b}[31m"),
            style.text(&clean::line("short \u{1b}[31m"))
        );
        let long = told(&"é".repeat(1_000_000));
        assert!(long.len() <= HEAD + 4 && long.ends_with("é…"));
    }
}
