//! A word to somebody who looks at another window: the bell, and the two sequences that terminals turn
//! into notifications. Inside of tmux these pass only where tmux lets them through. Nobody answers, so
//! nothing is known of what came of it.

use std::io::Write as _;

use super::{Tty, doctor};

/// By which ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ways {
    /// The bell.
    pub bell: bool,
    /// `OSC 9`, which iTerm2, kitty, WezTerm, Ghostty and Windows Terminal know.
    pub osc9: bool,
    /// `OSC 777`, which urxvt, foot and others know.
    pub osc777: bool,
}

impl Default for Ways {
    fn default() -> Self {
        Self {
            bell: true,
            osc9: true,
            osc777: false,
        }
    }
}

/// Tells the terminal that sortie runs in. Inside of tmux it asks that one first, so it may take two
/// seconds.
pub fn notify(text: &str, ways: Ways) {
    let inside = std::env::var_os("TMUX").is_some_and(|tmux| !tmux.is_empty());
    let passes = inside && (ways.osc9 || ways.osc777) && doctor::tmux_passes();
    let through = match (inside, passes) {
        (false, _) => Through::Nothing,
        (true, true) => Through::Tmux,
        (true, false) => Through::DeafTmux,
    };
    // There is nobody to tell where the terminal is gone.
    let _ = Tty.write_all(&bytes(text, ways, through));
}

/// What is between sortie and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Through {
    Nothing,
    /// A tmux that passes on what is wrapped for it.
    Tmux,
    /// One that does not.
    DeafTmux,
}

fn bytes(text: &str, ways: Ways, through: Through) -> Vec<u8> {
    // It was cleaned; a control character here would end the sequence.
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let mut told = String::new();
    if ways.osc9 {
        told.push_str(&sequence(&format!("\x1b]9;{text}\x07"), through));
    }
    if ways.osc777 {
        // A semicolon parts title and text.
        let text = text.replace(';', ",");
        told.push_str(&sequence(
            &format!("\x1b]777;notify;sortie;{text}\x07"),
            through,
        ));
    }
    if ways.bell {
        told.push('\x07');
    }
    told.into_bytes()
}

fn sequence(plain: &str, through: Through) -> String {
    match through {
        Through::Nothing => plain.to_owned(),
        Through::Tmux => format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        Through::DeafTmux => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_can_be_switched() {
        let told = |bell, osc9, osc777| {
            let ways = Ways { bell, osc9, osc777 };
            String::from_utf8(bytes("a; b", ways, Through::Nothing)).unwrap()
        };
        assert_eq!(told(true, false, false), "\x07");
        assert_eq!(told(false, true, false), "\x1b]9;a; b\x07");
        assert_eq!(told(false, false, true), "\x1b]777;notify;sortie;a, b\x07");
        assert_eq!(told(false, false, false), "");
    }

    #[test]
    fn nothing_in_the_text_ends_the_sequence() {
        let ways = Ways {
            bell: false,
            ..Ways::default()
        };
        let told = bytes("a\x07b\x1b\\c\u{9c}d\n", ways, Through::Nothing);
        assert_eq!(told, b"\x1b]9;ab\\cd\x07");
    }

    #[test]
    fn tmux_gets_it_wrapped_where_it_lets_it_through_and_the_bell_always() {
        let told = |through| String::from_utf8(bytes("a", Ways::default(), through)).unwrap();
        assert_eq!(told(Through::Tmux), "\x1bPtmux;\x1b\x1b]9;a\x07\x1b\\\x07");
        assert_eq!(told(Through::DeafTmux), "\x07");
    }
}
