//! Runs that another run of the same file started.

use super::{carried::Origin, kept::Kept};

impl Origin {
    /// Those of which nothing else is there are told with the run that started them.
    pub fn settle(&mut self) {
        for file in &mut self.missions {
            let ids: Vec<String> = file.runs.iter().map(|kept| kept.run.id.clone()).collect();
            let (runs, children): (Vec<Kept>, Vec<Kept>) = std::mem::take(&mut file.runs)
                .into_iter()
                .partition(|kept| {
                    let parent = kept.run.parent_run_id.as_ref();
                    kept.len() > 0 || parent.is_none_or(|parent| !ids.contains(parent))
                });
            file.runs = runs;
            for child in children {
                let parent = child.run.parent_run_id.as_deref();
                let mut runs = file.runs.iter_mut();
                if let Some(of) = runs.find(|kept| Some(kept.run.id.as_str()) == parent) {
                    of.children.push(child.run);
                } else {
                    file.runs.push(child);
                }
            }
        }
    }
}
