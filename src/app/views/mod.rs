//! Named views: what a list of runs shows, and in which order, kept under a name, and the filters that were asked before.
//! It knows no files: what changes leaves as an effect, and what is on disk comes back whole. A filter
//! that holds what is masked elsewhere is never handed out to be written down.

mod list;

use std::time::Duration;

use super::{
    App, Effect, Prompt,
    arrange::{Arrangement, window_words},
    columns::List,
    palette::is_setting,
    prompt::Wants,
};
use crate::analysis::RunSort;

pub use list::ViewList;

/// What a list of runs shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its name; see [`is_name`].
    pub name: String,
    /// The filter, as it is typed; empty where there is none.
    pub query: String,
    /// What the runs are arranged by.
    pub by: Arrangement,
    /// How far back an inbox looks.
    pub window: Duration,
    /// What runs are sorted by.
    pub order: RunSort,
    /// How the columns of runs differ from the usual ones, as it is typed; none: it says nothing of them.
    pub columns: Option<String>,
}

impl View {
    /// What it shows, in a few words: `inbox · last 24h · status:failed`.
    pub fn told(&self) -> String {
        let window = match self.by {
            Arrangement::Inbox | Arrangement::Causes => {
                format!(" · last {}", window_words(self.window))
            }
            Arrangement::Missions | Arrangement::Contexts => String::new(),
        };
        let query = if self.query.is_empty() {
            "no filter"
        } else {
            &self.query
        };
        let order = if self.order == RunSort::default() {
            String::new()
        } else {
            format!(" · {}", self.order.told())
        };
        let columns = self.columns.as_deref().unwrap_or_default();
        let columns = match columns {
            "" => String::new(),
            columns => format!(" · columns {columns}"),
        };
        format!("{}{window}{order}{columns} · {query}", self.by.word())
    }
}

/// Whether views may be called so: letters, digits and `. _ -`, as contexts are.
pub fn is_name(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
    !name.is_empty() && name.bytes().all(fits)
}

/// A change to what is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// This view is kept, in place of one of the same name.
    Save(View),
    /// The view of that name is not kept any more.
    Remove(String),
    /// This filter was asked.
    Asked(String),
}

/// What is kept, as it is on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// In the order of their names.
    pub views: Vec<View>,
    /// The filters that were asked, the newest last.
    pub asked: Vec<String>,
    /// Why something could not be read or written, in a sentence.
    pub fault: Option<String>,
}

/// Filters that are remembered.
pub const KEPT: usize = 100;

/// Puts a filter behind those that were asked before, once, and forgets the oldest over the limit.
pub fn remember(asked: &mut Vec<String>, filter: String) {
    asked.retain(|known| *known != filter);
    asked.push(filter);
    let over = asked.len().saturating_sub(KEPT);
    asked.drain(..over);
}

impl App {
    /// Asks for the name under which the view is kept.
    pub(super) fn ask_view_name(&mut self) {
        self.prompt = Some(Prompt {
            wants: Wants::Name,
            ..Prompt::default()
        });
    }

    /// Keeps filter, arrangement, window, order and columns under a name.
    pub(super) fn save_view(&mut self, name: &str) -> Vec<Effect> {
        let name = name.trim();
        if name.is_empty() {
            return Vec::new();
        }
        if !is_name(name) {
            self.complain("the name of a view has letters, digits and . _ -");
            return Vec::new();
        }
        if is_setting("view", name) {
            self.complain(format!(
                "`view {name}` is a way to show payloads already; take another name"
            ));
            return Vec::new();
        }
        let filter = self.filter.as_ref();
        let query = filter.map(|filter| filter.query.to_string());
        let query = query.unwrap_or_default();
        if self.holds_secret(&query) {
            self.complain("this filter holds what is masked elsewhere, so it is not written down");
            return Vec::new();
        }
        let view = View {
            name: name.to_owned(),
            query,
            by: self.arranged.by,
            window: self.arranged.window,
            order: self.arranged.order,
            columns: Some(self.columns.sets.runs.to_string()),
        };
        let known = self.views.iter().any(|known| known.name == name);
        let done = if known { "changed" } else { "saved" };
        self.say(format!("view {name} {done}: {}", view.told()));
        self.views.retain(|known| known.name != name);
        self.views.push(view.clone());
        self.views.sort_by(|one, other| one.name.cmp(&other.name));
        vec![Effect::Change(Some(Change::Save(view)))]
    }

    /// Shows what a view keeps.
    pub fn show_view(&mut self, name: &str) -> Vec<Effect> {
        let Some(view) = self.views.iter().find(|view| view.name == name).cloned() else {
            self.complain(format!(
                "there is no view {name}: :views lists those there are"
            ));
            return Vec::new();
        };
        let query = match self.read_query(&view.query) {
            Ok(query) => query,
            Err(fault) => {
                self.complain(format!(
                    "view {name} holds no filter that can be read: {fault}"
                ));
                return Vec::new();
            }
        };
        self.view_list = None;
        let wider = view.window > self.arranged.window;
        let mut reordered = view.order != self.arranged.order;
        (self.arranged.window, self.arranged.order) = (view.window, view.order);
        if wider {
            self.arranged.recent.forget_since();
        }
        // Columns that another sortie knows may be none here.
        let columns = view.columns.as_deref().map(|text| List::Runs.set(text));
        if let Some(Ok(columns)) = columns {
            reordered |= self.put_columns(List::Runs, columns);
        }
        let mut effects = self.drop_filter().unwrap_or_default();
        effects.extend(self.arrange_by(view.by));
        if reordered {
            effects.push(Effect::Remember(self.memory()));
        }
        effects.extend(self.set_filter(query));
        self.say(format!("view {name}: {}", view.told()));
        effects
    }

    /// Forgets a view, and says what it was, so that it can be had again.
    pub(super) fn remove_view(&mut self, name: &str) -> Vec<Effect> {
        let Some(at) = self.views.iter().position(|view| view.name == name) else {
            return Vec::new();
        };
        let view = self.views.remove(at);
        self.say(format!("view {name} removed: {}", view.told()));
        vec![Effect::Change(Some(Change::Remove(view.name)))]
    }

    /// A filter was asked: it comes back with the arrow keys, also after a restart.
    pub(super) fn note_asked(&mut self, filter: &str) -> Vec<Effect> {
        let filter = filter.trim();
        if filter.is_empty() {
            return Vec::new();
        }
        remember(&mut self.asked, filter.to_owned());
        if self.holds_secret(filter) {
            return Vec::new();
        }
        vec![Effect::Change(Some(Change::Asked(filter.to_owned())))]
    }

    /// What is kept, as it is on disk.
    pub(super) fn take_saved(&mut self, saved: Saved) -> Vec<Effect> {
        let Saved {
            views,
            asked,
            fault,
        } = saved;
        // Filters that cannot be read hide no views.
        if fault.is_none() || !views.is_empty() {
            self.views = views;
        }
        let own = std::mem::take(&mut self.asked);
        self.asked = asked.into_iter().filter(|old| !own.contains(old)).collect();
        self.asked.extend(own);
        let over = self.asked.len().saturating_sub(KEPT);
        self.asked.drain(..over);
        self.renew_view_list();
        if let Some(fault) = fault {
            self.complain(fault);
        }
        self.dirty = true;
        // What is being typed may mean one of them.
        if self.palette.is_some() {
            return self.seek_typed();
        }
        Vec::new()
    }

    pub(super) fn holds_secret(&self, text: &str) -> bool {
        self.redactor.masking().text(text) != text
    }
}
