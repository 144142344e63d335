//! `sortie curl RUN[#EVENT] [--replay]`: the request that reads a run or an event again, or the call that a
//! tool got, as a script for a shell. Nothing is sent but what it takes to find them; the script is printed
//! and not run.

use std::io;

use serde::Serialize;

use super::{
    exit::{Exit, Stop},
    gather::{Parts, Whole, reference},
    missions,
    print::{Field, Outlet, json},
    refuse,
    session::{Asked, Session},
    show::{Shown, event_at},
};
use crate::{
    analysis::{OpKind, prose},
    args::Format,
    export::{
        curl::{self, Script},
        record::{Home, locator},
    },
    model::{Ask, Event, Get, Kind, Mission, Page, Payload, Run},
    text::percent::encoded,
};

/// A script as a record.
#[derive(Debug, Serialize)]
struct ScriptRecord<'a> {
    /// Null where a record is read again.
    grade: Option<char>,
    /// What the grade means.
    meaning: Option<&'static str>,
    script: &'a str,
    /// Variables that have to be set first.
    variables: &'a [String],
    writes: bool,
}

pub(super) async fn run(
    session: &Session,
    address: &str,
    replay: bool,
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let (address, located, asked) = match session.sought(address).await {
        Ok(sought) => sought,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    let (found, run) = (Found { session, asked }, &located.placed.row);
    let mut failures = located.failures;
    let Some(wanted) = address.event.clone().or(located.event) else {
        if replay {
            let message = "--replay makes a call again: name it, like RUN#EVENT".to_owned();
            return refuse(session, &Stop::Usage(message), format, outlet);
        }
        let Some(get) = found.get(&[Ask::Run(reference(run))]) else {
            return refuse(session, &no_request(), format, outlet);
        };
        let what = format!("run {}, read again", run.id);
        found.print_read(&get, &what, format, outlet)?;
        outlet.failures(format, &failures, &mut session.redactor.masking())?;
        return Ok(Exit::of(true, &failures));
    };
    let mut whole = session.whole(asked, run, Parts::ALL).await;
    failures.extend(whole.failures.iter().cloned());
    let at = match event_at(&address, &wanted, &whole, &failures) {
        Ok(at) => at,
        Err(stop) => return refuse(session, &stop, format, outlet),
    };
    if !replay {
        let event = whole.events.get(at);
        let get = event.and_then(|event| found.get(&asks(&whole.run, event)));
        let (Some(event), Some(get)) = (event, get) else {
            return refuse(session, &no_request(), format, outlet);
        };
        let what = format!("event {} of run {}, read again", event.id, run.id);
        found.print_read(&get, &what, format, outlet)?;
        outlet.failures(format, &failures, &mut session.redactor.masking())?;
        return Ok(Exit::of(true, &failures));
    }
    let head = found.head(&whole, at);
    failures.extend(
        Shown { session, asked }
            .content(&mut whole, vec![head], format, outlet)
            .await?,
    );
    // Nothing is lost where these lists cannot be had: then nobody says how the tool is reached.
    let mission = Mission {
        id: whole.run.mission_id.clone(),
        ..Mission::default()
    };
    let detailed = missions::detailed(session, found.asked, mission);
    let (mission, _) = Box::pin(detailed).await;
    let Some(scripts) = found.replays(&whole, &mission, at) else {
        let message = format!(
            "`{}` is no tool call, so there is nothing to call again",
            address.text
        );
        return refuse(session, &Stop::Usage(message), format, outlet);
    };
    found.print(&scripts, format, outlet)?;
    outlet.failures(format, &failures, &mut session.redactor.masking())?;
    Ok(Exit::of(true, &failures))
}

fn no_request() -> Stop {
    Stop::Usage("no request reads it again: it came from a file".to_owned())
}

fn asks(run: &Run, event: &Event) -> [Ask; 2] {
    let run = reference(run);
    let one = Ask::Event {
        run: run.clone(),
        event: event.id.as_str().into(),
    };
    let page = Page::default();
    [one, Ask::Events { run, page }]
}

/// A context in which something was found.
struct Found<'a> {
    session: &'a Session,
    asked: &'a Asked,
}

impl Found<'_> {
    fn get(&self, asks: &[Ask]) -> Option<Get> {
        let connection = self.asked.line.connection()?;
        asks.iter().find_map(|ask| connection.get(ask))
    }

    /// The place of the event that the row of an operation is.
    fn head(&self, whole: &Whole, at: usize) -> usize {
        let operation = self.session.course(self.asked, whole).operation_at(at);
        operation.map_or(at, |operation| operation.node.index())
    }

    /// The call in every grade that it has; none where it is no call.
    fn replays(&self, whole: &Whole, mission: &Mission, at: usize) -> Option<Vec<Script>> {
        let course = self.session.course(self.asked, whole);
        let operation = course.operation_at(at)?;
        let event = course.event(operation.node)?;
        if operation.kind != OpKind::Tool || event.kind != Kind::ToolCall {
            return None;
        }
        let payload = if let Some(body) = event.body {
            event.raw.sub(body)
        } else {
            let said = prose(event).unwrap_or_default();
            Payload::new(serde_json::Value::from(said).to_string().into())
        };
        let home: Home<'_> = self.asked.home();
        let mut masking = self.session.redactor.masking();
        let place = locator(home, &whole.run, &mut masking);
        let place = format!("{place}#{}", encoded(&masking.id(&event.id)));
        let extras = whole.run.extras.iter().chain(&mission.extras);
        let lists: Vec<Payload> = extras.map(|extra| extra.raw.clone()).collect();
        let asked = curl::Asked {
            tool: operation.tool.as_deref().unwrap_or_default(),
            payload: payload.bytes(),
            in_words: event.body.is_none(),
            members: self.asked.call_members(),
            locator: &place,
            lists: &lists,
        };
        let source = self.get(&asks(&whole.run, event));
        let mut masking = self.session.redactor.masking();
        Some(curl::replays(
            asked,
            &self.session.tools,
            source.as_ref(),
            &mut masking,
        ))
    }

    fn print_read(
        &self,
        get: &Get,
        what: &str,
        format: Format,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<()> {
        let text = curl::refetch(get, what, &mut self.session.redactor.masking());
        if format == Format::Text {
            return outlet.out.write_all(text.as_bytes());
        }
        let record = ScriptRecord {
            grade: None,
            meaning: None,
            script: &text,
            variables: &[],
            writes: false,
        };
        self.records(vec![json(&record)?], format, outlet)
    }

    /// As text the best one, as records all of them.
    fn print(&self, scripts: &[Script], format: Format, outlet: &mut Outlet<'_>) -> io::Result<()> {
        if format == Format::Text {
            let best = scripts.first().map(|script| script.text.as_str());
            return outlet.out.write_all(best.unwrap_or_default().as_bytes());
        }
        let records = scripts.iter().map(|script| {
            json(&ScriptRecord {
                grade: Some(script.grade.letter()),
                meaning: Some(script.grade.words()),
                script: &script.text,
                variables: &script.secrets,
                writes: script.writes,
            })
        });
        self.records(records.collect::<io::Result<_>>()?, format, outlet)
    }

    fn records(
        &self,
        records: Vec<String>,
        format: Format,
        outlet: &mut Outlet<'_>,
    ) -> io::Result<()> {
        let fields = [("items", Field::Many(records))];
        let mut masking = self.session.redactor.masking();
        outlet.records(format, "sortie.curl/1", &fields, &[], &mut masking)
    }
}
