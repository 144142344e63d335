//! A person before a screen: keys in, pictures out. What the app wants done is done at once and in
//! order, so that the same keys always make the same picture.

use std::collections::VecDeque;
use std::time::Duration;

use jiff::tz::TimeZone;
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use sortie::app::{
    App, ContextInfo, Effect, Msg, Setup, carry, carry::picks, detail::within, filter,
    find as search, find::refer::Located, kept::Kept, key, msg, operations::anew, palette::seek,
    theme::Themes,
};
use sortie::config;
use sortie::model::{Arrival, Ask, Got, Limit, Sent, Ticket, Time, Watch};
use sortie::provider::refer;
use sortie::run::paint;
use sortie::ui::Style;

use crate::{library, picture};

type Answer = Box<dyn FnMut(&Ticket) -> Vec<(Ask, Got)>>;

/// The person.
pub struct Desk {
    pub app: App,
    pub style: Style,
    pub now: Time,
    /// The last run that was to be followed.
    pub follow: Option<Watch>,
    /// The requests that were made.
    pub sent: Vec<Sent>,
    /// What is kept on disk.
    pub kept: Kept,
    size: (u16, u16),
    answer: Answer,
    buffer: Buffer,
}

/// What an app begins with where a test does not say otherwise.
pub fn setup(contexts: Vec<ContextInfo>) -> Setup {
    Setup {
        contexts,
        keymap: config::keys::defaults(),
        redactor: library::redactor(),
        zone: TimeZone::UTC,
        local_zone: TimeZone::UTC,
        switches: std::sync::Arc::default(),
        read_on_above: usize::MAX,
        limit: Limit {
            rows: 20_000,
            bytes: 64 << 20,
        },
        looked_for: Vec::new(),
        warnings: Vec::new(),
    }
}

impl Desk {
    /// Before the demo's four contexts, all of which answer.
    pub fn demo(size: (u16, u16)) -> Self {
        let setup = setup(library::contexts());
        Self::new(size, setup, library::answer)
    }

    /// Before these contexts, which answer like that.
    pub fn new(
        size: (u16, u16),
        setup: Setup,
        answer: impl FnMut(&Ticket) -> Vec<(Ask, Got)> + 'static,
    ) -> Self {
        let (mut app, first) = App::new(setup, library::now());
        app.begin_theme(Themes {
            all: config::themes::bundled(),
            ..Themes::default()
        });
        let mut desk = Self {
            app,
            style: Style::new(false, true),
            now: library::now(),
            follow: None,
            sent: Vec::new(),
            kept: Kept::default(),
            size,
            answer: Box::new(answer),
            buffer: Buffer::default(),
        };
        desk.perform(first);
        desk.draw();
        desk
    }

    /// Presses keys, written as in a key map; a frame after each, as the loop does.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in key::parse_sequence(keys).unwrap() {
            self.tell(Msg::Key(key));
        }
        self
    }

    /// Types a text.
    pub fn type_in(&mut self, text: &str) -> &mut Self {
        for letter in text.chars() {
            self.tell(Msg::Key(key::Key::char(letter)));
        }
        self
    }

    /// Time goes by.
    pub fn wait(&mut self, time: Duration) -> &mut Self {
        self.now = Time(self.now.0 + i64::try_from(time.as_nanos()).unwrap());
        self.tell(Msg::Tick)
    }

    /// Something happens.
    pub fn tell(&mut self, msg: Msg) -> &mut Self {
        let effects = self.app.update(msg, self.now);
        self.perform(effects);
        self.draw();
        self
    }

    /// The screen gets another size.
    pub fn resize(&mut self, size: (u16, u16)) -> &mut Self {
        self.size = size;
        self.draw();
        self
    }

    /// From now on painted like that.
    pub fn paint(&mut self, ascii: bool, colour: bool) -> &mut Self {
        self.style = Style::new(ascii, colour);
        self.draw();
        self
    }

    /// Goes down from the first row to the first one with that text.
    pub fn go_to(&mut self, text: &str) -> &mut Self {
        self.press("g");
        loop {
            if self.cursor().contains(text) {
                return self;
            }
            let before = self.app.selected;
            self.press("j");
            assert_ne!(
                self.app.selected,
                before,
                "no row with {text:?}:\n{}",
                self.text()
            );
        }
    }

    /// Unfolds rows inside each other, by their text.
    pub fn open(&mut self, rows: &[&str]) -> &mut Self {
        for row in rows {
            self.go_to(row).press("l");
        }
        self
    }

    /// The line with the cursor.
    pub fn cursor(&self) -> String {
        let text = self.text();
        let line = text.lines().find(|line| line.starts_with(['▶', '*']));
        line.unwrap_or_default().to_owned()
    }

    /// The screen as text.
    pub fn text(&self) -> String {
        picture::text(&self.buffer)
    }

    /// The screen as it was painted.
    pub fn buffer(&self) -> &Buffer {
        &self.buffer
    }

    fn draw(&mut self) {
        // A frame may change its own measures: then it is painted once more, as the loop does.
        for _ in 0..2 {
            self.app.dirty = false;
            self.style.follow(&self.app.themes.now);
            let mut terminal = Terminal::new(TestBackend::new(self.size.0, self.size.1)).unwrap();
            let measured = paint(&mut terminal, &self.app, &self.style).unwrap();
            self.buffer = terminal.backend().buffer().clone();
            let effects = self.app.measure(measured);
            self.perform(effects);
            if !self.app.dirty {
                break;
            }
        }
        picture::is_clean(&self.buffer);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut effects = VecDeque::from(effects);
        loop {
            let Some(effect) = effects.pop_front() else {
                if !self.app.is_behind() {
                    return;
                }
                effects.extend(self.app.update(Msg::GoOn, self.now));
                continue;
            };
            for told in self.done(effect) {
                effects.extend(self.app.update(told, self.now));
            }
        }
    }

    /// What comes of an effect.
    fn done(&mut self, effect: Effect) -> Vec<Msg> {
        match effect {
            Effect::Load(ticket) => self.load(&ticket),
            Effect::Read(order) => read(*order),
            Effect::Find(order) => find(*order),
            Effect::Gather(order) => vec![Msg::LaidOut {
                what: order.what.clone(),
                text: picks::gather(*order),
            }],
            Effect::Keep(entry) => {
                self.kept.take(*entry);
                vec![self.recalled()]
            }
            Effect::Recall => vec![self.recalled()],
            Effect::LayOut(order) => vec![Msg::LaidOut {
                what: order.what.clone(),
                text: carry::lay_out(*order),
            }],
            Effect::Search(order) => {
                let mut nodes = Vec::new();
                search::look(&order, |found, _| {
                    nodes.extend(found);
                    true
                });
                vec![Msg::Found {
                    search: order.number,
                    nodes,
                    done: true,
                }]
            }
            Effect::Judge(order) => {
                let mut told = Vec::new();
                filter::judge(&order, |judged| {
                    told.push(Msg::Judged(Box::new(judged)));
                    true
                });
                told
            }
            Effect::Probe(order) => vec![Msg::Probed(order.number, order.absent())],
            Effect::Copy { text, what } => {
                let told = format!("{what}: copied {} B", text.len());
                vec![Msg::Copied(Ok(told))]
            }
            Effect::Follow(watch) => {
                self.follow = Some(watch);
                Vec::new()
            }
            Effect::ReadAnew(order) => vec![Msg::ReadAnew(Box::new(anew::read(*order)))],
            Effect::Seek(order) => {
                let sought = seek::seek(&order, || true).unwrap();
                vec![Msg::Sought(sought)]
            }
            Effect::Refer(typed) => {
                let addresses = refer::addresses(&typed, &[]);
                vec![Msg::Referred(typed, addresses)]
            }
            Effect::Locate(order) => vec![Msg::Located(Located {
                number: order.number,
                runs: Err("no run fits that".to_owned()),
            })],
            Effect::Zone(name) => {
                let zone = TimeZone::get(&name).ok();
                vec![Msg::Zone(name, zone)]
            }
            Effect::ZoneNames => {
                let names = ["Asia/Tokyo", "Europe/Berlin", "Europe/Lisbon"];
                vec![Msg::ZoneNames(names.map(Into::into).to_vec())]
            }
            Effect::Requests => vec![Msg::Requests(self.sent.clone())],
            Effect::Cancel(_)
            | Effect::Forget(..)
            | Effect::Attend(_)
            | Effect::Mouse(_)
            | Effect::Remember(_)
            | Effect::KeepPlace(_)
            | Effect::Own(_)
            | Effect::Change(_)
            | Effect::Discard(_)
            | Effect::CopyCalls(_)
            | Effect::CopyRows(_)
            | Effect::Hand(_)
            | Effect::Tell(_)
            | Effect::Again(_)
            | Effect::Print(_)
            | Effect::Save { .. }
            | Effect::Browse(_)
            | Effect::Weigh(_)
            | Effect::Review(_)
            | Effect::ReviewAgain(..)
            | Effect::Export(..)
            | Effect::StopExport(_)
            | Effect::TakeFile
            | Effect::Demo
            | Effect::Suspend
            | Effect::Redraw
            | Effect::Notify(_)
            | Effect::Quit => Vec::new(),
        }
    }

    /// The followed run brings this.
    pub fn hear(&mut self, got: Got) -> &mut Self {
        let watch = self.follow.clone().unwrap();
        let arrival = Arrival {
            context: watch.context,
            node: watch.node,
            generation: watch.generation,
            ask: Ask::Run(watch.run),
            got,
        };
        self.tell(Msg::Arrived(Box::new(arrival)));
        self
    }

    fn recalled(&self) -> Msg {
        Msg::Recalled {
            kept: Box::new(self.kept.clone()),
            fault: None,
        }
    }

    fn load(&mut self, ticket: &Ticket) -> Vec<Msg> {
        let said = (self.answer)(ticket);
        let arrival = |(ask, got)| {
            Msg::Arrived(Box::new(Arrival {
                context: ticket.context,
                node: ticket.node,
                generation: ticket.generation,
                ask,
                got,
            }))
        };
        said.into_iter().map(arrival).collect()
    }
}

/// Reads a document on, as it is done beside the loop.
fn read(order: msg::Read) -> Vec<Msg> {
    let mut job = Some(order.job);
    let mut steps = Vec::new();
    while let Some(now) = job.take() {
        let (step, rest) = now.run();
        let step = Box::new(step);
        steps.push(Msg::Read {
            key: order.key,
            step,
        });
        job = rest;
    }
    steps
}

/// Looks through a document, as it is done beside the loop.
fn find(mut order: within::Find) -> Vec<Msg> {
    let mut all = Vec::new();
    loop {
        let (hits, at, done) = order.finder.run();
        all.push(Msg::Within(Box::new(within::Found {
            key: order.key,
            hits,
            progress: (at, order.finder.len()),
            done,
        })));
        if done {
            return all;
        }
    }
}
