//! Requests to be made again: the one that read a record, and the call that a tool got. What they look
//! like is spelled outside, where addresses are known; here it is decided of which row they are, and a
//! call is looked at before it is copied.

use std::{borrow::Cow, sync::Arc};

use crate::app::{App, Effect, action::Action, list::By, time::when};
use crate::{
    analysis::{OpKind, prose},
    guard::redact::Masking,
    model::{Ask, CallMembers, ContextId, Kind, NodeId, Page, Payload, Sort},
};

/// An order to spell requests.
#[derive(Debug)]
pub struct Again {
    /// Of these, in the order of the rows.
    pub reads: Vec<Read>,
    /// The call that is to be made again in place of them.
    pub call: Option<Call>,
    /// Whether it is looked at before it is copied.
    pub looks: bool,
    /// How they are masked.
    pub masking: Masking,
    /// What it is, in a few words.
    pub what: Cow<'static, str>,
}

/// A read that is to be made again.
#[derive(Clone, Debug)]
pub struct Read {
    /// Which connection.
    pub context: ContextId,
    /// What is read.
    pub of: Target,
    /// In words.
    pub what: String,
}

/// What is read.
#[derive(Clone, Debug)]
pub enum Target {
    /// The first of these that the service answers.
    Asks(Vec<Ask>),
    /// A path with its query, as the list of requests has it.
    Path(String),
}

/// A call that a tool got.
#[derive(Clone, Debug)]
pub struct Call {
    /// The tool; empty where nobody says.
    pub tool: String,
    /// As recorded.
    pub payload: Payload,
    /// Whether that is only what the record says in words.
    pub in_words: bool,
    /// What else than arguments is in it.
    pub members: CallMembers,
    /// Where it is found.
    pub locator: String,
    /// What the service lists beside the mission and the run: it may say how the tool is reached.
    pub lists: Vec<Payload>,
}

/// A call as it can be made again, in one grade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// A, B or C.
    pub grade: char,
    /// What the grade means.
    pub words: &'static str,
    /// The script, masked.
    pub text: String,
    /// Variables that stand for what was masked.
    pub secrets: Vec<String>,
    /// Whether running it may change something.
    pub writes: bool,
    /// The way that a copy of it would take.
    pub route: String,
}

/// A call, looked at.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// In every grade that it has, the best first.
    pub offers: Vec<Offer>,
    /// The one that is shown.
    pub at: usize,
    /// Lines of it that are scrolled away.
    pub top: usize,
}

impl Preview {
    /// The one that is shown.
    pub fn offer(&self) -> Option<&Offer> {
        self.offers.get(self.at)
    }
}

impl App {
    /// `yc`: the request that reads a record again, of each marked row.
    pub(in crate::app) fn read_again(&mut self) -> Vec<Effect> {
        if self.requests.is_some() {
            return self.request_again();
        }
        let rows = self.rows_meant();
        let reads: Vec<Read> = rows.iter().filter_map(|node| self.read_of(*node)).collect();
        if reads.is_empty() {
            self.say("no request reads this row");
            return Vec::new();
        }
        let what = match reads.len() {
            1 => "curl that reads it again".to_owned(),
            count => when::many(count, "curl command"),
        };
        self.again(reads, None, false, what)
    }

    /// The same of a row of the list of requests.
    fn request_again(&mut self) -> Vec<Effect> {
        let list = self.requests.as_ref();
        let Some(sent) = list
            .and_then(|list| list.rows.get(list.view.selected))
            .cloned()
        else {
            self.say("no request was made yet");
            return Vec::new();
        };
        let at = self
            .contexts
            .iter()
            .position(|(_, info)| info.name == sent.context);
        let context = at.and_then(|at| u16::try_from(at).ok()).map(ContextId);
        let Some(context) = context.filter(|_| sent.method == "GET") else {
            self.say("this request is no read of a context, so there is no curl for it");
            return Vec::new();
        };
        let read = Read {
            context,
            of: Target::Path(sent.path),
            what: format!("request to {} made again", sent.context),
        };
        self.again(vec![read], None, false, "curl of the request".to_owned())
    }

    /// `yC`: the call that a tool got, shown before it is copied.
    pub(in crate::app) fn call_again(&mut self, looks: bool) -> Vec<Effect> {
        let Some(node) = self.rows_meant().first().copied() else {
            return Vec::new();
        };
        if self.call_of(node).is_none() {
            self.say(self.said_of_no_call());
            return Vec::new();
        }
        let asks = self.ask_beside(node, looks);
        asks.unwrap_or_else(|| self.spelled_call(node, looks))
    }

    /// The same with what is known.
    pub(in crate::app) fn spelled_call(&self, node: NodeId, looks: bool) -> Vec<Effect> {
        let Some(call) = self.call_of(node) else {
            return Vec::new();
        };
        let reads = self.read_of(node).into_iter().collect();
        self.again(reads, Some(call), looks, "curl".to_owned())
    }

    fn said_of_no_call(&self) -> String {
        format!(
            "this row is no tool call; {} copies the curl that reads it again",
            self.key_of(Action::CopyFetch)
        )
    }

    /// Why there is no call to be made again here; none where there is one.
    pub(in crate::app) fn no_call(&self) -> Option<String> {
        let node = self.rows_meant().first().copied();
        let call = node.is_some_and(|node| self.call_of(node).is_some());
        (!call).then(|| self.said_of_no_call())
    }

    fn again(
        &self,
        reads: Vec<Read>,
        call: Option<Call>,
        looks: bool,
        what: String,
    ) -> Vec<Effect> {
        vec![Effect::Again(Box::new(Again {
            reads,
            call,
            looks,
            masking: self.redactor.masking(),
            what: what.into(),
        }))]
    }

    fn call_of(&self, node: NodeId) -> Option<Call> {
        if self.store.sort(node) != Sort::Event {
            return None;
        }
        let operation = self.operation(node)?;
        if operation.kind != OpKind::Tool {
            return None;
        }
        let event = self.store.event(operation.node)?;
        let payload = match (event.kind, event.body) {
            (Kind::ToolCall, Some(body)) => event.raw.sub(body),
            // What was called with text alone.
            (Kind::ToolCall, None) => {
                let said = prose(&event).unwrap_or_default();
                Payload::new(serde_json::Value::from(said).to_string().into())
            }
            _ => return None,
        };
        let context = self.context_of(node);
        Some(Call {
            tool: operation.tool.unwrap_or_default(),
            payload,
            in_words: event.body.is_none(),
            members: context
                .map(|(_, info)| info.call_members)
                .unwrap_or_default(),
            locator: self.locator(operation.node).unwrap_or_default(),
            lists: self.beside(node),
        })
    }

    /// What came beside the mission and the run of a row.
    fn beside(&self, node: NodeId) -> Vec<Payload> {
        let run = self.run_of(node);
        let of_run = run.and_then(|run| Some(&self.store.run(run)?.extras));
        let mission = run.and_then(|run| self.mission_of(run));
        let of_mission = mission.and_then(|mission| Some(&self.store.mission(mission)?.extras));
        let all = of_run.into_iter().chain(of_mission).flatten();
        all.map(|extra| extra.raw.clone()).collect()
    }

    fn read_of(&self, node: NodeId) -> Option<Read> {
        let (context, _) = self.context_of(node)?;
        let page = Page::default();
        let id = self.id_of(node).unwrap_or_default();
        let (asks, what) = match self.store.sort(node) {
            Sort::Context => (
                vec![Ask::Missions { page }],
                "the list of missions".to_owned(),
            ),
            Sort::Mission => {
                let mission: Arc<str> = Arc::from(id.as_str());
                (
                    vec![Ask::Mission { mission }, Ask::Missions { page }],
                    format!("mission {id}"),
                )
            }
            Sort::Run => (vec![Ask::Run(self.run_ref(node)?)], format!("run {id}")),
            Sort::Step => {
                let run = self.run_ref(self.run_of(node)?)?;
                (
                    vec![Ask::Steps(run.clone()), Ask::Run(run.clone())],
                    format!("the plan of run {}", run.run),
                )
            }
            Sort::Event => {
                let run = self.run_ref(self.run_of(node)?)?;
                let event: Arc<str> = Arc::from(id.as_str());
                let what = format!("event {id} of run {}", run.run);
                let one = Ask::Event {
                    run: run.clone(),
                    event,
                };
                (vec![one, Ask::Events { run, page }], what)
            }
            Sort::Note | Sort::Group => return None,
        };
        Some(Read {
            context,
            of: Target::Asks(asks),
            what: format!("{what}, read again"),
        })
    }

    /// A call is there to be looked at.
    pub(in crate::app) fn show_offers(&mut self, offers: Vec<Offer>) {
        self.dirty = true;
        if offers.is_empty() {
            self.complain("the call could not be spelled");
            return;
        }
        self.preview = Some(Preview {
            offers,
            ..Preview::default()
        });
    }

    /// What a key does while a call is looked at; none where nothing is.
    pub(in crate::app) fn act_in_preview(&mut self, action: Action) -> Option<Vec<Effect>> {
        let preview = self.preview.as_mut()?;
        let offer = preview.offer().cloned().unwrap_or_default();
        let copy = || Effect::Copy {
            text: offer.text.clone().into_bytes(),
            what: format!("curl, grade {}", offer.grade).into(),
        };
        let lines = offer.text.lines().count().saturating_sub(1);
        let by = match action {
            Action::Grade => {
                preview.at = (preview.at + 1)
                    .checked_rem(preview.offers.len())
                    .unwrap_or(0);
                preview.top = 0;
                return Some(Vec::new());
            }
            Action::MoveDown => By::Down(1),
            Action::MoveUp => By::Up(1),
            Action::PageDown => By::Down(10),
            Action::PageUp => By::Up(10),
            Action::Suspend | Action::Redraw | Action::Quit => return None,
            done => {
                let effect = match done {
                    Action::Open => Some(copy()),
                    Action::Print => Some(Effect::Print(Box::new(copy()))),
                    Action::Save => match copy() {
                        Effect::Copy { text, what } => Some(Effect::Save { text, what }),
                        _ => None,
                    },
                    _ => None,
                };
                self.preview = None;
                return Some(effect.into_iter().collect());
            }
        };
        preview.top = by.from(preview.top, lines + 1);
        Some(Vec::new())
    }
}
