//! What follows from the members of one container together. Words that tools also use for other things
//! (`status`, `error: 2`) count only beside others that bear them out.

use super::Shape;
use super::frame::{Frame, Role};
use super::names::Key;
use super::set::RuleSet;
use super::walk::Said;
use crate::analysis::Rule;

impl Frame {
    pub(super) fn has(&self, key: Key) -> bool {
        self.has & key.bit() != 0
    }

    fn holds(&self, rule: Rule) -> bool {
        self.hit(rule).is_some()
    }

    /// What follows from all of it.
    pub(super) fn resolve(&self) -> Said {
        if self.is_array {
            return self.resolve_list();
        }
        let mut says = self.own();
        if self.role == Role::List && !says.is_empty() && (self.is_full() || self.says_failed) {
            says.add(RuleSet::ROW);
        }
        says.add(self.wrapped());
        if self.formed {
            says.add(RuleSet::QUERY);
        }
        Said {
            says,
            shape: self.shape(),
            by_text: self.by_text && self.own().is_empty(),
            explains: self.explained,
            is_part: self.has(Key::Content) && self.others == 0 && self.members <= 3,
        }
    }

    /// A list of outcomes fails only as a whole.
    fn resolve_list(&self) -> Said {
        let is_all = self.failing > 0 && self.failing == self.judged;
        let in_pieces = self.pieces > 0 && self.pieces == self.judged;
        let says = match self.role {
            Role::Parts => self.inner,
            _ if is_all || in_pieces => self.inner,
            _ if self.elements == 0 => RuleSet::QUERY,
            _ => RuleSet::NONE,
        };
        let shape = match self.role {
            Role::Parts => self.shape(),
            _ if in_pieces || self.html && !self.rows => self.shape(),
            _ if self.elements > 0 => Shape::Rows,
            _ => Shape::Empty,
        };
        Said {
            says,
            shape,
            by_text: self.by_text && (in_pieces || self.role == Role::Parts),
            explains: self.explained,
            is_part: false,
        }
    }

    /// By its own members.
    fn own(&self) -> RuleSet {
        let mut says = RuleSet::NONE;
        let mut take = |rule: Rule, holds: bool| {
            if holds {
                says.add(RuleSet::of(rule));
            }
        };
        let told = self.has(Key::Message) || self.has(Key::Error) || self.has(Key::Content);
        take(
            Rule::SuccessFalse,
            self.denied || self.holds(Rule::SuccessFalse) && told && !self.is_under_way(),
        );
        take(Rule::IsError, self.holds(Rule::IsError));
        let errs = self.says_error();
        let doubted = !errs && self.is_doubted();
        take(Rule::ErrorField, errs || doubted);
        take(Rule::HttpStatus, self.says_status());
        let streams = self.has(Key::Stderr) || self.has(Key::Stdout);
        let spawned = self.spawned.filter(|_| self.exit.is_none() && streams);
        let exit = self.exit.or(spawned.map(|(code, _)| code));
        let exits = exit.is_some_and(|code| code != 0) && self.is_process();
        take(Rule::ExitCode, exits);
        says.add(self.doubts(errs, doubted));
        let is_low = exit.is_some_and(|code| (1..=4).contains(&code) || code == 124);
        if exits && is_low && !self.has(Key::Stderr) {
            says.add(RuleSet::QUIET_EXIT);
        }
        says
    }

    /// Whether an exit code is one of a program: beside it stands what the program said, or little.
    fn is_process(&self) -> bool {
        let said = [
            Key::Stdout,
            Key::Stderr,
            Key::Wrapper,
            Key::Content,
            Key::Message,
            Key::Error,
        ];
        self.others <= 1 || said.into_iter().any(|key| self.has(key))
    }

    /// A state or an error that a record may have too, of what is no row.
    fn is_doubted(&self) -> bool {
        (self.doubted || self.says_failed)
            && self.role != Role::List
            && self.others <= 10
            && (self.says_failed || !self.judges)
    }

    fn says_error(&self) -> bool {
        if !self.holds(Rule::ErrorField) {
            return false;
        }
        let told = self.has(Key::Message) || self.has(Key::Error) || self.has(Key::Content);
        if let Some(failures) = self.failures.filter(|_| !self.has(Key::Error)) {
            // one of many is none of the call's
            return failures && self.successes == Some(false);
        }
        let sure = self.told_error || self.errors || self.weak_error || self.says_failed;
        if !sure {
            let named = self.named && self.has(Key::Message) && self.others == 0;
            return named && self.role != Role::List || self.faults && self.members == 1;
        }
        if self.errors && !self.told_error {
            return !self.has_data && !self.rows && !self.fine && self.members <= 6;
        }
        if self.weak_error && !self.told_error && !self.cheers {
            return self.has(Key::Message) && self.others == 0 && !self.fine;
        }
        if self.says_failed && !self.has(Key::Error) {
            let apart = self.has(Key::Message) || self.has(Key::Error);
            return (self.role != Role::List || apart && self.others == 0)
                && self.others <= 3
                && (told || self.members <= 3);
        }
        true
    }

    fn says_status(&self) -> bool {
        let borne_out = self.has(Key::Message)
            || self.has(Key::Http)
            || self.has(Key::Error)
            || self.has(Key::Content);
        if self.status_code.is_some() {
            let plain = self.others <= 1 && !self.has(Key::Source);
            return self.role != Role::List || borne_out || plain;
        }
        if self.status.is_none() || self.others > 3 || self.fine {
            return false;
        }
        match self.role {
            Role::List => self.has(Key::Error) || self.others == 0 && !self.has(Key::Source),
            Role::Data => borne_out && self.others <= 1,
            Role::Top | Role::Parts => borne_out || self.members == 1,
        }
    }

    /// By what it wraps.
    fn wrapped(&self) -> RuleSet {
        let mut says = self.inner;
        if self.did && says.meets(RuleSet::TITLE) {
            says = says.less(Rule::Traceback);
        }
        // a file, a page or a message of somebody is a text about something
        let bodied = self.bodied && (self.is_thing || self.others > self.blank);
        let is_foreign = (self.has(Key::Source) || bodied)
            && !self.has(Key::Status)
            && self.status_code.is_none()
            && !self.has(Key::Error);
        // an element with members of its own is a row with a text, not a piece of one
        let is_row = self.role == Role::List && self.others > 0;
        let kept = RuleSet::all(&[Rule::CutJson, Rule::HttpStatus, Rule::Html]).with(RuleSet::WALL);
        if is_foreign && !is_row {
            says.add(self.content.both(kept));
        } else if !is_row {
            says.add(self.heard(self.content));
        }
        // a program that says how it ended says it by that
        if self.exit.is_none() {
            says.add(self.streams);
        }
        if self.members <= 4 && self.others <= 1 && !self.has(Key::Source) && self.role == Role::Top
        {
            let message = self.message();
            // a row that is called an error is not the tool's word
            says.add(if self.named { message.open() } else { message });
        }
        if self.has(Key::Partial) {
            says = says.without(RuleSet::of(Rule::CutJson));
        }
        says
    }

    fn shape(&self) -> Shape {
        if self.rows {
            Shape::Rows
        } else if self.html {
            Shape::Html
        } else if self.is_void() {
            Shape::Empty
        } else if self.text && !self.json && self.others == 0 {
            Shape::Text
        } else {
            Shape::Json
        }
    }

    /// Whether there is nothing in it, or nothing but a list without rows.
    fn is_void(&self) -> bool {
        let plain = self.others == 0 && !self.json;
        let only_list = plain && !self.text;
        let tells = [Key::Message, Key::Count, Key::Source, Key::Error, Key::Http];
        let answers = [
            Key::Success,
            Key::Done,
            Key::Status,
            Key::SomeStatus,
            Key::SomeError,
            Key::ExitCode,
            Key::Failures,
            Key::Successes,
        ];
        let is_answer = !self.hollow && answers.into_iter().any(|key| self.has(key));
        let says_nothing = only_list && !is_answer && !tells.into_iter().any(|key| self.has(key));
        says_nothing
            || self.hollow && (only_list || self.listed && self.others <= 3 && !self.text)
            || self.void && self.text && plain && !self.explained
            || self.members > 0 && self.filled == 0 && !self.html && !self.text
    }
}
