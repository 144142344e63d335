//! What pictures of a run were made of lately. A screen is drawn at every key, and at most keys neither the
//! run nor the window of time has changed: thousands of operations are then not looked up again.

use std::sync::{Arc, Mutex, PoisonError};

use crate::{analysis::OpKind, model::Time};

/// From, to, and of many together how many nanoseconds of it.
pub(super) type Stretch = (Time, Time, Option<u64>);

/// What is drawn between which times.
type Asked = (OpKind, Time, Time);

/// Two lanes of two windows.
const MOST: usize = 4;

/// Until the run changes.
#[derive(Debug, Default)]
pub(super) struct Drawn(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    lanes: Vec<(Asked, Arc<[Stretch]>)>,
    failures: Option<Arc<[Time]>>,
}

impl Drawn {
    /// The run has changed.
    pub fn forget(&mut self) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.lanes.clear();
        kept.failures = None;
    }

    /// A lane, made where it is not kept.
    pub fn lane(&self, asked: Asked, make: impl FnOnce() -> Vec<Stretch>) -> Arc<[Stretch]> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lane)) = kept.lanes.iter().find(|(known, _)| *known == asked) {
            return Arc::clone(lane);
        }
        let lane: Arc<[_]> = make().into();
        if kept.lanes.len() == MOST {
            kept.lanes.remove(0);
        }
        kept.lanes.push((asked, Arc::clone(&lane)));
        lane
    }

    /// When failures were, made where that is not kept.
    pub fn failures(&self, make: impl FnOnce() -> Vec<Time>) -> Arc<[Time]> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(kept.failures.get_or_insert_with(|| make().into()))
    }
}

/// A copy of a run draws its own pictures.
impl Clone for Drawn {
    fn clone(&self) -> Self {
        Self::default()
    }
}
