//! Pane 1, and the words of pane 2. The tree widget places the rows and paints their marks; it is fed with
//! the rows on the screen and what lies above the first of them only: given everything, it would cost tens of
//! milliseconds a frame. Words are painted into their places behind it, plain ones letter by letter.

use ratatui::{Frame, buffer::Buffer, layout::Rect, text::Line, widgets::StatefulWidget};
use tui_tree_widget::{Tree, TreeItem, TreeState};

use super::{
    label::{self, Label, Widths},
    row,
    style::{Glyph, Role, Style},
};
use crate::{
    app::{App, outline::Lens, panes::Rows},
    guard::clean,
    model::{NodeId, Sort},
    text::width,
};

/// Stands for the children of a folded node, so that the widget draws its fold mark.
const STAND_IN: u32 = u32::MAX;

/// Columns of the fold mark.
const FOLD: usize = 2;

/// One row of the window.
struct Shown {
    node: NodeId,
    depth: usize,
    text: Line<'static>,
    foldable: bool,
}

/// Draws the rows of a pane from its top on; says how wide the columns beside their text are.
///
/// `alone`: whether nothing stands beside them, so that the cursor and the bar of the selected row are
/// drawn here.
pub fn draw(
    app: &App,
    style: &Style,
    frame: &mut Frame,
    area: Rect,
    (rows, alone): (Rows<'_>, bool),
) -> Widths {
    if area.is_empty() {
        return Widths::default();
    }
    let window = rows.seen.window(rows.top, usize::from(area.height));
    let Some(first) = window.first() else {
        draw_nothing(app, style, frame, (area, rows));
        return Widths::default();
    };
    let above = above(rows, *first);
    let skipped = above.len();
    let (shown, widths) = shown(
        app,
        style,
        above.into_iter().chain(window),
        (area.width, alone, rows),
    );
    let mut state = state(app, rows, &shown);
    let items = nest(&mut shown.iter().peekable(), 0);
    let Ok(tree) = Tree::new(&items) else {
        return widths;
    };
    // The sign stays while the detail has the keys: it says of which row the detail is.
    let cursor = if alone {
        style.glyph(Glyph::Cursor)
    } else {
        ""
    };
    let tree = tree
        .highlight_symbol(cursor)
        .node_open_symbol(style.glyph(Glyph::Open))
        .node_closed_symbol(style.glyph(Glyph::Closed))
        .node_no_children_symbol("  ");
    // The widget only scrolls within what it has rendered before: a first render of one cell tells it
    // how many rows there are. Rows deeper than the pane would leak out of it: hence a buffer of its own.
    let mut buffer = Buffer::empty(area);
    tree.clone().render(
        Rect {
            height: 1,
            width: 1,
            ..area
        },
        &mut buffer,
        &mut state,
    );
    buffer.reset();
    state.scroll_up(usize::MAX);
    state.scroll_down(skipped);
    tree.render(area, &mut buffer, &mut state);
    let margin = if state.selected().is_empty() {
        FOLD
    } else {
        FOLD + width::width(cursor)
    };
    let mut texts = shown.iter().skip(skipped).peekable();
    for place in area.rows() {
        let path = state.rendered_at(place.as_position());
        let Some(row) = texts.next_if(|row| path.and_then(<[u32]>::last) == Some(&row.node.0))
        else {
            continue;
        };
        let before = u16::try_from(margin + 2 * row.depth).unwrap_or(u16::MAX);
        let text = Rect {
            x: place.x.saturating_add(before).min(place.right()),
            width: place.width.saturating_sub(before),
            ..place
        };
        label::render(&row.text, text, &mut buffer);
        if alone && rows.has_keys && rows.selected == Some(row.node) {
            buffer.set_style(place, style.selection());
        }
    }
    frame.buffer_mut().merge_cells(&buffer, area);
    widths
}

/// Where there is no row: why, and what to do.
fn draw_nothing(app: &App, style: &Style, frame: &mut Frame, (area, rows): (Rect, Rows<'_>)) {
    let mut said: Vec<String> = Vec::new();
    if let Some(told) = app.filter_told() {
        let count = if told.none {
            format!("{} {}", told.chips.join(" "), told.count)
        } else {
            told.count
        };
        said.push(count);
        said.extend(told.not_read);
    } else if rows.seen.lens() == Lens::Failures {
        said.push("nothing failed here: ! shows everything".to_owned());
    }
    let room = usize::from(area.width).saturating_sub(4);
    let lines = said.iter().flat_map(|line| {
        let line = style.text(&clean::line(line));
        let lines = width::wrap(&line, room).into_iter();
        lines.map(str::to_owned).collect::<Vec<String>>()
    });
    for (place, line) in area.rows().skip(1).zip(lines) {
        let line = format!("  {line}");
        frame.render_widget(Line::styled(line, style.of(Role::Dim)), place);
    }
}

fn above(rows: Rows<'_>, node: NodeId) -> Vec<NodeId> {
    let seen = rows.seen;
    let mut above: Vec<_> =
        std::iter::successors(seen.parent(node), |node| seen.parent(*node)).collect();
    above.reverse();
    above
}

fn shown(
    app: &App,
    style: &Style,
    nodes: impl Iterator<Item = NodeId>,
    (columns, alone, rows): (u16, bool, Rows<'_>),
) -> (Vec<Shown>, Widths) {
    let mut masking = app.redactor.masking();
    let labels: Vec<(NodeId, Label)> = nodes
        .map(|node| {
            let label = row::label(app, style, node, &mut masking, (columns, alone));
            (node, label)
        })
        .collect();
    let widths = Widths::of(app, labels.iter().map(|(_, label)| label), columns);
    let shown = labels
        .into_iter()
        .map(|(node, label)| {
            let depth = rows.seen.depth(node);
            Shown {
                node,
                depth,
                text: label.fit(app, style, &mut masking, (depth, columns, alone), &widths),
                foldable: match app.store.sort(node) {
                    Sort::Context | Sort::Mission | Sort::Run => true,
                    Sort::Step | Sort::Group => rows.seen.child_count(node) > 0,
                    Sort::Event => rows.seen.child_count(node) > 0 || app.is_folded_repeat(node),
                    Sort::Note => false,
                },
            }
        })
        .collect();
    (shown, widths)
}

fn state(app: &App, rows: Rows<'_>, shown: &[Shown]) -> TreeState<u32> {
    let mut state = TreeState::default();
    let mut path: Vec<u32> = Vec::new();
    for row in shown {
        path.truncate(row.depth);
        path.push(row.node.0);
        if app.outline.is_open(row.node) {
            state.open(path.clone());
        }
        if rows.selected == Some(row.node) {
            state.select(path.clone());
        }
    }
    state
}

/// Rows in the order of the screen as nested items, without their words. The depth is bounded where nodes
/// are placed.
fn nest(
    rows: &mut std::iter::Peekable<std::slice::Iter<'_, Shown>>,
    depth: usize,
) -> Vec<TreeItem<'static, u32>> {
    let mut items = Vec::new();
    while let Some(row) = rows.next_if(|row| row.depth >= depth) {
        let mut children = nest(rows, row.depth + 1);
        if children.is_empty() && row.foldable {
            children.push(TreeItem::new_leaf(STAND_IN, ""));
        }
        // Ids are the store's own and unique, so an item is never refused.
        items.extend(TreeItem::new(row.node.0, " ", children));
    }
    items
}

/// Copies cells, which ratatui's own merge does not do for a part of a buffer.
trait MergeCells {
    fn merge_cells(&mut self, other: &Buffer, area: Rect);
}

impl MergeCells for Buffer {
    fn merge_cells(&mut self, other: &Buffer, area: Rect) {
        let area = area.intersection(self.area).intersection(other.area);
        for row in area.rows() {
            let cells = |buffer: &Buffer| {
                let start = buffer.index_of(row.x, row.y);
                start..start + usize::from(row.width)
            };
            let (to, from) = (cells(self), cells(other));
            if let (Some(to), Some(from)) = (self.content.get_mut(to), other.content.get(from)) {
                to.clone_from_slice(from);
            }
        }
    }
}
