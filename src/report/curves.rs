//! Curves over the steps of a run, as a picture.

use std::fmt::Write as _;

use image::{Rgb, RgbImage};

use super::{
    ReportError,
    text::{FAINT, LINES, draw_over, rect, text},
};

const WIDTH: f64 = 1200.0;
const LEFT: f64 = 90.0;
const PLOT_HEIGHT: f64 = 260.0;
const PANEL_HEIGHT: f64 = PLOT_HEIGHT + 90.0;
const PLOT_WIDTH: f64 = 800.0;
const TOP: f64 = 60.0;

/// A plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// What is plotted.
    pub title: String,
    /// Its lines.
    pub lines: Vec<Line>,
}

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Whose.
    pub name: String,
    /// Points: along, up. In order along.
    pub points: Vec<[f64; 2]>,
    /// Whether its points are noisy: they are drawn faintly then, and their running mean on top.
    pub noisy: bool,
}

/// One page with a plot below the other, all with the same axis along. What is no finite number is left out.
///
/// # Errors
/// Only when memory runs out.
pub fn curve_page(panels: &[Panel], title: &str) -> Result<RgbImage, ReportError> {
    let count = f64::from(u32::try_from(panels.len()).unwrap_or(u32::MAX));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a page's sides")]
    let (width, height) = (WIDTH as u32, (TOP + count * PANEL_HEIGHT).clamp(100.0, 32000.0) as u32);
    let mut page = RgbImage::from_pixel(width, height, Rgb([250, 250, 248]));
    let mut out = String::new();
    text(&mut out, 24.0, 34.0, 20, title);
    let points = || panels.iter().flat_map(|panel| &panel.lines).flat_map(|line| &line.points);
    let along = scale(points().map(|p| p[0]), false);
    for (index, panel) in panels.iter().enumerate() {
        let top = TOP + f64::from(u32::try_from(index).unwrap_or(0)) * PANEL_HEIGHT + 24.0;
        plot(&mut out, panel, along, top);
    }
    draw_over(&mut page, &out)?;
    Ok(page)
}

/// Where an axis begins, ends, and how far its marks are apart.
fn scale(values: impl Iterator<Item = f64>, from_zero: bool) -> [f64; 3] {
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.filter(|v| v.is_finite()) {
        low = low.min(value);
        high = high.max(value);
    }
    if low > high {
        return [0.0, 1.0, 0.2];
    }
    if from_zero {
        low = low.min(0.0);
    }
    let rough = ((high - low) / 5.0).max(high.abs() * 1e-9).max(1e-12);
    let power = 10f64.powf(rough.log10().floor());
    let step = power * [1.0, 2.0, 5.0, 10.0].into_iter().find(|f| f * power >= rough).unwrap_or(10.0);
    [(low / step).floor() * step, ((high / step).ceil() * step).max(low + step), step]
}

fn plot(out: &mut String, panel: &Panel, along: [f64; 3], top: f64) {
    text(out, LEFT, top - 8.0, 15, &panel.title);
    let values = panel.lines.iter().flat_map(smooth).map(|p| p[1]);
    let up = scale(values, true);
    let x = |value: f64| LEFT + (value - along[0]) / (along[1] - along[0]) * PLOT_WIDTH;
    let y = |value: f64| top + PLOT_HEIGHT - (value - up[0]) / (up[1] - up[0]) * PLOT_HEIGHT;
    for value in marks(up) {
        rect(out, LEFT, y(value), PLOT_WIDTH, 1.0, FAINT);
        text(out, LEFT - 58.0, y(value) + 4.0, 12, &told(value, up[2]));
    }
    for value in marks(along) {
        rect(out, x(value), top, 1.0, PLOT_HEIGHT, FAINT);
        text(out, x(value) - 12.0, top + PLOT_HEIGHT + 18.0, 12, &told(value, along[2]));
    }
    for (index, line) in panel.lines.iter().enumerate() {
        let colour = LINES[index % LINES.len()];
        let mut draw = |points: &[[f64; 2]], thick: f64, opacity: f64| {
            // What jumps out of the plot stays at its edge.
            let points: String = points
                .iter()
                .map(|p| format!("{:.2},{:.2} ", x(p[0]), y(p[1]).clamp(top, top + PLOT_HEIGHT)))
                .collect();
            // Writing to a String cannot fail.
            let _ = write!(
                out,
                r#"<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{thick}" stroke-opacity="{opacity}" stroke-linejoin="round"/>"#
            );
        };
        if line.noisy {
            draw(&finite(line), 1.0, 0.25);
        }
        draw(&smooth(line), 2.5, 1.0);
        let row = top + 8.0 + f64::from(u32::try_from(index).unwrap_or(0)) * 20.0;
        rect(out, LEFT + PLOT_WIDTH + 20.0, row - 5.0, 22.0, 3.0, colour);
        let digits =
            |value: f64| if value.abs() < 0.01 { format!("{value:.1e}") } else { format!("{value:.3}") };
        let last = smooth(line).last().map_or_else(String::new, |p| format!("  {}", digits(p[1])));
        text(out, LEFT + PLOT_WIDTH + 50.0, row, 13, &(line.name.clone() + &last));
    }
}

fn marks([low, high, step]: [f64; 3]) -> impl Iterator<Item = f64> {
    (0..=20u8).map(move |i| low + f64::from(i) * step).take_while(move |v| *v <= high + step * 1e-6)
}

/// A mark's value, with as many digits as its distance to the next calls for.
fn told(value: f64, step: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few digits")]
    let digits = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{value:.digits$}")
}

fn finite(line: &Line) -> Vec<[f64; 2]> {
    line.points.iter().copied().filter(|p| p.iter().all(|v| v.is_finite())).collect()
}

/// The points, or the running mean of noisy ones over a fortieth of them.
fn smooth(line: &Line) -> Vec<[f64; 2]> {
    let points = finite(line);
    if !line.noisy {
        return points;
    }
    let reach = points.len() / 80;
    let mean = |at: usize| {
        let part = &points[at.saturating_sub(reach)..(at + reach + 1).min(points.len())];
        let count = f64::from(u32::try_from(part.len()).unwrap_or(u32::MAX));
        [points[at][0], part.iter().map(|p| p[1]).sum::<f64>() / count]
    };
    (0..points.len()).map(mean).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(points: Vec<[f64; 2]>, noisy: bool) -> Line {
        Line { name: "x".into(), points, noisy }
    }

    #[test]
    fn axes_have_round_marks_round_everything() {
        assert_eq!(scale([0.0, 97.0].into_iter(), true), [0.0, 100.0, 20.0], "by twenties");
        let by_twentieths = scale([0.12, 0.31].into_iter(), false);
        let near = by_twentieths.iter().zip([0.1, 0.35, 0.05]).all(|(a, b)| (a - b).abs() < 1e-12);
        assert!(near, "{by_twentieths:?}");
        assert_eq!(scale(std::iter::empty(), true), [0.0, 1.0, 0.2], "nothing");
        let [low, high, step] = scale([5.0, 5.0].into_iter(), false);
        assert!(low <= 5.0 && high > low && step > 0.0, "a single value: {low} {high} {step}");
    }

    #[test]
    fn noise_is_averaged_and_nonsense_left_out() {
        let noisy: Vec<[f64; 2]> = (0..800u32).map(|i| [f64::from(i), f64::from(i % 2)]).collect();
        let mean = smooth(&line(noisy, true));
        assert!(mean[40..760].iter().all(|p| (p[1] - 0.5).abs() < 0.05), "about a half");
        let broken = line(vec![[0.0, f64::NAN], [1.0, 2.0]], false);
        assert_eq!(smooth(&broken), [[1.0, 2.0]], "the other stays");
    }

    #[test]
    fn a_page_shows_its_lines() {
        let panel = Panel { title: "loss".into(), lines: vec![line(vec![[0.0, 0.0], [10.0, 1.0]], false)] };
        let page = curve_page(&[panel.clone(), panel], "a run").expect("drawn");
        assert_eq!(page.height(), 760, "two plots");
        let blue = page.pixels().filter(|p| p.0 == [0x3a, 0x7b, 0xd5]).count();
        assert!(blue > 1000, "{blue} pixels of the lines");
        assert!(curve_page(&[], "nothing").is_ok(), "no plots are no mistake");
    }
}
