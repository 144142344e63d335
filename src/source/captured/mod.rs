//! Replies of a service that somebody captured, in one file or in several: told by their shape, read by that
//! service's own reader, and put together by the runs that they are of. What is nothing of a run is shown
//! record by record.

mod gather;
mod group;
mod paper;
mod scan;
mod slot;

pub(super) use gather::Gathering;
pub(super) use paper::page;
pub(super) use scan::{Scan, read};
