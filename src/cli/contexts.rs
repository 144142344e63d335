//! `sortie contexts`: which contexts there are and where their credentials come from. Listing them
//! sends nothing; `test` asks each service the cheapest question that proves address, credential and
//! permission, and says what to do where it fails.

use std::io;

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::time::Instant;

use super::{
    exit::{Exit, Failure, Stop},
    print::{Field, Outlet, json},
    refuse,
    session::{Asked, Session},
};
use crate::{
    args::Format,
    export::record::{ContextRecord, ProofRecord},
    guard::Masking,
    model::{Ask, Limit, Page},
};

pub(super) fn run(session: &Session, format: Format, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let records: Vec<ContextRecord> = session
        .contexts
        .iter()
        .map(|asked| asked.record.clone())
        .collect();
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet);
        let text = sheet.contexts(&records);
        outlet.out.write_all(text.as_bytes())?;
    } else {
        let items = records.iter().map(json).collect::<io::Result<_>>()?;
        let fields = [("items", Field::Many(items))];
        outlet.records(format, "sortie.contexts/1", &fields, &[], &mut masking)?;
    }
    Ok(Exit::Ok)
}

/// Asks the named contexts, or all of them, at the same time. People get each line as it is known, so
/// that the slowest does not keep the others from them.
pub(super) async fn test(
    session: &Session,
    names: &[String],
    format: Format,
    outlet: &mut Outlet<'_>,
) -> io::Result<Exit> {
    let is_there = |name: &&String| session.contexts.iter().any(|a| a.record.name == **name);
    if let Some(name) = names.iter().find(|name| !is_there(name)) {
        let stop = Stop::Usage(format!("there is no context `{name}`"));
        return refuse(session, &stop, format, outlet);
    }
    let wanted = |asked: &&Asked| names.is_empty() || names.contains(&asked.record.name);
    let chosen: Vec<&Asked> = session.contexts.iter().filter(wanted).collect();
    let mut proving: FuturesUnordered<_> = chosen
        .iter()
        .enumerate()
        .map(|(at, asked)| async move { (at, *asked, prove(session, asked).await) })
        .collect();
    let mut masking = session.redactor.masking();
    let records = chosen.iter().map(|asked| &asked.record);
    let mut columns = session.sheet(&mut masking, outlet).proof_columns(records);
    let mut proofs = Vec::new();
    while let Some((at, asked, (duration_ms, failure))) = proving.next().await {
        let proof = proof(asked, duration_ms, failure.as_ref(), &mut masking);
        if format == Format::Text {
            let hint = failure.as_ref().map(|failure| failure.record().hint);
            let mut sheet = session.sheet(&mut masking, outlet);
            let line = sheet.proof(&mut columns, &proof, hint.as_deref());
            outlet.out.write_all(line.as_bytes())?;
            outlet.out.flush()?;
        }
        proofs.push((at, proof, failure));
    }
    // Scripts get the order of the configuration.
    proofs.sort_by_key(|(at, ..)| *at);
    let failures: Vec<Failure> = proofs.iter().filter_map(|(.., why)| why.clone()).collect();
    if format != Format::Text {
        let items = proofs.iter().map(|(_, proof, _)| json(proof));
        let fields = [("items", Field::Many(items.collect::<io::Result<_>>()?))];
        let schema = "sortie.contexts/1";
        outlet.records(format, schema, &fields, &failures, &mut masking)?;
    }
    Ok(verdict(&failures))
}

/// How long the proof took in milliseconds, and why it failed.
pub(super) async fn prove(session: &Session, asked: &Asked) -> (u64, Option<Failure>) {
    let began = Instant::now();
    let check = if asked.answers(&Ask::Check) {
        Ask::Check
    } else {
        Ask::Missions {
            page: Page::default(),
        }
    };
    let limit = Limit {
        rows: 1,
        ..Limit::NONE
    };
    let (_, failure) = session.ask(asked, check, limit).await;
    let took = began.elapsed().as_millis();
    (u64::try_from(took).unwrap_or(u64::MAX), failure)
}

fn proof(
    asked: &Asked,
    duration_ms: u64,
    failure: Option<&Failure>,
    masking: &mut Masking,
) -> ProofRecord {
    let error = failure.map(|failure| masking.text(&failure.record().message).into_owned());
    let context = ContextRecord {
        ok: failure.is_none(),
        error,
        ..asked.record.clone()
    };
    ProofRecord {
        context,
        duration_ms,
    }
}

/// The lines about failures are the answer here and not what is left of one, so the code says what
/// failed. An address that knows nothing of the question is not that of the service.
fn verdict(failures: &[Failure]) -> Exit {
    match Exit::of(false, failures) {
        Exit::NotFound => Exit::Service,
        exit => exit,
    }
}
