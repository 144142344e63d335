//! `update`: the one place where anything changes. It cannot fail.

use super::{
    App, Effect, Measured, Msg, action::Action, detail::DocKey, keymap::Mode, panes::Panes,
};
use crate::model::{Attention, Time};

impl App {
    /// Changes the app by one message and says what is to be done.
    pub fn update(&mut self, msg: Msg, now: Time) -> Vec<Effect> {
        self.now = now;
        let typed = matches!(msg, Msg::Key(_) | Msg::Mouse(_) | Msg::Paste(_));
        let mut effects = self.take(msg);
        effects.extend(self.take_readings());
        effects.extend(self.take_rung());
        self.settle_heads();
        self.seek_cells();
        effects.extend(self.look_alike());
        effects.extend(self.go_on_taking_up());
        effects.extend(self.go_to_sought());
        if typed {
            self.note_place();
        }
        self.renew_calls();
        self.arm_glance();
        self.arm_watch();
        // Whatever was changed, the detail shows it.
        effects.extend(self.inspect());
        effects
    }

    /// Reading a document broke.
    fn unreadable(&mut self, of: &DocKey) -> Vec<Effect> {
        if *of == self.detail.key {
            let key = self.key_of(Action::CopyValue);
            self.complain(format!(
                "sortie broke on this payload; {key} still copies it"
            ));
            self.dirty = true;
        }
        Vec::new()
    }

    fn take(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(key) => self.key(key),
            Msg::Mouse(pointer) => self.point(pointer),
            Msg::Paste(text) => {
                let Some(prompt) = self.prompt.as_mut() else {
                    return Vec::new();
                };
                prompt.paste(&text);
                self.dirty = true;
                self.line_changed()
            }
            Msg::Arrived(arrival) => self.arrived(*arrival),
            Msg::Read { key, step } => self.take_step(key, *step),
            Msg::Within(found) => self.found_within(*found),
            Msg::Unreadable(key) => self.unreadable(&key),
            Msg::LaidOut { text, what } => vec![Effect::Copy { text, what }],
            Msg::Handed(hand) => vec![Effect::Hand(hand)],
            Msg::Found {
                search,
                nodes,
                done,
            } => {
                self.dirty = true;
                self.found(search, nodes, done)
            }
            Msg::Probed(number, absent) => {
                self.probed(number, &absent);
                Vec::new()
            }
            Msg::Looked(search, events) => {
                self.looked_through(search, events);
                Vec::new()
            }
            Msg::Looking(number, runs) => {
                self.looking(number, runs);
                Vec::new()
            }
            Msg::Judged(judged) => self.judged(*judged),
            Msg::Sought(sought) => self.sought(sought),
            Msg::Referred(typed, addresses) => self.referred(&typed, addresses),
            Msg::Located(located) => self.located(located),
            Msg::Zone(name, zone) => self.show_zone(&name, zone),
            Msg::ZoneNames(names) => self.take_zone_names(names),
            Msg::Copied(told) => {
                self.dirty = true;
                match told {
                    Ok(told) => self.say(told),
                    Err(told) => self.complain(told),
                }
                Vec::new()
            }
            Msg::Offered(offers) => {
                self.show_offers(offers);
                Vec::new()
            }
            Msg::Weighed(..) | Msg::Exporting(..) | Msg::Reviewed(..) | Msg::Exported(..) => {
                self.take_export(msg)
            }
            Msg::Requests(rows) => {
                self.take_requests(rows);
                Vec::new()
            }
            Msg::Focus(here) => self.attend(here),
            Msg::Contexts(contexts) => self.show_contexts(contexts),
            Msg::Reading(file) => {
                self.dirty = true;
                self.say(format!("reading {file}"));
                Vec::new()
            }
            Msg::FileRead => vec![Effect::TakeFile],
            Msg::Beside(beside) => self.show_beside(*beside),
            Msg::Told(text) => {
                self.dirty = true;
                self.complain(text);
                Vec::new()
            }
            Msg::ReadAnew(fresh) => {
                self.dirty = true;
                self.read_anew(*fresh)
            }
            Msg::StaysAsRead(run) => {
                self.stays_as_read(run);
                Vec::new()
            }
            Msg::Recalled { kept, fault } => {
                self.recalled(*kept, fault);
                Vec::new()
            }
            Msg::Saved(saved) => self.take_saved(*saved),
            Msg::GoOn => self.go_on(),
            Msg::Tick => self.tick(),
        }
    }

    /// The last frame had room for this. Says what is to be done when that changed.
    pub fn measure(&mut self, measured: Measured) -> Vec<Effect> {
        if measured == self.measured {
            return Vec::new();
        }
        let line = self.selected_row().map(|row| row.saturating_sub(self.top));
        let line = line.map(|line| self.line_in(&measured.panes, line));
        self.measured = measured;
        self.squeeze();
        if let Some(help) = self.help.as_mut() {
            help.scrolled = help.scrolled.min(measured.help_end);
        }
        self.settle_palette();
        self.settle_requests();
        if let (Some(row), Some(line)) = (self.selected_row(), line) {
            // The selected row stays on its line of the screen as far as that line is still there.
            let line = line.min(usize::from(measured.tree_rows).saturating_sub(1));
            self.top = row.saturating_sub(line);
        }
        self.settle();
        self.dirty = true;
        let effects = self.inspect();
        let height = self.detail_height();
        self.detail.keep(height);
        effects
    }

    /// The line of the rows with the keys that is where one of the last frame was on the screen.
    fn line_in(&self, panes: &Panes, line: usize) -> usize {
        let rows = |panes: &Panes| match self.screen() {
            Some(_) => panes.run.rows,
            None => panes.list.rows,
        };
        let (was, is) = (rows(&self.measured.panes), rows(panes));
        if was.height == 0 || is.height == 0 {
            return line;
        }
        (line + usize::from(was.y)).saturating_sub(usize::from(is.y))
    }

    /// What has the keys.
    pub fn mode(&self) -> Mode {
        if self.prompt.is_some() {
            return Mode::Prompt;
        }
        self.mode_below()
    }

    /// What has the keys once nothing is being typed.
    pub fn mode_below(&self) -> Mode {
        if self.preview.is_some() {
            Mode::Preview
        } else if self.help.is_some() {
            Mode::Help
        } else {
            self.mode_below_help()
        }
    }

    /// What has the keys once the help is closed.
    pub fn mode_below_help(&self) -> Mode {
        if self.review().is_some() {
            Mode::Review
        } else if self.export.is_some() {
            Mode::Export
        } else if self.requests.is_some() {
            Mode::Log
        } else if self.lists() {
            Mode::List
        } else if self.contexts.is_empty() {
            Mode::Empty
        } else if self.in_detail() {
            Mode::Detail
        } else {
            Mode::Tree
        }
    }

    /// Somebody looks at the screen, or nobody does.
    fn attend(&mut self, here: bool) -> Vec<Effect> {
        self.away = !here;
        self.dirty |= here;
        // Whoever comes back sees at once what has happened meanwhile.
        if here && self.glances.next.is_some() {
            self.glances.next = Some(self.now);
        }
        if here && self.arranged.watch.next.is_some() {
            self.arranged.watch.next = Some(self.now);
        }
        vec![Effect::Attend(if here {
            Attention::Here
        } else {
            Attention::Away
        })]
    }

    fn tick(&mut self) -> Vec<Effect> {
        let told = self.tell_place();
        let later = self.screen_deadline().is_none_or(|at| at > self.now);
        if told.is_some() && later && !self.dirty {
            // Nothing that is shown has changed.
            return told.unwrap_or_default();
        }
        self.arranged.stale |= self.is_filling();
        let mut effects = told.unwrap_or_default();
        effects.extend(self.read_rest());
        effects.extend(self.glance());
        effects.extend(self.watch());
        effects.extend(self.read_unread());
        effects.extend(self.requests_due());
        effects.extend(self.filter_again());
        effects.extend(self.tick_keys());
        effects
    }

    pub(super) fn page(&self) -> usize {
        let is_list = self.requests.is_some() || self.lists() || self.review().is_some();
        let rows = if is_list {
            self.measured.log_rows
        } else if self.in_detail() {
            self.measured.detail_rows
        } else {
            self.measured.tree_rows
        };
        usize::from(rows.max(1))
    }
}
