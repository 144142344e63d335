//! What a copy takes along: what the service sent, masked and laid out for reading, not cleaned.

pub mod again;
mod console;
pub(in crate::app) mod lists;
pub mod picks;
mod root;
mod table;
pub mod tell;

use std::borrow::Cow;

use crate::app::{
    App, Effect, Prompt,
    action::Action,
    carry::{picks::Piece, root::Root},
    detail::inspect::AT_ONCE,
    msg::{Carried, Hand, LayOut, To},
};
use crate::{
    analysis,
    doc::{Copied, Form, Source, json},
    guard::redact::{Masking, Sort as Secrets},
    model::{NodeId, Payload, Sort},
    text::percent::encoded,
};

impl App {
    /// The value: of the detail's row, else the payload of the selected node.
    fn copy_value(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.form(Form::Pretty, "value") {
            return effects;
        }
        let Some(effects) = self.selected.and_then(|node| self.copy_payload(node)) else {
            self.say(root::NOTHING);
            return Vec::new();
        };
        effects
    }

    /// Copies of whatever rows have.
    pub(in crate::app) fn copy_by(&mut self, action: Action) -> Vec<Effect> {
        if let Some(effects) = self.copy_picked(action) {
            return effects;
        }
        match action {
            Action::CopyValue => self.copy_value(),
            Action::CopyId => self.copy_id(),
            Action::CopyRun => self.copy_run_id(),
            Action::CopyPath => self.copy_path(),
            Action::CopyLocator => self.copy_locator(),
            Action::CopyUrl => self.copy_console(),
            Action::CopyFetch => self.read_again(),
            Action::CopyReplay => self.call_again(true),
            Action::CopyMarkdown
            | Action::CopyReport
            | Action::CopyError
            | Action::CopyOperation => self.tell(action),
            _ => self.copy_form(action),
        }
    }

    /// Prints what an action would copy.
    pub(in crate::app) fn print(&mut self, copy: Action) -> Vec<Effect> {
        let effects = match copy {
            // Printed it can be looked at as well.
            Action::CopyReplay => self.call_again(false),
            copy => self.act(copy),
        };
        let printed = effects.into_iter().map(|effect| match effect {
            Effect::Copy { .. }
            | Effect::LayOut(_)
            | Effect::Gather(_)
            | Effect::CopyCalls(_)
            | Effect::CopyRows(_)
            | Effect::Tell(_)
            | Effect::Again(_) => Effect::Print(Box::new(effect)),
            other => other,
        });
        printed.collect()
    }

    /// What `sortie open` takes for the selected row.
    fn copy_locator(&mut self) -> Vec<Effect> {
        let node = self.rows_meant().first().copied();
        let Some(locator) = node.and_then(|node| self.locator(node)) else {
            self.say("this row has no locator");
            return Vec::new();
        };
        copy(locator.into_bytes(), "locator")
    }

    /// The service's id of the run that the selected row is or lies in.
    fn copy_run_id(&mut self) -> Vec<Effect> {
        let Some(id) = self.selected.and_then(|node| self.run_id_of(node)) else {
            self.say("this row lies in no run");
            return Vec::new();
        };
        copy(self.shown_id(&id).into_bytes(), "run id")
    }

    /// The service's id of the selected node.
    fn copy_id(&mut self) -> Vec<Effect> {
        let Some(id) = self.selected.and_then(|node| self.id_of(node)) else {
            self.say("this row has no id");
            return Vec::new();
        };
        copy(self.shown_id(&id).into_bytes(), "id")
    }

    /// The path: of the JSON value in the detail's row, else of the payload in its record; of what is no
    /// part of a run its locator.
    fn copy_path(&mut self) -> Vec<Effect> {
        let has_path = self.selected.is_some_and(|node| self.has_path(node));
        if self.in_detail() || has_path {
            return self.copy_form(Action::CopyPath);
        }
        let Some(path) = self.selected.and_then(|node| self.locator(node)) else {
            self.say("this row has no path");
            return Vec::new();
        };
        copy(path.into_bytes(), "path")
    }

    /// Copies what the row with the cursor gives in a spelling; none outside of the detail, and where it
    /// gives nothing of the kind.
    fn form(&self, form: Form, what: &'static str) -> Option<Vec<Effect>> {
        let doc = self.detail.doc.as_ref().filter(|_| self.in_detail())?;
        Some(match doc.copied(self.detail.cursor, form)? {
            Copied::Now(text) => copy(text, what),
            Copied::Later(large) => {
                let of = Carried::Rows(large);
                vec![Effect::LayOut(Box::new(LayOut {
                    of,
                    what: what.into(),
                }))]
            }
        })
    }

    /// Hands the value to a pager, an editor or a command.
    pub(in crate::app) fn hand_over(&mut self, action: Action) -> Vec<Effect> {
        let to = match action {
            Action::Pager => To::Pager,
            Action::Editor => To::Editor,
            _ => {
                self.prompt = Some(Prompt::pipe());
                return Vec::new();
            }
        };
        self.hand(to)
    }

    /// Hands the value over; of marked rows all of theirs, in the table of calls the arguments.
    pub(in crate::app) fn hand(&mut self, to: To) -> Vec<Effect> {
        let over = self.calls.is_some();
        if let Some(several) = self.several().filter(|_| !over) {
            let layout = Some(LayOut {
                what: several.what.clone(),
                of: Carried::Several(Box::new(several)),
            });
            let text = Vec::new();
            return vec![Effect::Hand(Box::new(Hand { text, layout, to }))];
        }
        let effects = if over {
            self.copy_of_call(Action::CopyValue)
        } else {
            self.form(Form::Pretty, "value")
                .or_else(|| self.copy_payload(self.selected?))
                .unwrap_or_default()
        };
        let Some(effect) = effects.into_iter().next() else {
            self.say("this row has nothing to hand over");
            return Vec::new();
        };
        let (text, layout) = match effect {
            Effect::Copy { text, .. } => (text, None),
            Effect::LayOut(order) => (Vec::new(), Some(*order)),
            _ => return Vec::new(),
        };
        vec![Effect::Hand(Box::new(Hand { text, layout, to }))]
    }

    fn copy_payload(&self, node: NodeId) -> Option<Vec<Effect>> {
        let mut masking = self.redactor.masking();
        Some(match self.payload_of(node)? {
            Piece::Json(text, secrets) => copy_json(text, masking, secrets, "payload"),
            Piece::Text(text) => copy(masking.text(&text).into_owned().into_bytes(), "payload"),
        })
    }

    /// What is to be read of a node.
    pub(in crate::app) fn payload_of(&self, node: NodeId) -> Option<Piece> {
        self.root_of(node).map(|root| root.piece)
    }

    /// The same, with where it lies.
    pub(in crate::app) fn root_of(&self, node: NodeId) -> Option<Root> {
        if let Some(source) = self.document(node) {
            return Some(Root::whole(Piece::Json(source, self.secrets(node))));
        }
        let json = |raw: &Payload| {
            let text = raw.bytes().clone().into();
            (!raw.is_empty()).then(|| Piece::Json(text, self.secrets(node)))
        };
        let raw = match self.store.sort(node) {
            Sort::Mission => self.store.mission(node)?.raw.clone(),
            Sort::Run => self.store.run(node)?.raw.clone(),
            Sort::Step => self.store.step(node)?.raw.clone(),
            Sort::Event => {
                // Of a call that was answered what came back.
                let answer = self.shown_operation(node).and_then(|shown| shown.answer);
                let event = self.store.event(answer.unwrap_or(node))?;
                match (event.body, analysis::prose(&event)) {
                    (Some(body), _) => {
                        let piece = json(&event.raw.sub(body))?;
                        return Some(Root::part(&event.raw, body, piece));
                    }
                    (None, Some(said)) => {
                        return Some(Root::prose(&event.raw, &event.prose, said));
                    }
                    (None, None) => event.raw,
                }
            }
            Sort::Context | Sort::Note | Sort::Group => return None,
        };
        json(&raw).map(Root::whole)
    }

    /// Which rules mask a node's record.
    pub(in crate::app) fn secrets(&self, node: NodeId) -> Secrets {
        let agentex = self
            .context_of(node)
            .is_some_and(|(_, info)| info.provider == "agentex");
        if agentex && self.store.sort(node) == Sort::Run {
            Secrets::AgentexTask
        } else {
            Secrets::Any
        }
    }

    pub(in crate::app) fn run_id_of(&self, node: NodeId) -> Option<String> {
        self.id_of(self.run_of(node)?)
    }

    pub(in crate::app) fn id_of(&self, node: NodeId) -> Option<String> {
        match self.store.sort(node) {
            Sort::Context => self.context_of(node).map(|(_, info)| info.name.clone()),
            Sort::Mission => self.store.mission(node).map(|mission| mission.id.clone()),
            Sort::Run => self.store.run(node).map(|run| run.id.clone()),
            Sort::Step => self.store.step(node).map(|step| step.id.clone()),
            Sort::Event => self.store.event(node).map(|event| event.id),
            Sort::Note | Sort::Group => None,
        }
    }

    /// An id as it leaves: masked where it is a secret.
    pub(in crate::app) fn shown_id(&self, id: &str) -> String {
        self.redactor.masking().id(id).into_owned()
    }

    fn id_shown(&self, node: NodeId) -> Option<String> {
        self.id_of(node).map(|id| self.shown_id(&id))
    }

    fn run_id_shown(&self, node: NodeId) -> Option<String> {
        self.run_id_of(node).map(|id| self.shown_id(&id))
    }

    /// `sortie:CONTEXT/MISSION/RUN#EVENT` as far as the node goes.
    pub(in crate::app) fn locator(&self, node: NodeId) -> Option<String> {
        let mut parts = Vec::new();
        let mut event = None;
        let mut at = node;
        loop {
            match self.store.sort(at) {
                Sort::Event => event = self.id_of(at),
                Sort::Context => parts.push(encoded(&self.id_of(at)?)),
                Sort::Mission | Sort::Run => {
                    parts.push(encoded(&self.shown_id(&self.id_of(at)?)));
                }
                Sort::Step | Sort::Note | Sort::Group => {}
            }
            let owner = self.store.owner(at);
            if owner == at {
                break;
            }
            at = owner;
        }
        parts.reverse();
        let event = event
            .map(|id| format!("#{}", encoded(&self.shown_id(&id))))
            .unwrap_or_default();
        Some(format!("sortie:{}{event}", parts.join("/")))
    }
}

/// JSON, masked, in the spelling that is wanted, every token else as it is; anything else masked only. Takes
/// time in proportion to the payload: above 64 KiB not for the loop.
pub fn lay_out(order: LayOut) -> Vec<u8> {
    let (text, mut masking, secrets, form) = match order.of {
        Carried::Rows(large) => return large.lay_out(),
        Carried::Several(several) => return picks::gather(*several),
        Carried::Payload(text, masking, secrets, form) => (text, masking, secrets, form),
    };
    let text = text.bytes().unwrap_or_default();
    let masked = masking.json(&text, secrets).into_owned();
    json::spelled(&masked, form).unwrap_or(masked)
}

pub(in crate::app) fn copy_json(
    text: Source,
    masking: Masking,
    secrets: Secrets,
    what: &'static str,
) -> Vec<Effect> {
    copy_source(text, masking, secrets, Form::Pretty, what)
}

/// A copy of JSON in a spelling, made beside the loop where it is large.
fn copy_source(
    text: Source,
    masking: Masking,
    secrets: Secrets,
    form: Form,
    what: &'static str,
) -> Vec<Effect> {
    let is_large = text.len() > AT_ONCE;
    let order = LayOut {
        of: Carried::Payload(text, masking, secrets, form),
        what: what.into(),
    };
    if is_large {
        return vec![Effect::LayOut(Box::new(order))];
    }
    let what = order.what.clone();
    copy(lay_out(order), what)
}

pub(in crate::app) fn copy(text: Vec<u8>, what: impl Into<Cow<'static, str>>) -> Vec<Effect> {
    let what = what.into();
    vec![Effect::Copy { text, what }]
}
