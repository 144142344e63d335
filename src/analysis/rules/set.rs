//! Some of the rules, as bits. Beside the rules a set carries doubts that only call and result
//! together can settle; they are no rules, and a set that holds nothing else is empty.

use crate::analysis::Rule;

/// Rules that hold, or rules that are of no account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RuleSet(u32);

/// The bits that are rules.
const RULES: u32 = 0x1ff;
/// Of what is said: the exit code is a low one and nothing was complained of. Of what was asked: a program that
/// ends so where it finds nothing.
const QUIET_EXIT: u32 = 1 << 9;
/// Of what is said: the text tells of a door that stayed shut (no file, no permission, no connection).
const SHUT: u32 = 1 << 10;
/// Of what was asked: texts of others, which may begin as an error does.
const READS: u32 = 1 << 11;
/// Of what is said: beside the fault stand members of a record. Of what was asked: records of what went
/// wrong elsewhere.
const RECORD: u32 = 1 << 13;
/// Of what is said: a program crashed. It outdoes `READS`.
const CRASH: u32 = 1 << 14;
/// Of what was asked: a text in which crashes are to be expected (a log, a source file).
const LOGS: u32 = 1 << 15;
/// Of what is said: only a `status` in words tells of an error. Of what was asked: the state of something.
const STATE: u32 = 1 << 12;

/// Of what is said: a state or an error that a record may have too (`payment_status`, `last_error`).
const DOUBTED: u32 = 1 << 16;
/// Of what is said: the text tells that something was not done or cannot be, as answers do too.
const TOLD: u32 = 1 << 17;
/// Of what is said: a page that stands in the way of another.
const WALL: u32 = 1 << 18;
/// Of what was asked: something is looked up, checked or judged, and nothing is to be done.
const LOOKS: u32 = 1 << 19;
/// Of what was asked: what comes back is the words that were wanted.
const VOICE: u32 = 1 << 20;

/// Of what was asked: a page of the web.
const WEB: u32 = 1 << 21;

/// Of what is said: only that what was asked for is not done, or not yet.
const PENDING: u32 = 1 << 22;

/// Of what is said: only by what it is called is it an error (`"type": "error"`).
const NAMED: u32 = 1 << 23;
/// Of what was asked: something that may be the record of an error (an entry, a parsed line).
const GIVES: u32 = 1 << 24;
/// Of what is said: it is the rows of a list that say so, by their members.
const ROW: u32 = 1 << 25;
/// Of what is said: it is the texts of a list that say so.
const LINE: u32 = 1 << 26;
/// Of what was asked: rows of a table, whose columns have any name.
const TABLE: u32 = 1 << 27;
/// Of what is said: a text that is no more than the name of a fault.
const TITLE: u32 = 1 << 28;
/// Of what is said: a list without rows, which is an answer. Of what was asked: what fits words, and nothing may.
const QUERY: u32 = 1 << 29;

/// Of what is said: only `success` denies it, beside what was measured. Of what was asked: nothing is to be done.
const MEASURED: u32 = 1 << 30;
/// Of what is said: a number like a status, beside a message in which nothing sounds of a fault.
const CALM: u32 = 1 << 31;

/// A rule as a bit.
fn bit(rule: Rule) -> u32 {
    u32::from(rule.bit())
}

impl RuleSet {
    /// No rule.
    pub const NONE: Self = Self(0);
    pub(super) const QUIET_EXIT: Self = Self(QUIET_EXIT);
    pub(super) const SHUT: Self = Self(SHUT);
    pub(super) const READS: Self = Self(READS);
    pub(super) const STATE: Self = Self(STATE);
    pub(super) const RECORD: Self = Self(RECORD);
    pub(super) const CRASH: Self = Self(CRASH);
    pub(super) const DOUBTED: Self = Self(DOUBTED);
    pub(super) const TOLD: Self = Self(TOLD);
    pub(super) const WALL: Self = Self(WALL);
    pub(super) const LOOKS: Self = Self(LOOKS);
    pub(super) const WEB: Self = Self(WEB);
    pub(super) const PENDING: Self = Self(PENDING);
    pub(super) const VOICE: Self = Self(VOICE);
    pub(super) const LOGS: Self = Self(LOGS);
    pub(super) const NAMED: Self = Self(NAMED);
    pub(super) const GIVES: Self = Self(GIVES);
    pub(super) const ROW: Self = Self(ROW);
    pub(super) const LINE: Self = Self(LINE);
    pub(super) const TABLE: Self = Self(TABLE);
    pub(super) const TITLE: Self = Self(TITLE);
    pub(super) const QUERY: Self = Self(QUERY);
    pub(super) const MEASURED: Self = Self(MEASURED);
    pub(super) const CALM: Self = Self(CALM);

    /// One rule.
    pub fn of(rule: Rule) -> Self {
        Self(bit(rule))
    }

    /// These rules.
    pub fn all(rules: &[Rule]) -> Self {
        Self(rules.iter().fold(0, |bits, rule| bits | bit(*rule)))
    }

    /// Whether the rule is one of them.
    pub fn has(self, rule: Rule) -> bool {
        self.0 & bit(rule) != 0
    }

    /// Whether no rule is in it.
    pub fn is_empty(self) -> bool {
        self.0 & RULES == 0
    }

    /// What is in either.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in both.
    #[must_use]
    pub fn both(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// What a result says, but for what its call accounts for.
    #[must_use]
    pub fn without(self, echo: Self) -> Self {
        let mut left = self.0 & !(echo.0 & RULES);
        if self.0 & echo.0 & QUIET_EXIT != 0 {
            left &= !bit(Rule::ExitCode);
        }
        if self.0 & echo.0 & STATE != 0 {
            left &= !bit(Rule::ErrorField);
        }
        if self.0 & echo.0 & RECORD != 0 {
            let told = [Rule::ErrorField, Rule::HttpStatus, Rule::ExitCode];
            left &= told.iter().fold(!0, |kept, rule| kept & !bit(*rule));
        }
        let looks = echo.0 & (LOOKS | STATE | RECORD) != 0;
        if self.0 & DOUBTED != 0 && looks {
            left &= !bit(Rule::ErrorField);
        }
        if self.0 & PENDING != 0 && echo.0 & (LOOKS | RECORD) != 0 {
            left &= !bit(Rule::SuccessFalse);
        }
        let gives = looks || echo.0 & (GIVES | READS | LOGS | TABLE) != 0;
        if self.0 & NAMED != 0 && gives {
            left &= !(bit(Rule::ErrorField) | bit(Rule::IsError));
        }
        if self.0 & echo.0 & MEASURED != 0 {
            left &= !bit(Rule::SuccessFalse);
        }
        if self.0 & CALM != 0 && looks {
            left &= !bit(Rule::HttpStatus);
        }
        if self.0 & ROW != 0 && echo.0 & TABLE != 0 {
            let by_members = [
                Rule::SuccessFalse,
                Rule::ErrorField,
                Rule::HttpStatus,
                Rule::ExitCode,
            ];
            left &= by_members.iter().fold(!0, |kept, rule| kept & !bit(*rule));
        }
        if self.0 & LINE != 0 && looks || self.0 & TITLE != 0 && echo.has(Rule::HttpStatus) {
            left &= !bit(Rule::Traceback);
        }
        if self.0 & echo.0 & QUERY != 0 {
            left &= !bit(Rule::Empty);
        }
        let reads = echo.0 & READS != 0 && self.0 & CRASH == 0 || echo.0 & LOGS != 0;
        let told = self.0 & TOLD != 0 && (looks || echo.0 & (READS | LOGS) != 0);
        if reads && self.0 & SHUT == 0 || told || echo.0 & VOICE != 0 {
            left &= !bit(Rule::Traceback);
        }
        // a page that stands in the way of a page; nobody who reads files or watches sites minds
        let files = echo.0 & READS != 0 && echo.0 & WEB == 0;
        let pages = echo.0 & bit(Rule::Html) != 0 && echo.0 & bit(Rule::HttpStatus) == 0 && !files;
        if files && self.0 & WALL != 0 {
            left &= !bit(Rule::Html);
        } else if pages && self.0 & WALL != 0 {
            left |= self.0 & bit(Rule::Html);
        }
        Self(left)
    }

    /// The rule to name: the first in the order of `Rule::ALL`.
    pub fn first(self) -> Option<Rule> {
        Rule::ALL.into_iter().find(|rule| self.has(*rule))
    }

    /// All of them, in that order.
    pub fn iter(self) -> impl Iterator<Item = Rule> {
        Rule::ALL.into_iter().filter(move |rule| self.has(*rule))
    }

    /// What was asked, where the same was asked before and gave rows: that nothing fits is no answer then.
    #[must_use]
    pub fn again(self) -> Self {
        Self(self.0 & !QUERY)
    }

    /// Whether it was asked what fits some words.
    pub fn is_query(self) -> bool {
        self.0 & QUERY != 0
    }

    /// Without one rule.
    pub(super) fn less(self, rule: Rule) -> Self {
        Self(self.0 & !bit(rule))
    }

    /// Without the doubt whether it is an answer.
    pub(super) fn firm(self) -> Self {
        Self(self.0 & !TOLD)
    }

    /// Without the doubt that a door stayed shut.
    pub(super) fn open(self) -> Self {
        Self(self.0 & !SHUT)
    }

    /// Whether any of the doubts of `other` is in it.
    pub(super) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
