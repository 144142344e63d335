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
    };
    (themes, Style::themed(now, ascii, depth))
}

/// Whether only ASCII is drawn.
pub(super) fn is_ascii(asked: bool, glyphs: Glyphs) -> bool {
    asked || glyphs == Glyphs::Ascii
}

#[cfg(test)]
mod tests {
    use super::*;

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
