//! The palette (`:`, `Ctrl-p`): everything that can be done, set or gone to, found by a few letters of
//! its name. What the program knows is matched at each key; names of missions and runs are as many as
//! were loaded, so above a few thousand they are matched beside the loop and come as they are found.

mod entry;
pub mod seek;
mod setting;

use std::{cmp::Reverse, sync::Arc};

use self::seek::{Fuzzy, Seek, Sought};
use super::{
    App, Effect, Prompt,
    action::Action,
    key::{Code, Key},
    list::{By, Viewport},
    prompt::Typed,
};
pub use entry::{Entry, Taker};
pub(super) use setting::is_setting;

/// So many names are matched at once, at each key.
const AT_ONCE: usize = 2_000;
/// How many choices are remembered.
const USED: usize = 50;

/// The palette while it is open. What is typed is in the prompt.
#[derive(Debug, Default)]
pub struct Palette {
    /// What fits, the best first.
    pub rows: Vec<Entry>,
    /// How much fits, which may be more than there are rows for.
    pub count: usize,
    /// The selected row, and those shown.
    pub view: Viewport,
    /// Whether names are still being looked through.
    pub waits: bool,
    /// Whether the selection was moved: only then does Enter in an empty line choose something.
    moved: bool,
    /// Whether Enter was pressed while names were looked through.
    entered: bool,
    fixed: Vec<(u32, Entry)>,
    named: Sought,
    /// What there is to choose from, where that is not everything.
    pub(super) only: Option<Vec<Entry>>,
}

/// Marks what was typed in a text as it is shown.
pub struct Marks {
    letters: Fuzzy,
    words: Fuzzy,
}

impl Marks {
    /// For what was typed.
    pub fn new(typed: &str) -> Self {
        let typed = typed.trim();
        Self {
            letters: Fuzzy::new(typed),
            words: Fuzzy::words(typed),
        }
    }

    /// Which characters of a name fit, in order.
    pub fn in_name(&mut self, name: &str) -> Vec<u32> {
        self.letters.places(name)
    }

    /// Which characters of a sentence fit, in order.
    pub fn in_sentence(&mut self, sentence: &str) -> Vec<u32> {
        self.words.places(sentence)
    }
}

impl App {
    /// Opens the palette.
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        self.prompt = Some(Prompt::command());
        self.palette = Some(Palette::default());
        self.seek_typed()
    }

    pub(super) fn close_palette(&mut self) {
        (self.prompt, self.palette) = (None, None);
    }

    /// A key while the palette is open.
    pub(super) fn key_in_palette(&mut self, key: Key) -> Vec<Effect> {
        let page = usize::from(self.measured.palette_rows.max(1));
        match (key.code, key.ctrl) {
            (Code::Down, _) | (Code::Char('n'), true) => self.move_in_palette(By::Down(1)),
            (Code::Up, _) | (Code::Char('p'), true) => self.move_in_palette(By::Up(1)),
            (Code::PageDown, _) => self.move_in_palette(By::Down(page)),
            (Code::PageUp, _) => self.move_in_palette(By::Up(page)),
            (Code::Tab, _) => return self.complete(),
            _ => {
                let before = self.typed().to_owned();
                let typed = self.prompt.as_mut().map(|prompt| prompt.key(key));
                match typed {
                    Some(Typed::On) if self.typed() != before => return self.seek_typed(),
                    Some(Typed::On) => {}
                    Some(Typed::Done) => return self.enter_palette(),
                    Some(Typed::Dropped) | None => self.close_palette(),
                }
            }
        }
        Vec::new()
    }

    fn typed(&self) -> &str {
        let prompt = self.prompt.as_ref();
        prompt.map_or("", |prompt| prompt.input.value())
    }

    pub(super) fn move_in_palette(&mut self, by: By) {
        if let Some(palette) = self.palette.as_mut() {
            palette.view.selected = by.from(palette.view.selected, palette.rows.len());
            palette.moved = true;
        }
        self.settle_palette();
    }

    /// Keeps the selected row on the screen.
    pub(super) fn settle_palette(&mut self) {
        let height = usize::from(self.measured.palette_rows.max(1));
        if let Some(palette) = self.palette.as_mut() {
            palette.view.settle(palette.rows.len(), height);
        }
    }

    /// Tab: what is selected is typed out.
    fn complete(&mut self) -> Vec<Effect> {
        let Some(entry) = self.chosen() else {
            return Vec::new();
        };
        let name = match &entry {
            // Ids and titles are no commands.
            Entry::Go(_) => return Vec::new(),
            entry => entry.name(self),
        };
        if let Some(prompt) = self.prompt.as_mut() {
            prompt.input = name.into();
        }
        self.seek_typed()
    }

    fn chosen(&self) -> Option<Entry> {
        let palette = self.palette.as_ref()?;
        palette.rows.get(palette.view.selected).cloned()
    }

    /// Enter: what was typed in full, else what is selected.
    pub(super) fn enter_palette(&mut self) -> Vec<Effect> {
        let typed = self.typed().trim().to_owned();
        let (moved, waits) = match &self.palette {
            Some(palette) => (palette.moved, palette.waits),
            None => (false, false),
        };
        let chooses = self
            .palette
            .as_ref()
            .is_some_and(|palette| palette.only.is_some());
        if typed.is_empty() && !moved && !chooses {
            self.close_palette();
            return Vec::new();
        }
        if !moved {
            match typed.as_str() {
                "q" | "exit" => return vec![Effect::Quit],
                "browse" => {
                    self.close_palette();
                    return self.leave_run().unwrap_or_default();
                }
                _ => {}
            }
            if let Some(entry) = self.meant(&typed).filter(|_| !chooses) {
                return self.take_entry(entry);
            }
        }
        if let Some(palette) = self.palette.as_mut().filter(|_| waits && !moved) {
            palette.entered = true;
            return Vec::new();
        }
        if let Some(entry) = self.chosen() {
            return self.take_entry(entry);
        }
        let fault = self.no_theme(&typed).unwrap_or_else(|| {
            let here = format!("nothing that is loaded and no command is called \"{typed}\"");
            match self.nearest(&typed) {
                Some(nearest) => format!("{here}, did you mean :{nearest}?"),
                None => here,
            }
        });
        self.complain(fault);
        Vec::new()
    }

    /// The command that is spelled most like what was typed; none where no spelling is near.
    pub fn nearest(&self, typed: &str) -> Option<String> {
        // A letter in three may be wrong.
        let far = typed.chars().count() / 3;
        let names = self.entries(typed).into_iter().filter_map(|entry| {
            let is_ours = !matches!(entry, Entry::Go(_));
            is_ours.then(|| entry.name(self))
        });
        names
            .map(|known| (strsim::damerau_levenshtein(&known, typed), known))
            .filter(|(apart, _)| *apart <= far.max(1))
            .min_by_key(|(apart, _)| *apart)
            .map(|(_, known)| known)
    }

    fn take_entry(&mut self, entry: Entry) -> Vec<Effect> {
        self.close_palette();
        let effects = self.choose(&entry);
        self.used.retain(|used| *used != entry);
        self.used.push(entry);
        let over = self.used.len().saturating_sub(USED);
        self.used.drain(..over);
        effects
    }

    /// What is typed changed: looks for what fits.
    pub(super) fn seek_typed(&mut self) -> Vec<Effect> {
        let typed: Arc<str> = Arc::from(self.typed().trim_start());
        let wants_zones = typed.starts_with("zone") && self.zone_names.is_empty();
        let fixed = self.fitting(&typed);
        let number = self.next_generation().0;
        let order = Seek {
            number,
            typed: Arc::from(typed.trim_end()),
            names: self.names.listed(),
            used: self
                .used
                .iter()
                .filter_map(|used| match used {
                    Entry::Go(node) => Some(*node),
                    _ => None,
                })
                .collect(),
        };
        let Some(palette) = self.palette.as_mut() else {
            return Vec::new();
        };
        palette.fixed = fixed;
        palette.view = Viewport::default();
        (palette.moved, palette.entered) = (false, false);
        palette.named.number = number;
        let mut effects = Vec::new();
        if palette.only.is_some() {
            (palette.named, palette.waits) = (Sought::default(), false);
        } else if self.names.len() <= AT_ONCE {
            palette.named = seek::seek(&order, || true).unwrap_or_default();
            palette.waits = false;
        } else {
            palette.waits = true;
            effects.push(Effect::Seek(Box::new(order)));
        }
        if wants_zones {
            effects.push(Effect::ZoneNames);
        }
        self.merge();
        effects
    }

    /// What the program knows itself, as far as it fits, with how well it does.
    fn fitting(&self, typed: &str) -> Vec<(u32, Entry)> {
        let typed = typed.trim_end();
        let (mut letters, mut words) = (Fuzzy::new(typed), Fuzzy::words(typed));
        let only = self
            .palette
            .as_ref()
            .and_then(|palette| palette.only.clone());
        // A command with what somebody typed behind it is none of those that are listed.
        let given = self.meant(typed).filter(|_| only.is_none());
        let entries = only.unwrap_or_else(|| self.entries(typed));
        let given = given.filter(|given| !entries.contains(given));
        let given = given.map(|given| (u32::MAX, given)).into_iter();
        let fitting = entries.into_iter().filter_map(|entry| {
            let by_name = letters.score(&entry.name(self));
            // Words of the sentence count half: names are what one types.
            let by_sentence = words.score(entry.told()).map(|score| score / 2);
            Some((by_name.max(by_sentence)?, entry))
        });
        given.chain(fitting).collect()
    }

    /// Names that fit were found beside the loop.
    pub(super) fn sought(&mut self, sought: Sought) -> Vec<Effect> {
        let Some(palette) = self.palette.as_mut() else {
            return Vec::new();
        };
        if palette.named.number != sought.number {
            return Vec::new();
        }
        self.dirty = true;
        let chosen = self.chosen();
        let Some(palette) = self.palette.as_mut() else {
            return Vec::new();
        };
        let kept = chosen.filter(|_| palette.moved);
        let entered = palette.entered;
        palette.named = sought;
        palette.waits = false;
        self.merge();
        if let (Some(kept), Some(palette)) = (kept, self.palette.as_mut()) {
            let place = palette.rows.iter().position(|row| *row == kept);
            palette.view.selected = place.unwrap_or_default();
        }
        self.settle_palette();
        if entered {
            return self.enter_palette();
        }
        Vec::new()
    }

    /// The zones' names are there.
    pub(super) fn take_zone_names(&mut self, names: Vec<Arc<str>>) -> Vec<Effect> {
        self.zone_names = names;
        self.dirty = true;
        if self.palette.is_some() {
            return self.seek_typed();
        }
        Vec::new()
    }

    /// The best first; among equals what was used last, then what the program knows.
    fn merge(&mut self) {
        let late = |entry: &Entry| {
            let place = self.used.iter().position(|used| used == entry);
            place.map_or(0, |place| place + 1)
        };
        let Some(palette) = self.palette.as_ref() else {
            return;
        };
        let is_empty = self.typed().trim().is_empty();
        let fixed = palette.fixed.iter().cloned().map(|(score, entry)| {
            let len = if is_empty { 0 } else { entry.name(self).len() };
            (score, 0, len, entry)
        });
        let named = palette.named.best.iter();
        let named = named.map(|(score, node)| (*score, 1, 0, Entry::Go(*node)));
        let mut rows: Vec<_> = fixed.chain(named).collect();
        rows.sort_by_cached_key(|(score, named, len, entry)| {
            (Reverse(*score), Reverse(late(entry)), *named, *len)
        });
        let count = palette.fixed.len() + palette.named.count;
        let rows = rows.into_iter().map(|(.., entry)| entry).collect();
        if let Some(palette) = self.palette.as_mut() {
            (palette.rows, palette.count) = (rows, count);
        }
    }

    /// The keys of an action where the palette was opened.
    pub fn keys_of(&self, action: Action) -> String {
        let mode = self.mode_below();
        let keys = self.keymap.key_for(mode, action);
        keys.unwrap_or_default()
    }
}
