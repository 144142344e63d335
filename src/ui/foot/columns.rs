//! The line in which columns are typed, and one below it: what is wrong with it under the very character,
//! what may stand there, or how columns are written.

use ratatui::{Frame, layout::Rect, text::Line};

use super::{
    draw_prompt as draw_line,
    filter::{draw_fault, lifted},
};
use crate::{
    app::{App, Prompt},
    guard::clean,
    ui::style::{Role, Style},
};

/// Draws both.
pub fn draw_prompt(app: &App, prompt: &Prompt, style: &Style, frame: &mut Frame, area: Rect) {
    let above = lifted(style, frame, area);
    let hidden = draw_line(prompt, style, frame, above);
    let typing = &app.columns.typing;
    let offers = !typing.options.is_empty();
    if let Some(fault) = typing.fault.as_ref().filter(|_| !offers) {
        draw_fault(fault, prompt, style, frame, (area, hidden));
        return;
    }
    let told = if offers {
        typing.options.join("  ")
    } else {
        let list = app.list_shown().word();
        format!("of {list}: +tokens shows, -duration hides, +refund:payload.amount, Tab completes")
    };
    let told = style.text(&clean::line(&told));
    let room = usize::from(area.width).saturating_sub(2);
    let told = format!("  {}", style.fit(&told, room));
    frame.render_widget(Line::styled(told, style.of(Role::Dim)), area);
}
