//! A progress bar for work that turns out to be long.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// Work that takes less than this gets no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows a bar on a terminal once the work has run past a second. Elsewhere it shows nothing.
pub struct Progress {
    label: &'static str,
    total: Option<u64>,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// The work called `label` begins now; `total` is its size, where that is known.
    pub fn new(label: &'static str, total: Option<u64>) -> Self {
        Self { label, total, start: Instant::now(), bar: None }
    }

    /// The work is at `position`. Looks at the clock only now and then.
    pub fn at(&mut self, position: u64) {
        if position.is_multiple_of(1024) {
            self.show(position);
        }
    }

    /// The work is at `position`. Looks at the clock at once.
    pub fn show(&mut self, position: u64) {
        if self.bar.is_none() && self.start.elapsed() > PATIENCE {
            self.bar = Some(self.new_bar());
        }
        if let Some(bar) = &self.bar {
            bar.set_position(position);
        }
    }

    /// Draws to standard error, and only if that is a terminal.
    fn new_bar(&self) -> ProgressBar {
        let (bar, template) = match self.total {
            Some(total) => (ProgressBar::new(total), "{msg} {wide_bar} {human_pos}/{human_len}"),
            None => (ProgressBar::new_spinner(), "{spinner} {msg} {human_pos}"),
        };
        let style = ProgressStyle::with_template(template).expect("the template is well-formed");
        bar.with_style(style).with_message(self.label).with_elapsed(self.start.elapsed())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
