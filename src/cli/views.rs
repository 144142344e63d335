//! Named views without a screen: what `:save-view` kept is read where it lies, and a command lists what
//! the view would show.

use super::{exit::Stop, session::Session};
use crate::{
    analysis::RunSort,
    app::{
        arrange::Arrangement,
        query::Query,
        views::{Saved, View},
    },
    args::Since,
    config::read_saved,
};

/// What a command lists by a query, a view, or both.
#[derive(Default)]
pub(super) struct Viewed {
    /// What both want at once.
    pub query: Option<Query>,
    /// How far back the view looks, unless that is said.
    pub since: Option<Since>,
    /// What the view sorts runs by.
    pub sort: Option<RunSort>,
}

impl Session {
    /// What `--where`, `--view` and `--since` want together.
    pub(super) fn viewed(
        &self,
        query: Option<&str>,
        view: Option<&str>,
        since: Option<Since>,
    ) -> Result<Viewed, Stop> {
        let query = query.map(|text| self.query(text)).transpose()?;
        let Some(name) = view else {
            return Ok(Viewed {
                query,
                since,
                sort: None,
            });
        };
        let view = self.view(name)?;
        let kept = self.query(&view.query).map_err(|stop| match stop {
            Stop::Usage(why) => Stop::Usage(format!("view {name}: {why}")),
            other => other,
        })?;
        let looks_back = matches!(view.by, Arrangement::Inbox | Arrangement::Causes);
        let window = looks_back.then_some(Since::Ago(view.window));
        let both = match query {
            Some(query) => kept.and(query),
            None => kept,
        };
        Ok(Viewed {
            query: (!both.is_empty()).then_some(both),
            since: since.or(window),
            sort: Some(view.order),
        })
    }

    fn view(&self, name: &str) -> Result<View, Stop> {
        let saved = self.state.as_deref().map(read_saved);
        let Saved { views, fault, .. } = saved.unwrap_or_default();
        let names: Vec<&str> = views.iter().map(|view| view.name.as_str()).collect();
        let there_are = if let Some(fault) = fault {
            fault
        } else if names.is_empty() {
            "none is kept; `:save-view NAME` on the screen keeps one".to_owned()
        } else {
            format!("there are {}", names.join(", "))
        };
        let known = views.iter().find(|view| view.name == name).cloned();
        known.ok_or_else(|| Stop::Usage(format!("there is no view {name}: {there_are}")))
    }
}
