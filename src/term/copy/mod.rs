//! Where a copy goes, and what became of it.
//!
//! The routes are chosen from what is known about the surroundings, by a pure
//! function; then they are tried in turn and the receipt says what happened. It
//! never says "copied" where nothing answered, and never cuts the text short.
use std::fmt;
use std::path::PathBuf;

pub use self::desk::Desk;
pub use self::rungs::{World, surroundings};
pub use self::terminal::Terminal;

mod desk;
mod native;
mod rungs;
mod terminal;

use crate::text::size;

/// One way for a text to reach the person's clipboard, or at least the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Route {
    /// The desktop's own clipboard.
    Native,
    /// `tmux load-buffer -w -`: tmux keeps it and tells its terminal.
    Tmux,
    /// An escape sequence that asks the terminal; there is no answer.
    Osc52,
    /// A file that only its owner can read.
    File,
}

impl Route {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Native, Self::Tmux, Self::Osc52, Self::File];

    /// The word in configuration and status line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Tmux => "tmux",
            Self::Osc52 => "osc52",
            Self::File => "file",
        }
    }

    /// The route of that name.
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|route| route.word() == word)
    }

    fn name(self) -> &'static str {
        match self {
            Route::Native => "clipboard",
            // That is how tmux tells its terminal.
            Route::Tmux => "tmux + OSC 52",
            Route::Osc52 => "OSC 52",
            Route::File => "file",
        }
    }
}

/// What the person says about routes, in place of what the surroundings tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wishes {
    /// These routes in this order; none for those that the surroundings suggest. A file is always the
    /// last resort.
    pub order: Option<Vec<Route>>,
    /// Bytes that the terminal takes at once, after base64.
    pub osc52_max: Option<usize>,
}

/// What decides about the routes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent facts about a place"
)]
pub struct Surroundings {
    pub ssh: bool,
    pub tmux: bool,
    pub wayland: bool,
    pub x11: bool,
    pub macos: bool,
    /// Which terminal it is, as far as it says so.
    pub terminal: Terminal,
    /// Bytes of the text to copy.
    pub size: usize,
}

/// The routes worth trying, best first; the file is always the last.
///
/// Over SSH the desktop's clipboard is one of the wrong machine. Inside tmux the
/// terminal sees only what tmux lets through, so tmux is asked first. Routes
/// that cannot say whether they worked get only what the terminal takes.
pub fn routes(place: &Surroundings, wishes: &Wishes) -> Vec<Route> {
    let cap = wishes.osc52_max.unwrap_or(place.terminal.osc52_max());
    let fits = place.size.div_ceil(3).saturating_mul(4) <= cap;
    if let Some(order) = &wishes.order {
        let told = order.iter().copied().filter(|route| *route != Route::File);
        let mut routes: Vec<Route> = told
            .filter(|route| fits || *route == Route::Native)
            .collect();
        if order.first() == Some(&Route::File) {
            routes.clear();
        }
        routes.push(Route::File);
        return routes;
    }
    let native = !place.ssh && (place.wayland || place.x11 || place.macos);
    let wanted = [
        (Route::Tmux, place.tmux && fits),
        (Route::Native, native),
        (Route::Osc52, fits),
        (Route::File, true),
    ];
    wanted
        .into_iter()
        .filter_map(|(route, open)| open.then_some(route))
        .collect()
}

/// The way that copies take here, for the status line and for what is looked at before it is copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// Where.
    pub place: Surroundings,
    /// What the person says about it.
    pub wishes: Wishes,
}

impl Choice {
    /// The first route of a copy of so many bytes.
    pub fn first(&self, size: usize) -> Route {
        let place = Surroundings { size, ..self.place };
        let first = routes(&place, &self.wishes).into_iter().next();
        first.unwrap_or(Route::File)
    }

    /// In words.
    pub fn told(&self, size: usize) -> String {
        self.first(size).name().to_owned()
    }

    /// In a word for the status line, for a text of an ordinary size.
    pub fn word(&self) -> &'static str {
        match self.first(1_000) {
            Route::Tmux => "osc52+tmux",
            route => route.word(),
        }
    }
}

/// What the routes do; the tests put others in their place.
pub trait Rungs {
    fn surroundings(&self, size: usize) -> Surroundings;
    fn native(&mut self, text: &str) -> Result<(), String>;
    fn tmux(&mut self, text: &str) -> Result<(), String>;
    /// Inside tmux the sequence is also sent wrapped, for a tmux that passes it through.
    fn osc52(&mut self, text: &str, inside_tmux: bool) -> Result<(), String>;
    fn file(&mut self, text: &str) -> Result<PathBuf, String>;
    /// How another machine names this one, when the person is on another machine.
    fn host(&self) -> Option<String>;
}

/// What became of a copy. Its text is the notice for the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The routes that took the text, in the order they were tried.
    pub routes: Vec<Route>,
    /// Bytes of the text.
    pub bytes: usize,
    /// Where it was saved, when it went to a file.
    pub path: Option<PathBuf>,
    /// Whether something confirmed it.
    pub sure: bool,
    /// The routes tried before without success, and what each said.
    pub failed: Vec<(Route, String)>,
    host: Option<String>,
}

/// No route took the text: each one's reason.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing was copied: {}", reasons(.0))]
pub struct CopyFailed(pub Vec<(Route, String)>);

/// Copies texts by the best route there is.
pub struct Copier<R = World> {
    rungs: R,
    wishes: Wishes,
}

impl<R: Rungs> Copier<R> {
    pub fn new(rungs: R, wishes: Wishes) -> Self {
        Self { rungs, wishes }
    }

    /// The way that copies take.
    pub fn choice(&self) -> Choice {
        Choice {
            place: self.rungs.surroundings(0),
            wishes: self.wishes.clone(),
        }
    }

    /// Saves a text in a file, whatever else there is.
    pub fn save(&mut self, text: &str) -> Result<Receipt, CopyFailed> {
        let wishes = Wishes {
            order: Some(vec![Route::File]),
            ..Wishes::default()
        };
        self.by(text, &wishes)
    }

    /// Tries the routes in turn; takes at most about three seconds, so it has
    /// no place on the thread that draws.
    pub fn copy(&mut self, text: &str) -> Result<Receipt, CopyFailed> {
        let wishes = self.wishes.clone();
        self.by(text, &wishes)
    }

    fn by(&mut self, text: &str, wishes: &Wishes) -> Result<Receipt, CopyFailed> {
        let place = self.rungs.surroundings(text.len());
        let mut receipt = Receipt {
            routes: Vec::new(),
            bytes: text.len(),
            path: None,
            sure: false,
            failed: Vec::new(),
            host: self.rungs.host(),
        };
        for route in routes(&place, wishes) {
            // tmux took it but cannot say what its terminal did; a desktop's
            // clipboard beside it makes sure.
            let beside = route == Route::Native && wishes.order.is_none();
            if !receipt.routes.is_empty() && !beside {
                break;
            }
            let result = match route {
                Route::Native => self.rungs.native(text),
                Route::Tmux => self.rungs.tmux(text),
                Route::Osc52 => self.rungs.osc52(text, place.tmux),
                Route::File => self.rungs.file(text).map(|path| {
                    receipt.path = Some(path);
                }),
            };
            match result {
                Ok(()) => {
                    receipt.sure |= matches!(route, Route::Native | Route::File);
                    receipt.routes.push(route);
                }
                Err(reason) => receipt.failed.push((route, reason)),
            }
            if receipt.sure {
                break;
            }
        }
        if receipt.routes.is_empty() {
            return Err(CopyFailed(receipt.failed));
        }
        Ok(receipt)
    }
}

/// How somebody who looks at this from elsewhere reaches this machine, to fetch a file; none where nobody does.
pub fn host_to_fetch_from() -> Option<String> {
    rungs::host(std::env::var("SSH_CONNECTION").ok().as_deref())
}

impl fmt::Display for Receipt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = size::of(self.bytes);
        let names: Vec<&str> = self.routes.iter().map(|route| route.name()).collect();
        match &self.path {
            Some(path) => {
                write!(f, "saved {size} to {}", path.display())?;
                if let Some(host) = &self.host {
                    let from = format!("{host}:{}", path.display());
                    write!(f, " — scp {} .", shell_words::quote(&from))?;
                }
            }
            None if self.sure => write!(f, "copied {size} via {}", names.join(" and "))?,
            None => write!(f, "sent {size} to the terminal ({})", names.join(" + "))?,
        }
        if !self.failed.is_empty() {
            write!(f, "; {}", reasons(&self.failed))?;
        }
        Ok(())
    }
}

fn reasons(failed: &[(Route, String)]) -> String {
    let told: Vec<String> = failed
        .iter()
        .map(|(route, reason)| format!("{}: {reason}", route.name()))
        .collect();
    told.join(", ")
}

#[cfg(test)]
mod tests;
