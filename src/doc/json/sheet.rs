//! The text of a payload as it may be read: the bytes as they were sent with the edits of masking over
//! them. Everything that shows, copies or searches a payload reads it here.

use std::{borrow::Cow, ops::Range, sync::Arc};

use crate::{
    doc::Source,
    guard::{Edit, edits::applied},
};

/// A text and its edits. Cloning shares them.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    source: Source,
    /// In order; each part as it came.
    edits: Vec<Arc<[Edit]>>,
}

impl Sheet {
    pub(super) fn new(source: Source) -> Self {
        Self {
            source,
            edits: Vec::new(),
        }
    }

    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// A part of it as a text of its own, without the edits.
    pub(super) fn part(&self, range: Range<usize>) -> Source {
        self.source.part(range)
    }

    pub(super) fn len(&self) -> usize {
        self.source.len()
    }

    pub(super) fn take(&mut self, edits: Vec<Edit>) {
        if !edits.is_empty() {
            self.edits.push(edits.into());
        }
    }

    /// How many bytes the edits take.
    pub(super) fn size(&self) -> usize {
        let edits = self.edits.iter().flat_map(|part| part.iter());
        edits.map(|edit| size_of::<Edit>() + edit.by.len()).sum()
    }

    /// The bytes as they were sent: to find out where things are, never to be shown.
    pub(super) fn raw(&self, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        self.source.get(range)
    }

    /// Edits that begin in a range.
    pub(super) fn edits(&self, range: Range<usize>) -> impl Iterator<Item = &Edit> {
        let first = self
            .edits
            .partition_point(|part| part.last().is_some_and(|edit| edit.start < range.start));
        self.edits
            .get(first..)
            .unwrap_or_default()
            .iter()
            .flat_map(move |part| {
                let from = part.partition_point(|edit| edit.start < range.start);
                part.get(from..).unwrap_or_default()
            })
            .take_while(move |edit| edit.start < range.end)
    }

    /// The edit of the token that begins there.
    pub(super) fn edit(&self, start: usize) -> Option<&Edit> {
        self.edits(start..start + 1).next()
    }

    /// What may be read in a range of whole tokens.
    pub(super) fn read(&self, range: Range<usize>) -> Option<Cow<'_, [u8]>> {
        let text = self.source.get(range.clone())?;
        let mut edits = self.edits(range.clone()).peekable();
        if edits.peek().is_none() {
            return Some(text);
        }
        let read = applied(&text, range.start, edits).into_owned();
        Some(Cow::Owned(read))
    }

    /// The beginning of a token: all of it where it is edited, else at most `most` bytes.
    pub(super) fn head(&self, range: Range<usize>, most: usize) -> Option<Cow<'_, [u8]>> {
        if let Some(edit) = self.edit(range.start) {
            let by = edit.by.as_bytes();
            return Some(Cow::Borrowed(by.get(..most).unwrap_or(by)));
        }
        let end = range.end.min(range.start.saturating_add(most));
        self.source.get(range.start..end)
    }

    /// How many bytes a token has, as it may be read.
    pub(super) fn extent(&self, range: Range<usize>) -> usize {
        match self.edit(range.start) {
            Some(edit) => edit.by.len(),
            None => range.len(),
        }
    }
}
