//! Every place of the screen with every action, by its key or by its name. The screen is searched after each,
//! and all bytes that the terminal was sent at the end.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use sortie::{
    app::{action::Action, keymap::Mode},
    config,
};

use super::{
    Pty, Server, answer, clean, copies, home, leave, note, screen, screen_on_event, settle, written,
};

/// What is not done at every place: what ends the screen, shows what is asked for, needs another program, or
/// leaves the place, which the walk itself does.
const SKIPPED: [Action; 12] = [
    Action::Quit,
    Action::Back,
    Action::Suspend,
    Action::Reveal,
    Action::Demo,
    Action::Editor,
    Action::Pager,
    Action::Pipe,
    Action::Up,
    Action::Open,
    Action::Escape,
    // with every look
    Action::Redraw,
];

/// `Esc` as a terminal spells it that tells keys apart: with a letter right behind it, the plain one would be
/// another key where the machine is busy.
const ESC: &str = "\u{1b}[27u";

/// Between an answer's first byte and its last, and how long the first one is waited for.
const FRAME: Duration = Duration::from_millis(25);
const PATIENCE: Duration = Duration::from_millis(250);

/// What opens on top, and the mode whose keys it has.
const ON_TOP: [(&str, Mode); 6] = [
    ("x", Mode::Export),
    ("yC", Mode::Preview),
    ("'", Mode::List),
    ("C", Mode::List),
    ("@", Mode::Log),
    ("?", Mode::Help),
];

/// The keys of a mode, as they are typed, each with what it does.
fn typed(mode: Mode) -> Vec<(String, Action)> {
    let map = config::keys::defaults();
    let hints = map.hints(mode).into_iter();
    let hints = hints.filter(|(_, action)| !SKIPPED.contains(action));
    let typed = hints.filter_map(|(keys, action)| {
        let mut spelled = keys.split(' ');
        let is_typed =
            |keys: &&str| keys.len() <= 2 && keys.chars().all(|key| key.is_ascii_graphic());
        Some((spelled.find(is_typed)?.to_owned(), action))
    });
    typed.collect()
}

/// The keys of what is on top that nothing below it has.
fn on_top(mode: Mode) -> Vec<String> {
    let below = typed(Mode::Tree);
    let own = typed(mode).into_iter();
    let own = own.filter(|(_, action)| !below.iter().any(|(_, other)| other == action));
    own.map(|(keys, _)| keys).collect()
}

/// What no key of any mode does: it is found by its name.
fn by_name() -> Vec<&'static str> {
    let modes = [Mode::Tree, Mode::Detail];
    let tops = ON_TOP.iter().map(|(_, mode)| *mode);
    let all = modes.into_iter().chain(tops);
    let known: Vec<Action> = all.flat_map(typed).map(|(_, action)| action).collect();
    let rest = Action::ALL
        .iter()
        .filter(|action| !known.contains(action) && !SKIPPED.contains(action));
    rest.map(|action| action.name()).collect()
}

/// A person who tries everything.
pub struct Walk<'a> {
    pty: &'a Pty,
    notes: Vec<String>,
    /// How many screens showed something of what was planted.
    pub met: usize,
}

impl<'a> Walk<'a> {
    pub fn new(pty: &'a Pty) -> Self {
        Self {
            pty,
            notes: Vec::new(),
            met: 0,
        }
    }

    /// Looks at the whole screen.
    pub fn look(&mut self, what: &str) {
        let (sent, asked) = (self.pty.sent(), Instant::now());
        self.pty.type_keys("\u{c}");
        while self.pty.sent() == sent && asked.elapsed() < PATIENCE {
            sleep(Duration::from_millis(2));
        }
        sleep(FRAME);
        let shown = self.pty.screen().contents();
        self.met += usize::from(shown.contains("canary"));
        note(&shown, what, &mut self.notes);
    }

    /// Types and waits until nothing changes any more.
    pub fn go(&mut self, keys: &str) {
        self.pty.type_keys(keys);
        settle(self.pty);
    }

    /// Every action at the place where it is.
    pub fn everything(&mut self, place: &str, mode: Mode) {
        self.look(place);
        for (keys, _) in typed(mode) {
            self.pty.type_keys(&keys);
            self.look(&format!("{place}, {keys}"));
            self.pty.type_keys(ESC);
        }
    }

    /// What opens on top of a place, with all that can be done there, and what is found by its name alone.
    pub fn tops(&mut self, place: &str) {
        for (open, mode) in ON_TOP {
            for keys in on_top(mode) {
                self.go(open);
                self.look(&format!("{place}, {open}"));
                self.go(&keys);
                self.look(&format!("{place}, {open}, {keys}"));
                self.go("\u{1b}");
                self.go("\u{1b}");
            }
        }
        for name in by_name() {
            self.go(&format!(":{name}"));
            self.look(&format!("{place}, :{name}"));
            self.go("\r");
            self.look(&format!("{place}, :{name}, done"));
            self.go("\u{1b}");
        }
    }

    /// Fails where something was shown.
    pub fn end(self) {
        assert!(self.notes.is_empty(), "{}", self.notes.join("\n"));
    }
}

/// Searches all that a terminal was sent, and what was copied by it.
pub fn search(pty: &Pty, copied: usize) {
    let sent = pty.written();
    clean(&sent, "the terminal");
    let copies = copies(&sent);
    for copy in &copies {
        clean(copy, "a copy");
    }
    let made = copies.len();
    assert!(made >= copied, "only {made} copies were made");
    clean(&written(pty.home()), "what the screen wrote");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_screen_shows_a_secret_and_no_copy_takes_one_along() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let mut pty = screen(home.path(), &[], &[]);
    pty.wait_for("canary ‹");
    let mut walk = Walk::new(&pty);
    walk.go("");
    walk.everything("contexts", Mode::Tree);
    walk.go(":missions\r");
    walk.go("zRgj");
    walk.everything("missions", Mode::Tree);
    walk.go(":inbox\r");
    walk.go("j");
    walk.everything("inbox", Mode::Tree);
    walk.end();
    leave(&mut pty);
    search(&pty, 5);
    clean(&written(home.path()), "what the screen wrote elsewhere");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_event_on_the_screen_shows_a_secret_and_no_copy_takes_one_along() {
    let server = Server::saying(answer).await;
    let home = home(&server);
    let mut pty = screen_on_event(home.path(), &[], &[]);
    let mut walk = Walk::new(&pty);
    walk.everything("events", Mode::Tree);
    walk.tops("events");
    walk.go("3");
    walk.everything("payload", Mode::Detail);
    walk.go("f");
    walk.everything("payload, full", Mode::Detail);
    assert!(walk.met > 150, "only {} screens met anything", walk.met);
    walk.end();
    leave(&mut pty);
    search(&pty, 10);
    clean(&written(home.path()), "what the screen wrote elsewhere");
}
