//! `yt` outside of the table of calls: the marked rows, or the selected one, as lines of cells under their
//! names, with the columns that the list shows.

use crate::{
    analysis::CellValue,
    app::{
        App, Effect,
        columns::{Column, Fact, List, Shows},
        msg::CopyRows,
        time::when,
    },
    model::{NodeId, Sort},
};

impl App {
    /// The rows as a table for another program.
    pub(in crate::app) fn copy_rows(&mut self) -> Vec<Effect> {
        let mut rows = self.picks();
        if rows.is_empty() {
            rows.extend(self.selected);
        }
        let first = rows.iter().map(|node| self.store.sort(*node));
        let sort = first
            .into_iter()
            .find(|sort| matches!(sort, Sort::Run | Sort::Event));
        let (list, what) = match sort {
            Some(Sort::Run) => (List::Runs, "run"),
            Some(_) => (List::Events, "row"),
            None => {
                self.say(
                    "a table is made of runs, or of what happened in one: this row is neither",
                );
                return Vec::new();
            }
        };
        let wanted = sort.unwrap_or(Sort::Run);
        rows.retain(|node| self.store.sort(*node) == wanted);
        let columns = self.table_columns(list);
        let short = if list == List::Runs {
            self.seek_in(&rows);
            self.unsought(&rows, &columns)
        } else {
            String::new()
        };
        let mut masking = self.redactor.masking();
        let cells = rows.iter().map(|node| {
            let cells = columns.iter().map(|(at, column)| match list {
                List::Runs => self.run_cell(*node, *at, column, &mut masking),
                List::Events | List::Records => self.row_cell(*node, column, &mut masking),
            });
            cells.collect::<Vec<CellValue>>()
        });
        let cells: Vec<Vec<CellValue>> = cells.collect();
        let names = columns.iter().map(|(_, column)| column.record().to_owned());
        vec![Effect::CopyRows(Box::new(CopyRows {
            names: names.collect(),
            what: format!("{} as a table{short}", when::many(cells.len(), what)).into(),
            rows: cells,
            masking: self.redactor.masking(),
        }))]
    }

    /// What is to be said of cells that may be empty only because not all was looked through yet.
    fn unsought(&self, runs: &[NodeId], columns: &[(usize, Column)]) -> String {
        let mut paths = columns.iter();
        let open = paths.find_map(|(at, column)| {
            let path = matches!(column.shows, Shows::Path(_));
            let open = runs.iter().filter(|run| !self.is_sought(**run, *at));
            let open = if path { open.count() } else { 0 };
            (open > 0).then_some((open, &column.name))
        });
        open.map_or_else(String::new, |(open, name)| {
            format!(" ({name} still looked for in {open} of them: copy again for the rest)")
        })
    }

    /// What the list shows, with what its rows say in words, each with its place among the added columns.
    fn table_columns(&self, list: List) -> Vec<(usize, Column)> {
        let set = self.columns.sets.of(list);
        let words: &[Fact] = match list {
            List::Runs => &[Fact::Id, Fact::Status, Fact::Title],
            List::Events | List::Records => {
                &[Fact::Kind, Fact::Verdict, Fact::Title, Fact::Summary]
            }
        };
        let usual = list.usual().iter().filter(|fact| set.shows(**fact));
        let facts = words.iter().chain(usual).map(|fact| Column {
            name: fact.word().to_owned(),
            shows: Shows::Fact(*fact),
        });
        let facts = facts.map(|column| (usize::MAX, column));
        let added = set.added.iter().cloned().enumerate();
        let mut columns: Vec<(usize, Column)> = Vec::new();
        for (at, column) in facts.chain(added) {
            if columns.iter().all(|(_, known)| *known != column) {
                columns.push((at, column));
            }
        }
        columns
    }
}
