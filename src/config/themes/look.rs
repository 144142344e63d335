//! How a role looks, as a theme writes it: `{ fg = "#rrggbb", bold = true }`, or in short `"red bold"`,
//! `"white on blue"`. A part that means nothing is named and left out.

use toml::{Spanned, de::DeValue};

use crate::{
    app::theme::Look,
    config::{
        file::{in_order, whole},
        warning::{Warnings, suggestion},
    },
    guard::ansi::{Colour, Ink},
};

/// The sixteen, by their numbers.
const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

const MARKS: [(&str, u8); 5] = [
    ("bold", Ink::BOLD),
    ("dim", Ink::DIM),
    ("italic", Ink::ITALIC),
    ("underline", Ink::UNDERLINE),
    ("reverse", Ink::REVERSE),
];

const KEYS: [&str; 7] = ["fg", "bg", "bold", "dim", "italic", "underline", "reverse"];

const COLOUR: &str = "must be a colour: \"#rrggbb\", a number from 0 to 255, a name like \"red\" or \
                      \"bright-red\", or \"default\"; behind a / one for terminals of 16 colours";

/// Reads the look of the role that is called so.
pub(super) fn read(role: &str, value: &Spanned<DeValue<'_>>, warnings: &mut Warnings<'_>) -> Look {
    let at = value.span().start;
    if let Some(text) = value.get_ref().as_str() {
        return in_short(role, text, at, warnings);
    }
    let mut look = Look::default();
    let Some(table) = value.get_ref().as_table() else {
        let told = format!(
            "`roles.{role}` must be a text like \"red bold\", or {{ fg = \"red\", bold = true }}"
        );
        warnings.add(at, told);
        return look;
    };
    for (key, value) in in_order(table) {
        let (word, at) = (key.get_ref().as_ref(), value.span().start);
        let mark = MARKS.iter().find(|(name, _)| *name == word);
        match (word, mark) {
            ("fg" | "bg", _) => match colours(value.get_ref()) {
                Some(colours) if word == "fg" => look.fore = colours,
                Some(colours) => look.back = colours,
                None => warnings.add(at, format!("`roles.{role}.{word}` {COLOUR}")),
            },
            (_, Some((_, mark))) => match value.get_ref().as_bool() {
                Some(true) => look.marks |= mark,
                Some(false) => {}
                None => warnings.add(at, format!("`roles.{role}.{word}` must be true or false")),
            },
            (other, None) => warnings.add(
                key.span().start,
                format!(
                    "unknown key `roles.{role}.{other}`{}",
                    suggestion(other, &KEYS)
                ),
            ),
        }
    }
    look
}

/// `"red bold"`, `"black on #ffcc00 underline"`.
fn in_short(role: &str, text: &str, at: usize, warnings: &mut Warnings<'_>) -> Look {
    let mut look = Look::default();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if let Some((_, mark)) = MARKS.iter().find(|(name, _)| *name == word) {
            look.marks |= mark;
        } else if word == "on" {
            match words.next().and_then(alternatives) {
                Some(colours) => look.back = colours,
                None => warnings.add(
                    at,
                    format!("`roles.{role}`: what stands behind `on` {COLOUR}"),
                ),
            }
        } else if let Some(colours) = alternatives(word) {
            look.fore = colours;
        } else {
            let marks = MARKS.iter().map(|(name, _)| *name);
            let known: Vec<&str> = NAMES.into_iter().chain(marks).collect();
            let meant = suggestion(word, &known);
            let meant = if meant.is_empty() {
                format!(", which {COLOUR}")
            } else {
                meant
            };
            warnings.add(
                at,
                format!("`roles.{role}` has a word that is neither a colour nor bold, dim, italic, underline or reverse{meant}"),
            );
        }
    }
    look
}

fn colours(value: &DeValue<'_>) -> Option<Vec<Colour>> {
    match whole(value) {
        Some(number) => Some(vec![Colour::Table(u8::try_from(number).ok()?)]),
        None => alternatives(value.as_str()?),
    }
}

/// A colour, and behind a `/` the one for terminals of sixteen colours.
fn alternatives(text: &str) -> Option<Vec<Colour>> {
    text.split('/').map(|word| colour(word.trim())).collect()
}

fn colour(word: &str) -> Option<Colour> {
    if let Some(hex) = word.strip_prefix('#') {
        let is_hex = hex.len() == 6 && hex.bytes().all(|digit| digit.is_ascii_hexdigit());
        let number = u32::from_str_radix(hex, 16).ok().filter(|_| is_hex)?;
        let [_, red, green, blue] = number.to_be_bytes();
        return Some(Colour::Rgb(red, green, blue));
    }
    if word == "default" {
        return Some(Colour::Own);
    }
    let named = NAMES.iter().position(|name| *name == word);
    let number = match named {
        Some(number) => u8::try_from(number).ok()?,
        None => word.parse().ok()?,
    };
    Some(Colour::Table(number))
}
