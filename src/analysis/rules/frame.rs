//! One container on the way through a result: which telling members it has had, and what lies inside.
//! Members are taken in `take`; what follows from all of it together is weighed at its end.

use super::Shape;
use super::names::Key;
use super::set::RuleSet;
use super::walk::Said;
use crate::analysis::Rule;
use crate::text::json::Token;

/// What a container is to what the tool gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// What the tool gave, or a wrapper round it.
    Top,
    /// The pieces of one content.
    Parts,
    /// What came of several tasks; of an object, one of them.
    List,
    /// Data, which may be about anything.
    Data,
}

/// How many strings of a list are judged.
pub(super) const READ: u32 = 3;

/// Bytes of the text.
pub(super) type Range = (usize, usize);

/// A container that is looked into.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a thing that was seen or not, and none excludes another"
)]
pub(super) struct Frame {
    pub(super) is_array: bool,
    pub(super) role: Role,
    /// The key of the member that is being read.
    pub(super) now: Key,
    pub(super) name: Range,
    /// Elements so far.
    pub(super) elements: u32,
    /// Which keys were there with a value that is not null, false or empty.
    pub(super) has: u32,
    pub(super) members: u32,
    /// Members that nobody knows, and how many of them are null.
    pub(super) others: u32,
    pub(super) blank: u32,
    /// Where each rule has what speaks for it.
    pub(super) hits: [Option<(Range, Range)>; 5],
    /// Whether `success` is true.
    pub(super) fine: bool,
    pub(super) status: Option<u16>,
    pub(super) status_code: Option<u16>,
    pub(super) exit: Option<i64>,
    /// A small number under `code` or `status`.
    pub(super) spawned: Option<(i64, Range)>,
    pub(super) says_failed: bool,
    /// `success` itself is denied, not that something was done.
    pub(super) denied: bool,
    /// The state is `error`, which services say of calls more than of things.
    pub(super) says_wrong: bool,
    /// What was asked for was not done.
    pub(super) undone: bool,
    /// How many failed and how many went well, where that is counted.
    pub(super) failures: Option<bool>,
    pub(super) successes: Option<bool>,
    pub(super) weak_error: bool,
    /// An error in words, not in a number.
    pub(super) told_error: bool,
    /// A state or an error that a record may have too.
    pub(super) doubted: bool,
    /// It is called an error, or has the stack of one.
    pub(super) named: bool,
    /// The message says that all went well.
    pub(super) cheers: bool,
    /// The message or the state says that it goes on.
    pub(super) goes_on: bool,
    /// Something that was asked for was done.
    pub(super) did: bool,
    /// What was judged has a verdict of its own.
    pub(super) judges: bool,
    /// An error that is more than a code with a digit in it.
    pub(super) worded: bool,
    /// A state in a word that is none of failing.
    pub(super) stated: bool,
    pub(super) succeeded: bool,
    /// It has an id of its own, and a body.
    pub(super) is_thing: bool,
    pub(super) bodied: bool,
    /// It points to the documentation, as answers of web services about faults do.
    pub(super) helps: bool,
    /// It has a `detail`, which alone is such an answer too.
    pub(super) detailed: bool,
    /// How many members are numbers that nobody knows.
    pub(super) measured: u32,
    /// A message in which nothing sounds of a fault.
    pub(super) calm: bool,
    /// An error under a name that records have too.
    pub(super) plain_error: bool,
    /// It asks for, or has, an error: `has_error`.
    pub(super) has_error: bool,
    /// A list without rows lies in it.
    pub(super) formed: bool,
    /// A list of what is wrong with the request.
    pub(super) faults: bool,
    /// Members and elements that are not null or empty.
    pub(super) filled: u32,
    /// Whether the member that is being read is a numbered fault, where it is one.
    pub(super) coded: bool,
    /// Whether it is `id`, or `documentation_url`.
    pub(super) own_id: bool,
    pub(super) documented: bool,
    pub(super) plain: bool,
    pub(super) errors: bool,
    pub(super) has_data: bool,
    pub(super) inner: RuleSet,
    pub(super) content: RuleSet,
    pub(super) streams: RuleSet,
    pub(super) message: RuleSet,
    pub(super) failing: u32,
    pub(super) judged: u32,
    pub(super) pieces: u32,
    pub(super) by_text: bool,
    pub(super) explained: bool,
    pub(super) void: bool,
    pub(super) rows: bool,
    pub(super) hollow: bool,
    pub(super) listed: bool,
    pub(super) html: bool,
    pub(super) text: bool,
    pub(super) json: bool,
}

impl Frame {
    pub(super) fn new(is_array: bool, role: Role) -> Self {
        Self {
            is_array,
            role,
            now: Key::Other,
            name: (0, 0),
            elements: 0,
            has: 0,
            members: 0,
            others: 0,
            blank: 0,
            hits: [None; 5],
            fine: false,
            status: None,
            status_code: None,
            exit: None,
            spawned: None,
            says_failed: false,
            says_wrong: false,
            denied: false,
            undone: false,
            failures: None,
            successes: None,
            weak_error: false,
            told_error: false,
            doubted: false,
            named: false,
            cheers: false,
            faults: false,
            goes_on: false,
            did: false,
            judges: false,
            worded: false,
            stated: false,
            succeeded: false,
            is_thing: false,
            bodied: false,
            formed: false,
            helps: false,
            measured: 0,
            calm: false,
            plain_error: false,
            has_error: false,
            detailed: false,
            filled: 0,
            coded: false,
            own_id: false,
            documented: false,
            plain: false,
            errors: false,
            has_data: false,
            inner: RuleSet::NONE,
            content: RuleSet::NONE,
            streams: RuleSet::NONE,
            message: RuleSet::NONE,
            failing: 0,
            judged: 0,
            pieces: 0,
            by_text: false,
            explained: false,
            void: false,
            rows: false,
            hollow: false,
            listed: false,
            html: false,
            text: false,
            json: false,
        }
    }

    /// A member begins.
    pub(super) fn key(&mut self, token: Token, text: &[u8]) {
        let inner = text.get(token.start + 1..token.end.saturating_sub(1));
        let inner = inner.unwrap_or_default();
        self.now = Key::of(inner);
        self.coded = matches!(inner, b"code" | b"Code");
        self.bodied |= inner == b"body";
        self.plain = matches!(inner, b"error" | b"Error" | b"err" | b"fault");
        self.has_error |= matches!(inner, b"has_error" | b"hasError");
        self.detailed |= inner == b"detail";
        self.own_id = inner == b"id";
        self.documented = inner == b"documentation_url";
        self.name = (token.start, token.end);
        self.members += 1;
    }

    /// An element begins, where this is an array.
    pub(super) fn element(&mut self) {
        self.elements += 1;
    }

    /// The member that is being read.
    pub(super) fn now(&self) -> Key {
        self.now
    }

    /// The key of the member, or the index of the element, that is being read.
    pub(super) fn step(&self) -> Result<Range, u32> {
        if self.is_array {
            Err(self.elements.saturating_sub(1))
        } else {
            Ok(self.name)
        }
    }

    /// Where the rule has what speaks for it: key and value.
    pub(super) fn hit(&self, rule: Rule) -> Option<(Range, Range)> {
        let spawned = self.spawned.filter(|_| rule == Rule::ExitCode);
        let hit = self.hits.get(rule as usize).copied().flatten();
        hit.or(spawned.map(|(_, value)| (value, value)))
    }

    pub(super) fn note(&mut self, rule: Rule, value: Range) {
        let name = self.name;
        if let Some(hit) = self.hits.get_mut(rule as usize) {
            hit.get_or_insert((name, value));
        }
    }

    /// What a container that opens here is; none where it is passed over.
    pub(super) fn opens(&mut self, is_array: bool) -> Option<Role> {
        self.element();
        if self.is_array {
            return match self.role {
                Role::Parts if !is_array => Some(Role::Top),
                Role::List if !is_array => Some(Role::List),
                _ => None,
            };
        }
        match (self.now, is_array) {
            (Key::Wrapper | Key::Content | Key::Status, false) => Some(Role::Top),
            (Key::Content, true) => Some(Role::Parts),
            (Key::Wrapper | Key::Results | Key::Data, true) => Some(Role::List),
            (Key::Data | Key::Results, false) => Some(Role::Data),
            _ => None,
        }
    }

    /// Whether a fault is looked for in what is passed over here.
    pub(super) fn probes(&self) -> bool {
        !self.is_array && matches!(self.now, Key::Error | Key::Errors | Key::SomeError)
    }

    /// Whether a string that comes now is content to be judged.
    pub(super) fn reads_strings(&self) -> bool {
        if self.is_array {
            return self.role == Role::Parts || self.role == Role::List && self.elements < READ;
        }
        self.now.leads() || matches!(self.now, Key::Stderr | Key::Message)
    }

    /// What something inside says, by the key under which it stands.
    pub(super) fn says(&mut self, key: Key, said: Said) {
        if self.is_array {
            self.judged += 1;
            self.failing += u32::from(!said.says.is_empty());
            let piece = self.role == Role::Parts || said.is_part;
            self.pieces += u32::from(said.is_part);
            let line = if self.role == Role::List && said.by_text && !said.is_part {
                RuleSet::LINE
            } else {
                RuleSet::NONE
            };
            let said = Said {
                says: if said.says.is_empty() {
                    said.says
                } else {
                    said.says.with(line)
                },
                ..said
            };
            let first_only = piece && said.by_text && self.elements > 1;
            if !first_only {
                self.inner.add(said.says);
                self.by_text |= said.by_text && !said.says.is_empty();
            }
            self.explained |= said.explains;
            self.shaped(said.shape);
            return;
        }
        self.explained |= said.explains;
        if !matches!(said.shape, Shape::Empty | Shape::Nothing) {
            self.has |= key.bit();
            self.filled += 1;
        }
        match key {
            Key::Stderr | Key::Stdout => {
                self.streams.add(said.says);
                self.text |= said.shape != Shape::Empty;
                return;
            }
            Key::Message => {
                if said.by_text {
                    self.message.add(said.says);
                }
                return;
            }
            Key::Content => {
                self.content.add(said.says);
                self.by_text |= said.by_text;
            }
            _ => self.inner.add(said.says),
        }
        self.has_data |= !matches!(said.shape, Shape::Empty | Shape::Nothing);
        self.listed |= key == Key::Results && said.shape == Shape::Empty;
        self.void |= matches!(key, Key::Data | Key::Wrapper) && said.shape == Shape::Empty;
        self.shaped(said.shape);
    }

    fn shaped(&mut self, shape: Shape) {
        match shape {
            Shape::Rows => self.rows = true,
            Shape::Empty | Shape::Nothing => self.hollow = true,
            Shape::Html => self.html = true,
            Shape::Text => self.text = true,
            Shape::Json => self.json = true,
        }
    }
}
