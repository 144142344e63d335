//! What is said of the filter: its clauses, how much matches, what was not read, and what to do where
//! nothing does.

use crate::app::{App, action::Action, arrange::Arrangement, outline::Mark, time::when};

/// The line of the filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Each clause as it is written.
    pub chips: Vec<String>,
    /// How much matches; where nothing does, why and what to do.
    pub count: String,
    /// What was not read, where that matters.
    pub not_read: Option<String>,
    /// Whether nothing matches.
    pub none: bool,
}

/// What is counted.
#[derive(Clone, Copy)]
enum Of {
    Operations(usize),
    Runs(usize),
}

impl App {
    /// What the line of the filter says; none without one.
    pub fn filter_told(&self) -> Option<Told> {
        let filter = self.filter.as_ref()?;
        let chips = filter.query.clauses();
        let chips: Vec<String> = chips.iter().map(ToString::to_string).collect();
        let (matches, all) = self.filter_count()?;
        let more = if filter.done { "" } else { "+" };
        let beyond = self.not_looked_through();
        let loaded = if beyond.is_some() { " loaded" } else { "" };
        let mut count = match all {
            Of::Operations(all) => format!("{matches} of {all}{more}{loaded} match"),
            Of::Runs(all) => format!("{matches} of {} match", when::many(all, "run")),
        };
        let worst = self.worst_clause();
        if let Some((clause, _)) = worst {
            let all = match all {
                Of::Operations(all) => when::many(
                    all,
                    if beyond.is_some() {
                        "loaded operation"
                    } else {
                        "operation"
                    },
                ),
                Of::Runs(all) => when::many(all, "run"),
            };
            let key = self.key_of(Action::Escape);
            let on = match &beyond {
                Some(_) => format!("{} Enter reads on, ", self.key_of(Action::Filter)),
                None => String::new(),
            };
            count = format!("matches none of {all}; {on}{key} clears it");
            if let Some(clause) = chips.get(clause).filter(|_| chips.len() > 1) {
                count = format!("{count}, Backspace drops {clause}, which hides most");
            }
            for path in &filter.end.absent {
                count = format!("{count}; nothing loaded has {path}");
            }
        }
        if filter.aside.is_some() {
            count.push_str(", in context (Esc)");
        }
        Some(Told {
            chips,
            count,
            not_read: beyond.or_else(|| self.filter_not_read()),
            none: worst.is_some(),
        })
    }

    /// How many match, and of how many.
    fn filter_count(&self) -> Option<(usize, Of)> {
        let filter = self.filter.as_ref()?;
        if let Some(run) = self.screen() {
            let matches = self.outline.marked(Mark::Match);
            let all = self
                .digest(run)
                .map_or(0, |digest| digest.counts().operations);
            return Some((matches, Of::Operations(all as usize)));
        }
        Some(if filter.query.asks_about_operations() {
            let matches = self.outline.marked(Mark::Match);
            // With what was read since it was asked.
            let read = self.digests.values();
            let read = read.map(|reading| reading.digest().counts().operations as usize);
            let all = filter.looked.max(if filter.done { read.sum() } else { 0 });
            (matches, Of::Operations(all))
        } else if matches!(self.arranged.by, Arrangement::Inbox | Arrangement::Causes) {
            // Of what the window shows, not of all that was ever loaded.
            let tally = self.arranged.tally;
            (tally.matching, Of::Runs(tally.runs))
        } else {
            (filter.heads.len(), Of::Runs(filter.runs))
        })
    }

    /// `not read: 3, missions not opened: 5 (& Enter reads on)`
    fn filter_not_read(&self) -> Option<String> {
        let filter = self.filter.as_ref()?;
        // An inbox has asked for the runs of its window, whatever missions were opened.
        let missions = match self.arranged.by {
            Arrangement::Inbox | Arrangement::Causes => 0,
            Arrangement::Missions | Arrangement::Contexts => filter.unopened.len(),
        };
        let runs = filter.not_read.len();
        let told: Vec<String> = [(runs, "not read"), (missions, "missions not opened")]
            .into_iter()
            .filter(|(many, _)| *many > 0)
            .map(|(many, what)| format!("{what}: {many}"))
            .collect();
        let told = Some(told.join(", ")).filter(|told| !told.is_empty());
        told.filter(|_| self.screen().is_none())
            .map(|told| format!("{told} ({} Enter reads on)", self.key_of(Action::Filter)))
    }

    /// Which clauses the services filter by themselves, and which are left to sortie:
    /// `api: status:failed · local: since:24h`.
    pub fn filter_split(&self) -> Option<String> {
        let filter = self.filter.as_ref()?;
        let mut api: Vec<String> = Vec::new();
        let mut local: Vec<String> = Vec::new();
        for (_, info) in &self.contexts {
            let split = filter.query.split(&info.provider);
            for (all, some) in [(&mut api, split.api), (&mut local, split.local)] {
                for clause in some {
                    if !all.contains(&clause) {
                        all.push(clause);
                    }
                }
            }
        }
        let part = |name: &str, clauses: &[String]| {
            (!clauses.is_empty()).then(|| format!("{name} {}", clauses.join(" ")))
        };
        let parts = [part("api:", &api), part("local:", &local)];
        Some(parts.into_iter().flatten().collect::<Vec<_>>().join("  "))
    }
}
