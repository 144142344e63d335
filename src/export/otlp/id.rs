//! Ids of traces and spans, made of what names a run and its events, so that the same run gives the same
//! ids each time and a receiver knows what it has already. Ids that a service gives in the right form stay.

use sha2::{Digest as _, Sha256};

use crate::{export::record::Home, model::Run};

/// Of a run, 16 bytes: of what the service calls it and the mission that it is of, and of nothing that
/// somebody chose here. What a context is called differs from one person to the next, and both must give a
/// run the same ids; a service's account is told by no record, so that two accounts in which somebody gave mission and run the
/// same ids share a trace.
pub(super) fn trace(home: Home<'_>, run: &Run) -> Vec<u8> {
    let named = [home.provider, &run.mission_id, &run.id].join("|");
    given(&run.id, 16).unwrap_or_else(|| hashed(&[named.as_bytes()], 16))
}

/// Of an event of a trace, 8 bytes.
pub(super) fn span(trace: &[u8], event: &str) -> Vec<u8> {
    given(event, 8).unwrap_or_else(|| named(trace, event))
}

/// Of something else in a trace, 8 bytes.
pub(super) fn named(trace: &[u8], name: &str) -> Vec<u8> {
    hashed(&[trace, b"|", name.as_bytes()], 8)
}

/// The bytes that the digits spell, if they are just as many and not all zero.
fn given(id: &str, bytes: usize) -> Option<Vec<u8>> {
    if id.len() != bytes * 2 || !id.is_ascii() {
        return None;
    }
    let pairs = (0..bytes).map(|at| id.get(at * 2..at * 2 + 2));
    let read: Option<Vec<u8>> = pairs
        .map(|pair| u8::from_str_radix(pair.filter(|pair| !pair.contains('+'))?, 16).ok())
        .collect();
    read.filter(|read| read.iter().any(|byte| *byte != 0))
}

fn hashed(parts: &[&[u8]], bytes: usize) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into_iter().take(bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_same_each_time_and_those_given_stay() {
        let home = Home {
            context: "prod",
            provider: "telnyx",
        };
        let run = |mission: &str, id: &str| Run {
            mission_id: mission.to_owned(),
            id: id.to_owned(),
            ..Run::default()
        };
        let one = trace(home, &run("m", "8c41"));
        assert_eq!((one.len(), &one), (16, &trace(home, &run("m", "8c41"))));
        assert_ne!(one, trace(home, &run("m", "8c42")));
        assert_ne!(one, trace(home, &run("n", "8c41")));
        let renamed = Home {
            context: "stage",
            ..home
        };
        assert_eq!(one, trace(renamed, &run("m", "8c41")), "a name of ours");
        let elsewhere = Home {
            provider: "agentex",
            ..home
        };
        assert_ne!(one, trace(elsewhere, &run("m", "8c41")));
        assert_eq!(span(&one, "e1").len(), 8);
        assert_ne!(span(&one, "e1"), span(&one, "e2"));
        assert_eq!(
            span(&one, "00f067aa0ba902b7"),
            [0, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 2, 0xb7]
        );
        assert_ne!(span(&one, "0000000000000000"), [0; 8]);
        assert_eq!(
            trace(home, &run("m", "4bf92f3577b34da6a3ce929d0e0e4736"))[..2],
            [0x4b, 0xf9]
        );
        assert_eq!(given("+1+2+3+4+5+6+7+8", 8), None);
    }
}
