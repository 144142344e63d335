//! Where frames go: a terminal that is ours, or a test's. Painting itself is `ui`'s; here it is only
//! decided when a painted frame has to be forgotten.

use std::{future::Future, io, time::Duration};

use ratatui::{Terminal, backend::Backend};

use crate::{
    app::{App, Measured},
    fault,
    term::{
        self, Screen, Sent,
        page::{self, Program},
    },
    ui::{self, Style},
};

/// Something to paint frames on.
pub trait Stage {
    /// Paints a frame and says what it had room for.
    fn draw(&mut self, app: &App) -> io::Result<Measured>;
    /// How the last frame was sent, where it was and had anything to send.
    fn sent(&self) -> Option<Sent> {
        None
    }
    /// How long the terminal takes to answer; none where it is not worth asking.
    fn trip(&self) -> Option<Duration> {
        None
    }
    /// Asks the terminal whether it has shown everything; it answers with an input.
    fn ask(&mut self) {}
    /// Forgets what was painted: the next frame paints everything.
    fn redraw(&mut self) -> io::Result<()>;
    /// Listens to the mouse, or leaves it to the terminal.
    fn mouse(&mut self, on: bool) -> io::Result<()>;
    /// Gives the terminal to the shell until the person comes back.
    fn suspend(&mut self) -> impl Future<Output = io::Result<()>>;
    /// Gives the terminal to a program that reads a text, and says how that went.
    fn lend(
        &mut self,
        program: Program,
        text: Vec<u8>,
    ) -> impl Future<Output = io::Result<Result<String, String>>>;
}

/// Paints the app on any of ratatui's terminals.
pub fn paint<B: Backend>(
    terminal: &mut Terminal<B>,
    app: &App,
    style: &Style,
) -> Result<Measured, B::Error> {
    let mut measured = app.measured;
    terminal.draw(|frame| {
        fault::panic_if_asked("frame");
        measured = ui::draw(app, style, frame);
    })?;
    Ok(measured)
}

/// The terminal that sortie was started in.
pub(super) struct Here {
    pub screen: Screen,
    pub style: Style,
}

impl Stage for Here {
    fn draw(&mut self, app: &App) -> io::Result<Measured> {
        self.style.follow(&app.themes.now);
        if self.screen.is_titled() {
            let title = ui::window_title(app, &self.style);
            self.screen.terminal().backend_mut().call(title)?;
        }
        paint(self.screen.terminal(), app, &self.style)
    }

    fn sent(&self) -> Option<Sent> {
        self.screen.sent()
    }

    fn trip(&self) -> Option<Duration> {
        self.screen.trip()
    }

    fn ask(&mut self) {
        term::ask();
    }

    fn redraw(&mut self) -> io::Result<()> {
        self.screen.terminal().clear()
    }

    fn mouse(&mut self, on: bool) -> io::Result<()> {
        term::mouse(on)
    }

    async fn suspend(&mut self) -> io::Result<()> {
        term::suspend().await
    }

    async fn lend(
        &mut self,
        program: Program,
        text: Vec<u8>,
    ) -> io::Result<Result<String, String>> {
        page::lend(program, text).await
    }
}
