//! `sortie contexts`: which contexts there are and where their credentials come from. Sends nothing,
//! so that it answers at once and costs nothing.

use std::io;

use super::{
    exit::Exit,
    print::{Field, Outlet, json},
    session::Session,
};
use crate::{args::Format, export::record::ContextRecord};

pub(super) fn run(session: &Session, format: Format, outlet: &mut Outlet<'_>) -> io::Result<Exit> {
    let records: Vec<ContextRecord> = session
        .contexts
        .iter()
        .map(|asked| asked.record.clone())
        .collect();
    let mut masking = session.redactor.masking();
    if format == Format::Text {
        let mut sheet = session.sheet(&mut masking, outlet.columns);
        let text = sheet.contexts(&records);
        outlet.out.write_all(text.as_bytes())?;
    } else {
        let items = records.iter().map(json).collect::<io::Result<_>>()?;
        let fields = [("items", Field::Many(items))];
        outlet.records(format, "sortie.contexts/1", &fields, &[], &mut masking)?;
    }
    Ok(Exit::Ok)
}
