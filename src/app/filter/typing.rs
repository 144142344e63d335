//! The prompt of the filter: what is typed is asked while it is typed, and the last query that was one stays
//! while it is none. Tab completes fields and words, the arrows go through what was asked before.

use std::borrow::Cow;

use tui_input::Input;

use crate::{
    app::{
        App, Effect, Prompt, Wants,
        key::{Code, Key},
        prompt,
        query::{Fault, Query, Terms, complete, fields},
    },
    model::NodeId,
};

/// What was typed, and what was there before.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    /// What is wrong with what is typed.
    pub fault: Option<Fault>,
    /// What may stand where the cursor is, after Tab.
    pub options: Vec<Cow<'static, str>>,
    /// The filter before, for Esc.
    before: Query,
    selected: Option<NodeId>,
    /// Which of the queries before is shown, counted from the newest.
    back: usize,
}

impl App {
    /// `&`: what to show; the filter that is on stands there to be changed.
    pub(in crate::app) fn type_filter(&mut self) {
        let before = self.filter.as_ref().map(|filter| filter.query.clone());
        let before = before.unwrap_or_default();
        let mut text = before.to_string();
        if !text.is_empty() {
            text.push(' ');
        }
        self.typing = Typing {
            before,
            selected: self.selected,
            ..Typing::default()
        };
        self.prompt = Some(Prompt {
            wants: Wants::Filter,
            input: Input::new(text),
        });
    }

    /// Keys that other prompts do not have. Says whether it was one.
    pub(in crate::app) fn key_in_filter(&mut self, key: Key) -> bool {
        self.typing.options.clear();
        match key.code {
            Code::Tab => self.complete_filter(),
            Code::Up => self.bring_back(true),
            Code::Down => self.bring_back(false),
            _ => return false,
        }
        true
    }

    /// What was typed has changed: it is asked at once, if it is a query.
    pub(in crate::app) fn filter_typed(&mut self) -> Vec<Effect> {
        let Some(prompt) = self.prompt.as_ref() else {
            return Vec::new();
        };
        match self.read_live(prompt.input.value()) {
            Ok(query) => {
                self.typing.fault = None;
                let same = self.filter.as_ref().map(|filter| &filter.query) == Some(&query);
                if same || query.is_empty() && self.filter.is_none() {
                    return Vec::new();
                }
                let anchor = self.typing.selected;
                let effects = self.set_filter(query);
                self.selected = anchor.or(self.selected);
                self.settle();
                effects
            }
            Err(fault) => {
                self.typing.fault = Some(fault);
                Vec::new()
            }
        }
    }

    /// Enter: what was typed holds, if it is a query; else it says what is wrong and stays.
    pub(in crate::app) fn filter_done(&mut self) -> Vec<Effect> {
        let typed = self
            .prompt
            .as_ref()
            .map(|prompt| prompt.input.value().to_owned());
        let typed = typed.unwrap_or_default();
        let mut effects = self.filter_typed();
        if self.typing.fault.is_some() {
            return effects;
        }
        // Nothing more is typed: every word stands for itself.
        if let Ok(query) = self.read_query(&typed)
            && self.filter.as_ref().map(|filter| &filter.query) != Some(&query)
        {
            effects.extend(self.set_filter(query));
        }
        self.prompt = None;
        let screen = self.screen();
        if let Some(filter) = self.filter.as_mut() {
            filter.on = screen;
        }
        let on = self.filter.as_ref().map(|filter| &filter.query);
        let again = on == Some(&self.typing.before);
        let noted = self.note_asked(&typed);
        if again {
            effects = self.search_further();
        }
        effects.extend(noted);
        effects
    }

    /// Esc: as it was before.
    pub(in crate::app) fn filter_given_up(&mut self) -> Vec<Effect> {
        let typing = std::mem::take(&mut self.typing);
        // What was unfolded for what is given up is folded again, but for what the cursor comes back to.
        self.selected = typing.selected.or(self.selected);
        let now = self.filter.as_ref().map(|filter| filter.query.clone());
        let effects = if now.unwrap_or_default() == typing.before {
            Vec::new()
        } else {
            self.fold_back();
            self.set_filter(typing.before)
        };
        self.selected = typing.selected.or(self.selected);
        self.settle();
        effects
    }

    /// The query as far as it is typed: a word that may become a field is not looked for yet.
    fn read_live(&self, typed: &str) -> Result<Query, Fault> {
        let whole = self.read_query(typed)?;
        let begins = typed.rfind([' ', '(', '-']).map_or(0, |at| at + 1);
        let word = typed.get(begins..).unwrap_or_default();
        let field = !word.is_empty() && fields().any(|field| field.word().starts_with(word));
        let without = typed.get(..begins).filter(|_| field);
        let without = without.and_then(|typed| self.read_query(typed).ok());
        Ok(without.unwrap_or(whole))
    }

    pub(in crate::app) fn read_query(&self, text: &str) -> Result<Query, Fault> {
        let terms = Terms {
            now: self.now,
            zone: self.zone.clone(),
        };
        Query::parse(text, &terms)
    }

    /// Puts in what can only follow, and shows what may.
    fn complete_filter(&mut self) {
        let offers = self.offers();
        let Some(prompt) = self.prompt.as_mut() else {
            return;
        };
        let value = prompt.input.value();
        let typed: String = value.chars().take(prompt.input.cursor()).collect();
        let rest = value.get(typed.len()..).unwrap_or_default().to_owned();
        let completion = complete(&typed, &offers);
        let begun = typed.get(completion.from..).unwrap_or_default();
        let common = prompt::common(&completion.options);
        let kept = typed.get(..completion.from).unwrap_or_default();
        let (word, end) = match completion.options.as_slice() {
            [] => return,
            [one] => (one.as_ref(), completion.end),
            _ if common.len() > begun.len() => (common, ""),
            _ => (begun, ""),
        };
        let line = format!("{kept}{word}{end}");
        let cursor = line.chars().count();
        prompt.input = Input::new(format!("{line}{rest}")).with_cursor(cursor);
        if completion.options.len() > 1 {
            self.typing.options = completion.options;
        }
    }

    /// The query before, or the one behind it.
    fn bring_back(&mut self, older: bool) {
        let last = self.asked.len();
        let back = if older {
            (self.typing.back + 1).min(last)
        } else {
            self.typing.back.saturating_sub(1)
        };
        self.typing.back = back;
        let text = match back {
            0 => String::new(),
            back => self.asked.get(last - back).cloned().unwrap_or_default(),
        };
        if let Some(prompt) = self.prompt.as_mut() {
            prompt.input = Input::new(text);
        }
    }
}
