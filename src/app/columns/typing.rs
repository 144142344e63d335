//! `C`: the line in which the columns of a list are typed. What is typed is shown at once; while it is
//! wrong the last good columns stay. Tab completes, Esc puts everything back.

use std::borrow::Cow;

use tui_input::Input;

use super::{List, Set, Shows};
use crate::app::{
    App, Effect, Prompt, Wants,
    key::{Code, Key},
    prompt,
    query::{Fault, Keys, PayloadPath, complete_path},
};

/// What was typed, and what there was before.
#[derive(Clone, Debug, Default)]
pub struct TypingColumns {
    /// What is wrong with what is typed.
    pub fault: Option<Fault>,
    /// What may stand where the cursor is, after Tab.
    pub options: Vec<Cow<'static, str>>,
    before: Set,
}

impl App {
    /// The list whose columns are meant.
    pub fn list_shown(&self) -> List {
        if self.screen().is_some() {
            List::Events
        } else {
            List::Runs
        }
    }

    /// `C`: the columns stand there to be changed.
    pub(in crate::app) fn type_columns(&mut self) {
        if self.calls.is_some() || self.bookmarks.is_some() || self.requests.is_some() {
            self.say("the columns of this list are always the same");
            return;
        }
        let before = self.columns.sets.of(self.list_shown()).clone();
        let mut text = before.to_string();
        if !text.is_empty() {
            text.push(' ');
        }
        self.columns.typing = TypingColumns {
            before,
            ..TypingColumns::default()
        };
        self.prompt = Some(Prompt {
            wants: Wants::Columns,
            input: Input::new(text),
        });
    }

    /// Tab. Says whether it was that key.
    pub(in crate::app) fn key_in_columns(&mut self, key: Key) -> bool {
        self.columns.typing.options.clear();
        if key.code != Code::Tab {
            return false;
        }
        self.complete_column();
        true
    }

    /// What is typed is shown, if it is right.
    pub(in crate::app) fn columns_typed(&mut self) -> Vec<Effect> {
        let Some(prompt) = self.prompt.as_ref() else {
            return Vec::new();
        };
        let list = self.list_shown();
        match list.set(prompt.input.value()) {
            Ok(set) => {
                self.columns.typing.fault = None;
                self.put_columns(list, set);
            }
            Err(fault) => self.columns.typing.fault = Some(fault),
        }
        Vec::new()
    }

    /// Enter: it holds, if it is right; else it says what is wrong and stays.
    pub(in crate::app) fn columns_done(&mut self) -> Vec<Effect> {
        self.columns_typed();
        if self.columns.typing.fault.is_some() {
            return Vec::new();
        }
        self.prompt = None;
        let before = std::mem::take(&mut self.columns.typing).before;
        let now = self.columns.sets.of(self.list_shown());
        if *now == before {
            return Vec::new();
        }
        let fresh = now
            .paths()
            .filter(|path| !before.paths().any(|old| old == *path));
        let fresh: Vec<PayloadPath> = fresh.cloned().collect();
        let mut effects = vec![Effect::Remember(self.memory())];
        effects.extend(self.probe(fresh));
        effects
    }

    /// Esc: as it was before.
    pub(in crate::app) fn columns_given_up(&mut self) {
        let before = std::mem::take(&mut self.columns.typing).before;
        self.put_columns(self.list_shown(), before);
    }

    /// `:columns +tokens`: as if it were typed behind what stands in the line.
    pub(in crate::app) fn columns_by_word(&mut self, typed: &str) -> Vec<Effect> {
        self.type_columns();
        if let Some(prompt) = self.prompt.as_mut() {
            prompt.input = Input::new(format!("{}{typed}", prompt.input.value()));
        }
        self.columns_done()
    }

    /// The columns that can be added to the list that is shown, as they are typed; none where another
    /// list lies over it.
    pub(in crate::app) fn column_words(&self) -> Vec<String> {
        if self.calls.is_some() || self.bookmarks.is_some() || self.requests.is_some() {
            return Vec::new();
        }
        let list = self.list_shown();
        let words = list.words().filter(|word| !list.is_usual(word));
        words.map(|word| format!("+{word}")).collect()
    }

    /// Whether a column was added to the list that is shown.
    pub(in crate::app) fn has_column(&self, typed: &str) -> bool {
        let shown = self.columns.sets.of(self.list_shown());
        let name = typed.trim_start_matches('+');
        shown.added.iter().any(|column| column.name == name)
    }

    /// Shows these columns; says whether they are others.
    pub(in crate::app) fn put_columns(&mut self, list: List, set: Set) -> bool {
        let others = *self.columns.sets.of(list) != set;
        if others {
            *self.columns.sets.of_mut(list) = set;
            self.columns.forget();
        }
        others
    }

    /// Puts in what can only follow, and shows what may.
    fn complete_column(&mut self) {
        let keys = self.offers().keys;
        let Some(prompt) = self.prompt.as_ref() else {
            return;
        };
        let value = prompt.input.value();
        let typed: String = value.chars().take(prompt.input.cursor()).collect();
        let rest = value.get(typed.len()..).unwrap_or_default();
        let begun = Begun::of(&typed);
        let (options, end) = self.column_options(&begun, &keys);
        let common = prompt::common(&options);
        let (put, end) = match options.as_slice() {
            [] => (begun.word, ""),
            [one] => (one.as_ref(), end),
            _ if common.len() > begun.word.len() => (common, ""),
            _ => (begun.word, ""),
        };
        let input = (!options.is_empty()).then(|| {
            let line = format!("{}{put}{end}", begun.before());
            let cursor = line.chars().count();
            Input::new(format!("{line}{rest}")).with_cursor(cursor)
        });
        let several = options.len() > 1;
        self.columns.typing.options = if several { options } else { Vec::new() };
        if let Some((prompt, input)) = self.prompt.as_mut().zip(input) {
            prompt.input = input;
        }
    }

    /// What may stand there, and what follows where that is one thing.
    fn column_options(
        &self,
        begun: &Begun<'_>,
        keys: &Keys,
    ) -> (Vec<Cow<'static, str>>, &'static str) {
        if let Some(path) = begun.path.strip_prefix(ROOT) {
            let found = complete_path(&format!("{path}{}", begun.word), 0, keys);
            return (found.options, if found.end == "." { "." } else { " " });
        }
        let list = self.list_shown();
        let shown = self.columns.sets.of(list);
        let added = |word: &&str| {
            let mut facts = shown.added.iter();
            facts.any(|column| matches!(&column.shows, Shows::Fact(fact) if fact.word() == *word))
        };
        let fit = |word: &&'static str| {
            let there = list.is_usual(word) || added(word);
            word.starts_with(begun.word) && (begun.sign != "-" || there)
        };
        let options: Vec<&'static str> = list.words().chain([ROOT]).filter(fit).collect();
        let end = if options == [ROOT] { "." } else { " " };
        (options.into_iter().map(Cow::Borrowed).collect(), end)
    }
}

/// What every path begins with.
const ROOT: &str = "payload";

/// The column that is being typed, up to the cursor, in its parts: `+`, `refund:`, `payload.charge.`, `am`.
struct Begun<'a> {
    /// The columns before it.
    kept: &'a str,
    sign: &'a str,
    name: &'a str,
    path: &'a str,
    word: &'a str,
}

impl<'a> Begun<'a> {
    fn of(typed: &'a str) -> Self {
        let (kept, word) = typed.split_at(typed.rfind([' ', ',']).map_or(0, |at| at + 1));
        let (sign, word) = word.split_at(usize::from(word.starts_with(['+', '-'])));
        let (name, word) = word.split_at(word.rfind(':').map_or(0, |at| at + 1));
        let path = word
            .rfind('.')
            .filter(|_| word.starts_with(ROOT) && sign != "-");
        let (path, word) = word.split_at(path.map_or(0, |at| at + 1));
        Self {
            kept,
            sign,
            name,
            path,
            word,
        }
    }

    /// All that stands before the word that is completed; a column without a sign gets one.
    fn before(&self) -> String {
        let bare = self.sign.is_empty() && self.name.is_empty();
        let sign = if bare { "+" } else { self.sign };
        format!("{}{sign}{}{}", self.kept, self.name, self.path)
    }
}
