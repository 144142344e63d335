//! A service whose every name, text and payload is an attack, and a person who looks at it, with the
//! terminal's line listened to after every key.

use bytes::Bytes;
use sortie::app::{ContextInfo, Msg, Pane, key};
use sortie::model::{
    Ask, Event, Fact, Got, Kind, Mission, Order, Payload, Record, Row, Run, RunStatus, Sent, Span,
    Step, StepStatus, Ticket, Trouble,
};

use crate::desk::{Desk, setup};
use crate::library;
use crate::wire::Wire;

/// The attack as far as it can be text.
pub fn text(attack: &[u8]) -> String {
    String::from_utf8_lossy(attack).into_owned()
}

/// As a JSON string.
fn quoted(attack: &[u8]) -> String {
    serde_json::Value::from(text(attack)).to_string()
}

/// As a JSON string of escapes alone, halves of pairs included.
fn escaped(attack: &[u8]) -> String {
    let units: Vec<String> = text(attack)
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    let units = units.concat();
    format!("\"{units}\\ud800 \\udc00\\u001b[2J\"")
}

/// As a JSON string that holds the bytes as they are.
fn bare(attack: &[u8]) -> Vec<u8> {
    let held = attack.iter().filter(|byte| !matches!(byte, b'"' | b'\\'));
    [b'"']
        .into_iter()
        .chain(held.copied())
        .chain([b'"'])
        .collect()
}

fn whole(payload: &Payload) -> Span {
    Span::new(0, payload.len()).unwrap()
}

fn said(kind: Kind, string: impl Into<Vec<u8>>) -> Event {
    let raw = Payload::new(Bytes::from(string.into()));
    Event {
        kind,
        prose: vec![whole(&raw)],
        raw,
        ..Event::default()
    }
}

fn carried(kind: Kind, bytes: impl Into<Vec<u8>>) -> Event {
    let raw = Payload::new(Bytes::from(bytes.into()));
    Event {
        kind,
        body: Some(whole(&raw)),
        call_id: Some("c".to_owned()),
        raw,
        ..Event::default()
    }
}

/// What an attack can be in a run: words, thoughts, a call and its result, an error, a record of no
/// known kind.
pub fn events(attack: &[u8]) -> Vec<Event> {
    let (told, words) = (text(attack), quoted(attack));
    let inner = serde_json::Value::from(format!("{{{words}:[{words}]}}"));
    let call = format!(
        "{{{words}:{words},\"inner\":{inner},\"at\":1755742800,{}:1}}",
        escaped(attack)
    );
    let markdown = serde_json::Value::from(format!("# {told}\n\n- {told}\n\n> {told}\n\n`{told}`"));
    let mut events = vec![
        said(Kind::Message, words),
        said(Kind::Message, markdown.to_string()),
        said(Kind::Reasoning, bare(attack)),
        carried(Kind::ToolCall, call),
        carried(Kind::ToolResult, attack),
        said(Kind::Error, escaped(attack)),
        carried(
            Kind::Data,
            [b"{\"a\":", &bare(attack)[..], b",\"b\":"].concat(),
        ),
        Event {
            raw: Payload::new(Bytes::from(attack.to_vec())),
            ..Event::default()
        },
    ];
    for event in &mut events {
        event.type_sent.clone_from(&told);
        event.tool = Some(told.clone());
        event.title = Some(told.clone());
        event.summary = Some(told.clone());
        event.agent = Some(told.clone());
    }
    events
}

/// All of a run, numbered.
pub fn course(attacks: &[Vec<u8>]) -> Vec<Event> {
    let events = attacks.iter().enumerate().flat_map(|(of, attack)| {
        events(attack).into_iter().map(move |event| Event {
            call_id: event.call_id.as_ref().map(|_| format!("call {of}")),
            ..event
        })
    });
    let numbered = (0..).zip(events).map(|(at, event)| Event {
        id: format!("e{at}"),
        order: Order { at, tie: 0 },
        ..event
    });
    numbered.collect()
}

pub fn mission(told: &str) -> Mission {
    Mission {
        id: told.to_owned(),
        name: told.to_owned(),
        description: Some(told.to_owned()),
        status: Some(told.to_owned()),
        facts: vec![Fact {
            label: "model",
            value: told.to_owned(),
            of: None,
        }],
        raw: Payload::new(Bytes::from(told.to_owned())),
        ..Mission::default()
    }
}

pub fn run(told: &str) -> Run {
    Run {
        mission_id: told.to_owned(),
        id: told.to_owned(),
        title: told.to_owned(),
        status: RunStatus::Failed,
        status_sent: Some(told.to_owned()),
        status_reason: Some(told.to_owned()),
        error: Some(told.to_owned()),
        facts: vec![Fact {
            label: "input",
            value: told.to_owned(),
            of: None,
        }],
        raw: Payload::new(Bytes::from(told.to_owned())),
        ..Run::default()
    }
}

pub fn step(told: &str) -> Step {
    Step {
        id: told.to_owned(),
        title: told.to_owned(),
        status: StepStatus::Failed,
        status_sent: Some(told.to_owned()),
        raw: Payload::new(Bytes::from(told.to_owned())),
        ..Step::default()
    }
}

/// A person before that service.
pub struct Walk {
    pub desk: Desk,
    wire: Wire,
}

impl Walk {
    /// Before a context of that name whose lists hold the attacks; with `fails` its events do not come.
    pub fn before(size: (u16, u16), name: &[u8], attacks: &[Vec<u8>], fails: bool) -> Self {
        let told = text(name);
        let info = ContextInfo {
            name: told.clone(),
            provider: "telnyx".to_owned(),
            base_url: told.clone(),
            credential: told.clone(),
            insecure: false,
            call_ids: true,
            call_members: sortie::model::CallMembers::default(),
            all_runs: false,
            tails: false,
            console_url: None,
            offline: None,
        };
        let events = course(attacks);
        let answer = move |ticket: &Ticket| {
            let records = match &ticket.ask {
                Ask::Missions { .. } => vec![Record::Mission(mission(&told))],
                Ask::Runs { .. } => vec![Record::Run(run(&told))],
                Ask::Steps(_) => vec![Record::Step(step(&told))],
                Ask::Events { .. } if fails => {
                    let message = told.clone();
                    let trouble = Trouble::Service {
                        status: 500,
                        message,
                    };
                    return vec![(ticket.ask.clone(), Got::Failed(trouble))];
                }
                Ask::Events { .. } => events.iter().cloned().map(Record::Event).collect(),
                _ => Vec::new(),
            };
            let rows = records.into_iter().map(Row::Full).collect();
            vec![
                (ticket.ask.clone(), Got::Rows { rows, skipped: 1 }),
                (ticket.ask.clone(), Got::Done { more: None }),
            ]
        };
        let mut desk = Desk::new(size, setup(vec![info]), answer);
        desk.sent = vec![Sent {
            at: library::now(),
            context: text(name),
            method: "GET",
            path: text(name),
            status: Some(500),
            took: std::time::Duration::from_millis(3),
            bytes: 7,
            retries: 1,
            cached: false,
            reason: text(name),
        }];
        let mut walk = Self {
            desk,
            wire: Wire::new(size),
        };
        walk.look();
        walk
    }

    fn look(&mut self) {
        self.wire.paint(&self.desk.app, &self.desk.style);
    }

    /// Presses keys, with a look after each.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in key::parse_sequence(keys).unwrap() {
            self.tell(Msg::Key(key));
        }
        self
    }

    /// Something happens.
    pub fn tell(&mut self, msg: Msg) -> &mut Self {
        self.desk.tell(msg);
        self.look();
        self
    }

    /// Opens everything down to the events, on the screen of the run.
    pub fn open(&mut self) -> &mut Self {
        self.press("g j l j enter g")
    }

    /// Does something with each event of the run, from the first to the last, and comes back to its row.
    pub fn each_event(&mut self, mut act: impl FnMut(&mut Self)) {
        loop {
            let here = self.desk.app.selected;
            act(self);
            while self.desk.app.focus == Pane::Detail || self.desk.app.full == Some(Pane::Detail) {
                self.press("esc");
            }
            assert_eq!(self.desk.app.selected, here, "it came back");
            if self.press("j").desk.app.selected == here {
                return;
            }
        }
    }
}
