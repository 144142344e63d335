//! A document: facets under headings, each a few blocks of rows. A facet is made when it is first
//! unfolded and only its beginning at once; the rest is a job for a thread of its own, whose pieces are
//! taken as they come. Nothing here counts lines, and no step costs more than a window.

use std::{borrow::Cow, sync::Arc};

use super::{
    Part, RowText, Source, Tone,
    block::{Block, Made},
    facet::{Facet, Spot},
    job::{Job, Piece, Step, Work},
    laid::Laid,
    part::{Look, View},
};
use crate::{
    guard::{clean, redact::Masking},
    text::{ascii, size},
};

/// Bytes that are read at once, so that the first rows are there with the key.
pub(super) const AT_ONCE: usize = 64 << 10;

/// Columns of the mark of what can be folded.
pub(super) const FOLD: u16 = 2;

/// Something to read.
#[derive(Debug, Default)]
pub struct Doc {
    pub(super) facets: Vec<Facet>,
    pub(super) look: Look,
    /// Numbers what is masked; away while a job has it.
    pub(super) masking: Option<Masking>,
    /// A job that nobody has taken yet, or that waits to be asked for.
    job: Option<Job>,
    /// Jobs for what was unwrapped.
    inner: Vec<Job>,
    /// Bytes read and bytes in all of the job under way.
    progress: Option<(usize, usize)>,
    /// Whether what is larger than the limit is read on all the same.
    unlimited: bool,
    /// Blocks of the document before, for those of the same bytes.
    pub(super) kept: Vec<Block>,
    /// Rows as they are; cleared by whatever changes one.
    pub(super) laid: Laid,
}

impl Doc {
    /// Makes a document and as much of it as is made at once.
    pub fn new(parts: Vec<Part>, look: Look, masking: Masking) -> Self {
        let mut doc = Self::begun(parts, look, masking);
        doc.advance();
        doc
    }

    pub(super) fn begun(parts: Vec<Part>, look: Look, mut masking: Masking) -> Self {
        let mut facets: Vec<Facet> = Vec::new();
        for part in parts {
            let (title, open) = match part {
                Part::Heading(title) => (title, true),
                Part::Folded(title) => (title, false),
                part => {
                    if facets.is_empty() {
                        facets.push(Facet {
                            open: true,
                            ..Facet::default()
                        });
                    }
                    if let Some(facet) = facets.last_mut() {
                        facet.parts.push_back(part);
                    }
                    continue;
                }
            };
            facets.push(Facet {
                title: Some(clean::line(&masking.text(&title)).into_owned()),
                open,
                ..Facet::default()
            });
        }
        Self {
            facets,
            look,
            masking: Some(masking),
            ..Self::default()
        }
    }

    /// Makes rows of what is unfolded, in order, until something is too large to be read at once.
    pub(super) fn advance(&mut self) {
        self.laid.clear();
        while self.job.is_none() {
            let Some(at) = self
                .facets
                .iter()
                .position(|facet| facet.open && !facet.parts.is_empty())
            else {
                return;
            };
            let Some(masking) = self.masking.take() else {
                return;
            };
            let Some(facet) = self.facets.get_mut(at) else {
                return;
            };
            let Some(part) = facet.parts.pop_front() else {
                return;
            };
            self.make(at, part, masking);
        }
    }

    fn make(&mut self, facet: usize, part: Part, masking: Masking) {
        let known = match &part {
            Part::Json(payload, _) => Some(Source::Here(payload.bytes().clone())),
            Part::Far(source, _) => Some(source.clone()),
            _ => None,
        };
        let known =
            known.and_then(|source| self.kept.iter().position(|block| block.is_of(&source)));
        let made = match known {
            Some(known) => Made {
                block: self.kept.swap_remove(known),
                rest: Ok(masking),
            },
            None => Block::make(part, &self.look, masking),
        };
        self.put(facet, made);
    }

    fn put(&mut self, facet: usize, made: Made) {
        let Some(own) = self.facets.get_mut(facet) else {
            return;
        };
        let block = own.blocks.len();
        own.blocks.push(made.block);
        match made.rest {
            Ok(masking) => self.end(facet, block, masking),
            Err(work) => {
                self.progress = Some((work.at(), work.len()));
                self.job = Some(Job::new(facet, block, work));
            }
        }
    }

    /// A block is whole. What it says of its end may want further blocks.
    fn end(&mut self, facet: usize, block: usize, masking: Masking) {
        let Some(own) = self.facets.get_mut(facet) else {
            return;
        };
        let further = own.blocks.get_mut(block).map(Block::ended);
        for part in further.into_iter().flatten().rev() {
            own.parts.push_front(part);
        }
        own.blocks.retain(|block| !block.is_void());
        self.masking = Some(masking);
        if self.look.view == View::Pretty && !self.look.brackets {
            self.open_texts(facet, block);
        }
    }

    /// What is left to be read, for somebody who has the time. Given out once.
    pub fn job(&mut self) -> Option<Job> {
        if let Some(inner) = self.inner.pop() {
            return Some(inner);
        }
        let len = self.job.as_ref()?.len();
        if len > self.look.limit && !self.unlimited {
            return None;
        }
        self.job.take()
    }

    /// Reads on what waits because of its size. Says whether anything did.
    pub fn read_on(&mut self) -> bool {
        let waits = self.job.is_some() && !self.unlimited;
        self.unlimited = true;
        self.laid.clear();
        waits
    }

    /// Takes a piece that a job has made.
    pub fn take(&mut self, step: Step) {
        self.laid.clear();
        let block = self
            .facets
            .get_mut(step.facet)
            .and_then(|facet| facet.blocks.get_mut(step.block));
        let opened = matches!(step.piece, Piece::Opened(..));
        if let Some(block) = block {
            block.take(step.piece);
        }
        if opened {
            self.read_inner(step.facet, step.block);
        }
        if self.progress.is_some() {
            self.progress = Some((step.at, step.len));
        }
        if let Some(masking) = step.masking {
            self.progress = None;
            self.end(step.facet, step.block, masking);
            self.advance();
        }
    }

    /// Bytes read and bytes in all, while something is being read or waits to be.
    pub fn progress(&self) -> Option<(usize, usize)> {
        self.progress
    }

    /// How it is shown.
    pub fn look(&self) -> &Look {
        &self.look
    }

    /// How many rows are there now.
    pub fn rows(&self) -> usize {
        self.laid
            .count(|| self.facets.iter().map(Facet::rows).sum())
    }

    /// What a row is.
    pub fn spot(&self, row: usize) -> Option<Spot> {
        let mut left = row;
        for (at, facet) in self.facets.iter().enumerate() {
            let rows = facet.rows();
            if left < rows {
                return Some(facet.spot(at, left));
            }
            left -= rows;
        }
        None
    }

    /// The row of a spot, as far as it is shown.
    pub fn row_of(&self, spot: Spot) -> usize {
        let (Spot::Title { facet } | Spot::Row { facet, .. } | Spot::More { facet }) = spot;
        let before: usize = self.facets.iter().take(facet).map(Facet::rows).sum();
        let Some(own) = self.facets.get(facet) else {
            return before;
        };
        let title = usize::from(own.title.is_some());
        match spot {
            Spot::Title { .. } => before,
            Spot::More { .. } => before + own.rows().saturating_sub(1),
            Spot::Row { block, row, .. } => {
                let blocks = own.blocks.iter().take(block);
                before + title + blocks.map(Block::rows).sum::<usize>() + row
            }
        }
    }

    /// A row before it is wrapped.
    pub fn row(&self, row: usize) -> Arc<RowText> {
        self.laid.row(row, || self.row_read(row))
    }

    fn row_read(&self, row: usize) -> RowText {
        self.spelled(self.row_sent(row))
    }

    /// In the letters that the terminal has.
    pub(super) fn spelled(&self, mut text: RowText) -> RowText {
        if self.look.ascii {
            for (_, span) in &mut text.spans {
                if let Cow::Owned(plain) = ascii::plain(span) {
                    *span = plain;
                }
            }
        }
        text
    }

    pub(super) fn row_sent(&self, row: usize) -> RowText {
        match self.spot(row) {
            Some(Spot::Title { facet }) => self.title(facet),
            Some(Spot::Row { facet, block, row }) => {
                let Some(block) = self.block(facet, block) else {
                    return RowText::default();
                };
                let titled = matches!(block, Block::Json(..)) || self.is_titled(facet);
                let mut row = block.row(row);
                // Keys stand in one column, with a mark or without; texts stand in it, too.
                if titled && row.fold.is_none() {
                    row.indent = row.indent.saturating_add(FOLD);
                }
                row
            }
            Some(Spot::More { .. }) => RowText::of(Tone::Note, self.more()),
            None => RowText::default(),
        }
    }

    fn title(&self, facet: usize) -> RowText {
        let Some(facet) = self.facets.get(facet) else {
            return RowText::default();
        };
        RowText {
            fold: Some(!facet.open),
            ..RowText::of(Tone::Heading, facet.title.clone().unwrap_or_default())
        }
    }

    /// What stands where the rest is not read yet.
    fn more(&self) -> String {
        let Some((at, len)) = self.progress else {
            return "not read yet".to_owned();
        };
        let waits = self
            .job
            .as_ref()
            .is_some_and(|job| job.len() > self.look.limit);
        if waits && !self.unlimited {
            let (at, len) = (size::of(at), size::of(len));
            let limit = size::of(self.look.limit);
            return format!("{at} of {len} read: Enter reads on (detail.read_on_above = {limit})");
        }
        let percent = at.saturating_mul(100).checked_div(len).unwrap_or(100);
        format!("reading, {percent} % of {}", size::of(len))
    }

    pub(super) fn block(&self, facet: usize, block: usize) -> Option<&Block> {
        self.facets.get(facet)?.blocks.get(block)
    }

    pub(super) fn block_mut(&mut self, facet: usize, block: usize) -> Option<&mut Block> {
        self.laid.clear();
        self.facets.get_mut(facet)?.blocks.get_mut(block)
    }

    /// Unfolds a facet or folds it. What was never unfolded is made now.
    pub fn open_facet(&mut self, facet: usize, open: bool) {
        if let Some(own) = self.facets.get_mut(facet).filter(|own| own.title.is_some()) {
            own.open = open;
            self.advance();
        }
    }

    /// Whether a facet is unfolded.
    pub fn is_open(&self, facet: usize) -> bool {
        self.facets.get(facet).is_some_and(|own| own.open)
    }

    fn is_titled(&self, facet: usize) -> bool {
        let facet = self.facets.get(facet);
        facet.is_some_and(|facet| facet.title.is_some())
    }

    /// How many facets there are.
    pub fn facets(&self) -> usize {
        self.facets.len()
    }

    /// The blocks of a facet.
    pub(super) fn blocks(&self) -> impl Iterator<Item = (usize, usize, &Block)> {
        self.facets.iter().enumerate().flat_map(|(facet, own)| {
            let blocks = own.blocks.iter().enumerate();
            blocks.map(move |(block, own)| (facet, block, own))
        })
    }

    /// Shows it in so many columns: only what is laid out for a width is made anew.
    pub fn resize(&mut self, columns: usize) {
        self.laid.clear();
        self.look.columns = columns;
        for facet in &mut self.facets {
            for block in &mut facet.blocks {
                block.resize(columns);
            }
        }
    }

    /// What numbers secrets, unless a job has it.
    pub(super) fn masking(&self) -> Option<&Masking> {
        self.masking.as_ref()
    }

    /// Has something done when there is time.
    pub(super) fn read_later(&mut self, job: Job) {
        self.inner.push(job);
    }

    /// Whether something that was opened waits to be read.
    pub(super) fn opens_later(&self) -> bool {
        !self.inner.is_empty()
    }

    /// Goes on with what was unwrapped in a block.
    pub(super) fn read_inner(&mut self, facet: usize, block: usize) {
        while let Some(Block::Json(json, _)) = self.block_mut(facet, block) {
            let Some((node, source, indexer)) = json.unfinished() else {
                return;
            };
            let work = Work::Inner(node, Box::new(indexer), source);
            self.inner.push(Job::new(facet, block, work));
        }
    }
}
