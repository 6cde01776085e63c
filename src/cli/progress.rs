//! The progress of a long command: a bar on a terminal, a plain line every few seconds elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

const LINE_EVERY: Duration = Duration::from_secs(3);

/// A running count on standard error.
pub struct Progress {
    bar: ProgressBar,
    what: &'static str,
    started: Instant,
    last_line: Instant,
}

impl Progress {
    /// Starts to count `what`, up to `total` if it is known.
    pub fn new(what: &'static str, total: Option<u64>) -> Self {
        let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
        let template = match total {
            Some(_) => "{bar:40} {human_pos} of {human_len} {msg} ({per_sec}, {eta} left)",
            None => "{spinner} {human_pos} {msg} ({per_sec})",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what);
        Self { bar, what, started: Instant::now(), last_line: Instant::now() }
    }

    /// Counts one more.
    pub fn count(&mut self) {
        self.bar.inc(1);
        // Reading the clock costs more than counting.
        if self.bar.is_hidden() && self.bar.position().is_multiple_of(1_000) && self.last_line.elapsed() >= LINE_EVERY {
            self.last_line = Instant::now();
            eprintln!("{} {} after {} s", self.bar.position(), self.what, self.started.elapsed().as_secs());
        }
    }

    /// Ends; returns the count and the elapsed time.
    pub fn finish(self) -> (u64, Duration) {
        self.bar.finish_and_clear();
        (self.bar.position(), self.started.elapsed())
    }
}
