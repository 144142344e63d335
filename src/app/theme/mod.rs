//! Themes: how each role looks, and which of them the screen has now. Only values; themes are read from
//! files elsewhere, and what a look comes to on a terminal is decided where the screen is painted.

mod role;

use std::{borrow::Cow, sync::Arc};

use super::App;
use crate::guard::ansi::Colour;
pub use role::Role;

/// How a role looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The colour of the text: the first one, and for terminals of sixteen colours the first of those. None:
    /// the terminal's own, or that of the painted background.
    pub fore: Vec<Colour>,
    /// The colour behind it, in the same way.
    pub back: Vec<Colour>,
    /// What else is done to it, as in [`crate::guard::ansi::Ink`].
    pub marks: u8,
}

impl Look {
    pub(super) fn new(fore: Option<Colour>, marks: u8) -> Self {
        Self {
            fore: fore.into_iter().collect(),
            back: Vec::new(),
            marks,
        }
    }
}

/// How everything looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    /// What it is called.
    pub name: String,
    /// Whether it paints the background, in the colours of [`Role::Plain`].
    pub paints: bool,
    /// By role.
    pub(crate) looks: Vec<Look>,
}

impl Default for Theme {
    /// Sixteen colours over the terminal's own background.
    fn default() -> Self {
        Self {
            name: "ansi".to_owned(),
            paints: false,
            looks: Role::ALL.iter().map(|role| role.usual()).collect(),
        }
    }
}

impl Theme {
    /// How a role looks.
    pub fn look(&self, role: Role) -> Cow<'_, Look> {
        match self.looks.get(role as usize) {
            Some(look) => Cow::Borrowed(look),
            None => Cow::Owned(role.usual()),
        }
    }

    /// Whether any role has a colour.
    pub fn has_colours(&self) -> bool {
        let mut looks = self.looks.iter();
        looks.any(|look| !look.fore.is_empty() || !look.back.is_empty())
    }

    /// Has a role look like that.
    pub fn set(&mut self, role: Role, look: Look) {
        if let Some(known) = self.looks.get_mut(role as usize) {
            *known = look;
        }
    }
}

/// The themes that there are, and the one that the screen has.
#[derive(Clone, Debug)]
pub struct Themes {
    /// By name.
    pub all: Vec<Arc<Theme>>,
    /// The one that the screen has.
    pub now: Arc<Theme>,
    /// Why none of them has colours here, as a part of a sentence; empty where they have.
    pub colourless: String,
    /// Whether the configuration or the command line says which it is to be.
    pub named: bool,
    /// The one that was chosen on the screen, now or at an earlier start.
    pub chosen: Option<String>,
}

impl Default for Themes {
    fn default() -> Self {
        let usual = Arc::new(Theme::default());
        Self {
            all: vec![Arc::clone(&usual)],
            now: usual,
            colourless: String::new(),
            named: false,
            chosen: None,
        }
    }
}

/// The theme that is called so, or a sentence that names the nearest and all of them.
pub fn find<'t>(all: &'t [Arc<Theme>], name: &str) -> Result<&'t Arc<Theme>, String> {
    all.iter().find(|theme| theme.name == name).ok_or_else(|| {
        let names: Vec<&str> = all.iter().map(|theme| theme.name.as_str()).collect();
        format!("there is no theme \"{name}\"{}", instead(name, &names))
    })
}

/// What to write in place of a name that is none: `; did you mean …? There are …`.
pub fn instead(name: &str, names: &[&str]) -> String {
    let far = |known: &&str| strsim::damerau_levenshtein(known, name);
    let nearest = names.iter().copied().min_by_key(far);
    let nearest = nearest.filter(|known| far(known) <= (known.len() / 2).max(1));
    let all = names.join(", ");
    match nearest {
        Some(known) => format!("; did you mean {known}? There are {all}"),
        None => format!("; there are {all}"),
    }
}

impl App {
    /// Begins with one of these themes.
    pub fn begin_theme(&mut self, themes: Themes) {
        self.themes = themes;
        self.dirty = true;
    }

    /// Takes up the theme that was chosen on the screen before. One that the configuration or the command
    /// line names goes before it, and leaves it chosen.
    pub fn take_up_theme(&mut self, chosen: Option<String>) {
        self.themes.chosen = chosen;
        let Some(name) = self.themes.chosen.as_deref().filter(|_| !self.themes.named) else {
            return;
        };
        match find(&self.themes.all, name).cloned() {
            Ok(theme) => (self.themes.now, self.dirty) = (theme, true),
            Err(fault) => self.mention(format!("{fault}; :theme chose it before")),
        }
    }

    /// Shows the screen in another theme, from the next frame on.
    pub(super) fn show_theme(&mut self, name: &str) {
        self.dirty = true;
        match find(&self.themes.all, name).cloned() {
            Err(fault) => self.complain(fault),
            Ok(theme) => {
                self.themes.now = theme;
                self.themes.chosen = Some(name.to_owned());
                if self.themes.colourless.is_empty() && self.is_kept() && !self.themes.named {
                    self.say(format!("theme {name}, from now on"));
                } else if self.themes.colourless.is_empty() {
                    self.say(format!(
                        "theme {name}; `theme = \"{name}\"` in the configuration keeps it"
                    ));
                } else {
                    let why = &self.themes.colourless;
                    self.say(format!("theme {name}, but there is no colour here: {why}"));
                }
            }
        }
    }

    /// Whether the screen has this theme.
    pub(super) fn has_theme(&self, name: &str) -> bool {
        self.themes.now.name == name
    }

    /// What is wrong with a command that names a theme which there is not.
    pub(super) fn no_theme(&self, typed: &str) -> Option<String> {
        let name = typed.strip_prefix("theme ")?.trim();
        find(&self.themes.all, name).err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_found_by_the_names_that_themes_use() {
        for (at, role) in Role::ALL.iter().enumerate() {
            assert_eq!(Role::from_name(role.name()), Some(*role));
            assert_eq!(*role as usize, at);
            let told = role.told();
            assert!(told.ends_with('.') && told.len() < 72, "{told}");
        }
        assert_eq!(Role::from_name("colour"), None);
    }

    #[test]
    fn a_name_that_is_none_is_told_with_the_nearest_and_all() {
        let all = ["ansi", "dark"].map(|name| {
            Arc::new(Theme {
                name: name.to_owned(),
                ..Theme::default()
            })
        });
        assert!(find(&all, "dark").is_ok());
        let told = |name| find(&all, name).unwrap_err();
        assert_eq!(
            told("drak"),
            "there is no theme \"drak\"; did you mean dark? There are ansi, dark"
        );
        assert_eq!(
            told("solarized"),
            "there is no theme \"solarized\"; there are ansi, dark"
        );
    }
}
