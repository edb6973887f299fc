//! Many pictures on one.

use std::fmt::Write as _;

use image::{
    Rgb, RgbImage,
    imageops::{self, FilterType},
};

use super::{
    ReportError,
    text::{draw_over, escape},
};

const GUTTER: u32 = 8;
const CAPTION: u32 = 22;

/// A picture and what to say of it.
#[derive(Clone, Debug)]
pub struct Tile {
    /// One line below the picture.
    pub caption: String,
    /// The picture; scaled to the sheet's columns.
    pub picture: RgbImage,
}

/// A grid of pictures with captions, `columns` side by side, each `tile_width` pixels wide and as high as the
/// highest needs.
///
/// # Errors
/// [`ReportError::Size`] when there are no tiles, or a side would be 0 or too large.
pub fn contact_sheet(tiles: &[Tile], columns: u32, tile_width: u32) -> Result<RgbImage, ReportError> {
    let scaled_height = |tile: &Tile| {
        let (width, height) = tile.picture.dimensions();
        let height = u64::from(height) * u64::from(tile_width) / u64::from(width.max(1));
        u32::try_from(height).unwrap_or(u32::MAX).max(1)
    };
    let count = u32::try_from(tiles.len()).unwrap_or(u32::MAX);
    let columns = columns.min(count);
    let rows = if columns == 0 { 0 } else { count.div_ceil(columns) };
    let tile_height = tiles.iter().map(scaled_height).max().unwrap_or(0);
    let total = |n: u32, side: u32| n.checked_mul(side.checked_add(GUTTER)?)?.checked_add(GUTTER);
    let (width, height) = (total(columns, tile_width), total(rows, tile_height.saturating_add(CAPTION)));
    let (Some(width @ 1..=32768), Some(height @ 1..=32768)) = (width, height) else {
        return Err(ReportError::Size(width.unwrap_or(u32::MAX), height.unwrap_or(u32::MAX)));
    };
    if rows == 0 || tile_width == 0 {
        return Err(ReportError::Size(width, height));
    }
    let mut sheet = RgbImage::from_pixel(width, height, Rgb([24, 26, 30]));
    let mut captions = String::new();
    for (index, tile) in (0..).zip(tiles) {
        let x = GUTTER + index % columns * (tile_width + GUTTER);
        let y = GUTTER + index / columns * (tile_height + CAPTION + GUTTER);
        let small = imageops::resize(&tile.picture, tile_width, scaled_height(tile), FilterType::Triangle);
        imageops::replace(&mut sheet, &small, i64::from(x), i64::from(y));
        // Writing to a String cannot fail.
        let _ = write!(
            captions,
            r##"<text x="{x}" y="{}" font-size="13" fill="#d8dce4">{}</text>"##,
            y + tile_height + 16,
            escape(&tile.caption)
        );
    }
    draw_over(&mut sheet, &captions)?;
    Ok(sheet)
}
