//! What single members say for themselves, noted in the container that they are of. Each is taken once, by
//! the part that its name plays; nothing is concluded here.

use super::frame::{Frame, READ, Range};
use super::names::Key;
use super::text::{is_phrase, leading_code};
use super::value::{
    bare, is_cheer, is_denial, is_failure_word, is_fault_code, is_numbered, is_refusal, is_waiting,
    is_whole, small, tells,
};
use crate::analysis::Rule;
use crate::text::json::{Sort, Token};

impl Frame {
    /// A container was passed over. `some` says that it holds anything.
    pub(super) fn passed(
        &mut self,
        is_array: bool,
        some: bool,
        tells: bool,
        start: usize,
        end: usize,
    ) {
        if self.is_array {
            self.rows = true;
            self.judged += 1;
            return;
        }
        if some {
            self.has |= self.now.bit();
            self.filled += 1;
        }
        match self.now {
            Key::Failures if is_array => {
                self.failures = Some(self.failures == Some(true) || some);
                if some {
                    self.note(Rule::ErrorField, (start, end));
                }
            }
            Key::Done | Key::Success | Key::Successes if is_array => {
                self.successes = Some(self.successes == Some(true) || some);
            }
            Key::SomeError if tells => {
                self.doubted = true;
                self.note(Rule::ErrorField, (start, end));
            }
            Key::Message if is_array && some => {
                self.faults = true;
                self.note(Rule::ErrorField, (start, end));
            }
            Key::Error if tells => {
                self.plain_error |= self.plain;
                self.told_error = true;
                self.note(Rule::ErrorField, (start, end));
            }
            Key::Errors if tells => {
                self.errors = true;
                self.note(Rule::ErrorField, (start, end));
            }
            Key::Rows => {
                self.listed = true;
                self.rows |= some;
                self.hollow |= !some;
                self.formed |= !some;
            }
            Key::Other if is_array => {
                self.rows |= some;
                self.hollow |= !some;
                self.formed |= !some;
            }
            Key::Other if !some => self.hollow = true,
            Key::Other => self.others += 1,
            _ => {}
        }
    }

    /// A value that holds no others.
    pub(super) fn scalar(&mut self, token: Token, literal: &[u8]) {
        if self.is_array {
            self.rows = true;
            self.judged += u32::from(self.elements <= READ);
            return;
        }
        let value = (token.start, token.end);
        let bare = bare(literal);
        let is_zero = self.now == Key::Count && bare == b"0";
        if !is_zero && !matches!(bare, b"" | b"null" | b"false") {
            self.has |= self.now.bit();
        }
        self.filled += u32::from(bare != b"null" && !bare.is_empty());
        match self.now {
            Key::Success | Key::Done | Key::Successes | Key::Failures => {
                self.outcome(token, bare, value);
            }
            Key::IsError if bare.eq_ignore_ascii_case(b"true") => self.note(Rule::IsError, value),
            Key::Error => self.error(token, literal, value),
            Key::Errors if token.sort == Sort::String && tells(literal) => {
                self.errors = true;
                self.note(Rule::ErrorField, value);
            }
            Key::Failed | Key::Errors if bare == b"true" => self.tell(value),
            Key::SomeError | Key::SomeStatus | Key::Signal => self.doubt(token, literal, value),
            Key::Kind | Key::Stack => self.name(token, bare, value),
            Key::Status => self.status(bare, token, value),
            Key::StatusCode => {
                self.status_code = self.status_code.or(leading_code(bare));
                if leading_code(bare).is_some() {
                    self.note(Rule::HttpStatus, value);
                }
            }
            Key::ExitCode => {
                let code = std::str::from_utf8(bare).ok().and_then(|n| n.parse().ok());
                self.exit = self.exit.or(code);
                if code.is_some_and(|code| code != 0) {
                    self.note(Rule::ExitCode, value);
                }
            }
            Key::Judged => {
                self.others += 1;
                self.judges |= token.sort != Sort::String;
            }
            Key::Neutral if self.own_id => self.is_thing |= bare != b"null",
            Key::Http if self.documented && !bare.is_empty() => {
                self.named = true;
                self.helps = true;
                self.note(Rule::ErrorField, value);
            }
            Key::Phrase if is_phrase(bare) => self.has |= Key::Http.bit(),
            Key::Data | Key::Wrapper | Key::Rows | Key::Results | Key::Content => {
                if bare == b"null" {
                    self.hollow = true;
                    self.listed |= matches!(self.now, Key::Rows | Key::Results);
                } else {
                    self.has_data = true;
                    self.text = true;
                }
            }
            Key::Other => {
                self.others += 1;
                self.measured += u32::from(token.sort == Sort::Number);
                self.blank += u32::from(bare == b"null" || bare.is_empty());
            }
            _ => {}
        }
    }

    /// There is an error in words.
    fn tell(&mut self, value: Range) {
        self.told_error = true;
        self.note(Rule::ErrorField, value);
    }

    /// Whether it went well, or how often.
    fn outcome(&mut self, token: Token, bare: &[u8], value: Range) {
        let is_number = token.sort == Sort::Number;
        let some = bare != b"0";
        match self.now {
            Key::Failures if is_number => {
                self.failures = Some(self.failures == Some(true) || some);
                if some {
                    self.note(Rule::ErrorField, value);
                }
            }
            Key::Failures => {}
            _ if is_number => self.successes = Some(self.successes == Some(true) || some),
            Key::Success => {
                self.fine |= bare == b"true";
                if is_denial(bare) {
                    self.denied = true;
                    self.note(Rule::SuccessFalse, value);
                }
            }
            Key::Done if bare == b"true" => self.did = true,
            Key::Done if bare == b"false" => {
                self.undone = true;
                self.note(Rule::SuccessFalse, value);
            }
            _ => {}
        }
    }

    /// A state or an error of something, which may be the call.
    fn doubt(&mut self, token: Token, literal: &[u8], value: Range) {
        let bare = bare(literal);
        if self.now == Key::Signal && bare.starts_with(b"SIG") {
            self.tell(value);
            return;
        }
        self.others += 1;
        let holds = match self.now {
            Key::SomeError => (bare.contains(&b' ') || is_failure_word(bare)) && tells(literal),
            Key::SomeStatus => is_failure_word(bare) || is_refusal(bare),
            _ => false,
        };
        if holds && token.sort == Sort::String {
            self.doubted = true;
            self.note(Rule::ErrorField, value);
        }
    }

    /// What it is called.
    fn name(&mut self, token: Token, bare: &[u8], value: Range) {
        // the type of a problem is an address (RFC 9457)
        if self.now == Key::Kind && (bare == b"about:blank" || bare.starts_with(b"https://")) {
            self.has |= Key::Http.bit();
        }
        let is_stack = self.now == Key::Stack && token.sort == Sort::String;
        if is_stack || matches!(bare, b"error" | b"Error" | b"exception" | b"failure") {
            self.named = true;
            self.note(Rule::ErrorField, value);
        }
    }

    fn error(&mut self, token: Token, literal: &[u8], value: Range) {
        let holds = match token.sort {
            Sort::String => tells(literal),
            Sort::Word => literal == b"true",
            _ => false,
        };
        if holds {
            self.told_error = true;
            self.plain_error |= self.plain;
            self.worded |= !is_numbered(bare(literal));
            self.note(Rule::ErrorField, value);
        } else if token.sort == Sort::Number && is_whole(literal) {
            self.weak_error = true;
            self.note(Rule::ErrorField, value);
        }
    }

    fn status(&mut self, bare: &[u8], token: Token, value: Range) {
        let code = leading_code(bare);
        if code.is_some() {
            self.status = self.status.or(code);
            self.note(Rule::HttpStatus, value);
        }
        if bare == b"false" && token.sort == Sort::Word {
            self.undone = true;
            self.note(Rule::SuccessFalse, value);
        }
        // what a process ended with, beside its streams
        if let Some(code) = small(bare).filter(|_| token.sort == Sort::Number) {
            self.spawned = Some((code, value));
        }
        if token.sort == Sort::String && is_failure_word(bare) {
            self.says_failed = true;
            let wrong: [&[u8]; 3] = [b"error", b"fail", b"failure"];
            self.says_wrong |= wrong.iter().any(|word| bare.eq_ignore_ascii_case(word));
            self.note(Rule::ErrorField, value);
        } else if token.sort == Sort::String && is_refusal(bare) {
            self.doubted = true;
            self.note(Rule::ErrorField, value);
        } else if token.sort == Sort::String && code.is_none() && !bare.is_empty() {
            self.stated = true;
            self.goes_on |= is_waiting(bare);
            self.succeeded |= is_cheer(bare);
        } else if self.coded && token.sort == Sort::Number && is_fault_code(bare) && code.is_none()
        {
            self.weak_error = true;
            self.note(Rule::ErrorField, value);
        }
    }

    /// A string that is about to be judged.
    pub(super) fn hears(&mut self, literal: &[u8]) {
        let said = bare(literal);
        self.filled += u32::from(!said.is_empty());
        self.cheers |= self.now == Key::Message && is_cheer(said);
        if matches!(self.now, Key::Message | Key::Content) {
            self.calm = !super::told::sounds(said);
        }
        self.goes_on |= self.now == Key::Message && is_waiting(said);
    }
}
