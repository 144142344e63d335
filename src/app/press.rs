//! Keys that are pressed: they gather until they mean something, and act, or go to what is being typed.
//! It knows no key by its name but Esc and the arrows of a search: the keymap says what keys mean.

use super::{
    App, Effect,
    action::Action,
    key::{Code, Key, spell_short},
    keymap::{Mode, Resolution, SEQUENCE_WAIT},
    list::By,
    load::nanos,
    msg::To,
    prompt::{Typed, Wants},
};
use crate::model::Time;

/// No action is done more often with one key.
const MOST: u32 = 9_999;

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
            if let Resolution::Pending { alone: Some(_) } | Resolution::Action(_) =
                self.keymap.resolve(self.mode(), &self.pending)
            {
                return self.act_alone();
            }
        }
        Vec::new()
    }

    pub(super) fn key(&mut self, key: Key) -> Vec<Effect> {
        self.begin_key();
        if let Some(stop) = self.give_up_looking() {
            let mut effects = vec![stop];
            if key != Key::plain(Code::Esc) {
                effects.extend(self.key(key));
            }
            return effects;
        }
        self.see();
        if self.prompt.is_some() {
            return self.key_in_prompt(key);
        }
        let begun = !self.pending.is_empty() || self.count.is_some();
        if key == Key::plain(Code::Esc) && begun {
            self.forget_keys();
            return Vec::new();
        }
        if self.counted(key) {
            return Vec::new();
        }
        self.pending.push(key);
        if let Some(effects) = self.key_of_command() {
            return effects;
        }
        match self.keymap.resolve(self.mode(), &self.pending) {
            Resolution::Action(action) => self.act_counted(action),
            Resolution::Pending { .. } => {
                self.wait_for_keys();
                Vec::new()
            }
            Resolution::None if self.pending.len() > 1 => self.lead_nowhere(key),
            Resolution::None => {
                self.forget_keys();
                Vec::new()
            }
        }
    }

    /// A sequence leads nowhere: where its beginning means something alone it does that, and the key begins
    /// anew; otherwise the key was meant to end it, and does not do on its own what nobody asked for.
    fn lead_nowhere(&mut self, key: Key) -> Vec<Effect> {
        let typed = spell_short(&self.pending);
        self.pending.pop();
        let alone = Resolution::Pending { alone: None };
        if self.keymap.resolve(self.mode(), &self.pending) == alone {
            self.forget_keys();
            self.say(format!(
                "{typed} does nothing: {} lists the keys",
                self.key_of(Action::Help)
            ));
            return Vec::new();
        }
        let mut effects = self.act_alone();
        effects.extend(self.key(key));
        effects
    }

    /// Takes a digit as part of how often the next action is done, where the key map says so and the digit
    /// means nothing else.
    fn counted(&mut self, key: Key) -> bool {
        let Code::Char(letter) = key.code else {
            return false;
        };
        let plain = !key.ctrl && !key.alt && self.pending.is_empty();
        let Some(digit) = letter.to_digit(10).filter(|_| plain && self.keymap.counts) else {
            return false;
        };
        let begins = digit > 0 || self.count.is_some();
        let is_bound =
            self.keymap.resolve(self.mode(), &[key]) != Resolution::None || self.is_of_command(key);
        if !begins || is_bound {
            return false;
        }
        let count = self.count.unwrap_or_default().saturating_mul(10) + digit;
        self.count = Some(count.min(MOST));
        true
    }

    /// Does an action as often as was typed before it, if that is one to do more than once.
    fn act_counted(&mut self, action: Action) -> Vec<Effect> {
        let count = self.count.take();
        self.forget_keys();
        let Some(count) = count else {
            return self.act(action);
        };
        let rows = usize::try_from(count).unwrap_or(usize::MAX);
        // As one move: what is on the way is not looked at.
        match action {
            Action::MoveDown => return self.move_by(By::Down(rows), false),
            Action::MoveUp => return self.move_by(By::Up(rows), false),
            Action::MoveFirst | Action::MoveLast => {
                // The row of that number.
                let mut effects = self.move_by(By::First, false);
                effects.extend(self.move_by(By::Down(rows.saturating_sub(1)), false));
                return effects;
            }
            _ => {}
        }
        let times = if action.is_step() { count } else { 1 };
        let mut effects = Vec::new();
        for _ in 0..times {
            let before = (self.selected, self.top, self.detail.cursor);
            effects.extend(self.act(action));
            if (self.selected, self.top, self.detail.cursor) == before {
                break;
            }
        }
        effects
    }

    /// Somebody is here: nothing moves the cursor by itself any more.
    fn begin_key(&mut self) {
        self.dirty = true;
        self.single.unfolds = false;
        self.opened = None;
        self.cover();
        (self.seek, self.awaited) = (None, None);
        self.leave_end();
    }

    /// What is on the screen was seen.
    fn see(&mut self) {
        self.arranged.at_first = false;
        self.looked_at_news();
        self.keeping.let_be();
        self.resuming.let_be();
        self.notice.take_if(|notice| notice.failed);
    }

    /// What a key that is pressed begins with, where it is none: keys that wait for more are forgotten.
    pub(super) fn begin_anew(&mut self) {
        self.begin_key();
        self.see();
        self.forget_keys();
    }

    fn act_alone(&mut self) -> Vec<Effect> {
        let keys = std::mem::take(&mut self.pending);
        let count = self.count;
        self.forget_keys();
        self.count = count;
        match self.keymap.resolve(self.mode(), &keys) {
            Resolution::Pending {
                alone: Some(action),
            }
            | Resolution::Action(action) => self.act_counted(action),
            Resolution::Pending { alone: None } | Resolution::None => {
                self.forget_keys();
                Vec::new()
            }
        }
    }

    /// More keys may follow.
    pub(super) fn wait_for_keys(&mut self) {
        let wait = Time(self.now.0.saturating_add(nanos(SEQUENCE_WAIT)));
        self.pending_until = Some(wait);
    }

    pub(super) fn forget_keys(&mut self) {
        self.pending.clear();
        self.pending_until = None;
        self.count = None;
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
                self.drop_key_sought();
                Vec::new()
            }
            Typed::Done if searches => self.confirm_search(),
            Typed::Done => {
                let Some(prompt) = self.prompt.take() else {
                    return Vec::new();
                };
                let typed = prompt.input.value();
                match prompt.wants {
                    // The first have keys of their own, a key was found while its word was typed.
                    Wants::Command | Wants::Filter | Wants::Columns | Wants::Key => Vec::new(),
                    Wants::Pipe if typed.trim().is_empty() => Vec::new(),
                    Wants::Pipe => self.hand(To::Command(typed.to_owned())),
                    Wants::Note => self.note(typed),
                    Wants::Name => self.save_view(typed),
                    Wants::Mask => self.mask_more(typed),
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
            Some(Wants::Key) => self.key_sought(),
            Some(_) | None => Vec::new(),
        }
    }

    /// Whether a list lies over everything.
    pub(super) fn lists(&self) -> bool {
        self.bookmarks.is_some()
            || self.calls.is_some()
            || self.view_list.is_some()
            || self.message_list.is_some()
    }
}
