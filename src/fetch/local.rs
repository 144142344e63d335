//! Answers that nobody has to wait for: what opened files say of themselves, where saying it takes no
//! time. Everything else is the engine's.

use super::line::{Inner, Line};
use crate::model::{Arrival, Batch, Got, Ticket};

/// The whole answer as it would be mailed; none where it has to be fetched or read first.
pub(super) fn answer(line: &Line, ticket: &Ticket) -> Option<Vec<Arrival>> {
    let Inner::File(source) = line.inner() else {
        return None;
    };
    let Batch { rows, skipped, .. } = source.at_once(&ticket.ask)?;
    let told = (!rows.is_empty() || skipped > 0).then_some(Got::Rows { rows, skipped });
    let all = told.into_iter().chain([Got::Done { more: None }]);
    let arrival = |got| Arrival {
        context: ticket.context,
        node: ticket.node,
        generation: ticket.generation,
        ask: ticket.ask.clone(),
        got,
    };
    Some(all.map(arrival).collect())
}
