//! Which terminal this is, as far as the environment says so, and what is known of how much it takes by
//! OSC 52. Over SSH or inside tmux the one in front of the person may be another.

/// A terminal of which something is known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Terminal {
    /// Apple's Terminal, which knows no OSC 52.
    Apple,
    /// The console of Linux, which has no clipboard.
    Console,
    /// Tabby, which drops more than a few kilobytes.
    Tabby,
    /// Termux, which hands on a few kilobytes.
    Termux,
    /// iTerm2, which asks the person unless its settings allow it.
    Iterm,
    Kitty,
    WezTerm,
    Alacritty,
    Foot,
    Ghostty,
    /// The terminal of Visual Studio Code.
    VsCode,
    /// Windows Terminal.
    Windows,
    /// One with VTE in it, as GNOME's.
    Vte,
    Konsole,
    /// xterm, which takes it only if its resources allow it.
    Xterm,
    /// Any other.
    #[default]
    Other,
}

impl Terminal {
    /// Reads the variables by which terminals name themselves; `env` gives those that say something.
    pub fn of(env: impl Fn(&str) -> Option<String>) -> Self {
        let program = env("TERM_PROGRAM").or_else(|| env("LC_TERMINAL"));
        match program.as_deref() {
            Some("Apple_Terminal") => return Self::Apple,
            Some("Tabby") => return Self::Tabby,
            Some("iTerm.app" | "iTerm2") => return Self::Iterm,
            Some("WezTerm") => return Self::WezTerm,
            Some("vscode") => return Self::VsCode,
            Some("ghostty") => return Self::Ghostty,
            _ => {}
        }
        let variables = [
            ("TERMUX_VERSION", Self::Termux),
            ("KITTY_WINDOW_ID", Self::Kitty),
            ("WEZTERM_PANE", Self::WezTerm),
            ("ALACRITTY_WINDOW_ID", Self::Alacritty),
            ("WT_SESSION", Self::Windows),
            ("KONSOLE_VERSION", Self::Konsole),
            ("VTE_VERSION", Self::Vte),
            ("XTERM_VERSION", Self::Xterm),
        ];
        let found = variables.into_iter().find(|(name, _)| env(name).is_some());
        if let Some((_, terminal)) = found {
            return terminal;
        }
        match env("TERM").as_deref() {
            Some("linux") => Self::Console,
            Some("xterm-kitty") => Self::Kitty,
            Some("xterm-ghostty") => Self::Ghostty,
            Some("alacritty") => Self::Alacritty,
            Some("foot" | "foot-extra") => Self::Foot,
            _ => Self::Other,
        }
    }

    /// What people call it; none where nothing is known.
    pub fn name(self) -> Option<&'static str> {
        Some(match self {
            Self::Apple => "Apple Terminal",
            Self::Console => "the console of Linux",
            Self::Tabby => "Tabby",
            Self::Termux => "Termux",
            Self::Iterm => "iTerm2",
            Self::Kitty => "kitty",
            Self::WezTerm => "WezTerm",
            Self::Alacritty => "Alacritty",
            Self::Foot => "foot",
            Self::Ghostty => "Ghostty",
            Self::VsCode => "Visual Studio Code",
            Self::Windows => "Windows Terminal",
            Self::Vte => "a terminal with VTE",
            Self::Konsole => "Konsole",
            Self::Xterm => "xterm",
            Self::Other => return None,
        })
    }

    /// Bytes of an OSC 52 text after base64 that it takes at once; others drop or cut what is longer.
    pub fn osc52_max(self) -> usize {
        match self {
            Self::Apple | Self::Console => 0,
            Self::Tabby => 3_000,
            Self::Termux => 6_000,
            _ => 74_000,
        }
    }

    /// What to set so that it takes OSC 52, where it does not do so by itself.
    pub fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::Apple => "it knows no OSC 52: over SSH print with p and select with the mouse",
            Self::Console => "it has no clipboard: copies go to a file",
            Self::Iterm => {
                "turn on Settings, General, Selection, Applications in terminal may access clipboard"
            }
            Self::Xterm => "set the resource XTerm*disallowedWindowOps to 20,21,SetXprop",
            Self::Vte => {
                "older versions know no OSC 52: then print with p and select with the mouse"
            }
            Self::Tabby => "it drops more than 3 KB: larger copies go to a file",
            Self::Termux => "it takes 6 KB: larger copies go to a file",
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Terminal;

    #[test]
    fn terminals_are_known_by_the_names_they_give_themselves() {
        for (variables, expected) in [
            (
                &[("TERM_PROGRAM", "Tabby"), ("TERM", "xterm-256color")][..],
                Terminal::Tabby,
            ),
            (&[("LC_TERMINAL", "iTerm2")], Terminal::Iterm),
            (&[("TERMUX_VERSION", "0.118")], Terminal::Termux),
            (&[("TERM", "linux")], Terminal::Console),
            (&[("TERM", "foot")], Terminal::Foot),
            (
                &[("TERM_PROGRAM", "tmux"), ("TERM", "tmux-256color")],
                Terminal::Other,
            ),
            (&[], Terminal::Other),
        ] {
            let env = |name: &str| {
                let mut variables = variables.iter();
                let found = variables.find(|(own, _)| *own == name);
                found.map(|(_, value)| (*value).to_owned())
            };
            assert_eq!(Terminal::of(env), expected, "{variables:?}");
        }
    }
}
