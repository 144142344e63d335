//! Payloads and texts as something to read: facets of rows over the bytes as sent, wrapped only where
//! they are seen. What is masked is masked before it becomes a row, and every row is cleaned. What is
//! large is read in pieces by a job that somebody else runs; nothing here waits, and nothing is built.

mod act;
mod block;
mod carry;
mod document;
mod facet;
mod facts;
mod far;
mod find;
pub mod flow;
pub mod hex;
mod hide;
mod job;
pub mod json;
mod laid;
mod lay;
pub mod markdown;
pub mod matcher;
mod open;
mod part;
mod renew;
mod row;
mod source;
pub mod text;
mod tone;
mod unmasked;

pub use self::{
    carry::{Copied, Large},
    document::Doc,
    facet::Spot,
    find::{Finder, Hit, Inside, Opened},
    job::{Job, Step},
    json::{Fold, Form, Go},
    lay::{Lay, Place, Shown},
    part::{Format, Look, Part, View},
    row::{Annotation, LONGEST, RowText, Rows},
    source::Source,
    tone::{Line, Tone},
};

#[cfg(test)]
mod tests;
