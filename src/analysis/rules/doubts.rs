//! What speaks against a fault that one container tells of: that it is the record of something, a state, a
//! subject, or that what is not done yet goes on. Doubts are weighed against the call; only a few decide.

use super::frame::{Frame, Role};
use super::names::Key;
use super::set::RuleSet;
use crate::analysis::Rule;

impl Frame {
    /// What only call and result together can settle. `errs` says that an error is told of, `doubted` that a
    /// record may tell of such a one too.
    pub(super) fn doubts(&self, errs: bool, doubted: bool) -> RuleSet {
        let envelope = self.says_wrong && self.has(Key::Message) && self.others == self.blank;
        let called = self.named && !self.helps && !self.told_error && !self.says_failed;
        let borne_out = self.has(Key::Error) || self.has(Key::Http) || self.status_code.is_some();
        let told = self.has(Key::Message) || self.has(Key::Error) || self.has(Key::Content);
        let measured = self.denied && self.measured > 0 && !told && !errs;
        let doubts = [
            (
                RuleSet::RECORD,
                self.others > 0 || self.rows || self.has(Key::Source),
            ),
            (RuleSet::DOUBTED, doubted || errs && self.is_looked_at()),
            (
                RuleSet::STATE,
                self.says_failed && !self.has(Key::Error) && !envelope,
            ),
            (
                RuleSet::NAMED,
                errs && called || self.has_error && self.is_full() && !errs,
            ),
            (RuleSet::MEASURED, measured && self.others > self.blank + 1),
            (RuleSet::PENDING, measured || self.undone && !self.denied),
            (
                RuleSet::CALM,
                self.status.is_some() && self.calm && !borne_out,
            ),
        ];
        let held = doubts.into_iter().filter(|(_, holds)| *holds);
        held.fold(RuleSet::NONE, |all, (doubt, _)| all.with(doubt))
    }

    /// Whether what has an error is more likely something that is looked at than the call.
    fn is_looked_at(&self) -> bool {
        let row = self.role == Role::List && self.says_failed;
        let counted = self.failures.is_some() && !self.has(Key::Error);
        // what fails with an error and has a name
        let thing = self.says_failed
            && !self.says_wrong
            && self.has(Key::Error)
            && (self.others > 0 || self.has(Key::Neutral));
        let checked = self.errors && !self.told_error && self.others > 0;
        let is_record = self.is_thing || !self.plain_error;
        let record = self.told_error && self.others > self.blank + 1 && is_record;
        let numbered = self.told_error && !self.worded && self.others > 0;
        row || counted || thing || checked || record || numbered || self.judges
    }

    /// Whether what is not done only goes on, or was done in part.
    pub(super) fn is_under_way(&self) -> bool {
        (self.goes_on || self.did) && self.message.is_empty() && !self.has(Key::Error)
    }

    /// Whether there is more in it than what tells how it went.
    pub(super) fn is_full(&self) -> bool {
        self.others > self.blank
            || self.rows
            || self.has(Key::Source)
            || self.has(Key::Data)
            || self.has(Key::Count)
    }

    /// What a text says, of which the object may only tell.
    pub(super) fn heard(&self, said: RuleSet) -> RuleSet {
        let doubt =
            self.did && !said.meets(RuleSet::CRASH) || said.meets(RuleSet::TITLE) && self.is_full();
        if doubt {
            said.less(Rule::Traceback)
        } else {
            said
        }
    }

    /// What the message says.
    pub(super) fn message(&self) -> RuleSet {
        let said = self.heard(self.message);
        if self.detailed && self.members == 1 {
            return said.firm();
        }
        let is_record = self.stated && self.is_thing || self.succeeded && said.meets(RuleSet::TOLD);
        if is_record || self.judges {
            said.less(Rule::Traceback)
        } else {
            said
        }
    }
}
