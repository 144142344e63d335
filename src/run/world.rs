//! What the loop has done outside: fetching, copying, starting the demo. A test puts another world in
//! its place; nothing here paints or decides.

use std::{borrow::Cow, collections::BTreeSet, io, sync::Arc};

use secrecy::SecretString;

use super::{
    Exports, Lists, Post, Shelf,
    files::{self, Files},
    last::Last,
    notify::Notifier,
    resume::Trail,
};
use crate::{
    app::{
        Beside, ContextInfo, Msg, carry::again::Target, export::Order, find::refer::Locate,
        kept::Entry, msg::Memory, notify::Ring, resume::Session, views::Change,
    },
    cli::session::{self, Asked},
    config,
    demo::{Demo, clock::Clock},
    export::curl::Tool,
    fetch::{Auth, Connection, Fetcher, Line},
    guard::redact::Redactor,
    model::{
        Address, Arrival, Ask, Attention, ContextId, Gen, Get, Page, RunRef, Sent, Ticket, Watch,
    },
    term::{
        browser,
        copy::{CopyFailed, Desk, Receipt},
    },
};

/// Those who do what the app wants done. Nothing here may wait for anything.
pub trait World {
    /// Begins to fetch. What can be said at once is given back; the rest is mailed.
    fn load(&mut self, ticket: Ticket) -> Vec<Arrival>;
    /// Begins to follow a run.
    fn follow(&mut self, watch: Watch);
    /// Stops what was asked in that generation.
    fn cancel(&mut self, generation: Gen);
    /// Has a run asked for again although it may be kept.
    fn forget(&mut self, _context: ContextId, _run: &RunRef) {}
    /// Somebody looks at the screen, or nobody does.
    fn attend(&mut self, attention: Attention);
    /// Tells somebody who looks elsewhere.
    fn notify(&mut self, _ring: Ring) {}
    /// The requests made so far, oldest first.
    fn requests(&self) -> Vec<Sent>;
    /// Copies a text; what came of it is mailed.
    fn copy(&mut self, text: Vec<u8>, what: Cow<'static, str>);
    /// Writes down what is kept; what is there then is mailed.
    fn keep(&mut self, entry: Entry);
    /// Has mailed what is kept.
    fn recall(&mut self);
    /// Changes what is kept of named views and filters; what is there then is mailed.
    fn change(&mut self, _change: Option<Change>) {}
    /// Keeps something for the next start.
    fn remember(&mut self, _memory: Memory) {}
    /// Keeps where one is for the next start.
    fn keep_place(&mut self, _session: Session) {}
    /// Begins to read a file, if a text names one; that it was read is mailed.
    fn open(&mut self, _text: &str) -> bool {
        false
    }
    /// What was read of a file since, or why it was not.
    fn opened(&mut self) -> Result<Beside, String> {
        Ok(Beside::default())
    }
    /// What a text may name.
    fn addresses(&self, text: &str) -> Vec<Address>;
    /// Looks for runs in the lists of all contexts; what is found is mailed.
    fn locate(&mut self, order: Locate);
    /// The read of a context that this is; none for files.
    fn get(&self, _context: ContextId, _of: &Target) -> Option<Get> {
        None
    }
    /// What is known of how tools are reached.
    fn tools(&self) -> Vec<Tool> {
        Vec::new()
    }
    /// The variables that credentials come from.
    fn credential_variables(&self) -> Vec<String> {
        Vec::new()
    }
    /// Says by which way a copy of so many bytes would go.
    fn route(&self) -> Box<dyn Fn(usize) -> String + Send> {
        Box::new(|_| String::new())
    }
    /// Puts a text in a file; what came of it is mailed.
    fn save(&mut self, _text: Vec<u8>, _what: Cow<'static, str>) {}
    /// Shows an address in a browser, or tells it; which of them is mailed.
    fn browse(&mut self, _address: String) {}
    /// Finds out what each way out weighs; what it is is mailed.
    fn weigh(&mut self, _order: Order) {}
    /// Finds out what would be masked of runs; what it is is mailed.
    fn review(&mut self, _order: Order) {}
    /// The same once more, with other wishes.
    fn review_again(&mut self, _number: Gen, _redactor: Redactor) {}
    /// Writes them to a file; what came of it is mailed.
    fn export(&mut self, _number: Gen, _redactor: Redactor) {}
    /// Stops the weighing or the writing with that number.
    fn stop_export(&mut self, _number: Gen) {}
    /// Starts the demo in place of what there is.
    fn demo(&mut self) -> io::Result<Cast>;
}

/// The demo's contexts, ready to be shown.
pub struct Cast {
    /// What there is to browse.
    pub contexts: Vec<ContextInfo>,
    /// What masks its keys.
    pub redactor: Redactor,
}

/// Connections, each asked over its line.
pub fn over(connections: &[Connection], lines: &[Line]) -> Vec<Asked> {
    let each = connections.iter().zip(lines);
    each.map(|(context, line)| Asked {
        line: line.clone(),
        ..session::asked(context)
    })
    .collect()
}

/// Connections as the screen tells of them: without their credentials.
pub fn contexts(connections: &[Connection]) -> Vec<ContextInfo> {
    let info = |connection: &Connection| ContextInfo {
        name: connection.name.clone(),
        provider: connection.provider.name().to_owned(),
        base_url: connection
            .base_url
            .as_str()
            .trim_end_matches('/')
            .to_owned(),
        credential: match &connection.auth {
            Auth::None => "none is sent".to_owned(),
            Auth::Key { source, .. } | Auth::Client { source, .. } => format!("from {source}"),
            Auth::Missing(trouble) => trouble.to_string(),
        },
        insecure: connection.insecure,
        call_ids: connection.provider.caps().call_ids,
        call_members: connection.provider.caps().call_members,
        tails: false,
        console_url: None,
        all_runs: connection
            .provider
            .request(&Ask::AllRuns {
                status: None,
                page: Page::default(),
            })
            .is_some(),
        offline: None,
    };
    connections.iter().map(info).collect()
}

/// The real one.
pub(super) struct Outside {
    pub fetcher: Fetcher,
    pub desk: Desk,
    pub shelf: Shelf,
    pub lists: Lists,
    pub exports: Exports,
    pub post: Post,
    pub notifier: Notifier,
    /// Files that are opened beside what is shown.
    pub files: Files,
    /// What the configuration says of tools.
    pub tools: Vec<Tool>,
    /// The variables that it names for credentials.
    pub credentials: BTreeSet<String>,
    /// All credentials that are at hand.
    pub secrets: Vec<SecretString>,
    /// Kept so that its servers run.
    pub demo: Option<Demo>,
    /// Where to keep what the next start wants to know; nowhere for the demo and for files.
    pub last: Option<Last>,
    /// Where to keep where one is; nowhere for the demo, for files and where that is not wanted.
    pub place: Option<Trail>,
}

impl World for Outside {
    fn load(&mut self, ticket: Ticket) -> Vec<Arrival> {
        self.fetcher.answer(ticket)
    }

    fn remember(&mut self, memory: Memory) {
        if let Some(last) = &self.last {
            last.write(memory);
        }
    }

    fn keep_place(&mut self, session: Session) {
        if let Some(place) = &self.place {
            place.keep(session);
        }
    }

    fn follow(&mut self, watch: Watch) {
        self.fetcher.follow(watch);
    }

    fn attend(&mut self, attention: Attention) {
        self.fetcher.attend(attention);
    }

    fn notify(&mut self, ring: Ring) {
        self.notifier.ring(ring);
    }

    fn forget(&mut self, context: ContextId, run: &RunRef) {
        self.fetcher.forget(context, run);
    }

    fn requests(&self) -> Vec<Sent> {
        self.fetcher.requests()
    }

    fn cancel(&mut self, generation: Gen) {
        self.fetcher.cancel(generation);
    }

    fn keep(&mut self, entry: Entry) {
        self.shelf.keep(entry);
    }

    fn recall(&mut self) {
        self.shelf.recall();
    }

    fn change(&mut self, change: Option<Change>) {
        self.shelf.change(change);
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

    fn open(&mut self, text: &str) -> bool {
        self.files.open(text, self.post.news.clone())
    }

    fn opened(&mut self) -> Result<Beside, String> {
        let (opened, names) = self.files.take()?;
        let beside = files::beside(&opened, &names, |name| self.fetcher.has(name));
        let lines = opened
            .sources
            .into_iter()
            .map(|source| Line::from(Arc::new(source)));
        for (line, info) in lines.zip(&beside.contexts) {
            let mut asked = session::offline(line.clone());
            asked.record.name.clone_from(&info.name);
            self.exports.add(asked);
            self.fetcher.add(line, &info.name);
        }
        Ok(beside)
    }

    fn addresses(&self, text: &str) -> Vec<Address> {
        self.lists.addresses(text)
    }

    fn locate(&mut self, order: Locate) {
        self.lists.locate(order);
    }

    fn copy(&mut self, text: Vec<u8>, what: Cow<'static, str>) {
        let (text, whole) = as_text(text);
        let tell = self.teller(what, whole);
        self.desk.copy(text, tell);
    }

    fn save(&mut self, text: Vec<u8>, what: Cow<'static, str>) {
        let (text, whole) = as_text(text);
        let tell = self.teller(what, whole);
        self.desk.save(text, tell);
    }

    fn get(&self, context: ContextId, of: &Target) -> Option<Get> {
        let connection = self.fetcher.connection(context)?;
        match of {
            Target::Asks(asks) => asks.iter().find_map(|ask| connection.get(ask)),
            Target::Path(path) => connection.get_at(path),
        }
    }

    fn tools(&self) -> Vec<Tool> {
        self.tools.clone()
    }

    fn credential_variables(&self) -> Vec<String> {
        self.credentials.iter().cloned().collect()
    }

    fn route(&self) -> Box<dyn Fn(usize) -> String + Send> {
        let choice = self.desk.choice();
        Box::new(move |bytes| choice.told(bytes))
    }

    fn browse(&mut self, address: String) {
        let news = self.post.news.clone();
        let _ = news.send(Msg::Copied(browser::open(&address)));
    }

    fn demo(&mut self) -> io::Result<Cast> {
        let demo = Demo::start(Clock::starting_now())?;
        let connections = demo.connections();
        let lines: Vec<Line> = connections.iter().map(Line::from).collect();
        self.exports.show(over(&connections, &lines));
        self.lists = Lists::new(&connections, &lines, Vec::new(), self.post.news.clone());
        self.fetcher = Fetcher::new(lines, self.post.arrivals.clone());
        self.demo = Some(demo);
        (self.last, self.place) = (None, None);
        let secrets = config::secrets(&connections).into_iter();
        let secrets = secrets.chain(self.secrets.iter().cloned()).collect();
        Ok(Cast {
            contexts: contexts(&connections),
            redactor: Redactor::new(secrets),
        })
    }
}

impl Outside {
    /// Mails what became of a copy.
    fn teller(
        &self,
        what: Cow<'static, str>,
        whole: &'static str,
    ) -> impl FnOnce(Result<Receipt, CopyFailed>) + Send + use<> {
        let news = self.post.news.clone();
        move |result| {
            let told = match result {
                Ok(receipt) => Ok(format!("{what}: {receipt}{whole}")),
                Err(failed) => Err(format!("{what}: {failed}")),
            };
            // The loop may have ended meanwhile.
            let _ = news.send(Msg::Copied(told));
        }
    }
}

/// A text for a clipboard, and what has to be said of it.
fn as_text(text: Vec<u8>) -> (String, &'static str) {
    match String::from_utf8(text) {
        Ok(text) => (text, ""),
        Err(broken) => {
            let text = String::from_utf8_lossy(broken.as_bytes()).into_owned();
            (text, "; its bytes that are no text became \u{fffd}")
        }
    }
}
