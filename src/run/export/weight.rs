//! What a form weighs: it is written to nowhere and counted. Nothing is fetched for that; what is still to
//! be fetched is said to be missing.

use std::io::{self, Write};

use crate::{
    app::export::Weight,
    cli::{
        export::{
            file::{self, Stop},
            job::{Job, Read},
        },
        session::Asked,
    },
};

/// What runs weigh that are loaded, as long as somebody wants to know.
pub(super) fn weight(job: &Job<'_>, reads: &[(Asked, Read)], stop: &Stop) -> io::Result<Weight> {
    let mut scale = Scale {
        bytes: 0,
        stop: stop.clone(),
    };
    let mut shipment = job.shipment(&mut scale);
    for (asked, read) in reads {
        job.put(asked, read, &mut shipment)?;
    }
    let masked = shipment.end()?;
    Ok(Weight {
        bytes: scale.bytes,
        masked: masked.now + masked.before,
        and_more: reads.iter().any(|(_, read)| Job::lacks(&read.whole)),
    })
}

/// Counts what is written, as long as somebody wants to know.
struct Scale {
    bytes: u64,
    stop: Stop,
}

impl Write for Scale {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.stop.is_set() {
            return Err(file::stopped());
        }
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
