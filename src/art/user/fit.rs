//! Puts a picture onto a part of a label: cropped a little, or whole on a ground that goes on from its rim.

use image::{
    Rgb, RgbaImage,
    imageops::{FilterType, crop_imm, resize, thumbnail},
};

/// A picture may lose so much of one side to fill its place; beyond, it is shown whole.
const CROPPED: f32 = 1.3;

/// A part of a canvas, pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Median colour of all pixels, by channel.
fn median(pixels: impl Iterator<Item = [u8; 3]>) -> [u8; 3] {
    let mut counts = [[0_u32; 256]; 3];
    let mut total = 0_u32;
    for pixel in pixels {
        total += 1;
        for (count, value) in counts.iter_mut().zip(pixel) {
            count[usize::from(value)] += 1;
        }
    }
    counts.map(|count| {
        let mut seen = 0;
        (0..=u8::MAX)
            .find(|value| {
                seen += count[usize::from(*value)];
                seen * 2 >= total
            })
            .unwrap_or_default()
    })
}

fn rgb(picture: &RgbaImage, x: u32, y: u32) -> [u8; 3] {
    let pixel = picture.get_pixel(x, y);
    [pixel[0], pixel[1], pixel[2]]
}

/// The colour that a picture's rim mostly has: what a label's ground goes on with.
pub(super) fn rim(picture: &RgbaImage) -> [u8; 3] {
    let (w, h) = picture.dimensions();
    let rows = (0..w).flat_map(|x| [(x, 0), (x, h - 1)]);
    let columns = (0..h).flat_map(|y| [(0, y), (w - 1, y)]);
    median(rows.chain(columns).map(|(x, y)| rgb(picture, x, y)))
}

/// Fills `part` of `canvas` with `picture`; `aspect` is width over height of the part as it will be seen, which may
/// be another than its pixels' (labels are drawn at their form's nominal proportions).
pub(super) fn lay(canvas: &mut RgbaImage, part: Part, aspect: f32, picture: &RgbaImage) {
    if part.width == 0 || part.height == 0 {
        return;
    }
    let filled = filled(part.width, part.height, aspect, picture);
    image::imageops::replace(canvas, &filled, part.x, part.y);
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "sides of pictures, far below 2^24"
)]
pub(super) fn filled(width: u32, height: u32, aspect: f32, picture: &RgbaImage) -> RgbaImage {
    let (w, h) = (picture.width() as f32, picture.height() as f32);
    let wider = w / h / aspect;
    let share = |side: u32, of: f32| ((side as f32 * of).round() as u32).clamp(1, side);
    if (1.0 / CROPPED..=CROPPED).contains(&wider) {
        let (cut_w, cut_h) = if wider > 1.0 { (w / wider, h) } else { (w, h * wider) };
        let (x, y) = ((w - cut_w) * 0.5, (h - cut_h) * 0.5);
        let cut =
            crop_imm(picture, x as u32, y as u32, (cut_w as u32).max(1), (cut_h as u32).max(1)).to_image();
        return smaller(&cut, width, height);
    }
    let mut out = RgbaImage::new(width, height);
    if wider > 1.0 {
        let shown = share(height, 1.0 / wider);
        let top = (height - shown) / 2;
        image::imageops::replace(&mut out, &smaller(picture, width, shown), 0, i64::from(top));
        extend(&mut out, top, top + shown, false);
    } else {
        let shown = share(width, wider);
        let left = (width - shown) / 2;
        image::imageops::replace(&mut out, &smaller(picture, shown, height), i64::from(left), 0);
        extend(&mut out, left, left + shown, true);
    }
    out
}

/// Resized; far larger pictures go through a cheap average first.
fn smaller(picture: &RgbaImage, width: u32, height: u32) -> RgbaImage {
    let large = picture.width() > width.saturating_mul(3) && picture.height() > height.saturating_mul(3);
    if large {
        resize(&thumbnail(picture, width * 2, height * 2), width, height, FilterType::Triangle)
    } else {
        resize(picture, width, height, FilterType::Triangle)
    }
}

/// Carries the colours of the rows (or columns) `from` and `to` - 1 on to the edges, fading into their median.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures")]
fn extend(out: &mut RgbaImage, from: u32, to: u32, across: bool) {
    let (width, height) = out.dimensions();
    let (length, depth) = if across { (height, width) } else { (width, height) };
    let at = |along: u32, deep: u32| if across { (deep, along) } else { (along, deep) };
    for (edge, first, last) in [(from, 0, from), (to - 1, to, depth)] {
        let line: Vec<[u8; 3]> = (0..length)
            .map(|along| {
                let (x, y) = at(along, edge);
                rgb(out, x, y)
            })
            .collect();
        let ground = median(line.iter().copied());
        let soft = blurred(&line, (length / 8).max(1) as usize);
        for deep in first..last {
            let away = (deep.abs_diff(edge) as f32 / (last - first).max(1) as f32 * 1.6).min(1.0);
            for along in 0..length {
                let near = soft[along as usize];
                let mixed = [0, 1, 2].map(|c| near[c] + (f32::from(ground[c]) - near[c]) * away);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a byte")]
                let Rgb(colour) = Rgb(mixed.map(|value| value.round() as u8));
                let (x, y) = at(along, deep);
                out.put_pixel(x, y, image::Rgba([colour[0], colour[1], colour[2], 255]));
            }
        }
    }
}

/// Mean over `reach` to either side.
fn blurred(line: &[[u8; 3]], reach: usize) -> Vec<[f32; 3]> {
    let mut sums = vec![[0.0_f64; 3]];
    for pixel in line {
        let last = sums[sums.len() - 1];
        sums.push([0, 1, 2].map(|c| last[c] + f64::from(pixel[c])));
    }
    (0..line.len())
        .map(|at| {
            let (first, last) = (at.saturating_sub(reach), (at + reach + 1).min(line.len()));
            #[expect(
                clippy::cast_precision_loss,
                clippy::cast_possible_truncation,
                reason = "means of bytes"
            )]
            [0, 1, 2].map(|c| ((sums[last][c] - sums[first][c]) / (last - first) as f64) as f32)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    fn disc(width: u32, height: u32) -> RgbaImage {
        RgbaImage::from_fn(width, height, |x, y| {
            let (dx, dy) = (x as f32 - width as f32 / 2.0, y as f32 - height as f32 / 2.0);
            if dx.hypot(dy) < 0.3 * width.min(height) as f32 {
                Rgba([250, 30, 30, 255])
            } else {
                Rgba([20, 40, 200, 255])
            }
        })
    }

    /// Width and height of what is red.
    fn red(picture: &RgbaImage) -> (f32, f32) {
        let hits: Vec<_> = picture.enumerate_pixels().filter(|(_, _, p)| p[0] > 140).collect();
        let span =
            |values: Vec<u32>| (values.iter().max().unwrap() - values.iter().min().unwrap() + 1) as f32;
        (span(hits.iter().map(|h| h.0).collect()), span(hits.iter().map(|h| h.1).collect()))
    }

    #[test]
    fn nothing_is_stretched_however_its_place_is_shaped() {
        for (w, h) in [(400, 400), (640, 480), (300, 900), (2000, 500)] {
            for (width, height) in [(64, 64), (100, 40), (40, 120)] {
                let shown = filled(width, height, width as f32 / height as f32, &disc(w, h));
                let (across, down) = red(&shown);
                assert!((across - down).abs() <= 2.0, "{w} x {h} in {width} x {height}: {across} x {down}");
            }
        }
        // The check can fail: a disc in a place whose true aspect is not that of its pixels is no disc in pixels.
        let (across, down) = red(&filled(100, 100, 2.0, &disc(400, 400)));
        assert!((across / down - 0.5).abs() < 0.1, "{across} x {down}: squeezed, to be seen stretched");
    }

    #[test]
    fn the_ground_goes_on_from_the_rim() {
        let shown = filled(60, 180, 1.0 / 3.0, &disc(400, 400));
        for (x, y) in [(0, 0), (30, 2), (59, 179), (30, 40)] {
            let p = shown.get_pixel(x, y);
            assert!(p[2] > 180 && p[0] < 40 && p[3] == 255, "{x}, {y}: {p:?}");
        }
        assert_eq!(rim(&disc(50, 50)), [20, 40, 200], "the colour of the rim");
    }
}
