//! An evaluation as a picture: precision over recall, and a bar for each area, slice and class.

use std::fmt::Write as _;

use image::{Rgb, RgbImage};

use super::{
    ReportError,
    text::{FAINT, INK, LINES, draw_over, rect, text},
};
use crate::eval::{Report, Scores};

const WIDTH: u32 = 1200;
const AP: &str = "#3a7bd5";
const AR: &str = "#9dc3ee";
/// The curve's plot: left, top, width, height.
const PLOT: [f64; 4] = [70.0, 96.0, 440.0, 400.0];
/// Column of the bars.
const BARS_X: f64 = 610.0;
const BARS_Y: f64 = 96.0;
const ROW: f64 = 21.0;
/// Rows of classes that are drawn; the others are in the text.
const CLASSES: usize = 16;

/// One page: curves on the left; on the right bars of AP (dark) and AR (light) by area, slice and class.
///
/// # Errors
/// Only when memory runs out.
pub fn score_page(report: &Report, title: &str) -> Result<RgbImage, ReportError> {
    let groups = groups(report);
    let rows: usize = groups.iter().map(|(_, rows)| rows.len() + 2).sum();
    let rows = f64::from(u32::try_from(rows).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page's height")]
    let height = (BARS_Y + rows * ROW + 20.0).clamp(PLOT[1] + PLOT[3] + 140.0, 32000.0) as u32;
    let mut page = RgbImage::from_pixel(WIDTH, height, Rgb([250, 250, 248]));
    let mut out = String::new();
    text(&mut out, 24.0, 38.0, 22, title);
    let told = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.3}"));
    let all = &report.all;
    let line = format!(
        "AP {}   AP50 {}   AP75 {}   AR {}   {} objects",
        told(all.ap),
        told(all.ap50),
        told(all.ap75),
        told(all.ar),
        all.truths
    );
    text(&mut out, 24.0, 66.0, 16, &line);
    curves(&mut out, report);
    text(&mut out, BARS_X + 150.0, 66.0, 12, "dark: AP, light: AR, n: objects");
    let mut y = BARS_Y;
    for (name, rows) in &groups {
        text(&mut out, BARS_X, y + 12.0, 15, name);
        y += ROW;
        for (bin, scores) in rows {
            bar(&mut out, bin, scores, y);
            y += ROW;
        }
        y += ROW;
    }
    draw_over(&mut page, &out)?;
    Ok(page)
}

type Group<'a> = (String, Vec<(&'a str, &'a Scores)>);

fn groups(report: &Report) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let told = report.slices.iter().filter(|slice| slice.scores.truths > 0);
    for slice in report.areas.iter().chain(told) {
        if groups.last().is_none_or(|(by, _)| *by != slice.by) {
            groups.push((slice.by.clone(), Vec::new()));
        }
        if let Some((_, rows)) = groups.last_mut() {
            rows.push((&slice.bin, &slice.scores));
        }
    }
    if report.classes.len() > 1 {
        let mut classes: Vec<_> = report.classes.iter().filter(|class| class.scores.truths > 0).collect();
        classes.sort_by_key(|class| std::cmp::Reverse(class.scores.truths));
        let more = classes.len().saturating_sub(CLASSES);
        let title =
            if more > 0 { format!("class (the most frequent; {more} more)") } else { "class".to_owned() };
        let rows = classes.into_iter().take(CLASSES).map(|class| (class.name.as_str(), &class.scores));
        groups.push((title, rows.collect()));
    }
    groups
}

fn bar(out: &mut String, name: &str, scores: &Scores, y: f64) {
    const LEFT: f64 = BARS_X + 150.0;
    const LONG: f64 = 300.0;
    text(out, BARS_X + 8.0, y + 12.0, 12, &name.chars().take(24).collect::<String>());
    rect(out, LEFT, y + 2.0, LONG, 13.0, "#eceef1");
    let (Some(ap), Some(ar)) = (scores.ap, scores.ar) else {
        text(out, LEFT + 4.0, y + 13.0, 11, "nothing to find");
        return;
    };
    rect(out, LEFT, y + 2.0, LONG * ar, 13.0, AR);
    rect(out, LEFT, y + 2.0, LONG * ap, 13.0, AP);
    text(out, LEFT + LONG + 8.0, y + 13.0, 11, &format!("AP {ap:.2}  AR {ar:.2}  n {}", scores.truths));
}

fn curves(out: &mut String, report: &Report) {
    let [left, top, width, height] = PLOT;
    for step in 0..=5 {
        let share = f64::from(step) / 5.0;
        let (x, y) = (left + share * width, top + height - share * height);
        rect(out, x, top, 1.0, height, FAINT);
        rect(out, left, y, width, 1.0, FAINT);
        text(out, x - 9.0, top + height + 18.0, 12, &format!("{share:.1}"));
        text(out, left - 30.0, y + 4.0, 12, &format!("{share:.1}"));
    }
    text(out, left + width / 2.0 - 20.0, top + height + 40.0, 14, "recall");
    let _ = write!(
        out,
        r#"<text transform="translate({:.1} {:.1}) rotate(-90)" font-size="14" fill="{INK}">precision</text>"#,
        left - 42.0,
        top + height / 2.0 + 28.0
    );
    for (index, curve) in report.curves.iter().enumerate() {
        let points = report.recalls.iter().zip(&curve.precision);
        let points: String = points
            .map(|(recall, precision)| {
                format!("{:.2},{:.2} ", left + recall * width, top + height - precision * height)
            })
            .collect();
        let colour = LINES[index % LINES.len()];
        // Writing to a String cannot fail.
        let _ = write!(
            out,
            r#"<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5" stroke-linejoin="round"/>"#
        );
        let y = top + height + 66.0 + f64::from(u32::try_from(index).unwrap_or(0)) * 20.0;
        rect(out, left, y - 5.0, 22.0, 3.0, colour);
        text(out, left + 30.0, y, 13, &curve.name);
    }
}
