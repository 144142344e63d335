//! What comes in and what goes out, as plain data: messages change the app, effects are what it wants
//! done by somebody who may touch the world.

mod orders;

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use jiff::tz::TimeZone;

pub use orders::{Carried, CopyCalls, CopyRows, Hand, LayOut, Read, Search, To};

use super::{
    arrange::Arrangement,
    carry::{
        again::{Again, Offer},
        picks::Gather,
        tell::Tell,
    },
    columns::Probe,
    custom,
    detail::DocKey,
    detail::within::{Find, Found},
    export::{Order, Reviewed, Way, Weight},
    filter::{Judge, Judged},
    find::refer::{Locate, Located},
    kept::{Entry, Kept},
    key::{Key, Pointer},
    notify::Ring,
    operations::anew::{Anew, Fresh},
    palette::seek::{Seek, Sought},
    resume::Session,
    views::{Change, Saved},
};
use crate::{
    analysis::{Digest, RunSort},
    doc::Step,
    guard::Redactor,
    model::{
        Address, Arrival, Attention, CallMembers, ContextId, Far, Gen, NodeId, Offline, RunRef,
        Sent, Ticket, Time, Watch,
    },
};

/// Something happened.
#[derive(Debug)]
pub enum Msg {
    /// A key was pressed.
    Key(Key),
    /// Something was done with the mouse.
    Mouse(Pointer),
    /// Text was pasted.
    Paste(String),
    /// Something was loaded, or could not be.
    Arrived(Box<Arrival>),
    /// A piece of a large payload is ready to be read.
    Read {
        /// Of which state of which document.
        key: DocKey,
        /// The piece.
        step: Box<Step>,
    },
    /// What a search in the detail has found.
    Within(Box<Found>),
    /// A large payload cannot be made readable.
    Unreadable(DocKey),
    /// A large payload is laid out for a copy.
    LaidOut {
        /// The text, masked.
        text: Vec<u8>,
        /// What it is, in two words.
        what: Cow<'static, str>,
    },
    /// A text that another program waits for is made.
    Handed(Box<Hand>),
    /// Nodes that match the search with that number; `done` when there will be no more.
    Found {
        /// Which search.
        search: u32,
        /// What matches.
        nodes: Vec<NodeId>,
        /// Whether these are the last.
        done: bool,
    },
    /// Which paths of columns lead nowhere.
    Probed(u32, Vec<String>),
    /// The search with that number has looked through so many events.
    Looked(u32, usize),
    /// So many runs were looked at for the reference with that number.
    Looking(u32, usize),
    /// What of the filter's answers is there.
    Judged(Box<Judged>),
    /// Names that fit what was typed in the palette.
    Sought(Sought),
    /// What a text may name.
    Referred(String, Vec<Address>),
    /// What was looked for outside was found, or was not.
    Located(Located),
    /// A zone that was asked for by its name; none where there is none of that name.
    Zone(Arc<str>, Option<TimeZone>),
    /// The names of all zones.
    ZoneNames(Vec<Arc<str>>),
    /// A copy was made or was not, in a sentence.
    Copied(Result<String, String>),
    /// A call as it can be made again, in every grade that it has, the best first.
    Offered(Vec<Offer>),
    /// Contexts to show in place of those there are: the demo has started.
    Contexts(Vec<ContextInfo>),
    /// A file that a text names is being read.
    Reading(String),
    /// It was read, or could not be.
    FileRead,
    /// Contexts to show beside those there are: of a file.
    Beside(Box<Beside>),
    /// The requests made so far, oldest first.
    Requests(Vec<Sent>),
    /// The terminal got the focus or lost it.
    Focus(bool),
    /// What a way out weighs, of the menu with that number.
    Weighed(Gen, Way, Weight),
    /// How many records were read for the export with that number.
    Exporting(Gen, usize),
    /// What would be masked of the export with that number was found out, or could not be: why.
    Reviewed(Gen, Result<Box<Reviewed>, String>),
    /// An export was written or was not, in a sentence.
    Exported(Gen, Result<String, String>),
    /// Something to tell that is no answer to a key.
    Told(String),
    /// A large run was read anew.
    ReadAnew(Box<Fresh>),
    /// It could not be: it stays as it is.
    StaysAsRead(NodeId),
    /// Named views and filters, as they are on disk.
    Saved(Box<Saved>),
    /// There is time for what was left over.
    GoOn,
    /// What is kept, as it is on disk.
    Recalled {
        /// All of it, and what could not be written since.
        kept: Box<Kept>,
        /// Why something is not on disk, in a sentence.
        fault: Option<String>,
    },
    /// A deadline has passed.
    Tick,
}

/// One configured connection, as far as the screen cares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing of its own that contexts are or are not"
)]
pub struct ContextInfo {
    /// Its name.
    pub name: String,
    /// Its service.
    pub provider: String,
    /// Where it is.
    pub base_url: String,
    /// Where its credential comes from, never the credential.
    pub credential: String,
    /// Whether certificates go unchecked.
    pub insecure: bool,
    /// Whether its service gives calls ids, so that one without an answer means something.
    pub call_ids: bool,
    /// What lies beside the arguments in the payload of its tool calls.
    pub call_members: CallMembers,
    /// Whether its service has one list of the runs of all missions.
    pub all_runs: bool,
    /// Whether the last events of its runs can be had without those before them (`Ask::Part`).
    pub tails: bool,
    /// Where the page of a run is in the service's console: a template with `{mission}`, `{run}` and
    /// `{event}`.
    pub console_url: Option<String>,
    /// Of what was carried away: where it comes from. Nobody is asked.
    pub offline: Option<Offline>,
}

/// What a file has that was opened beside what is shown.
#[derive(Default)]
pub struct Beside {
    /// Its contexts; each has a name that no other has.
    pub contexts: Vec<ContextInfo>,
    /// Texts that stay in it, by the id of the mission whose one event has them.
    pub documents: HashMap<String, Arc<dyn Far>>,
    /// Whether the event that it comes to is shown on the whole screen.
    pub is_document: bool,
    /// Whether it is known to be one run before all of it was looked at.
    pub is_one_run: bool,
    /// Where it breaks off, and what else is wrong with it.
    pub notes: Vec<String>,
    /// What else is to be said of it.
    pub told: Vec<String>,
}

impl std::fmt::Debug for Beside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Beside({:?})", self.contexts)
    }
}

/// Something to be done.
#[derive(Debug)]
pub enum Effect {
    /// Fetch this.
    Load(Ticket),
    /// Ask for this run again although it may be kept.
    Forget(ContextId, RunRef),
    /// Stop fetching or following whatever has this number.
    Cancel(Gen),
    /// Follow this run.
    Follow(Watch),
    /// Listen to the mouse, or leave it to the terminal.
    Mouse(bool),
    /// Tell somebody who looks elsewhere.
    Notify(Box<Ring>),
    /// Somebody looks at the screen, or nobody does.
    Attend(Attention),
    /// Tell which requests were made.
    Requests,
    /// Read a large payload on.
    Read(Box<Read>),
    /// Look through the document that is shown.
    Find(Box<Find>),
    /// Lay out a large payload for a copy.
    LayOut(Box<LayOut>),
    /// Lay out several payloads for a copy.
    Gather(Box<Gather>),
    /// Spell a table of calls for a copy.
    CopyCalls(Box<CopyCalls>),
    /// Spell a table of rows for a copy.
    CopyRows(Box<CopyRows>),
    /// Write down what is kept, then tell what is.
    Keep(Box<Entry>),
    /// Tell what is kept.
    Recall,
    /// Change what is kept of named views and filters, if there is a change, then tell what is.
    Change(Option<Change>),
    /// Look through the events.
    Search(Box<Search>),
    /// Look whether paths of columns lead anywhere.
    Probe(Box<Probe>),
    /// Ask a query of what is loaded.
    Judge(Box<Judge>),
    /// Look through the names of missions and runs.
    Seek(Box<Seek>),
    /// Read what a text may name.
    Refer(String),
    /// Hand over what was read of a file that a text named.
    TakeFile,
    /// Look for runs in the lists of all contexts.
    Locate(Box<Locate>),
    /// Find the zone of that name.
    Zone(Arc<str>),
    /// Tell the names of all zones.
    ZoneNames,
    /// Read a large run anew.
    ReadAnew(Box<Anew>),
    /// Drop what takes long to drop.
    Discard(Arc<Digest>),
    /// Put text on the clipboard; `what` is for the notice.
    Copy {
        /// The text, masked.
        text: Vec<u8>,
        /// What it is, in two words.
        what: Cow<'static, str>,
    },
    /// Write operations or runs down for a copy.
    Tell(Box<Tell>),
    /// Spell the requests that read records again, or calls that are to be made again.
    Again(Box<Again>),
    /// Print what that effect would put on the clipboard, and wait for a key.
    Print(Box<Effect>),
    /// Put text in a file; `what` is for the notice.
    Save {
        /// The text, masked.
        text: Vec<u8>,
        /// What it is, in two words.
        what: Cow<'static, str>,
    },
    /// Show an address in a browser, or tell it where there is none.
    Browse(String),
    /// Hand a text to another program.
    Hand(Box<Hand>),
    /// Run a command of the person's own.
    Own(Box<custom::Job>),
    /// Find out what each way out weighs.
    Weigh(Box<Order>),
    /// Find out what would be masked of runs on their way out.
    Review(Box<Order>),
    /// The same once more, with other wishes.
    ReviewAgain(Gen, Redactor),
    /// Write to a file what was looked at, masked so.
    Export(Gen, Redactor),
    /// Stop the weighing or the writing with that number.
    StopExport(Gen),
    /// Keep this for the next start.
    Remember(Memory),
    /// Keep where one is for the next start.
    KeepPlace(Box<Session>),
    /// Start the demo and show it.
    Demo,
    /// Give the terminal back to the shell.
    Suspend,
    /// Paint everything anew.
    Redraw,
    /// Leave.
    Quit,
}

/// What is kept from one start to the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// How the runs were arranged last.
    pub by: Arrangement,
    /// What they were sorted by.
    pub order: RunSort,
    /// The columns of the runs and of what happened in one, as they are typed; none where they are those
    /// of the configuration.
    pub columns: [Option<String>; 2],
    /// When causes of failures were looked at last.
    pub visited: Option<Time>,
}

/// A line for the bottom of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub text: String,
    /// Whether it tells of a failure; those stay until a key is pressed.
    pub failed: bool,
    /// When it goes.
    pub until: Option<Time>,
}
