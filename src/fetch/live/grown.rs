//! Following a run in a large file that somebody appends to: looked at again and again, at a modest pace,
//! until nobody follows it any more or the file is another.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    task::spawn_blocking,
    time::{Instant, sleep},
};

use super::{
    super::engine::{Closed, MAIL},
    of_watch,
};
use crate::{
    model::{Arrival, Ask, Attention, Got, Live, Page, Record, Row, Trouble, Watch},
    source::Source,
};

/// Between two looks, while something comes.
const SOON: Duration = Duration::from_millis(200);
/// And when nothing has come for so long, or nobody looks at the screen.
const QUIET: Duration = Duration::from_secs(10);
const LATER: Duration = Duration::from_secs(1);

/// See the module.
pub(super) struct Growing {
    pub source: Arc<Source>,
    pub watch: Watch,
    pub mail: mpsc::Sender<Arrival>,
    pub attention: watch::Receiver<Attention>,
}

impl Growing {
    /// Until it has to be given up, or the mail is closed.
    pub async fn follow(mut self) -> Result<(), Closed> {
        self.tell(Got::Live(Live::Streaming)).await?;
        let mut came = Instant::now();
        loop {
            let (source, run) = (Arc::clone(&self.source), self.watch.run.clone());
            let after = self.watch.known.newest;
            let looked = spawn_blocking(move || source.news(&run, after)).await;
            let batch = match looked.unwrap_or(Err(Trouble::Broken)) {
                Ok(batch) => batch,
                Err(trouble) => return self.tell(Got::Live(Live::GivenUp(trouble))).await,
            };
            let is_more = batch.next.is_some() && !batch.rows.is_empty();
            if let Some(last) = batch.rows.last().and_then(place) {
                self.watch.known.newest = Some(last);
                came = Instant::now();
                self.deliver(batch.rows, batch.skipped).await?;
            }
            if is_more {
                continue;
            }
            let is_away = *self.attention.borrow_and_update() == Attention::Away;
            let wait = if is_away || came.elapsed() > QUIET {
                LATER
            } else {
                SOON
            };
            tokio::select! {
                () = self.mail.closed() => return Err(Closed),
                () = sleep(wait) => {}
                Ok(()) = self.attention.changed() => {}
            }
        }
    }

    async fn deliver(&self, rows: Vec<Row>, mut skipped: u32) -> Result<(), Closed> {
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let some = rows.by_ref().take(MAIL).collect();
            let got = Got::Rows {
                rows: some,
                skipped: std::mem::take(&mut skipped),
            };
            self.tell(got).await?;
        }
        Ok(())
    }

    async fn tell(&self, got: Got) -> Result<(), Closed> {
        let ask = Ask::Events {
            run: self.watch.run.clone(),
            page: Page::default(),
        };
        let arrival = of_watch(&self.watch, ask, got);
        self.mail.send(arrival).await.map_err(|_| Closed)
    }
}

fn place(row: &Row) -> Option<i64> {
    match row.record() {
        Record::Event(event) => Some(event.order.at),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::{
        fs,
        io::{Seek as _, Write as _},
    };

    use super::*;
    use crate::{
        fetch,
        model::{Known, RunRef},
        source::Opened,
    };

    fn record(n: usize) -> String {
        let filler = "x".repeat(1000);
        format!("{{\"id\":\"e{n}\",\"run_id\":\"a\",\"data\":\"{filler}\"}}\n")
    }

    #[tokio::test]
    async fn what_is_appended_comes_and_then_why_no_more_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trace.jsonl");
        let mut file = fs::File::create(&path).unwrap();
        let mut last = 0;
        for n in 0..3000 {
            last = file.stream_position().unwrap();
            file.write_all(record(n).as_bytes()).unwrap();
        }
        let mut opened = Opened::browse(std::slice::from_ref(&path)).unwrap();
        let source = Arc::new(opened.sources.remove(0));
        let known = Known {
            newest: Some(last.cast_signed()),
            events: 3000,
            ..Known::default()
        };
        let run = RunRef {
            mission: "trace.jsonl".into(),
            run: "a".into(),
            room: None,
        };
        let (mail, mut inbox) = mpsc::channel(8);
        tokio::spawn(fetch::follow(source, run, known, mail));
        let first = inbox.recv().await.unwrap().got;
        assert_eq!(first, Got::Live(Live::Streaming));
        file.write_all(record(3000).as_bytes()).unwrap();
        let Got::Rows { rows, .. } = inbox.recv().await.unwrap().got else {
            panic!("no rows");
        };
        assert_eq!(rows[0].record().id(), "e3000");
        file.set_len(0).unwrap();
        let last = inbox.recv().await.unwrap().got;
        assert!(matches!(last, Got::Live(Live::GivenUp(_))), "{last:?}");
        assert!(inbox.recv().await.is_none());
    }
}
