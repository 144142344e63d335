//! What can be set on the screen by a word: `times clock`, `wrap off`, `zone Europe/Berlin`. Each value
//! is a command of its own, so that the palette finds it and completes it.

use crate::{
    app::{App, Bars, Effect, TimeColumn, action::Action},
    doc::View,
};

/// One value of a setting.
#[derive(Debug, PartialEq, Eq)]
pub struct Setting {
    /// Of which setting.
    pub name: &'static str,
    /// The value, as it is typed.
    pub value: &'static str,
    /// One sentence.
    pub told: &'static str,
    to: To,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    Times(TimeColumn),
    Bars(Bars),
    Idle(bool),
    Wrap(bool),
    View(View),
    Number(bool),
    Data(bool),
    Zone(&'static str),
}

const fn setting(name: &'static str, value: &'static str, to: To, told: &'static str) -> Setting {
    Setting {
        name,
        value,
        told,
        to,
    }
}

/// All of them.
pub static ALL: [Setting; 22] = [
    setting(
        "times",
        "offset",
        To::Times(TimeColumn::Offset),
        "Times since the run began.",
    ),
    setting(
        "times",
        "clock",
        To::Times(TimeColumn::Clock),
        "Times of day.",
    ),
    setting(
        "times",
        "age",
        To::Times(TimeColumn::Age),
        "How long ago it was.",
    ),
    setting(
        "times",
        "before",
        To::Times(TimeColumn::Delta),
        "Times since the row above.",
    ),
    setting(
        "bars",
        "inline",
        To::Bars(Bars::Inline),
        "Bars beside the rows.",
    ),
    setting(
        "bars",
        "pane",
        To::Bars(Bars::Pane),
        "Bars in a pane of their own.",
    ),
    setting("bars", "off", To::Bars(Bars::Off), "No bars."),
    setting("idle", "fold", To::Idle(true), "Silence folded to a row."),
    setting("idle", "show", To::Idle(false), "Time as it was."),
    setting("wrap", "on", To::Wrap(true), "Long lines wrapped."),
    setting("wrap", "off", To::Wrap(false), "Long lines cut."),
    setting(
        "view",
        "pretty",
        To::View(View::Pretty),
        "Payloads each in the way that suits it.",
    ),
    setting(
        "view",
        "markdown",
        To::View(View::Markdown),
        "Every text as markdown.",
    ),
    setting("view", "raw", To::View(View::Raw), "Payloads as sent."),
    setting("view", "hex", To::View(View::Hex), "Payloads in bytes."),
    setting(
        "number",
        "on",
        To::Number(true),
        "Lines of texts with numbers.",
    ),
    setting(
        "number",
        "off",
        To::Number(false),
        "Lines of texts without numbers.",
    ),
    setting("data", "on", To::Data(true), "JSON with its brackets."),
    setting("data", "off", To::Data(false), "JSON without brackets."),
    setting("zone", "utc", To::Zone("UTC"), "Times in UTC."),
    setting(
        "zone",
        "local",
        To::Zone("the local zone"),
        "Times in the machine's zone.",
    ),
    setting(
        "zone",
        "configured",
        To::Zone("the configured zone"),
        "Times in the zone of the configuration.",
    ),
];

/// Whether a setting takes this value.
pub(in crate::app) fn is_setting(name: &str, value: &str) -> bool {
    ALL.iter()
        .any(|known| known.name == name && known.value.eq_ignore_ascii_case(value))
}

impl Setting {
    /// Whether it is so now.
    pub fn is_set(&self, app: &App) -> bool {
        match self.to {
            To::Times(times) => app.times == times,
            To::Bars(bars) => app.bars.unwrap_or(app.measured.bars) == bars,
            To::Idle(folded) => app.fold_idle == folded,
            To::Wrap(wrapped) => app.detail.cut != wrapped,
            To::View(view) => app.detail.view == view,
            To::Number(numbers) => app.detail.numbers == numbers,
            To::Data(brackets) => app.detail.brackets == brackets,
            To::Zone(what) => app.shows_zone(what),
        }
    }

    /// Makes it so.
    pub(super) fn set(&self, app: &mut App) -> Vec<Effect> {
        let toggle = |app: &mut App, action| {
            if self.is_set(app) {
                return Vec::new();
            }
            app.act(action)
        };
        let effects = match self.to {
            To::Times(times) => {
                app.times = times;
                Vec::new()
            }
            To::Bars(bars) => {
                app.bars = Some(bars);
                Vec::new()
            }
            To::Idle(_) => toggle(app, Action::Idle),
            To::Wrap(_) => toggle(app, Action::Wrap),
            To::Number(_) => toggle(app, Action::Number),
            To::Data(_) => toggle(app, Action::Data),
            To::View(view) => {
                app.detail.view = view;
                app.detail.stale = true;
                app.inspect()
            }
            To::Zone(what) => return app.show_known_zone(what),
        };
        app.say(self.told.trim_end_matches('.').to_lowercase_first());
        effects
    }
}

/// Sentences begin with a capital, notices do not, unless a name does.
trait LowerFirst {
    fn to_lowercase_first(&self) -> String;
}

impl LowerFirst for str {
    fn to_lowercase_first(&self) -> String {
        let mut letters = self.chars();
        let second_is_small = letters.clone().nth(1).is_some_and(char::is_lowercase);
        match letters.next() {
            Some(first) if second_is_small => first.to_lowercase().chain(letters).collect(),
            _ => self.to_owned(),
        }
    }
}
