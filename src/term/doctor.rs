//! Looks at the terminal and at the ways by which a copy can leave it: what they are, which of them work,
//! what to set where one does not. Where something can answer it is asked to give back what it was given;
//! what was on a clipboard before is there again afterwards, and where that cannot be done nothing is put
//! there. Where nothing answers, that is said.

mod ask;
mod route;
mod tmux;

use std::env;
use std::io::{self, IsTerminal};
use std::time::Duration;

use self::ask::{Raw, columns, name};
use self::route::{order, ways};
use super::Glyphs;
use super::copy::{Surroundings, Wishes, surroundings};
use crate::text::colour::Depth;

pub(super) use self::tmux::passes as tmux_passes;

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What, in a word or two.
    pub name: &'static str,
    /// What it is.
    pub value: String,
    pub state: State,
    /// What to do about it, in a sentence.
    pub advice: Option<String>,
}

/// What to think of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Fine,
    /// Good to know.
    Note,
    Bad,
    /// It could not be tried here.
    Untried,
}

impl State {
    /// The word in records.
    pub fn word(self) -> &'static str {
        match self {
            State::Fine => "ok",
            State::Note => "note",
            State::Bad => "bad",
            State::Untried => "not_tried",
        }
    }
}

impl Finding {
    fn new(name: &'static str, value: impl Into<String>, state: State) -> Self {
        Self {
            name,
            value: value.into(),
            state,
            advice: None,
        }
    }

    fn with(mut self, advice: impl Into<String>) -> Self {
        self.advice = Some(advice.into());
        self
    }
}

/// How long a terminal may take to answer; over a slow line it takes a while.
const ANSWER_LIMIT: Duration = Duration::from_millis(700);

/// Looks at everything, which may take some seconds. `colours`: how many are used, and why.
pub fn examine(wishes: &Wishes, colours: &(Depth, String)) -> Vec<Finding> {
    let place = surroundings();
    let there = io::stdin().is_terminal() && io::stdout().is_terminal();
    let raw = if there { Raw::enter().ok() } else { None };
    let mut findings = vec![
        terminal(&place, raw.as_ref()),
        named("TERM"),
        told_colours(colours),
        size(),
    ];
    findings.push(widths(raw.as_ref()));
    findings.push(surrounds(
        "ssh",
        place.ssh,
        "this is the machine that you are at",
    ));
    findings.push(display(&place));
    findings.extend(tmux::findings(&place));
    findings.extend(ways(&place, wishes, raw.as_ref()));
    drop(raw);
    findings.push(order(&place, wishes));
    findings
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn named(name: &'static str) -> Finding {
    match variable(name) {
        Some(value) if value == "dumb" => Finding::new(name, value, State::Bad).with(
            "TERM=dumb names a terminal without a screen: set what yours is, like xterm-256color",
        ),
        Some(value) => Finding::new(name, value, State::Fine),
        None => Finding::new(name, "not set", State::Bad)
            .with("set TERM to what your terminal is, like xterm-256color"),
    }
}

/// What it calls itself, by its variables and by its own answer.
fn terminal(place: &Surroundings, raw: Option<&Raw>) -> Finding {
    let told = [variable("TERM_PROGRAM"), variable("TERM_PROGRAM_VERSION")];
    let told = told.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let Some(raw) = raw else {
        let name = place.terminal.name().map_or(told, str::to_owned);
        let name = if name.is_empty() {
            "not known".to_owned()
        } else {
            name
        };
        return Finding::new("terminal", name, State::Untried).with(
            "stdin or stdout is no terminal here, so nothing could be asked: run it without a pipe",
        );
    };
    let said = name(raw);
    let name = said
        .clone()
        .or_else(|| place.terminal.name().map(str::to_owned))
        .or_else(|| Some(told).filter(|told| !told.is_empty()));
    match name {
        Some(name) => Finding::new("terminal", name, State::Fine),
        None => Finding::new("terminal", "it does not say", State::Note),
    }
}

fn told_colours((depth, why): &(Depth, String)) -> Finding {
    let value = format!("{}: {why}", depth.word());
    match depth {
        Depth::None => Finding::new("colours", value, State::Note).with(
            "weights and signs say everything that colours would; --color 16, 256 or truecolor uses some all the same",
        ),
        Depth::Sixteen | Depth::Table | Depth::Full => Finding::new("colours", value, State::Fine),
    }
}

fn size() -> Finding {
    match crossterm::terminal::size() {
        Ok((columns, rows)) if io::stdout().is_terminal() => {
            let value = format!("{columns} columns, {rows} rows");
            if columns < 60 || rows < 16 {
                return Finding::new("size", value, State::Bad).with("the screen needs 60x16");
            }
            Finding::new("size", value, State::Fine)
        }
        _ => Finding::new("size", "not known", State::Untried),
    }
}

/// How many columns characters take on which programs disagree.
fn widths(raw: Option<&Raw>) -> Finding {
    let Some(raw) = raw else {
        return Finding::new("widths", "not tried: there is no terminal", State::Untried);
    };
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(variable);
    let mut told = Vec::new();
    for (text, what, expected) in [
        ("·", "a dot", 1),
        ("界", "a wide letter", 2),
        ("é", "an accent", 1),
        ("🧪", "an emoji", 2),
    ] {
        match columns(raw, text) {
            Some(columns) if columns == expected => {}
            Some(columns) => told.push(format!("{what} takes {columns} and not {expected}")),
            None => {
                return Finding::new(
                    "widths",
                    "the terminal does not say where its cursor is",
                    State::Note,
                )
                .with("sortie draws with what the locale promises; --ascii draws with ASCII only");
            }
        }
    }
    let glyphs = Glyphs::choose(locale.as_deref(), columns(raw, "·"));
    let drawn = match glyphs {
        Glyphs::Unicode => "Unicode is drawn",
        Glyphs::Ascii => "ASCII is drawn",
    };
    if told.is_empty() {
        return Finding::new("widths", format!("as expected; {drawn}"), State::Fine);
    }
    Finding::new(
        "widths",
        format!("{}; {drawn}", told.join(", ")),
        State::Note,
    )
    .with("rows with such characters may not line up; --ascii avoids sortie's own")
}

fn surrounds(name: &'static str, is: bool, otherwise: &str) -> Finding {
    if is {
        return Finding::new(
            name,
            "yes: the desktop's clipboard here is not yours",
            State::Note,
        );
    }
    Finding::new(name, format!("no, {otherwise}"), State::Fine)
}

fn display(place: &Surroundings) -> Finding {
    let name = match (place.macos, place.wayland, place.x11) {
        (true, ..) => "the desktop of macOS",
        (_, true, _) => "Wayland",
        (.., true) => "X11",
        _ => return Finding::new("display", "none", State::Note),
    };
    Finding::new("display", name, State::Fine)
}

#[cfg(test)]
mod tests;
