//! Statistics as a picture.

use std::fmt::Write as _;

use image::{Rgb, RgbImage};

use super::{
    ReportError,
    text::{draw_over, escape},
};
use crate::dataset::{Histogram, Stats};

const WIDTH: u32 = 1200;
const COLUMNS: u32 = 3;
const CELL_H: u32 = 230;
const TOP: u32 = 60;
const INK: &str = "#22262e";
const BAR: &str = "#3a7bd5";
/// Categories that fit into one cell.
const LISTED: usize = 12;

/// One page with a histogram of each quantity, its 5th to 95th percentiles marked, and the balance of classes and
/// categories.
///
/// # Errors
/// Only when memory runs out.
pub fn histogram_page(stats: &Stats) -> Result<RgbImage, ReportError> {
    let lists = [("classes", &stats.classes), ("categories", &stats.categories)];
    let cells = u32::try_from(stats.histograms.len() + lists.len()).unwrap_or(u32::MAX);
    let height = TOP + cells.div_ceil(COLUMNS) * CELL_H;
    let mut page = RgbImage::from_pixel(WIDTH, height, Rgb([250, 250, 248]));
    let mut out = format!(
        r#"<text x="24" y="38" font-size="22" fill="{INK}">{} pictures, {} visible instances, {} hidden</text>"#,
        stats.frames, stats.visible, stats.hidden
    );
    let place = |cell: u32| {
        let width = WIDTH / COLUMNS;
        (f64::from(24 + cell % COLUMNS * width), f64::from(TOP + cell / COLUMNS * CELL_H))
    };
    let mut cell = 0;
    for histogram in &stats.histograms {
        let (x, y) = place(cell);
        bars(&mut out, histogram, x, y);
        cell += 1;
    }
    for (title, list) in lists {
        let (x, y) = place(cell);
        balance(&mut out, title, list, x, y);
        cell += 1;
    }
    draw_over(&mut page, &out)?;
    Ok(page)
}

const PLOT_W: f64 = 350.0;
const PLOT_H: f64 = 140.0;

fn bars(out: &mut String, histogram: &Histogram, x: f64, y: f64) {
    text(out, x, y + 16.0, 15, &histogram.name);
    let base = y + 28.0 + PLOT_H;
    let most = histogram.bars.iter().copied().max().unwrap_or(0).max(1);
    let width = PLOT_W / f64::from(u32::try_from(histogram.bars.len()).unwrap_or(1).max(1));
    for (index, &bar) in (0u32..).zip(&histogram.bars) {
        let height = PLOT_H * share(bar, most);
        rect(out, x + f64::from(index) * width, base - height, (width - 1.0).max(0.5), height, BAR);
    }
    rect(out, x, base, PLOT_W, 1.0, INK);
    let [low, high] = histogram.range;
    let span = (high - low).max(f64::MIN_POSITIVE);
    for value in histogram.percentiles {
        rect(out, x + (value - low) / span * PLOT_W, base, 1.5, 7.0, "#c0392b");
    }
    let [p5, p25, p50, p75, p95] = histogram.percentiles;
    text(out, x, base + 20.0, 11, &format!("{low:.2} to {high:.2}; mean {:.2}", histogram.mean));
    let line = format!("5% {p5:.2}, 25% {p25:.2}, 50% {p50:.2}, 75% {p75:.2}, 95% {p95:.2}");
    text(out, x, base + 35.0, 11, &line);
}

fn balance(out: &mut String, title: &str, list: &[(String, u64)], x: f64, y: f64) {
    text(out, x, y + 16.0, 15, &format!("{title} ({})", list.len()));
    let most = list.first().map_or(1, |(_, count)| *count).max(1);
    for (row, (name, count)) in (0u32..).zip(list.iter().take(LISTED)) {
        let top = y + 28.0 + f64::from(row) * 14.5;
        rect(out, x + 130.0, top, (PLOT_W - 190.0) * share(*count, most), 11.0, BAR);
        text(out, x, top + 10.0, 11, &name.chars().take(22).collect::<String>());
        text(out, x + PLOT_W - 50.0, top + 10.0, 11, &count.to_string());
    }
    if list.len() > LISTED {
        let top = y + 28.0 + 14.5 * 12.0;
        text(out, x, top + 10.0, 11, &format!("and {} more", list.len() - LISTED));
    }
}

fn share(part: u64, whole: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "a bar is drawn to a pixel, not to 53 bits")]
    let share = part as f64 / whole as f64;
    share
}

fn rect(out: &mut String, x: f64, y: f64, width: f64, height: f64, colour: &str) {
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"<rect x="{x:.2}" y="{y:.2}" width="{width:.2}" height="{height:.2}" fill="{colour}"/>"#
    );
}

fn text(out: &mut String, x: f64, y: f64, size: u32, words: &str) {
    let _ = write!(
        out,
        r#"<text x="{x:.2}" y="{y:.2}" font-size="{size}" fill="{INK}">{}</text>"#,
        escape(words)
    );
}
