//! Plain boxes and keypoints on a picture.

use image::{Rgb, RgbImage};

use crate::{geometry::BoxPx, truth::BONES};

/// Draws a box's outline inside of its edges, thicker on larger pictures. What lies outside of the picture is not
/// drawn.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "edges are clamped to the picture before they become pixels"
)]
pub fn draw_box(picture: &mut RgbImage, bbox: BoxPx, colour: [u8; 3]) {
    let (width, height) = picture.dimensions();
    let thick = 1 + width.max(height) / 1000;
    let clamp = |edge: f64, limit: u32| edge.round().clamp(0.0, f64::from(limit)) as u32;
    let (left, right) = (clamp(bbox.x, width), clamp(bbox.right(), width));
    let (top, bottom) = (clamp(bbox.y, height), clamp(bbox.bottom(), height));
    for y in top..bottom {
        let edge_row = y < top + thick || y + thick >= bottom;
        for x in left..right {
            if edge_row || x < left + thick || x + thick >= right {
                picture.put_pixel(x, y, Rgb(colour));
            }
        }
    }
}

/// Draws keypoints `[x, y, how surely visible]`, those that are probably visible bright, and the bones between them where
/// they are the 17 of a person.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "only pixels of the picture are put"
)]
pub fn draw_points(picture: &mut RgbImage, points: &[[f64; 3]]) {
    let (width, height) = picture.dimensions();
    let thick = f64::from(1 + width.max(height) / 640);
    let mut dot = |x: f64, y: f64, radius: f64, colour: [u8; 3]| {
        let reach = radius.ceil() as i64;
        for (dx, dy) in (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dx, dy))) {
            let (px, py) = (x.round() + dx as f64, y.round() + dy as f64);
            let near = (dx * dx + dy * dy) as f64 <= radius * radius;
            if near && px >= 0.0 && py >= 0.0 && px < f64::from(width) && py < f64::from(height) {
                picture.put_pixel(px as u32, py as u32, Rgb(colour));
            }
        }
    };
    let bones = if points.len() == 17 { BONES.as_slice() } else { &[] };
    for bone in bones {
        let [a, b] = bone.map(|end| points[usize::from(end) - 1]);
        let length = (b[0] - a[0]).hypot(b[1] - a[1]).min(f64::from(width + height));
        for step in 0..=length as u32 {
            let along = f64::from(step) / length.max(1.0);
            dot(a[0] + (b[0] - a[0]) * along, a[1] + (b[1] - a[1]) * along, thick * 0.5, [60, 200, 255]);
        }
    }
    for [x, y, visible] in points {
        let colour = if *visible >= 0.5 { [255, 240, 60] } else { [150, 90, 30] };
        dot(*x, *y, thick * 1.5, colour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_lies_inside_of_its_box() {
        let mut picture = RgbImage::new(10, 8);
        draw_box(&mut picture, BoxPx { x: 2.0, y: 1.0, w: 5.0, h: 4.0 }, [255; 3]);
        let lit = |x, y| picture.get_pixel(x, y).0[0] == 255;
        let count = (0..8).flat_map(|y| (0..10).map(move |x| (x, y))).filter(|&(x, y)| lit(x, y)).count();
        assert_eq!(count, 5 * 4 - 3 * 2, "all but the inside");
        assert!(lit(2, 1) && lit(6, 4) && !lit(3, 2) && !lit(7, 4), "corners in, inside out");
        draw_box(&mut picture, BoxPx { x: -5.0, y: -5.0, w: 50.0, h: 50.0 }, [255; 3]);
        assert!(picture.get_pixel(9, 7).0[0] == 255, "clamped");
    }

    #[test]
    fn keypoints_are_dots_and_bones_are_lines() {
        let mut picture = RgbImage::new(200, 60);
        let points: Vec<[f64; 3]> = (0..17u8).map(|i| [10.0 * f64::from(i) + 10.0, 30.0, 1.0]).collect();
        draw_points(&mut picture, &points);
        assert_eq!(picture.get_pixel(10, 30).0, [255, 240, 60], "the nose");
        assert_eq!(picture.get_pixel(11, 29).0, [255, 240, 60], "is round");
        // Left and right hip are joined; nothing lies above or below.
        assert_eq!(picture.get_pixel(125, 30).0, [60, 200, 255], "a bone");
        assert_eq!(picture.get_pixel(125, 34).0, [0; 3], "and no more");
        let mut plain = RgbImage::new(60, 60);
        draw_points(&mut plain, &[[-50.0, 1e9, 0.2], [20.0, 20.0, 0.2]]);
        assert_eq!(plain.get_pixel(20, 20).0, [150, 90, 30], "probably hidden; outside is no matter");
    }
}
