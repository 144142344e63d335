//! The payload of a row as a value: on one line, as the text that a string says, its key, the way to it in
//! its record. What a row of the detail gives of the value in it, a row of the list gives of its payload.

use crate::app::{
    App, Effect,
    action::Action,
    carry::{copy, copy_source, picks::Piece},
};
use crate::{
    doc::{Form, json},
    model::{NodeId, Payload, Sort, Span},
    text::json::{Scanner, Shape, Sort as Token},
};

/// Bytes of a record that are read to find the way to what lies in it.
const NEAR: usize = 4 << 20;
/// Said of a row that has no payload.
pub(super) const NOTHING: &str = "this row has no payload to copy";
/// Bytes that tell what a value is.
const HEAD: usize = 64;

/// What is to be read of a node, and where it lies.
#[derive(Debug)]
pub(in crate::app) struct Root {
    /// It.
    pub piece: Piece,
    /// Where it lies.
    lies: Lies,
}

/// Where a payload lies in its record.
#[derive(Debug)]
enum Lies {
    /// It is the record.
    Whole,
    /// It begins at that byte of it.
    At(Payload, usize),
    /// It is put together from several values of it.
    Several,
}

impl Root {
    /// A record itself.
    pub fn whole(piece: Piece) -> Self {
        let lies = Lies::Whole;
        Self { piece, lies }
    }

    /// A value of a record.
    pub fn part(record: &Payload, span: Span, piece: Piece) -> Self {
        let lies = match span.range() {
            whole if whole == (0..record.len()) => Lies::Whole,
            part => Lies::At(record.clone(), part.start),
        };
        Self { piece, lies }
    }

    /// What texts of a record say together.
    pub fn prose(record: &Payload, spans: &[Span], said: String) -> Self {
        let piece = Piece::Text(said);
        match spans {
            [one] => Self::part(record, *one, piece),
            _ => Self {
                piece,
                lies: Lies::Several,
            },
        }
    }

    /// What it is, if no string and no text.
    fn no_string(&self) -> Option<&'static str> {
        let Piece::Json(source, _) = &self.piece else {
            return None;
        };
        let head = source.get(0..source.len().min(HEAD))?;
        let first = Scanner::new(&head).next()?.ok()?;
        Some(match first.sort {
            Token::Open(Shape::Object) => "an object",
            Token::Open(Shape::Array) => "a list",
            Token::Number => "a number",
            Token::Word => match head.get(first.start) {
                Some(b'n') => "null",
                _ => "true or false",
            },
            Token::Key | Token::String | Token::Close(_) => return None,
        })
    }

    /// Why it has nothing in a form, as far as that is known at once.
    fn lacks(&self, form: Form) -> Option<&'static str> {
        match (form, &self.lies) {
            (Form::Dotted | Form::Bracket | Form::Jq | Form::Key, Lies::Several) => Some(
                "this text is put together from several values of the record: the detail has each",
            ),
            (Form::Key, Lies::Whole) => Some("the payload is the whole record: it has no key"),
            (Form::Bracket, Lies::Whole) => {
                Some("the payload is the whole record: no path leads to it")
            }
            _ => None,
        }
    }
}

/// The form that a copy is in; none for copies of something else.
fn form_of(action: Action) -> Option<(Form, &'static str)> {
    Some(match action {
        Action::CopyLine => (Form::Line, "value on one line"),
        Action::CopyString => (Form::Unescaped, "text"),
        Action::CopyKey => (Form::Key, "key"),
        Action::CopyBrackets => (Form::Bracket, "path"),
        Action::CopyPath => (Form::Dotted, "path"),
        Action::CopyFilter => (Form::Jq, "jq filter"),
        _ => return None,
    })
}

impl App {
    /// Copies the value in a form: of the detail's row, else of the selected row's payload.
    pub(in crate::app) fn copy_form(&mut self, action: Action) -> Vec<Effect> {
        let Some((form, what)) = form_of(action) else {
            return Vec::new();
        };
        if let Some(effects) = self.form(form, what) {
            return effects;
        }
        match self.root_in(form, what) {
            Ok(effects) => effects,
            Err(why) => {
                self.say(why);
                Vec::new()
            }
        }
    }

    /// Why there is no value to copy here; none where there is one, or where only the copy tells.
    pub(in crate::app) fn valueless(&self) -> Option<String> {
        let several = self.in_detail() || self.picked() > 0;
        let has_one = several
            || self
                .selected
                .is_some_and(|node| self.root_of(node).is_some());
        (!has_one).then(|| NOTHING.to_owned())
    }

    /// Why the value has no such form here, as far as that is known without reading it.
    pub(in crate::app) fn formless(&self, action: Action) -> Option<String> {
        let (form, what) = form_of(action)?;
        if self.in_detail() {
            let lacks = form_is_way(form) && self.form(form, what).is_none();
            return lacks.then(|| no_such(what));
        }
        if self.picked() > 0 {
            return None;
        }
        let Some(root) = self.selected.and_then(|node| self.root_of(node)) else {
            return Some(NOTHING.to_owned());
        };
        self.lacking(&root, form)
    }

    /// Why a payload has no such form.
    fn lacking(&self, root: &Root, form: Form) -> Option<String> {
        if form == Form::Unescaped {
            let is = root.no_string()?;
            let line = self.key_of(Action::CopyLine);
            return Some(format!(
                "the payload is {is}, not a string: {line} copies it on one line"
            ));
        }
        root.lacks(form).map(str::to_owned)
    }

    /// A copy of the selected row's payload in a form, or why there is none.
    fn root_in(&self, form: Form, what: &'static str) -> Result<Vec<Effect>, String> {
        if self.in_detail() {
            return Err(no_such(what));
        }
        let root = self.selected.and_then(|node| self.root_of(node));
        let root = root.ok_or(NOTHING)?;
        if form_is_way(form) {
            let way = self.way_in(&root, form)?;
            return Ok(copy(way.into_bytes(), what));
        }
        if let Some(why) = self.lacking(&root, form) {
            return Err(why);
        }
        let mut masking = self.redactor.masking();
        Ok(match root.piece {
            Piece::Json(source, secrets) => copy_source(source, masking, secrets, form, what),
            Piece::Text(text) => {
                let text = masking.text(&text).into_owned();
                let said = match form {
                    Form::Line => serde_json::Value::from(text).to_string(),
                    _ => text,
                };
                copy(said.into_bytes(), what)
            }
        })
    }

    /// The way to a payload in its record, or why there is none. Keys are masked as they are where they are
    /// shown.
    fn way_in(&self, root: &Root, form: Form) -> Result<String, String> {
        if let Some(why) = root.lacks(form) {
            return Err(why.to_owned());
        }
        let mut way = match &root.lies {
            Lies::At(record, at) if *at <= NEAR => json::way_to(record.bytes(), *at),
            Lies::At(..) => None,
            Lies::Whole | Lies::Several => Some(Vec::new()),
        }
        .ok_or("the way to the payload could not be read off its record: the detail has it")?;
        let mut masking = self.redactor.masking();
        for step in &mut way {
            if let json::Step::Key(key) = step {
                *key = masking.text(key).into_owned();
            }
        }
        let spelled = json::way_spelled(&way, form);
        spelled.ok_or_else(|| "this payload has no key".to_owned())
    }

    /// The form of a marked row's payload for a copy of several; none where it has none.
    pub(in crate::app) fn way_of(&self, node: NodeId, action: Action) -> Option<String> {
        let (form, _) = form_of(action)?;
        if action == Action::CopyPath && !self.has_path(node) {
            return self.locator(node);
        }
        self.way_in(&self.root_of(node)?, form).ok()
    }

    /// What the marked rows say whose payload is a string.
    pub(in crate::app) fn strings_of(&self, picks: &[NodeId]) -> Vec<Piece> {
        let roots = picks.iter().filter_map(|node| self.root_of(*node));
        roots
            .filter(|root| root.no_string().is_none())
            .map(|root| root.piece)
            .collect()
    }

    /// Whether a row has a path in a record; others have a locator.
    pub(in crate::app) fn has_path(&self, node: NodeId) -> bool {
        matches!(self.store.sort(node), Sort::Event | Sort::Step)
    }
}

fn form_is_way(form: Form) -> bool {
    matches!(form, Form::Key | Form::Dotted | Form::Bracket | Form::Jq)
}

fn no_such(what: &str) -> String {
    format!("this row has no {what}")
}
