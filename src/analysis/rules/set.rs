//! Some of the rules, as bits. Beside the rules a set carries doubts that only call and result
//! together can settle; they are no rules, and a set that holds nothing else is empty.

use crate::analysis::Rule;

/// Rules that hold, or rules that are of no account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct RuleSet(u16);

/// The bits that are rules.
const RULES: u16 = 0x1ff;
/// Of what is said: the exit code is a low one and nothing was complained of. Of what was asked: a program that
/// ends so where it finds nothing.
const QUIET_EXIT: u16 = 1 << 9;
/// Of what is said: the text tells of a door that stayed shut (no file, no permission, no connection).
const SHUT: u16 = 1 << 10;
/// Of what was asked: texts of others, which may begin as an error does.
const READS: u16 = 1 << 11;
/// Of what is said: beside the fault stand members of a record. Of what was asked: records of what went
/// wrong elsewhere.
const RECORD: u16 = 1 << 13;
/// Of what is said: a program crashed. It outdoes `READS`.
const CRASH: u16 = 1 << 14;
/// Of what was asked: a text in which crashes are to be expected (a log, a source file).
const LOGS: u16 = 1 << 15;
/// Of what is said: only a `status` in words tells of an error. Of what was asked: the state of something.
const STATE: u16 = 1 << 12;

impl RuleSet {
    /// No rule.
    pub const NONE: Self = Self(0);
    pub(super) const QUIET_EXIT: Self = Self(QUIET_EXIT);
    pub(super) const SHUT: Self = Self(SHUT);
    pub(super) const READS: Self = Self(READS);
    pub(super) const STATE: Self = Self(STATE);
    pub(super) const RECORD: Self = Self(RECORD);
    pub(super) const CRASH: Self = Self(CRASH);
    pub(super) const LOGS: Self = Self(LOGS);

    /// One rule.
    pub fn of(rule: Rule) -> Self {
        Self(rule.bit())
    }

    /// These rules.
    pub fn all(rules: &[Rule]) -> Self {
        Self(rules.iter().fold(0, |bits, rule| bits | rule.bit()))
    }

    /// Whether the rule is one of them.
    pub fn has(self, rule: Rule) -> bool {
        self.0 & rule.bit() != 0
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
            left &= !Rule::ExitCode.bit();
        }
        if self.0 & echo.0 & STATE != 0 {
            left &= !Rule::ErrorField.bit();
        }
        if self.0 & echo.0 & RECORD != 0 {
            let told = [Rule::ErrorField, Rule::HttpStatus, Rule::ExitCode];
            left &= told.iter().fold(!0, |kept, rule| kept & !rule.bit());
        }
        let reads = echo.0 & READS != 0 && self.0 & CRASH == 0 || echo.0 & LOGS != 0;
        if reads && self.0 & SHUT == 0 {
            left &= !Rule::Traceback.bit();
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

    pub(super) fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}
