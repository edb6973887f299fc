//! How far a command is: a bar on a terminal, silence anywhere else.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar for `total` things, of which `done` were there before: with rate and time left. It draws on standard error,
/// and only when that is a terminal.
pub(super) fn bar(total: u64, done: u64, what: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    let template = format!("{{bar:32.cyan}} {{pos}}/{{len}} {what}  {{per_sec}}  {{eta}} left{{msg}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style.progress_chars("━╸─"));
    }
    // What an earlier run made is no part of this one's rate.
    bar.set_position(done);
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}
