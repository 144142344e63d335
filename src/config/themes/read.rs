//! One theme's file: what it says, line by line, and the theme that it makes over the one it is based on.
//! A wrong line is named and left out, the rest holds.

use std::sync::Arc;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::look;
use crate::{
    app::theme::{Look, Role, Theme, instead},
    config::{
        file::in_order,
        warning::{Warning, Warnings, suggestion},
    },
};

const TOP: [&str; 3] = ["base", "paint_background", "roles"];

/// What a file says.
pub(super) struct Draft {
    pub name: String,
    file: String,
    text: String,
    /// The theme that it is based on, and where that is said.
    base: Option<(String, usize)>,
    paints: Option<(bool, usize)>,
    looks: Vec<(Role, Look, usize)>,
}

impl Draft {
    /// Reads the text of a file.
    pub fn read(name: &str, file: &str, text: &str) -> (Self, Vec<Warning>) {
        let mut warnings = Warnings::of(file, text);
        let (root, faults) = DeTable::parse_recoverable(text);
        for fault in faults {
            let at = fault.span().map_or(0, |span| span.start);
            warnings.add(at, format!("not TOML: {}", fault.message().trim()));
        }
        let mut draft = Self {
            name: name.to_owned(),
            file: file.to_owned(),
            text: text.to_owned(),
            base: None,
            paints: None,
            looks: Vec::new(),
        };
        for (key, value) in in_order(root.get_ref()) {
            let at = value.span().start;
            match key.get_ref().as_ref() {
                "base" => match value.get_ref().as_str() {
                    Some(base) => draft.base = Some((base.to_owned(), at)),
                    None => warnings.add(at, "`base` must be the name of a theme, in quotes"),
                },
                "paint_background" => match value.get_ref().as_bool() {
                    Some(paints) => draft.paints = Some((paints, at)),
                    None => warnings.add(at, "`paint_background` must be true or false"),
                },
                "roles" => draft.take_roles(value, &mut warnings),
                other => warnings.add(
                    key.span().start,
                    format!("unknown key `{other}`{}", suggestion(other, &TOP)),
                ),
            }
        }
        (draft, warnings.finish())
    }

    fn take_roles(&mut self, value: &Spanned<DeValue<'_>>, warnings: &mut Warnings<'_>) {
        let Some(table) = value.get_ref().as_table() else {
            warnings.add(value.span().start, "`roles` must be a section, `[roles]`");
            return;
        };
        for (key, value) in in_order(table) {
            let (word, at) = (key.get_ref().as_ref(), key.span().start);
            if let Some(role) = Role::from_name(word) {
                let look = look::read(word, value, warnings);
                self.looks.push((role, look, at));
            } else {
                let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
                let meant = suggestion(word, &names);
                warnings.add(at, format!("unknown role `roles.{word}`{meant}"));
            }
        }
    }

    /// The theme that it is based on.
    pub fn base(&self) -> Option<&str> {
        self.base.as_ref().map(|(base, _)| base.as_str())
    }

    /// The theme that it makes over its base, which is one of these, the first of that name. None: its base
    /// is based on itself again.
    pub fn settle(self, bases: Option<&[Arc<Theme>]>) -> (Theme, Vec<Warning>) {
        let mut warnings = Warnings::of(&self.file, &self.text);
        let base = self.base.as_ref().and_then(|(name, at)| {
            let Some(bases) = bases else {
                warnings.add(
                    *at,
                    "`base` comes back to this theme, so nothing is taken from it",
                );
                return None;
            };
            let base = bases.iter().find(|theme| theme.name == *name);
            if base.is_none() {
                let names: Vec<&str> = bases.iter().map(|theme| theme.name.as_str()).collect();
                let told = format!("`base`: there is no such theme{}", instead(name, &names));
                warnings.add(*at, told);
            }
            base
        });
        let mut theme = base.map(|base| Theme::clone(base)).unwrap_or_default();
        theme.name = self.name;
        if let Some((paints, _)) = self.paints {
            theme.paints = paints;
        }
        let mut plain_at = None;
        for (role, look, at) in self.looks {
            if role == Role::Plain {
                plain_at = Some(at);
            }
            theme.set(role, look);
        }
        let mut plain = theme.look(Role::Plain).into_owned();
        if theme.paints && (plain.fore.is_empty() || plain.back.is_empty()) {
            let at = self.paints.map(|(_, at)| at).or(plain_at);
            warnings.add(
                at.unwrap_or_default(),
                "a painted background needs the role `plain` with an fg and a bg; nothing is painted",
            );
            theme.paints = false;
        }
        if !theme.paints && !plain.back.is_empty() {
            if let Some(at) = plain_at.filter(|_| self.paints.is_none()) {
                let told = "the bg of `plain` is painted only where paint_background = true";
                warnings.add(at, told);
            }
            plain.back.clear();
            theme.set(Role::Plain, plain);
        }
        (theme, warnings.finish())
    }
}
