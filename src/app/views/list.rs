//! The list of named views: Enter shows what one keeps, one key forgets it.

use crate::app::{
    App, Effect,
    list::{By, Viewport},
};

/// The list, while it is shown; its rows are the views that there are.
#[derive(Debug, Default)]
pub struct ViewList {
    /// The selected one, and those shown.
    pub view: Viewport,
}

impl App {
    /// Shows the list, or closes it.
    pub(in crate::app) fn toggle_views(&mut self) -> Vec<Effect> {
        if self.view_list.take().is_some() {
            return Vec::new();
        }
        (self.help, self.requests) = (None, None);
        self.close_lists();
        self.view_list = Some(ViewList::default());
        // Another sortie may have kept one meanwhile.
        vec![Effect::Change(None)]
    }

    pub(in crate::app) fn move_in_views(&mut self, by: By) {
        let (rows, height) = (self.views.len(), self.page());
        if let Some(list) = self.view_list.as_mut() {
            list.view.go(by, rows, height);
        }
    }

    pub(super) fn renew_view_list(&mut self) {
        let (rows, height) = (self.views.len(), self.page());
        if let Some(list) = self.view_list.as_mut() {
            list.view.settle(rows, height);
        }
    }

    /// Enter in the list.
    pub(in crate::app) fn open_listed_view(&mut self) -> Vec<Effect> {
        let name = self.listed_view();
        name.map_or_else(Vec::new, |name| self.show_view(&name))
    }

    /// Forgets the selected view, where the list is shown.
    pub(in crate::app) fn remove_listed_view(&mut self) -> Vec<Effect> {
        let name = self.listed_view();
        let effects = name.map_or_else(Vec::new, |name| self.remove_view(&name));
        self.renew_view_list();
        effects
    }

    fn listed_view(&self) -> Option<String> {
        let list = self.view_list.as_ref()?;
        Some(self.views.get(list.view.selected)?.name.clone())
    }
}
