//! What a copy takes along: what the service sent, masked and laid out for reading, not cleaned.

use super::{App, Effect};
use crate::{
    analysis,
    guard::redact::Sort as Secrets,
    model::{NodeId, Sort},
    text::pretty::pretty,
};

impl App {
    /// The value: of the detail's row, else the payload of the selected node.
    pub(super) fn copy_value(&mut self) -> Vec<Effect> {
        if self.in_detail()
            && let Some(value) = self
                .detail
                .built
                .as_ref()
                .and_then(|built| built.value(self.detail.cursor))
        {
            return copy(laid_out(value), "value");
        }
        let Some(text) = self.selected.and_then(|node| self.value_of(node)) else {
            self.say("this row has no payload to copy");
            return Vec::new();
        };
        copy(text, "payload")
    }

    /// The service's id of the selected node.
    pub(super) fn copy_id(&mut self) -> Vec<Effect> {
        let Some(id) = self.selected.and_then(|node| self.id_of(node)) else {
            self.say("this row has no id");
            return Vec::new();
        };
        copy(id.into_bytes(), "id")
    }

    /// The path: of the JSON value in the detail's row, else the locator of the selected node.
    pub(super) fn copy_path(&mut self) -> Vec<Effect> {
        let in_payload = self
            .detail
            .built
            .as_ref()
            .filter(|_| self.in_detail())
            .and_then(|built| built.path(self.detail.cursor));
        let Some(path) = in_payload.or_else(|| self.locator(self.selected?)) else {
            self.say("this row has no path");
            return Vec::new();
        };
        copy(path.into_bytes(), "path")
    }

    fn value_of(&self, node: NodeId) -> Option<Vec<u8>> {
        let mut masking = self.redactor.masking();
        let raw = match self.store.sort(node) {
            Sort::Mission => self.store.mission(node)?.raw.clone(),
            Sort::Run => self.store.run(node)?.raw.clone(),
            Sort::Step => self.store.step(node)?.raw.clone(),
            Sort::Event => {
                let event = self.store.event(node)?;
                match (event.body, analysis::prose(&event)) {
                    (Some(body), _) => event.raw.sub(body),
                    (None, Some(prose)) => {
                        return Some(masking.text(&prose).into_owned().into_bytes());
                    }
                    (None, None) => event.raw,
                }
            }
            Sort::Context | Sort::Note => return None,
        };
        let secrets = self.secrets(node);
        (!raw.is_empty()).then(|| laid_out(masking.json(raw.bytes(), secrets).into_owned()))
    }

    /// Which rules mask a node's record.
    pub(super) fn secrets(&self, node: NodeId) -> Secrets {
        let agentex = self
            .context_of(node)
            .is_some_and(|(_, info)| info.provider == "agentex");
        if agentex && self.store.sort(node) == Sort::Run {
            Secrets::AgentexTask
        } else {
            Secrets::Any
        }
    }

    fn id_of(&self, node: NodeId) -> Option<String> {
        match self.store.sort(node) {
            Sort::Context => self.context_of(node).map(|(_, info)| info.name.clone()),
            Sort::Mission => self.store.mission(node).map(|mission| mission.id.clone()),
            Sort::Run => self.store.run(node).map(|run| run.id.clone()),
            Sort::Step => self.store.step(node).map(|step| step.id.clone()),
            Sort::Event => self.store.event(node).map(|event| event.id),
            Sort::Note => None,
        }
    }

    /// `sortie:CONTEXT/MISSION/RUN#EVENT` as far as the node goes.
    fn locator(&self, node: NodeId) -> Option<String> {
        let mut parts = Vec::new();
        let mut event = None;
        let mut at = node;
        loop {
            match self.store.sort(at) {
                Sort::Event => event = self.id_of(at),
                Sort::Context | Sort::Mission | Sort::Run => parts.push(encoded(&self.id_of(at)?)),
                Sort::Step | Sort::Note => {}
            }
            let owner = self.store.owner(at);
            if owner == at {
                break;
            }
            at = owner;
        }
        parts.reverse();
        let event = event
            .map(|id| format!("#{}", encoded(&id)))
            .unwrap_or_default();
        Some(format!("sortie:{}{event}", parts.join("/")))
    }
}

/// JSON with one value a line, every token as it is; anything else as it is.
fn laid_out(bytes: Vec<u8>) -> Vec<u8> {
    pretty(&bytes, |token, out| out.extend_from_slice(token)).unwrap_or(bytes)
}

fn copy(text: Vec<u8>, what: &'static str) -> Vec<Effect> {
    vec![Effect::Copy { text, what }]
}

/// Keeps RFC 3986's unreserved characters.
fn encoded(id: &str) -> String {
    id.bytes()
        .map(|b| match b {
            b'-' | b'_' | b'.' | b'~' => char::from(b).to_string(),
            b if b.is_ascii_alphanumeric() => char::from(b).to_string(),
            b => format!("%{b:02X}"),
        })
        .collect()
}
