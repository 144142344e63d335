//! How the screen looks, decided once at the start: how many colours and which signs the terminal has, by
//! what the person says and what the surroundings promise, and the theme. Nothing is painted here.

use std::sync::Arc;

use crate::{
    app::theme::{Themes, find},
    args::Color,
    config::{Config, Env},
    term::{Glyphs, promised_colours},
    text::colour::Depth,
    ui::Style,
};

/// How many colours the screen uses, and why, as a part of a sentence.
pub fn colours(wish: Color, env: &Env<'_>) -> (Depth, String) {
    let given = |depth| (depth, "--color says so".to_owned());
    match wish {
        Color::Auto => promised_colours(env),
        Color::Never => given(Depth::None),
        Color::Sixteen => given(Depth::Sixteen),
        Color::Table => given(Depth::Table),
        Color::Truecolor => given(Depth::Full),
        Color::Always => {
            let without = |name: &str| env(name).filter(|_| name != "NO_COLOR");
            match promised_colours(&without) {
                (Depth::None, _) => given(Depth::Sixteen),
                promised => promised,
            }
        }
    }
}

/// The themes for the app, and what the screen is painted with.
pub(super) fn look(config: &Config, (depth, why): (Depth, String), ascii: bool) -> (Themes, Style) {
    let now = find(&config.themes, &config.theme).cloned();
    let now = now.unwrap_or_default();
    let themes = Themes {
        all: config.themes.clone(),
        now: Arc::clone(&now),
        colourless: if depth == Depth::None {
            why
        } else {
            String::new()
        },
        named: config.theme_named,
        chosen: None,
    };
    (themes, Style::themed(now, ascii, depth))
}

/// Whether only ASCII is drawn. The Linux console reads UTF-8 and gives every sign its one column, but its
/// font has 256 or 512 of them, and none of ✓ ✗ ◆ ⊘ is among those: it would draw one box for all.
pub(super) fn is_ascii(asked: bool, glyphs: Glyphs, env: &Env<'_>) -> bool {
    let is_console = env("TERM").is_some_and(|term| term == "linux" || term.starts_with("linux-"));
    asked || glyphs == Glyphs::Ascii || is_console
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_linux_console_is_drawn_on_with_what_its_font_has() {
        let on = |term: &'static str| move |name: &str| (name == "TERM").then(|| term.to_owned());
        let (console, window) = (on("linux"), on("xterm-256color"));
        assert!(is_ascii(false, Glyphs::Unicode, &console));
        assert!(is_ascii(false, Glyphs::Unicode, &on("linux-16color")));
        assert!(!is_ascii(false, Glyphs::Unicode, &window));
        assert!(is_ascii(true, Glyphs::Unicode, &window));
        assert!(is_ascii(false, Glyphs::Ascii, &window));
    }

    #[test]
    fn what_the_person_says_goes_before_what_the_surroundings_promise() {
        let env = |set: &'static [(&'static str, &'static str)]| {
            move |name: &str| {
                let known = set.iter().find(|(known, _)| *known == name);
                known.map(|(_, value)| (*value).to_owned())
            }
        };
        let plain = env(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]);
        let dull = env(&[("TERM", "vt100")]);
        let depth = |wish, env: &Env<'_>| colours(wish, env).0;
        assert_eq!(depth(Color::Auto, &plain), Depth::None);
        assert_eq!(depth(Color::Always, &plain), Depth::Table);
        assert_eq!(depth(Color::Always, &dull), Depth::Sixteen);
        assert_eq!(depth(Color::Truecolor, &dull), Depth::Full);
        assert_eq!(depth(Color::Sixteen, &plain), Depth::Sixteen);
        assert_eq!(depth(Color::Never, &dull), Depth::None);
    }
}
