//! Plain boxes on a picture.

use image::{Rgb, RgbImage};

use crate::geometry::BoxPx;

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
}
