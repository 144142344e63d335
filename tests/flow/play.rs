//! A person at a keyboard, for tests: presses keys, waits until the screen shows something, and looks
//! at what was asked and copied. The loop, the app, the painting and the fetcher are the real ones.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::{Timestamp, tz::TimeZone};
use ratatui::{Terminal, backend::TestBackend, buffer::Buffer};
use sortie::app::{
    App, ContextInfo, Measured, Msg, Setup,
    arrange::{Arrangement, WINDOW},
    carry::again::Target,
    export::Order,
    find::refer::Locate,
    help::Sought,
    kept::Entry,
    key,
    notify::Ring,
    views::Change,
};
use sortie::cache::{Cache, Folder, Place};
use sortie::config;
use sortie::demo::{Demo, clock::Clock};
use sortie::fetch::{Connection, Fetcher, Line};
use sortie::guard::redact::Redactor;
use sortie::model::{
    Address, Arrival, Attention, ContextId, Gen, Get, Limit, RunRef, Sent, Ticket, Time, Watch,
};
use sortie::run::{
    Cast, Exports, Lists, Mail, Post, Shelf, Stage, World, contexts, over, paint, run,
};
use sortie::term::{Input, page::Program};
use sortie::ui::Style;
use tokio::sync::{mpsc, watch};

/// Nothing here takes longer, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

/// What was last painted.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    pub number: u32,
    /// How many inputs the loop had taken by then.
    pub taken: usize,
    pub text: String,
}

/// What the test and the loop's surroundings both see.
#[derive(Clone, Default)]
struct Shared {
    taken: Arc<Mutex<usize>>,
    size: Arc<Mutex<(u16, u16)>>,
    copies: Arc<Mutex<Vec<String>>>,
    suspensions: Arc<Mutex<u32>>,
    lent: Arc<Mutex<Vec<(Program, String)>>>,
    rung: Arc<Mutex<Vec<String>>>,
    fetcher: Arc<Mutex<Option<Fetcher>>>,
}

/// The person.
pub struct Play {
    keys: mpsc::UnboundedSender<Input>,
    sent: usize,
    frames: watch::Receiver<Frame>,
    shared: Shared,
    post: Post,
}

impl Play {
    /// Hands in news as a thread of sortie's would.
    pub fn tell(&self, news: &str) {
        self.post.news.send(Msg::Told(news.to_owned())).unwrap();
    }

    /// Presses keys one after another, written as in a key map, and waits until each was answered
    /// with a frame.
    pub async fn press(&mut self, keys: &str) {
        for key in key::parse_sequence(keys).unwrap() {
            self.send(Input::Key(key)).await;
        }
    }

    /// Presses a key that ends the loop.
    pub async fn leave(&mut self, key: &str) {
        let keys = key::parse_sequence(key).unwrap();
        self.keys.send(Input::Key(keys[0])).unwrap();
        let gone = async { while self.frames.changed().await.is_ok() {} };
        let gone = tokio::time::timeout(PATIENCE, gone).await;
        assert!(gone.is_ok(), "{key} did not end it:\n{}", self.screen());
    }

    /// How many keys were pressed so far.
    pub fn keys(&self) -> usize {
        self.sent
    }

    /// Types a text.
    pub async fn type_in(&mut self, text: &str) {
        for letter in text.chars() {
            self.send(Input::Key(key::Key::char(letter))).await;
        }
    }

    /// Makes the terminal larger or smaller.
    pub async fn resize(&mut self, width: u16, height: u16) {
        *self.shared.size.lock().unwrap() = (width, height);
        self.send(Input::Resize { width, height }).await;
    }

    /// Draws the window of the terminal to one size after another, faster than anybody can look; says how
    /// many frames that made.
    pub async fn draw_to(&mut self, sizes: impl IntoIterator<Item = (u16, u16)>) -> u32 {
        let before = self.frames.borrow().number;
        for (width, height) in sizes {
            *self.shared.size.lock().unwrap() = (width, height);
            self.sent += 1;
            self.keys.send(Input::Resize { width, height }).unwrap();
            tokio::task::yield_now().await;
        }
        let sent = self.sent;
        self.wait("the last size to be taken", |frame| frame.taken >= sent)
            .await;
        self.frames.borrow().number - before
    }

    async fn send(&mut self, input: Input) {
        self.sent += 1;
        let sent = self.sent;
        self.keys.send(input).unwrap();
        self.wait(&format!("input {sent} to be answered"), |frame| {
            frame.taken >= sent
        })
        .await;
    }

    /// Waits until the screen shows this.
    pub async fn until(&mut self, text: &str) -> String {
        self.wait(&format!("{text:?}"), |frame| frame.text.contains(text))
            .await
    }

    /// Waits until the screen does not show this any more.
    pub async fn until_gone(&mut self, text: &str) -> String {
        self.wait(&format!("no {text:?}"), |frame| !frame.text.contains(text))
            .await
    }

    async fn wait(&mut self, what: &str, right: impl Fn(&Frame) -> bool) -> String {
        let waited = self.frames.wait_for(|frame| right(frame));
        let seen = tokio::time::timeout(PATIENCE, waited).await;
        let seen = seen.ok().map(|frame| frame.unwrap().text.clone());
        seen.unwrap_or_else(|| panic!("waited for {what} in vain:\n{}", self.screen()))
    }

    /// What the screen shows now.
    pub fn screen(&self) -> String {
        self.frames.borrow().text.clone()
    }

    /// How many frames were painted.
    pub fn frames(&self) -> u32 {
        self.frames.borrow().number
    }

    /// The line with the cursor.
    pub fn cursor(&self) -> String {
        cursor(&self.screen()).to_owned()
    }

    /// Waits until the line with the cursor shows this.
    pub async fn until_cursor(&mut self, text: &str) -> String {
        let right = |frame: &Frame| cursor(&frame.text).contains(text);
        self.wait(&format!("a cursor on {text:?}"), right).await
    }

    /// Goes through the rows from the top until the cursor is on one with this text.
    pub async fn go_to(&mut self, text: &str) {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            self.press("g").await;
            let mut before = String::new();
            while before != self.screen() {
                if self.cursor().contains(text) {
                    return;
                }
                before = self.screen();
                self.press("j").await;
            }
        }
        panic!("no row with {text:?}:\n{}", self.screen());
    }

    /// Opens rows inside each other, by their text.
    pub async fn open(&mut self, rows: &[&str]) {
        for row in rows {
            self.go_to(row).await;
            self.press("l").await;
        }
    }

    /// Paths of the requests sent so far to this context.
    pub fn requests(&self, context: &str) -> Vec<String> {
        let fetcher = self.shared.fetcher.lock().unwrap();
        let sent = fetcher.as_ref().unwrap().requests();
        sent.into_iter()
            .filter(|sent| sent.context == context)
            .map(|sent| sent.path)
            .collect()
    }

    /// What was copied so far.
    pub fn copies(&self) -> Vec<String> {
        self.shared.copies.lock().unwrap().clone()
    }

    /// What other programs were handed.
    pub fn lent(&self) -> Vec<(Program, String)> {
        self.shared.lent.lock().unwrap().clone()
    }

    /// What somebody was told who looks elsewhere.
    pub fn rung(&self) -> Vec<String> {
        self.shared.rung.lock().unwrap().clone()
    }

    /// How often the terminal was given to the shell.
    pub fn suspensions(&self) -> u32 {
        *self.shared.suspensions.lock().unwrap()
    }
}

struct Painted {
    terminal: Terminal<TestBackend>,
    style: Style,
    frames: watch::Sender<Frame>,
    shared: Shared,
}

impl Stage for Painted {
    fn draw(&mut self, app: &App) -> io::Result<Measured> {
        let (width, height) = *self.shared.size.lock().unwrap();
        self.terminal.backend_mut().resize(width, height);
        let measured = paint(&mut self.terminal, app, &self.style).unwrap();
        let text = text(self.terminal.backend().buffer());
        let taken = *self.shared.taken.lock().unwrap();
        self.frames.send_modify(|frame| {
            *frame = Frame {
                number: frame.number + 1,
                taken,
                text,
            };
        });
        Ok(measured)
    }

    fn redraw(&mut self) -> io::Result<()> {
        self.terminal.clear().map_err(io::Error::other)
    }

    fn mouse(&mut self, _: bool) -> io::Result<()> {
        Ok(())
    }

    async fn suspend(&mut self) -> io::Result<()> {
        *self.shared.suspensions.lock().unwrap() += 1;
        Ok(())
    }

    async fn lend(
        &mut self,
        program: Program,
        text: Vec<u8>,
    ) -> io::Result<Result<String, String>> {
        let text = String::from_utf8_lossy(&text).into_owned();
        self.shared.lent.lock().unwrap().push((program, text));
        Ok(Ok("the program".to_owned()))
    }
}

fn cursor(screen: &str) -> &str {
    screen
        .lines()
        .find(|line| line.starts_with('▶'))
        .unwrap_or_default()
}

fn text(buffer: &Buffer) -> String {
    let width = usize::from(buffer.area.width).max(1);
    let rows = buffer.content.chunks(width).map(|row| {
        let row: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
        row.trim_end().to_owned() + "\n"
    });
    rows.collect()
}

struct Recorded {
    shared: Shared,
    post: Post,
    shelf: Shelf,
    lists: Lists,
    exports: Exports,
    demo: Option<Demo>,
}

impl World for Recorded {
    fn load(&mut self, ticket: Ticket) -> Vec<Arrival> {
        let fetcher = self.shared.fetcher.lock().unwrap();
        fetcher.as_ref().unwrap().answer(ticket)
    }

    fn cancel(&mut self, generation: Gen) {
        self.shared
            .fetcher
            .lock()
            .unwrap()
            .as_ref()
            .unwrap()
            .cancel(generation);
    }

    fn follow(&mut self, watch: Watch) {
        let fetcher = self.shared.fetcher.lock().unwrap();
        fetcher.as_ref().unwrap().follow(watch);
    }

    fn forget(&mut self, context: ContextId, run: &RunRef) {
        let fetcher = self.shared.fetcher.lock().unwrap();
        fetcher.as_ref().unwrap().forget(context, run);
    }

    fn attend(&mut self, attention: Attention) {
        let fetcher = self.shared.fetcher.lock().unwrap();
        fetcher.as_ref().unwrap().attend(attention);
    }

    fn notify(&mut self, ring: Ring) {
        self.shared.rung.lock().unwrap().push(ring.text);
    }

    fn requests(&self) -> Vec<Sent> {
        let fetcher = self.shared.fetcher.lock().unwrap();
        fetcher.as_ref().unwrap().requests()
    }

    fn addresses(&self, text: &str) -> Vec<Address> {
        self.lists.addresses(text)
    }

    fn locate(&mut self, order: Locate) {
        self.lists.locate(order);
    }

    fn weigh(&mut self, order: Order) {
        self.exports.weigh(order);
    }

    fn review(&mut self, order: Order) {
        self.exports.review(order);
    }

    fn review_again(&mut self, number: Gen, redactor: Redactor) {
        self.exports.review_again(number, &redactor);
    }

    fn export(&mut self, number: Gen, redactor: Redactor) {
        self.exports.write(number, &redactor);
    }

    fn stop_export(&mut self, number: Gen) {
        self.exports.stop(number);
    }

    fn keep(&mut self, entry: Entry) {
        self.shelf.keep(entry);
    }

    fn change(&mut self, change: Option<Change>) {
        self.shelf.change(change);
    }

    fn recall(&mut self) {
        self.shelf.recall();
    }

    fn get(&self, context: ContextId, of: &Target) -> Option<Get> {
        let fetcher = self.shared.fetcher.lock().unwrap();
        let connection = fetcher.as_ref()?.connection(context)?;
        match of {
            Target::Asks(asks) => asks.iter().find_map(|ask| connection.get(ask)),
            Target::Path(path) => connection.get_at(path),
        }
    }

    fn copy(&mut self, text: Vec<u8>, what: Cow<'static, str>) {
        let told = format!("{what}: copied {} B", text.len());
        self.shared
            .copies
            .lock()
            .unwrap()
            .push(String::from_utf8(text).unwrap());
        self.post.news.send(Msg::Copied(Ok(told))).unwrap();
    }

    fn demo(&mut self) -> io::Result<Cast> {
        let demo = Demo::start(Clock::starting_now())?;
        let connections = demo.connections();
        let fetcher = Fetcher::new(&connections, self.post.arrivals.clone());
        *self.shared.fetcher.lock().unwrap() = Some(fetcher);
        self.demo = Some(demo);
        Ok(Cast {
            contexts: contexts(&connections),
            redactor: Redactor::new(config::secrets(&connections)),
        })
    }
}

fn setup(contexts: Vec<ContextInfo>, connections: &[Connection]) -> Setup {
    Setup {
        contexts,
        keymap: config::keys::defaults(),
        redactor: Redactor::new(config::secrets(connections)),
        zone: TimeZone::UTC,
        local_zone: TimeZone::UTC,
        switches: std::sync::Arc::default(),
        read_on_above: usize::MAX,
        limit: Limit {
            rows: 20_000,
            bytes: 64 << 20,
        },
        looked_for: vec![Sought::variable("TELNYX_API_KEY", false)],
        warnings: Vec::new(),
    }
}

/// Plays `script` on a screen of that size over these connections; ends with `Q`, or when the script
/// has ended the loop itself.
pub async fn play(
    size: (u16, u16),
    connections: &[Connection],
    script: impl AsyncFnOnce(&mut Play),
) {
    play_as(Arrangement::Missions, size, connections, None, script).await;
}

/// The same with that arrangement at the start.
pub async fn play_from(
    by: Arrangement,
    size: (u16, u16),
    connections: &[Connection],
    script: impl AsyncFnOnce(&mut Play),
) {
    play_as(by, size, connections, None, script).await;
}

/// The same with a folder for runs that have ended.
pub async fn play_caching(
    size: (u16, u16),
    connections: &[Connection],
    folder: &Path,
    script: impl AsyncFnOnce(&mut Play),
) {
    let lines = lines(connections, Some(folder));
    play_over(
        Arrangement::Missions,
        size,
        connections,
        lines,
        None,
        script,
    )
    .await;
}

/// The same with a folder for what is kept.
pub async fn play_with(
    size: (u16, u16),
    connections: &[Connection],
    state: Option<PathBuf>,
    script: impl AsyncFnOnce(&mut Play),
) {
    play_as(Arrangement::Missions, size, connections, state, script).await;
}

async fn play_as(
    by: Arrangement,
    size: (u16, u16),
    connections: &[Connection],
    state: Option<PathBuf>,
    script: impl AsyncFnOnce(&mut Play),
) {
    let lines = lines(connections, None);
    play_over(by, size, connections, lines, state, script).await;
}

async fn play_over(
    by: Arrangement,
    size: (u16, u16),
    connections: &[Connection],
    lines: Vec<Line>,
    state: Option<PathBuf>,
    script: impl AsyncFnOnce(&mut Play),
) {
    let (keys, inbox) = mpsc::unbounded_channel();
    let (painted, frames) = watch::channel(Frame::default());
    let shared = Shared::default();
    *shared.size.lock().unwrap() = size;
    let mail = Mail::default();
    *shared.fetcher.lock().unwrap() = Some(Fetcher::new(&lines, mail.post().arrivals));
    let mail_post = mail.post();
    let lists = Lists::new(connections, &lines, Vec::new(), mail.post().news);
    // Nothing is written where a test has no folder for it.
    let folder = state
        .clone()
        .unwrap_or_else(|| PathBuf::from("/proc/nowhere"));
    let host = Some("box".to_owned());
    let exports = Exports::new(over(connections, &lines), folder, host, mail.post().news);
    let now = Time(i64::try_from(Timestamp::now().as_nanosecond()).unwrap());
    let (app, mut first) = App::new(setup(contexts(connections), connections), now);
    // It is large, and would be a part of every future that plays.
    let mut app = Box::new(app);
    if by != Arrangement::Missions {
        first.extend(app.begin_with(by, WINDOW, None));
    }
    let mut stage = Painted {
        terminal: Terminal::new(TestBackend::new(size.0, size.1)).unwrap(),
        style: Style::new(false, false),
        frames: painted,
        shared: shared.clone(),
    };
    let mut world = Recorded {
        lists,
        exports,
        shared: shared.clone(),
        post: mail.post(),
        shelf: Shelf::new(state, mail.post().news),
        demo: None,
    };
    let taken = Arc::clone(&shared.taken);
    let inputs = futures_util::stream::unfold(inbox, |mut inbox| async {
        inbox.recv().await.map(|input| (input, inbox))
    });
    let inputs = Box::pin(inputs.map(move |input| {
        *taken.lock().unwrap() += 1;
        Ok(input)
    }));
    let mut person = Play {
        keys,
        sent: 0,
        frames,
        shared,
        post: mail_post,
    };
    let script = async {
        script(&mut person).await;
        if let Ok(quit) = key::parse_sequence("Q") {
            // The loop may have ended already.
            let _ = person.keys.send(Input::Key(quit[0]));
        }
    };
    // It takes the stage along: that no frame can come any more is how a test sees the end.
    let ended = async move {
        let ended = run(&mut app, first, &mut stage, inputs, mail, &mut world).await;
        ended.unwrap();
    };
    let ended = tokio::time::timeout(PATIENCE * 6, ended);
    let (ended, ()) = tokio::join!(ended, script);
    ended.expect("Q ends the loop");
}

/// Lines that keep what has ended, where there is a folder for it.
fn lines(connections: &[Connection], state: Option<&Path>) -> Vec<Line> {
    let redactor = Redactor::new(config::secrets(connections));
    let each = connections.iter().map(|connection| {
        let line = Line::from(connection);
        let Some(folder) = state.map(|state| Folder::new(state, 1 << 30)) else {
            return line;
        };
        let cache = Cache::new(folder, Place::of(connection), redactor.clone());
        line.keeping(Arc::new(cache))
    });
    each.collect()
}

/// Plays over a fresh demo.
pub async fn demo(size: (u16, u16), script: impl AsyncFnOnce(&mut Play)) {
    let demo = Demo::start(Clock::starting_now()).unwrap();
    play(size, &demo.connections(), script).await;
}
