//! Making the document of the selected node, when another one is selected, when it changed, when the pane
//! did, and taking what is read of it beside the loop.

use crate::app::{App, Effect, detail::DocKey, detail::peek};
use crate::{
    doc::{Doc, Look, Place, Spot, Step},
    model::NodeId,
};

impl App {
    /// Shows the selected node in the detail, if it is not shown already.
    pub(in crate::app) fn inspect(&mut self) -> Vec<Effect> {
        let width = self.measured.detail_columns;
        let same = self.detail.node == self.selected;
        // What comes in front of it changes its number.
        let number = self.selected.and_then(|node| self.store.number(node));
        if same && self.detail.number != number {
            self.detail.stale = true;
        }
        self.detail.number = number;
        if same && !self.detail.stale {
            if self.detail.width != width {
                self.detail.widen(width);
            }
            return Vec::new();
        }
        let Some(node) = self.selected else {
            self.detail = self.detail.emptied();
            return Vec::new();
        };
        if !same {
            (self.detail.top, self.detail.cursor, self.detail.from) = (Place::default(), 0, 0);
            (self.detail.doc, self.detail.within) = (None, None);
        }
        self.detail.key = DocKey(self.detail.key.0 + 1);
        (self.detail.node, self.detail.width, self.detail.stale) = (self.selected, width, false);
        self.dirty = true;
        self.make_doc(node);
        let mut effects = self.read_on();
        if self.detail.within.is_some() {
            effects.extend(self.look_within());
        }
        effects
    }

    /// Makes the document of a node; what is large in it is read on later.
    fn make_doc(&mut self, node: NodeId) {
        let (facts, body) = self.parts(node);
        let masking = self.redactor.masking();
        self.detail.peek = peek::peek(body.iter(), &mut masking.clone());
        self.detail.sides = peek::sides(&body, &masking);
        let titles = facts.iter().filter(|part| part.is_title()).count();
        let behind = titles + usize::from(facts.first().is_some_and(|part| !part.is_title()));
        let look = Look {
            view: self.detail.view,
            brackets: self.detail.brackets,
            numbers: self.detail.numbers,
            columns: usize::from(self.detail.width),
            limit: self.read_on_above,
            ascii: self.ascii,
        };
        let parts = facts.into_iter().chain(body).collect();
        let spot = self.detail.spot();
        let line = self.detail.line(self.detail_height());
        let (doc, row) = match self.detail.doc.take() {
            // Laid out in another way, rows are others; the value under the cursor is the same.
            Some(old) if *old.look() != look => {
                let doc = Doc::new(parts, look, masking).opened_as(&old);
                let same = doc.same_value(&old, self.detail.cursor);
                (doc, same)
            }
            Some(old) => (old.again(parts, look, masking), None),
            None => (Doc::new(parts, look, masking), None),
        };
        self.detail.body = doc.row_of(Spot::Title { facet: behind });
        let row = row.unwrap_or_else(|| spot.map_or(0, |spot| doc.row_of(spot)));
        self.detail.doc = Some(doc);
        let height = self.detail_height();
        self.detail.settle_on(row, line, height);
    }

    /// Takes a piece of a document that was read on.
    pub(in crate::app) fn take_step(&mut self, key: DocKey, step: Step) -> Vec<Effect> {
        let last = step.is_last();
        self.detail.take(key, step);
        if key != self.detail.key {
            return Vec::new();
        }
        self.dirty = true;
        if !last {
            return Vec::new();
        }
        self.go_on_within();
        let mut effects = self.read_on();
        // What was read since was not looked through.
        let looks = self
            .detail
            .within
            .as_ref()
            .is_some_and(|within| within.at.is_none());
        if looks {
            effects.extend(self.look_within());
        }
        effects
    }
}
