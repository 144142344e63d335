//! What a piece of the screen is, so that a theme can say how that looks. Each role has the name by which
//! themes call it, one sentence, and the look it has where no theme says otherwise: sixteen colours over
//! the terminal's own background. A role says nothing that a sign or a word does not say besides.

use super::Look;
use crate::guard::ansi::{Colour, Ink};

macro_rules! roles {
    ($($role:ident $name:literal $fore:ident $marks:expr, $told:literal;)*) => {
        /// What a piece of the screen is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Role {
            $(#[doc = $told] $role,)*
        }

        impl Role {
            /// All of them, in the order in which themes list them.
            pub const ALL: &[Role] = &[$(Role::$role,)*];

            /// What a theme calls it.
            pub fn name(self) -> &'static str {
                match self {
                    $(Role::$role => $name,)*
                }
            }

            /// One sentence: what it is.
            pub fn told(self) -> &'static str {
                match self {
                    $(Role::$role => $told,)*
                }
            }

            /// How it looks where no theme says otherwise.
            pub fn usual(self) -> Look {
                let (fore, marks) = match self {
                    $(Role::$role => (Hue::$fore, $marks),)*
                };
                Look::new(fore.colour(), marks)
            }
        }
    };
}

/// The colours that roles have usually.
enum Hue {
    Own,
    Red,
    Green,
    Yellow,
    Magenta,
    Cyan,
    LightBlue,
}

impl Hue {
    fn colour(self) -> Option<Colour> {
        let number = match self {
            Self::Own => return None,
            Self::Red => 1,
            Self::Green => 2,
            Self::Yellow => 3,
            Self::Magenta => 5,
            Self::Cyan => 6,
            // Plain blue on black can hardly be read on most terminals.
            Self::LightBlue => 12,
        };
        Some(Colour::Table(number))
    }
}

roles! {
    Plain "plain" Own 0, "Ordinary text; where a background is painted, its colours.";
    Dim "dim" Own Ink::DIM, "Less important text: times, ids, hints.";
    Strong "strong" Own Ink::BOLD, "What is to be seen first: titles, keys, the pane with the keys.";
    Rule "rule" Own Ink::DIM, "Lines between panes.";
    Selection "selection" Own Ink::REVERSE, "The selected row, over whatever its pieces are.";
    Hit "hit" Own Ink::REVERSE | Ink::UNDERLINE, "A match of the search.";
    Failed "failed" Red Ink::BOLD, "It failed.";
    Soft "soft" Yellow 0, "A warning: a soft failure, a call without an answer, old data.";
    Running "running" Cyan 0, "It goes on.";
    Good "ok" Own Ink::DIM, "It went well.";
    Tool "tool" LightBlue 0, "A tool, a command, a link.";
    User "user" Green 0, "A user's words.";
    Assistant "assistant" Own 0, "An assistant's words.";
    Model "reasoning" Own Ink::DIM | Ink::ITALIC, "What the model thought.";
    Status "status" Magenta 0, "A step of the plan, a change of state.";
    Masked "masked" Own Ink::DIM, "The placeholder of a masked value.";
    Key "key" LightBlue 0, "The key of a JSON member.";
    Text "string" Green 0, "A JSON string.";
    Number "number" Cyan 0, "A JSON number.";
    Word "literal" Magenta 0, "`true`, `false` and `null`.";
    Code "code" Cyan 0, "Code within text.";
    BarModel "bar-model" LightBlue 0, "The bar of a model at work.";
    BarTool "bar-tool" Cyan 0, "The bar of a tool at work.";
    BarWait "bar-wait" Own Ink::DIM, "Silence, time that is not loaded, and bars of anything else.";
    BarError "bar-error" Red Ink::BOLD, "The bar of what failed.";
}

impl Role {
    /// The role that themes call so.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}
