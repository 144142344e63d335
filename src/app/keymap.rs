//! Which keys mean which action, by what has the keys at the moment.
//!
//! Built from `(mode, keys, action)` triples that somebody else read from a
//! file. It holds no pending keys and no time: the caller keeps what was typed
//! and asks again with each press. Where a key that has an action also begins a
//! sequence, the caller waits [`SEQUENCE_WAIT`] for more, then does the action.
use std::time::Duration;

use super::action::Action;
use super::key::{Key, KeyError, parse_sequence, spell_short};

/// How long a key that begins a sequence waits before it acts alone.
pub const SEQUENCE_WAIT: Duration = Duration::from_millis(300);

/// The action name that takes a binding away.
pub const NONE: &str = "none";

/// What has the keys. `Global` is a section of the key map, not a place: its
/// bindings hold everywhere but in a prompt, where letters are text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mode {
    Global,
    Tree,
    Detail,
    Prompt,
    /// What a copy would be, before it is one. It has only its own keys: letters that begin sequences
    /// elsewhere act at once.
    Preview,
    Help,
    Log,
    List,
    Export,
    /// What would be masked of an export.
    Review,
    Empty,
}

impl Mode {
    pub const ALL: [Mode; 11] = [
        Mode::Global,
        Mode::Tree,
        Mode::Detail,
        Mode::Prompt,
        Mode::Preview,
        Mode::Help,
        Mode::Log,
        Mode::List,
        Mode::Export,
        Mode::Review,
        Mode::Empty,
    ];

    /// The name of its section in a key map.
    pub fn name(self) -> &'static str {
        match self {
            Mode::Global => "global",
            Mode::Tree => "tree",
            Mode::Detail => "detail",
            Mode::Prompt => "prompt",
            Mode::Preview => "preview",
            Mode::Help => "help",
            Mode::Log => "log",
            Mode::List => "list",
            Mode::Export => "export",
            Mode::Review => "review",
            Mode::Empty => "empty",
        }
    }

    /// The mode whose section has this name.
    pub fn from_name(name: &str) -> Option<Mode> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// What the keys typed so far come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// Do this and forget the keys.
    Action(Action),
    /// More keys may follow. When none comes within [`SEQUENCE_WAIT`], or the
    /// next one leads nowhere, do `alone` if there is one.
    Pending { alone: Option<Action> },
    /// No binding begins with these keys.
    None,
}

/// Why a binding was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BindError {
    #[error(transparent)]
    Keys(#[from] KeyError),
    #[error("`{0}` is not an action")]
    Action(String),
}

/// Where a binding was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// The built-in key map.
    #[default]
    BuiltIn,
    /// A preset of this name.
    Preset(&'static str),
    /// The person's own file, in this line, counted from 1.
    Own(usize),
}

/// What keys mean in a section of the key map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The section.
    pub mode: Mode,
    /// Pressed one after another.
    pub keys: Vec<Key>,
    /// `None` takes a global binding away from one mode.
    pub action: Option<Action>,
    /// Where it was written last.
    pub origin: Origin,
}

/// All bindings of all modes.
#[derive(Debug, Clone, Default)]
pub struct Keymap {
    bindings: Vec<Binding>,
    /// Whether digits that mean nothing else say how often the next action is done.
    pub counts: bool,
    /// The preset that lies over the built-in one.
    pub preset: Option<&'static str>,
}

impl Keymap {
    /// Builds a map from triples; those that mean nothing are left out and told.
    pub fn from_triples<'a>(
        triples: impl IntoIterator<Item = (Mode, &'a str, &'a str)>,
    ) -> (Self, Vec<BindError>) {
        let mut map = Self::default();
        let faults = triples
            .into_iter()
            .filter_map(|(mode, keys, action)| map.bind(mode, keys, action).err())
            .collect();
        (map, faults)
    }

    /// Binds keys in a mode, in place of what they meant there before.
    pub fn bind(&mut self, mode: Mode, keys: &str, action: &str) -> Result<(), BindError> {
        self.bind_from(Origin::BuiltIn, mode, keys, action)
    }

    /// The same, for somebody who wrote it there.
    pub fn bind_from(
        &mut self,
        origin: Origin,
        mode: Mode,
        keys: &str,
        action: &str,
    ) -> Result<(), BindError> {
        let keys = parse_sequence(keys)?;
        let action = if action == NONE {
            None
        } else {
            let known = Action::from_name(action);
            Some(known.ok_or_else(|| BindError::Action(action.to_owned()))?)
        };
        let before = self
            .bindings
            .iter_mut()
            .find(|binding| binding.mode == mode && binding.keys == keys);
        match before {
            Some(binding) => (binding.action, binding.origin) = (action, origin),
            None => self.bindings.push(Binding {
                mode,
                keys,
                action,
                origin,
            }),
        }
        Ok(())
    }

    /// Takes keys, and longer ones that begin so, away from a mode: something else has them there.
    pub fn take(&mut self, mode: Mode, keys: &[Key]) {
        let own = |binding: &Binding| binding.mode == mode;
        let taken = self
            .holding(mode)
            .filter(|held| held.keys.starts_with(keys));
        let taken: Vec<Binding> = taken.cloned().collect();
        for binding in taken {
            if own(&binding) {
                self.bindings.retain(|known| *known != binding);
            }
            self.bindings.push(Binding {
                mode,
                action: None,
                ..binding
            });
        }
    }

    /// Every binding, also those that take one away, in the order of modes and of the file.
    pub fn bindings(&self) -> impl Iterator<Item = &Binding> {
        let of = |mode| self.bindings.iter().filter(move |own| own.mode == mode);
        Mode::ALL.into_iter().flat_map(of)
    }

    /// The bindings that hold in a mode: its own, then the global ones it does not replace.
    pub fn holding(&self, mode: Mode) -> impl Iterator<Item = &Binding> {
        self.bindings
            .iter()
            .filter(move |binding| self.holds(mode, binding))
    }

    /// What these keys, typed one after another in this mode, come to.
    pub fn resolve(&self, mode: Mode, pending: &[Key]) -> Resolution {
        let mut alone = None;
        let mut longer = false;
        for (keys, action) in self.effective(mode) {
            if keys == pending {
                alone = Some(action);
            } else if keys.starts_with(pending) {
                longer = true;
            }
        }
        match (longer, alone) {
            (true, alone) => Resolution::Pending { alone },
            (false, Some(action)) => Resolution::Action(action),
            (false, None) => Resolution::None,
        }
    }

    /// Each action that has keys in this mode, in the order of help, with all
    /// its keys in short spelling (`j down`), the first one first.
    pub fn hints(&self, mode: Mode) -> Vec<(String, Action)> {
        Action::ALL
            .iter()
            .filter_map(|wanted| {
                let keys: Vec<String> = self
                    .effective(mode)
                    .filter(|(_, action)| action == wanted)
                    .map(|(keys, _)| spell_short(keys))
                    .collect();
                (!keys.is_empty()).then(|| (keys.join(" "), *wanted))
            })
            .collect()
    }

    /// What may follow keys that begin sequences in this mode: the rest of each in short spelling, in the
    /// order of help.
    pub fn following(&self, mode: Mode, begun: &[Key]) -> Vec<(String, Action)> {
        let rest = |keys: &[Key]| {
            let rest = keys.strip_prefix(begun)?;
            (!rest.is_empty()).then(|| spell_short(rest))
        };
        let mut found: Vec<(String, Action)> = self
            .effective(mode)
            .filter_map(|(keys, action)| Some((rest(keys)?, action)))
            .collect();
        found.sort_by_key(|(_, action)| *action);
        found
    }

    /// The first key of an action in this mode, for a sentence that names it.
    pub fn key_for(&self, mode: Mode, wanted: Action) -> Option<String> {
        // Whether a mode holds a binding costs a look at all others: asked of those of the action alone.
        self.bindings
            .iter()
            .find(|binding| binding.action == Some(wanted) && self.holds(mode, binding))
            .map(|binding| spell_short(&binding.keys))
    }

    /// What keys come to in a mode.
    fn effective(&self, mode: Mode) -> impl Iterator<Item = (&[Key], Action)> {
        self.holding(mode)
            .filter_map(|binding| Some((binding.keys.as_slice(), binding.action?)))
    }

    fn holds(&self, mode: Mode, binding: &Binding) -> bool {
        match (mode, binding.mode) {
            (mode, own) if mode == own => true,
            (Mode::Prompt | Mode::Preview, _) => false,
            (_, Mode::Global) => !self.replaced(mode, &binding.keys),
            (_, _) => false,
        }
    }

    fn replaced(&self, mode: Mode, keys: &[Key]) -> bool {
        self.bindings
            .iter()
            .any(|binding| binding.mode == mode && binding.keys == keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(keys: &str) -> Vec<Key> {
        parse_sequence(keys).unwrap()
    }

    fn sample() -> Keymap {
        let (map, faults) = Keymap::from_triples([
            (Mode::Global, "j", "move.down"),
            (Mode::Global, "down", "move.down"),
            (Mode::Global, "q", "back"),
            (Mode::Global, "g", "move.first"),
            (Mode::Global, "g e", "error.next"),
            (Mode::Global, "y y", "copy.value"),
            (Mode::Tree, "q", "quit"),
            (Mode::Empty, "g", "none"),
            (Mode::Prompt, "esc", "escape"),
        ]);
        assert_eq!(faults, []);
        map
    }

    #[test]
    fn keys_come_to_actions() {
        use Resolution::{Action as Do, None as Nothing, Pending};
        let first = Some(Action::MoveFirst);
        let table = [
            (Mode::Tree, "j", Do(Action::MoveDown)),
            (Mode::Help, "down", Do(Action::MoveDown)),
            (Mode::Tree, "x", Nothing),
            // a mode's own binding wins, elsewhere the global one stays
            (Mode::Tree, "q", Do(Action::Quit)),
            (Mode::Detail, "q", Do(Action::Back)),
            // sequences, and a key that both acts and begins one
            (Mode::Tree, "y", Pending { alone: None }),
            (Mode::Tree, "y y", Do(Action::CopyValue)),
            (Mode::Tree, "y x", Nothing),
            (Mode::Tree, "g", Pending { alone: first }),
            (Mode::Tree, "g e", Do(Action::ErrorNext)),
            // a binding taken away in one mode leaves its sequences alone
            (Mode::Empty, "g", Pending { alone: None }),
            // in a prompt letters are text
            (Mode::Prompt, "j", Nothing),
            (Mode::Prompt, "esc", Do(Action::Escape)),
        ];
        for (mode, keys, expected) in table {
            let found = sample().resolve(mode, &typed(keys));
            assert_eq!(found, expected, "{keys} in {}", mode.name());
        }
    }

    #[test]
    fn binding_again_replaces_and_none_takes_away() {
        let mut map = sample();
        map.bind(Mode::Global, "j", "move.up").unwrap();
        map.bind(Mode::Global, "down", NONE).unwrap();
        let found = map.resolve(Mode::Tree, &typed("j"));
        assert_eq!(found, Resolution::Action(Action::MoveUp));
        assert_eq!(map.resolve(Mode::Tree, &typed("down")), Resolution::None);
    }

    #[test]
    fn wrong_triples_are_told_and_the_rest_holds() {
        let (map, faults) = Keymap::from_triples([
            (Mode::Tree, "jj", "move.down"),
            (Mode::Tree, "j", "move.sideways"),
            (Mode::Tree, "k", "move.up"),
        ]);
        assert_eq!(faults.len(), 2);
        let found = map.resolve(Mode::Tree, &typed("k"));
        assert_eq!(found, Resolution::Action(Action::MoveUp));
    }

    #[test]
    fn hints_name_all_keys_of_an_action_in_one_line() {
        let map = sample();
        let hints = map.hints(Mode::Detail);
        assert!(hints.contains(&("j down".to_owned(), Action::MoveDown)));
        assert!(hints.contains(&("yy".to_owned(), Action::CopyValue)));
        assert_eq!(
            map.hints(Mode::Prompt),
            [("esc".to_owned(), Action::Escape)]
        );
        assert_eq!(map.key_for(Mode::Tree, Action::Quit).as_deref(), Some("q"));
        assert_eq!(map.key_for(Mode::Tree, Action::Back), None);
    }

    #[test]
    fn what_follows_a_key_is_the_rest_of_sequences_and_no_key_that_is_spelled_alike() {
        let mut map = sample();
        map.bind(Mode::Global, "p y", "print.value").unwrap();
        map.bind(Mode::Global, "pgdn", "page.down").unwrap();
        let following = |keys| map.following(Mode::Tree, &typed(keys));
        assert_eq!(following("p"), [("y".to_owned(), Action::PrintValue)]);
        assert_eq!(following("y"), [("y".to_owned(), Action::CopyValue)]);
        assert_eq!(following("j"), []);
    }
}
