//! Columns and labelled facts as plain text that can be pasted anywhere: aligned by width on the
//! screen, columns without content left out, no line drawn. Cells must be clean already.

use std::borrow::Cow;

use crate::text::width::{cut, fit, fit_plain, width};

/// Between two columns.
const GAP: &str = "  ";

/// Columns wider than this give way where a line has not enough room: ids and names, never a time. They keep
/// the beginning, by which an id can be named.
const ROOMY: usize = 22;
const LEAST: usize = 12;

/// A table under construction.
pub struct Table {
    heads: Vec<Head>,
    rows: Vec<Vec<String>>,
}

struct Head {
    name: Cow<'static, str>,
    right: bool,
    /// Whether it is there also where it is empty in every row.
    always: bool,
}

impl Table {
    /// With these columns; a name that ends in `>` makes its column align to the right.
    pub fn new(names: &[&'static str]) -> Self {
        let heads = names.iter().map(|name| Head {
            name: name.trim_end_matches('>').into(),
            right: name.ends_with('>'),
            always: false,
        });
        Self {
            heads: heads.collect(),
            rows: Vec::new(),
        }
    }

    /// With exactly these columns, and whether each aligns to the right.
    pub fn of(heads: impl IntoIterator<Item = (String, bool)>) -> Self {
        let heads = heads.into_iter().map(|(name, right)| Head {
            name: name.into(),
            right,
            always: true,
        });
        Self {
            heads: heads.collect(),
            rows: Vec::new(),
        }
    }

    /// One more row, a cell for each column.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// As text; lines are cut to `columns` where that is given, in ASCII where only that is shown.
    /// Nothing for no rows.
    pub fn render(&self, columns: Option<usize>, ascii: bool) -> String {
        let widths: Vec<usize> = (0..self.heads.len()).map(|at| self.width(at)).collect();
        self.lines(&widths, true, columns, ascii)
    }

    /// The next rows of a table that was begun: columns are at least as wide as they were, and `widths`
    /// says how wide they are now. The names stand above the first of them only.
    pub fn go_on(
        &self,
        widths: &mut [usize],
        head: bool,
        columns: Option<usize>,
        ascii: bool,
    ) -> String {
        for (at, wide) in widths.iter_mut().enumerate() {
            *wide = self.width(at).max(*wide);
        }
        self.lines(widths, head, columns, ascii)
    }

    fn lines(&self, widths: &[usize], head: bool, columns: Option<usize>, ascii: bool) -> String {
        if self.rows.is_empty() {
            return String::new();
        }
        let widths = columns.map_or(widths.to_vec(), |columns| self.squeezed(widths, columns));
        let mut out = String::new();
        let names: Vec<String> = self
            .heads
            .iter()
            .map(|head| head.name.to_string())
            .collect();
        let names = head.then_some(&names);
        for row in names.into_iter().chain(&self.rows) {
            let cut = if ascii { fit_plain } else { fit };
            let line = self.line(row, &widths, cut);
            out.push_str(&columns.map_or(line.as_str().into(), |columns| cut(&line, columns)));
            out.push('\n');
        }
        out
    }

    /// As wide as a line has room for, the widest giving way first.
    fn squeezed(&self, widths: &[usize], columns: usize) -> Vec<usize> {
        let mut now = widths.to_vec();
        let gaps = widths.iter().filter(|wide| **wide > 0).count();
        let gaps = gaps.saturating_sub(1) * GAP.len();
        while now.iter().sum::<usize>() + gaps > columns {
            let roomy = now.iter_mut().zip(widths).zip(&self.heads);
            let roomy =
                roomy.filter(|((now, wide), head)| !head.right && **wide > ROOMY && **now > LEAST);
            let Some(((widest, _), _)) = roomy.max_by_key(|((now, _), _)| **now) else {
                break;
            };
            *widest -= 1;
        }
        now
    }

    /// 0 for a column that is empty in every row.
    fn width(&self, at: usize) -> usize {
        let cells = || self.rows.iter().filter_map(|row| row.get(at));
        let widest = cells().map(|cell| width(cell)).max().unwrap_or(0);
        let head = self.heads.get(at);
        let name = head.map_or(0, |head| width(&head.name));
        let always = head.is_some_and(|head| head.always);
        if widest == 0 && !always {
            0
        } else {
            widest.max(name)
        }
    }

    fn line(
        &self,
        row: &[String],
        widths: &[usize],
        fit: for<'t> fn(&'t str, usize) -> Cow<'t, str>,
    ) -> String {
        let mut line = String::new();
        let columns = self.heads.iter().zip(row).zip(widths);
        for ((head, cell), wide) in columns.filter(|(_, wide)| **wide > 0) {
            if !line.is_empty() {
                line.push_str(GAP);
            }
            let cell = fit(cell, *wide);
            let blanks = " ".repeat(wide.saturating_sub(width(&cell)));
            if head.right {
                line.push_str(&blanks);
                line.push_str(&cell);
            } else {
                line.push_str(&cell);
                line.push_str(&blanks);
            }
        }
        line.truncate(line.trim_end().len());
        line
    }
}

/// Labels and values, one a line; the lines of a value are indented alike. Empty values are left out.
pub fn facts(facts: &[(&str, String)]) -> String {
    let present = || facts.iter().filter(|(_, value)| !value.is_empty());
    let wide = present().map(|(label, _)| width(label)).max().unwrap_or(0);
    let mut out = String::new();
    for (label, value) in present() {
        for (at, line) in value.lines().enumerate() {
            let label = if at == 0 { label } else { "" };
            let blanks = " ".repeat(wide.saturating_sub(width(label)));
            out.push_str(format!("{label}{blanks}{GAP}{line}").trim_end());
            out.push('\n');
        }
    }
    out
}

/// Every line of `text` cut to `columns`, where that is given.
pub fn cut_lines(text: &str, columns: Option<usize>) -> String {
    let Some(columns) = columns else {
        return text.to_owned();
    };
    let mut out = String::with_capacity(text.len());
    for line in text.lines() {
        out.push_str(cut(line, columns));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Table {
        let mut table = Table::new(&["NAME", "EMPTY", "COUNT>", "TEXT"]);
        for (name, count, text) in [("a", "1", "one"), ("日本", "1000", "")] {
            table.row([name, "", count, text].map(str::to_owned));
        }
        table
    }

    #[test]
    fn ids_and_names_give_way_where_a_line_has_no_room_and_times_do_not() {
        let mut table = Table::new(&["RUN", "STARTED", "DUR>", "TITLE"]);
        table.row([
            "8c41b6de-0000-4000-8000-000000000000".to_owned(),
            "2026-11-23 03:54:12".to_owned(),
            "41s".to_owned(),
            "Refund what was double charged in the night".to_owned(),
        ]);
        let told = table.render(Some(70), false);
        assert_eq!(
            told,
            "RUN                    STARTED              DUR  TITLE\n\
             8c41b6de-0000-4000-8…  2026-11-23 03:54:12  41s  Refund what was doub…\n"
        );
        assert!(
            table
                .render(Some(70), true)
                .contains("8c41b6de-0000-4000-..  2026")
        );
        assert!(table.render(None, false).contains("000000000000  2026"));
    }

    #[test]
    fn columns_align_and_empty_ones_go() {
        let expected = "\
NAME  COUNT  TEXT
a         1  one
日本   1000
";
        assert_eq!(sample().render(None, false), expected);
        assert_eq!(Table::new(&["A"]).render(None, false), "");
    }

    #[test]
    fn lines_are_cut_only_on_request() {
        for ascii in [false, true] {
            let narrow = sample().render(Some(8), ascii);
            assert!(narrow.lines().all(|line| width(line) <= 8), "{narrow}");
            assert_eq!(narrow.contains('…'), !ascii, "{narrow}");
        }
        assert_eq!(cut_lines("abcdef\ngh\n", Some(3)), "abc\ngh\n");
    }

    #[test]
    fn facts_leave_out_what_is_empty_and_indent_lines() {
        let list = [
            ("id", "r1".to_owned()),
            ("error", String::new()),
            ("input", "a\nb".to_owned()),
        ];
        assert_eq!(facts(&list), "id     r1\ninput  a\n       b\n");
    }
}
