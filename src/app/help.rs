//! The help: every key that is bound where one is, what does nothing just now with the reason, and, where
//! something is looked for, also what is bound elsewhere. Painted by somebody else.

use super::{
    App, Effect,
    action::Action,
    custom::{Command, MODES},
    keymap::Mode,
    prompt::{Prompt, Wants},
};

/// The help, while it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Help {
    /// Lines scrolled away.
    pub scrolled: usize,
    /// Only what has these words is shown, whatever their case.
    pub sought: String,
}

/// An action in the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// All its keys, in short spelling.
    pub keys: String,
    /// What they do.
    pub action: Action,
    /// The same in a sentence, as it is where the keys are.
    pub told: &'static str,
    /// Why it does nothing just now, or where it does something.
    pub not: Option<Not>,
}

/// A command of the person's own in the help.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own<'a> {
    /// Its keys, in short spelling; none: it is found by its name.
    pub keys: String,
    /// Which.
    pub command: &'a Command,
    /// Where it works, if not here.
    pub not: Option<Not>,
}

/// Why a key does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Not {
    /// Not just now: why.
    Now(String),
    /// Not here, but there.
    Here(&'static str),
}

/// Something that was looked for at the start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sought {
    /// The variable, or the path of the file.
    pub name: String,
    /// Whether it is there.
    pub found: bool,
    /// What is wrong with it, with its path and line.
    pub wrong: Option<String>,
}

impl Sought {
    /// A variable of the environment.
    pub fn variable(name: &str, found: bool) -> Self {
        Self {
            name: name.to_owned(),
            found,
            wrong: None,
        }
    }
}

impl App {
    /// `?`: shows the help over what is there, or closes it.
    pub(in crate::app) fn toggle_help(&mut self) {
        self.help = match self.help {
            Some(_) => None,
            None => Some(Help::default()),
        };
    }

    /// `/` in the help: a line in which a word is typed.
    pub(in crate::app) fn seek_key(&mut self) {
        self.prompt = Some(Prompt {
            wants: Wants::Key,
            ..Prompt::default()
        });
    }

    /// The word changed: only what has it is shown.
    pub(in crate::app) fn key_sought(&mut self) -> Vec<Effect> {
        let typed = self.prompt.as_ref().map(|prompt| prompt.input.value());
        if let (Some(help), Some(typed)) = (self.help.as_mut(), typed) {
            *help = Help {
                scrolled: 0,
                sought: typed.to_owned(),
            };
        }
        Vec::new()
    }

    /// Shows all keys again. Says whether a word had been looked for.
    pub(in crate::app) fn drop_key_sought(&mut self) -> bool {
        let sought = self.help.as_mut().filter(|help| !help.sought.is_empty());
        sought.map(|help| *help = Help::default()).is_some()
    }

    /// What is bound where the keys are, by what it is about: what works first, then what does not just
    /// now, then, if a word is looked for, what is bound elsewhere.
    pub fn help_rows(&self) -> Vec<Row> {
        let mode = self.mode_below_help();
        let of_mode = |mode: Mode| {
            let hints = self.keymap.hints(mode).into_iter();
            hints.filter(move |(_, action)| {
                // The digits say the same of so many levels.
                let levels = action.levels().is_none_or(|levels| levels == 1);
                levels && self.matters(*action, mode)
            })
        };
        let mut rows: Vec<Row> = of_mode(mode)
            .map(|(keys, action)| Row {
                keys,
                action,
                told: told(action, mode),
                not: self.unable(action).map(Not::Now),
            })
            .collect();
        rows.sort_by_key(|row| (row.not.is_some(), row.action.topic()));
        let words = self.words_sought();
        if words.is_empty() {
            return rows;
        }
        for (elsewhere, place) in ELSEWHERE {
            for (keys, action) in of_mode(elsewhere) {
                let known = |row: &Row| row.action == action && row.keys == keys;
                if elsewhere != mode && !rows.iter().any(known) {
                    rows.push(Row {
                        keys,
                        action,
                        told: told(action, elsewhere),
                        not: Some(Not::Here(place)),
                    });
                }
            }
        }
        rows.retain(|row| row.has(&words));
        rows
    }

    /// The person's own commands whose keys work where the keys are; where something is looked for, those
    /// with it, wherever they work.
    pub fn help_commands(&self) -> Vec<Own<'_>> {
        let words = self.words_sought();
        let mode = self.mode_below_help();
        let here = MODES.contains(&mode);
        let place = if here || words.is_empty() {
            mode
        } else {
            Mode::Tree
        };
        let all = self.commands_here(place).map(|(keys, command)| Own {
            keys,
            command,
            not: (!here).then_some(Not::Here("in the rows and the detail")),
        });
        all.filter(|own| own.has(&words)).collect()
    }

    /// What is looked for, in lower case.
    fn words_sought(&self) -> Vec<String> {
        let sought = self.help.as_ref().map_or("", |help| &help.sought);
        sought.split_whitespace().map(str::to_lowercase).collect()
    }
}

/// Where else keys may be, in the words of the help.
const ELSEWHERE: [(Mode, &str); 5] = [
    (Mode::Tree, "in the rows"),
    (Mode::Detail, "in the detail"),
    (Mode::Preview, "before a call is copied"),
    (Mode::Export, "in the export menu"),
    (Mode::Review, "before an export"),
];

impl Row {
    fn has(&self, words: &[String]) -> bool {
        let text = format!("{} {}", self.action.name(), self.told);
        has(&text, &self.keys, words)
    }
}

impl Own<'_> {
    fn has(&self, words: &[String]) -> bool {
        let on: Vec<&str> = self.command.on.iter().map(|row| row.word()).collect();
        let text = format!("{} {}", self.command.name, on.join(" "));
        has(&text, &self.keys, words)
    }
}

/// Whether each of the words is in a text, or is one of the keys.
fn has(text: &str, keys: &str, words: &[String]) -> bool {
    let text = text.to_lowercase();
    let is_key = |word: &String| keys.split(' ').any(|key| key.to_lowercase() == *word);
    words
        .iter()
        .all(|word| text.contains(word.as_str()) || is_key(word))
}

/// What an action does where the keys are.
fn told(action: Action, mode: Mode) -> &'static str {
    match action {
        Action::Open if mode == Mode::Export => {
            "Show what is masked in the selected form, then write it."
        }
        Action::Open if mode == Mode::Review => "Write it as it is shown.",
        Action::Escape if mode == Mode::Review => "Stop the writing, or go back without writing.",
        Action::Escape if mode == Mode::Export => "Stop what is being written, or close the menu.",
        Action::Search if mode == Mode::List => "Show only calls with a word.",
        Action::WindowBack if mode == Mode::List => "Scroll the arguments to the left.",
        Action::WindowOn if mode == Mode::List => "Scroll the arguments to the right.",
        _ if mode != Mode::Detail => action.description(),
        Action::PartNext => "Go to the next part: request, response, record.",
        Action::PartPrev => "Go to the part before.",
        Action::WindowBack => "Scroll to the left, where lines are cut.",
        Action::WindowOn => "Scroll to the right, where lines are cut.",
        Action::Search => "Search in what is shown here.",
        Action::SearchNext => "Go to the next match.",
        Action::SearchPrev => "Go to the match before.",
        Action::Unfold => "Unfold, go in, or unwrap what is in a string.",
        Action::Fold => "Fold, or go out.",
        Action::Open => "Fold or unfold, or unwrap what is in a string.",
        Action::CopyValue => "Copy the value.",
        Action::CopyPath => "Copy the path to the value.",
        Action::PrintValue => "Print the value below the screen, until a key.",
        Action::PrintPath => "Print the path to the value.",
        action => action.description(),
    }
}
