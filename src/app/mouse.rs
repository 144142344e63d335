//! The mouse, while sortie uses it: a click goes to the row under it, a double click opens that row, the
//! wheel scrolls what is under it and leaves the keys where they are, and borders are drawn to where they
//! are wanted. What is under it the last frame knows; nothing is looked for.

use super::{
    App, Effect, Pane,
    action::Action,
    browse::screen::Place,
    key::{Pointer, Press},
    list::By,
    load::nanos,
    panes::Shown,
    shares::Border,
};
use crate::model::{NodeId, Sort, Time};

/// Rows that a step of the wheel scrolls.
const WHEEL: usize = 3;
/// Two clicks on the same row within this are one that opens.
const DOUBLE: std::time::Duration = std::time::Duration::from_millis(400);

/// What the mouse is about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Mouse {
    /// Whether sortie uses it.
    pub on: bool,
    /// The border that is being moved.
    held: Option<Border>,
    /// Where and when the last click was.
    clicked: Option<(Time, Spot)>,
}

/// What a click hit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spot {
    Node(NodeId),
    Detail(usize),
    Over(usize),
}

impl App {
    /// Uses the mouse from now on, or leaves it to the terminal.
    pub fn use_mouse(&mut self, on: bool) -> Vec<Effect> {
        self.mouse = Mouse {
            on,
            ..Mouse::default()
        };
        self.dirty = true;
        vec![Effect::Mouse(on)]
    }

    /// M.
    pub(super) fn toggle_mouse(&mut self) -> Vec<Effect> {
        self.say(if self.mouse.on {
            "mouse off: it is the terminal's again"
        } else {
            "mouse on: hold Shift to select text"
        });
        self.use_mouse(!self.mouse.on)
    }

    /// Something was done with the mouse.
    pub(super) fn point(&mut self, pointer: Pointer) -> Vec<Effect> {
        if !self.mouse.on {
            return Vec::new();
        }
        match pointer.press {
            Press::Up => {
                self.mouse.held = None;
                Vec::new()
            }
            Press::Drag => {
                self.drag(pointer);
                Vec::new()
            }
            Press::Down => {
                self.begin_anew();
                self.click(pointer)
            }
            Press::WheelDown | Press::WheelUp => {
                self.begin_anew();
                self.wheel(pointer)
            }
        }
    }

    fn drag(&mut self, pointer: Pointer) {
        let Some(border) = self.mouse.held else {
            return;
        };
        let at = match border {
            Border::Across => pointer.y,
            Border::First | Border::Second => pointer.x,
        };
        let splits = self.splits.put(border, at, self.measured.panes);
        self.dirty |= splits != self.splits;
        self.splits = splits;
    }

    fn click(&mut self, pointer: Pointer) -> Vec<Effect> {
        let Pointer { x, y, .. } = pointer;
        if self.is_covered() {
            return self.click_over(pointer);
        }
        let panes = self.measured.panes;
        if self.full.is_none()
            && let Some(border) = Border::under(panes, x, y)
        {
            self.mouse.held = Some(border);
            return Vec::new();
        }
        if panes.detail.area.holds(x, y) {
            return self.click_detail(pointer);
        }
        let run = self.shown_run();
        for (pane, root) in [(panes.list, None), (panes.run, run)] {
            if pane.area.holds(x, y) {
                return self.click_row(pointer, (pane, root));
            }
        }
        Vec::new()
    }

    /// Whether a click is the second one there.
    fn is_double(&mut self, spot: Spot) -> bool {
        let soon = |at: Time| self.now.0.saturating_sub(at.0) <= nanos(DOUBLE);
        let double = self
            .mouse
            .clicked
            .is_some_and(|(at, last)| last == spot && soon(at));
        self.mouse.clicked = (!double).then_some((self.now, spot));
        double
    }

    fn click_row(
        &mut self,
        pointer: Pointer,
        (pane, root): (Shown, Option<NodeId>),
    ) -> Vec<Effect> {
        let rows = self.rows_of(root, pane.rows.height);
        let line = pane.rows.line(pointer.y);
        let node = line.and_then(|line| rows.seen.node_at(rows.top + line));
        let on_mark = node.is_some_and(|node| {
            let indent = u16::try_from(2 * rows.seen.depth(node)).unwrap_or(u16::MAX);
            let mark = pane.marks.saturating_add(indent);
            (mark..mark.saturating_add(2)).contains(&pointer.x)
        });
        let mut effects = match root {
            _ if root == self.screen() => Vec::new(),
            None => self.enter_list(),
            Some(_) => self.enter_run(),
        };
        self.focus = Pane::Tree;
        let Some(node) = node else {
            return effects;
        };
        effects.extend(self.select(Some(node)));
        if on_mark && self.has_mark_of_folds(node) {
            self.mouse.clicked = None;
            let open = self.outline.is_open(node);
            effects.extend(if self.store.sort(node) == Sort::Event && !open {
                self.act(Action::Unfold)
            } else {
                self.set_open(node, !open)
            });
        } else if self.is_double(Spot::Node(node)) {
            effects.extend(self.act(Action::Open));
        }
        effects
    }

    /// Whether a row can be folded or unfolded in its place.
    fn has_mark_of_folds(&self, node: NodeId) -> bool {
        match self.store.sort(node) {
            Sort::Run => !self.opens_beside(),
            Sort::Context | Sort::Mission => true,
            Sort::Step | Sort::Group => self.outline.child_count(node) > 0,
            Sort::Event => self.outline.child_count(node) > 0 || self.is_folded_repeat(node),
            Sort::Note => false,
        }
    }

    fn click_detail(&mut self, pointer: Pointer) -> Vec<Effect> {
        let pane = self.measured.panes.detail;
        let height = self.detail_height();
        let line = pane.rows.line(pointer.y);
        let lines = self.detail.lines(height);
        let shown = line.and_then(|line| lines.get(line));
        let spot = shown.map(|shown| {
            let mark = pane.rows.x.saturating_add(shown.line.indent);
            let on_mark = (mark..mark.saturating_add(2)).contains(&pointer.x);
            (shown.place.row, on_mark && shown.fold.is_some())
        });
        self.enter_detail();
        let Some((row, on_mark)) = spot else {
            return Vec::new();
        };
        self.detail.move_to(row, height);
        if on_mark {
            self.mouse.clicked = None;
            self.act(Action::Toggle)
        } else if self.is_double(Spot::Detail(row)) {
            self.act(Action::Open)
        } else {
            Vec::new()
        }
    }

    fn wheel(&mut self, pointer: Pointer) -> Vec<Effect> {
        let on = pointer.press == Press::WheelDown;
        let by = if on { By::Down(WHEEL) } else { By::Up(WHEEL) };
        if self.is_covered() {
            return self.wheel_over(by);
        }
        let panes = self.measured.panes;
        let (x, y) = (pointer.x, pointer.y);
        if panes.detail.area.holds(x, y) {
            if panes.detail.rows.height > 0 {
                self.move_in_detail(by, true);
            }
            return Vec::new();
        }
        let run = self.shown_run();
        for (pane, root) in [(panes.list, None), (panes.run, run)] {
            if pane.area.holds(x, y) {
                return self.wheel_rows(by, (pane, root));
            }
        }
        Vec::new()
    }

    /// The window moves; the cursor stays on its row as long as that is to be seen.
    fn wheel_rows(&mut self, by: By, (pane, root): (Shown, Option<NodeId>)) -> Vec<Effect> {
        let height = usize::from(pane.rows.height).max(1);
        let rows = self.rows_of(root, pane.rows.height);
        let all = rows.seen.rows();
        let row = rows.selected.and_then(|node| rows.seen.row_of(node));
        let Some(row) = row else {
            return Vec::new();
        };
        let top = by.from(rows.top, all.saturating_sub(height) + 1);
        let seen = row.clamp(top, top + height - 1).min(all.saturating_sub(1));
        let node = rows.seen.node_at(seen).or(rows.selected);
        if root == self.screen() {
            self.top = top;
            return self.select(node);
        }
        let line = seen - top;
        self.places.put(match (root, node) {
            (Some(run), node) => Place::in_run(run, node, line),
            (None, Some(node)) => Place::in_list(node, line),
            (None, None) => return Vec::new(),
        });
        Vec::new()
    }

    /// Whether something lies over the panes, or a line is being typed.
    fn is_covered(&self) -> bool {
        self.prompt.is_some()
            || self.preview.is_some()
            || self.help.is_some()
            || self.export.is_some()
            || self.requests.is_some()
            || self.lists()
    }

    fn wheel_over(&mut self, by: By) -> Vec<Effect> {
        if self.palette.is_some() {
            self.move_in_palette(by);
        } else if self.preview.is_some() {
            let step = match by {
                By::Down(_) => Action::MoveDown,
                _ => Action::MoveUp,
            };
            return (0..WHEEL).flat_map(|_| self.act(step)).collect();
        } else if self.prompt.is_none() {
            return self.move_by(by, false);
        }
        Vec::new()
    }

    /// A click in a list that lies over the panes goes to its row; the second one opens it.
    fn click_over(&mut self, pointer: Pointer) -> Vec<Effect> {
        let area = self.measured.panes.over;
        let line = area.line(pointer.y);
        let line = line.filter(|_| area.holds(pointer.x, pointer.y));
        let (Some((view, rows)), Some(line)) = (self.view_over(), line) else {
            return Vec::new();
        };
        let row = view.top + line;
        if row >= rows {
            return Vec::new();
        }
        let by = match row.checked_sub(view.selected) {
            Some(down) => By::Down(down),
            None => By::Up(view.selected - row),
        };
        let double = self.is_double(Spot::Over(row));
        if self.palette.is_some() {
            self.move_in_palette(by);
            if double {
                return self.enter_palette();
            }
            return Vec::new();
        }
        let mut effects = self.move_by(by, false);
        if double {
            effects.extend(self.act(Action::Open));
        }
        effects
    }

    /// The window of the list that lies over everything, and how many rows it has.
    fn view_over(&self) -> Option<(super::list::Viewport, usize)> {
        if let Some(palette) = &self.palette {
            return Some((palette.view, palette.rows.len()));
        }
        if self.prompt.is_some() || self.preview.is_some() || self.help.is_some() {
            return None;
        }
        if let Some(review) = self.review() {
            return Some((review.view, review.rows()));
        }
        if let Some(menu) = &self.export {
            return Some((menu.view, super::export::Way::ALL.len()));
        }
        let requests = self.requests.as_ref();
        let requests = requests.map(|list| (list.view, list.rows.len()));
        let bookmarks = self.bookmarks.as_ref();
        let bookmarks = bookmarks.map(|list| (list.view, list.rows.len()));
        let calls = self.calls.as_ref();
        let calls = calls.map(|list| (list.view, list.rows.len()));
        let views = self.view_list.as_ref();
        let views = views.map(|list| (list.view, self.views.len()));
        let messages = self.message_list.as_ref();
        let messages = messages.map(|list| (list.view, self.messages.rows().len()));
        requests.or(bookmarks).or(calls).or(views).or(messages)
    }
}
