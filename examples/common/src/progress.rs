//! A progress bar that appears only if the work takes long.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

/// The bar appears after this time.
const PATIENCE: Duration = Duration::from_secs(1);

/// A progress bar on the terminal, shown after the work has run for a second. If stderr is not a
/// terminal, nothing is shown.
pub struct Progress {
    label: &'static str,
    total: Option<u64>,
    start: Instant,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Starts the clock of the work called `label`. `total` is its size, if known.
    pub fn new(label: &'static str, total: Option<u64>) -> Self {
        Self { label, total, start: Instant::now(), bar: None }
    }

    /// Reports that the work is at `position`. The clock is read only every 1,024 positions.
    pub fn at(&mut self, position: u64) {
        if position.is_multiple_of(1024) {
            self.show(position);
        }
    }

    /// Reports that the work is at `position`. The clock is read at every call.
    pub fn show(&mut self, position: u64) {
        if self.bar.is_none() && self.start.elapsed() > PATIENCE {
            self.bar = Some(self.new_bar());
        }
        if let Some(bar) = &self.bar {
            bar.set_position(position);
        }
    }

    /// Creates the bar, which is drawn on stderr, and only if that is a terminal.
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
