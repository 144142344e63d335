//! What somebody is asked to do beside the loop, as plain data: reading on, laying out, spelling, handing over,
//! searching. What comes of it comes back as a message.

use std::{borrow::Cow, sync::Arc};

use crate::{
    analysis::{Call, CellValue},
    app::{carry::picks::Gather, custom, detail::DocKey, find::Matcher, list::calls::TableForm},
    doc::{Form, Job, Large, Source},
    guard::redact::{Masking, Sort},
    model::Snapshot,
};

/// An order to read a document on.
#[derive(Debug)]
pub struct Read {
    /// Which state of which document; once another is wanted, nobody waits for this one.
    pub key: DocKey,
    /// What is left to be read.
    pub job: Job,
}

/// An order to lay out a payload for a copy.
#[derive(Debug)]
pub struct LayOut {
    /// Of what.
    pub of: Carried,
    /// What it is, in two words.
    pub what: Cow<'static, str>,
}

/// What is laid out for a copy.
#[derive(Debug)]
pub enum Carried {
    /// A payload, how it is masked, and the spelling.
    Payload(Source, Masking, Sort, Form),
    /// What stands in a document.
    Rows(Large),
    /// Those of several rows, one on each line.
    Several(Box<Gather>),
}

/// An order to spell a table of calls.
#[derive(Debug)]
pub struct CopyCalls {
    /// In the order of the table.
    pub calls: Vec<Call>,
    /// How.
    pub form: TableForm,
    /// How it is masked.
    pub masking: Masking,
    /// What it is, in a few words.
    pub what: Cow<'static, str>,
}

/// An order to spell a table of rows, as cells between tabs.
#[derive(Debug)]
pub struct CopyRows {
    /// The names of the columns.
    pub names: Vec<String>,
    /// A cell for each column.
    pub rows: Vec<Vec<CellValue>>,
    /// How it is masked.
    pub masking: Masking,
    /// What it is, in a few words.
    pub what: Cow<'static, str>,
}

/// A text for another program.
#[derive(Debug)]
pub struct Hand {
    /// The text, masked.
    pub text: Vec<u8>,
    /// Where it is large: what is laid out to make it.
    pub layout: Option<LayOut>,
    /// Which program.
    pub to: To,
}

/// A program that is handed a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The person's pager.
    Pager,
    /// The person's editor, on a copy.
    Editor,
    /// A command line for the person's shell, which reads the text.
    Command(String),
    /// A command of the person's own, by its name, which reads the text.
    Own(String, Box<custom::Call>),
    /// None: the bare terminal, until a key is pressed. What it is, in two words.
    Terminal(Cow<'static, str>),
}

/// An order to search.
#[derive(Debug)]
pub struct Search {
    /// Its number; answers of older ones are dropped.
    pub number: u32,
    /// What to look for.
    pub matcher: Arc<Matcher>,
    /// Where.
    pub events: Snapshot,
}
