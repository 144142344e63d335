//! Keys that are pressed: they gather until they mean something, and act, or go to what is being typed.
//! It knows no key by its name but Esc and the arrows of a search: the keymap says what keys mean.

use super::{
    App, Effect,
    action::Action,
    key::{Code, Key},
    keymap::{Mode, Resolution, SEQUENCE_WAIT},
    load::nanos,
    msg::To,
    prompt::{Typed, Wants},
};
use crate::model::Time;

impl App {
    pub(super) fn tick_keys(&mut self) -> Vec<Effect> {
        self.dirty = true;
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.until.is_some_and(|until| until <= self.now))
        {
            self.notice = None;
        }
        if self
            .revealed
            .as_ref()
            .is_some_and(|revealed| revealed.until <= self.now)
        {
            self.cover();
        }
        if self.pending_until.is_some_and(|until| until <= self.now) {
            self.pending_until = None;
            // Keys that mean nothing alone wait on, and what may follow is shown.
            if let Resolution::Pending { alone: Some(_) } =
                self.keymap.resolve(self.mode(), &self.pending)
            {
                return self.act_alone();
            }
        }
        Vec::new()
    }

    pub(super) fn key(&mut self, key: Key) -> Vec<Effect> {
        self.dirty = true;
        self.unfold_single = false;
        self.opened = None;
        self.cover();
        (self.seek, self.awaited) = (None, None);
        if let Some(stop) = self.give_up_looking() {
            let mut effects = vec![stop];
            if key != Key::plain(Code::Esc) {
                effects.extend(self.key(key));
            }
            return effects;
        }
        self.arranged.at_first = false;
        self.looked_at_news();
        self.keeping.let_be();
        if self.notice.as_ref().is_some_and(|notice| notice.failed) {
            self.notice = None;
        }
        if self.prompt.is_some() {
            return self.key_in_prompt(key);
        }
        if key == Key::plain(Code::Esc) && !self.pending.is_empty() {
            self.forget_keys();
            return Vec::new();
        }
        self.pending.push(key);
        match self.keymap.resolve(self.mode(), &self.pending) {
            Resolution::Action(action) => {
                self.forget_keys();
                self.act(action)
            }
            Resolution::Pending { .. } => {
                let wait = Time(self.now.0.saturating_add(nanos(SEQUENCE_WAIT)));
                self.pending_until = Some(wait);
                Vec::new()
            }
            Resolution::None if self.pending.len() > 1 => {
                // The sequence leads nowhere: its beginning acts alone, then the key begins anew.
                self.pending.pop();
                let mut effects = self.act_alone();
                effects.extend(self.key(key));
                effects
            }
            Resolution::None => {
                self.forget_keys();
                Vec::new()
            }
        }
    }

    fn act_alone(&mut self) -> Vec<Effect> {
        let keys = std::mem::take(&mut self.pending);
        self.forget_keys();
        match self.keymap.resolve(self.mode(), &keys) {
            Resolution::Pending {
                alone: Some(action),
            }
            | Resolution::Action(action) => self.act(action),
            Resolution::Pending { alone: None } | Resolution::None => Vec::new(),
        }
    }

    fn forget_keys(&mut self) {
        self.pending.clear();
        self.pending_until = None;
    }

    fn key_in_prompt(&mut self, key: Key) -> Vec<Effect> {
        if let Resolution::Action(action @ (Action::Suspend | Action::Redraw | Action::Quit)) =
            self.keymap.resolve(Mode::Prompt, &[key])
        {
            return self.act(action);
        }
        if self.palette.is_some() {
            return self.key_in_palette(key);
        }
        let filters = self
            .prompt
            .as_ref()
            .is_some_and(|prompt| prompt.wants == Wants::Filter);
        if filters && self.key_in_filter(key) {
            return self.filter_typed();
        }
        let arranges = self
            .prompt
            .as_ref()
            .is_some_and(|prompt| prompt.wants == Wants::Columns);
        if arranges && self.key_in_columns(key) {
            return self.columns_typed();
        }
        let searches = self.prompt.as_ref().is_some_and(|prompt| {
            prompt.wants == Wants::Search && !self.in_detail() && self.calls.is_none()
        });
        if searches && matches!(key.code, Code::Up | Code::Down) {
            return self.recall_search(key.code == Code::Up);
        }
        let Some(prompt) = self.prompt.as_mut() else {
            return Vec::new();
        };
        let before = prompt.input.value().to_owned();
        let typed = prompt.key(key);
        let changed = prompt.input.value() != before;
        match typed {
            Typed::On if filters => self.filter_typed(),
            Typed::On if changed => self.line_changed(),
            Typed::On => Vec::new(),
            Typed::Dropped if filters => {
                self.prompt = None;
                self.filter_given_up()
            }
            Typed::Done if filters => self.filter_done(),
            Typed::Dropped if arranges => {
                self.prompt = None;
                self.columns_given_up();
                Vec::new()
            }
            Typed::Done if arranges => self.columns_done(),
            Typed::Dropped if searches => self.abandon_search(),
            Typed::Dropped => {
                self.prompt = None;
                Vec::new()
            }
            Typed::Done if searches => self.confirm_search(),
            Typed::Done => {
                let Some(prompt) = self.prompt.take() else {
                    return Vec::new();
                };
                let typed = prompt.input.value();
                match prompt.wants {
                    // They have keys of their own.
                    Wants::Command | Wants::Filter | Wants::Columns => Vec::new(),
                    Wants::Pipe if typed.trim().is_empty() => Vec::new(),
                    Wants::Pipe => self.hand(To::Command(typed.to_owned())),
                    Wants::Note => self.note(typed),
                    Wants::Name => self.save_view(typed),
                    Wants::Search if self.calls.is_some() => self.narrow_calls(typed),
                    Wants::Reference => self.refer(typed),
                    Wants::Search => self.start_within(typed),
                }
            }
        }
    }

    /// What is being typed is another text than before.
    pub(super) fn line_changed(&mut self) -> Vec<Effect> {
        match self.prompt.as_ref().map(|prompt| prompt.wants) {
            Some(Wants::Command) => self.seek_typed(),
            Some(Wants::Filter) => self.filter_typed(),
            Some(Wants::Search) => {
                // What is fetched was wanted for another text.
                self.wait_for_nothing();
                self.search_typed()
            }
            Some(Wants::Columns) => self.columns_typed(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Whether a list lies over everything.
    pub(super) fn lists(&self) -> bool {
        self.bookmarks.is_some() || self.calls.is_some() || self.view_list.is_some()
    }
}
