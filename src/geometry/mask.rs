//! Sets of pixels, for areas and overlaps, without a `bool` per pixel.

use super::{BoxPx, Rle, RleError, Size, polygon};

/// A set of pixels of a picture: spans of pixel numbers that run down the columns, left to right.
///
/// Spans are sorted, not empty, and never touch, so that equal sets are equal values.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    size: Size,
    /// First pixel, and the one after the last.
    spans: Vec<[u32; 2]>,
    area: u64,
    bounds: Option<BoxPx>,
}

impl Mask {
    /// From COCO's runs: background first, alternating, down the columns.
    ///
    /// # Errors
    /// When they do not add up to the picture, or the picture has 2^32 pixels or more.
    pub fn from_runs(size: Size, runs: &[u32]) -> Result<Self, RleError> {
        let expected = size.pixels() as u64;
        let found: u64 = runs.iter().map(|run| u64::from(*run)).sum();
        if found != expected {
            return Err(RleError::WrongLength { found, expected });
        }
        fits(size)?;
        let mut at = 0u32;
        let ends = runs.iter().map(|run| {
            at += run;
            at
        });
        // Every run's end is where the colour changes; that of the last one is the picture's.
        let mut toggles: Vec<u32> = ends.collect();
        toggles.pop();
        Ok(Self::from_toggles(size, &toggles))
    }

    /// From COCO's compressed encoding.
    ///
    /// # Errors
    /// As [`Rle::runs`].
    pub fn from_rle(rle: &Rle) -> Result<Self, RleError> {
        let [height, width] = rle.size;
        Self::from_runs(Size { width, height }, &rle.runs()?)
    }

    /// The union of closed outlines, each `x, y` alternating, rasterised as the COCO API does it (see
    /// `polygon::toggles`): a few per cent of the outline's pixels differ from those whose centre
    /// lies inside.
    ///
    /// # Errors
    /// When the picture has 2^32 pixels or more.
    pub fn from_polygons<P: AsRef<[f64]>>(size: Size, outlines: &[P]) -> Result<Self, RleError> {
        fits(size)?;
        let each = outlines.iter().map(|outline| {
            let toggles = polygon::toggles(size, outline.as_ref());
            Self::from_toggles(size, &toggles)
        });
        Ok(each.reduce(|a, b| a.union(&b)).unwrap_or_else(|| Self::from_toggles(size, &[])))
    }

    /// From the sorted pixel numbers at which the colour changes, background first.
    fn from_toggles(size: Size, toggles: &[u32]) -> Self {
        let end = u32::try_from(size.pixels()).unwrap_or(u32::MAX);
        let spans = toggles.chunks(2).map(|pair| [pair[0], pair.get(1).copied().unwrap_or(end)]);
        Self::from_spans(size, spans)
    }

    /// From spans in order of their first pixel; they may be empty, touch or overlap.
    fn from_spans(size: Size, spans: impl Iterator<Item = [u32; 2]>) -> Self {
        let mut joined: Vec<[u32; 2]> = Vec::new();
        for [first, end] in spans.filter(|[first, end]| first < end) {
            match joined.last_mut() {
                Some(last) if first <= last[1] => last[1] = last[1].max(end),
                _ => joined.push([first, end]),
            }
        }
        let area = joined.iter().map(|[first, end]| u64::from(end - first)).sum();
        let bounds = bounds(size.height, &joined);
        Self { size, spans: joined, area, bounds }
    }

    /// Pixels of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        let mut all: Vec<[u32; 2]> = self.spans.iter().chain(&other.spans).copied().collect();
        all.sort_unstable();
        Self::from_spans(self.size, all.into_iter())
    }

    /// Number of pixels in both; 0 when the pictures are not of one size.
    #[must_use]
    pub fn common(&self, other: &Self) -> u64 {
        if self.size != other.size {
            return 0;
        }
        let (Some(&[from, _]), Some(&[until, _])) = (self.spans.first(), other.spans.first()) else {
            return 0;
        };
        // What ends before the other one begins is skipped at once.
        let mut a = self.spans.partition_point(|span| span[1] <= until);
        let mut b = other.spans.partition_point(|span| span[1] <= from);
        let mut common = 0;
        while let (Some(x), Some(y)) = (self.spans.get(a), other.spans.get(b)) {
            let (first, end) = (x[0].max(y[0]), x[1].min(y[1]));
            common += u64::from(end.saturating_sub(first));
            if x[1] <= y[1] {
                a += 1;
            } else {
                b += 1;
            }
        }
        common
    }

    /// Size of the picture.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Number of pixels.
    #[must_use]
    pub fn area(&self) -> u64 {
        self.area
    }

    /// The smallest box round them; `None` when there are none.
    #[must_use]
    pub fn bounds(&self) -> Option<BoxPx> {
        self.bounds
    }

    /// COCO's compressed encoding.
    #[must_use]
    pub fn to_rle(&self) -> Rle {
        let end = u32::try_from(self.size.pixels()).unwrap_or(u32::MAX);
        let (mut runs, mut at) = (Vec::with_capacity(self.spans.len() * 2 + 1), 0);
        for &[first, last] in &self.spans {
            runs.extend([first - at, last - first]);
            at = last;
        }
        if at < end || runs.is_empty() {
            runs.push(end - at);
        }
        Rle::from_runs(self.size, &runs)
    }

    /// The set pixels as spans `[first, end)` of column-major pixel numbers.
    #[must_use]
    pub fn spans(&self) -> &[[u32; 2]] {
        &self.spans
    }
}

fn fits(size: Size) -> Result<(), RleError> {
    let pixels = size.pixels() as u64;
    if pixels > u64::from(u32::MAX) { Err(RleError::TooLarge(pixels)) } else { Ok(()) }
}

fn bounds(height: u32, spans: &[[u32; 2]]) -> Option<BoxPx> {
    let (first, last) = (spans.first()?, spans.last()?);
    let (left, right) = (first[0] / height, (last[1] - 1) / height + 1);
    let (mut top, mut bottom) = (height, 0);
    for &[first, end] in spans {
        if first / height == (end - 1) / height {
            top = top.min(first % height);
            bottom = bottom.max((end - 1) % height + 1);
        } else {
            (top, bottom) = (0, height);
        }
    }
    Some(BoxPx::from_edges(f64::from(left), f64::from(top), f64::from(right), f64::from(bottom)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { width: 7, height: 5 };

    fn of(rows: [&str; 5]) -> (Mask, Vec<bool>) {
        let pixels: Vec<bool> = rows.iter().flat_map(|row| row.bytes().map(|b| b == b'#')).collect();
        (Mask::from_rle(&Rle::from_mask(SIZE, &pixels)).unwrap(), pixels)
    }

    #[test]
    fn sets_are_what_their_pixels_are() {
        let shapes = [
            [".......", ".##....", ".##....", ".......", "......."],
            [".#.....", ".#.....", ".#.....", ".#...#.", ".#....."],
            ["..###..", "..#.#..", "..###..", ".......", "......#"],
            [".......", ".......", ".......", ".......", "......."],
            ["#######", "#######", "#######", "#######", "#######"],
        ];
        for (a, a_pixels) in shapes.map(of) {
            assert_eq!(a.area(), a_pixels.iter().filter(|p| **p).count() as u64, "area");
            assert_eq!(a.to_rle().to_mask().unwrap(), a_pixels, "there and back");
            let rle = Rle::from_mask(SIZE, &a_pixels);
            assert_eq!((a.area(), a.bounds()), rle.extents().unwrap(), "as the encoding says");
            for (b, b_pixels) in shapes.map(of) {
                let both = a_pixels.iter().zip(&b_pixels).filter(|(a, b)| **a && **b).count();
                assert_eq!(a.common(&b), both as u64, "{a_pixels:?} and {b_pixels:?}");
                let either: Vec<bool> = a_pixels.iter().zip(&b_pixels).map(|(a, b)| *a || *b).collect();
                assert_eq!(a.union(&b), Mask::from_rle(&Rle::from_mask(SIZE, &either)).unwrap(), "union");
            }
        }
    }

    #[test]
    fn runs_must_add_up() {
        let wrong = Mask::from_runs(SIZE, &[3, 4]);
        assert_eq!(wrong, Err(RleError::WrongLength { found: 7, expected: 35 }), "28 pixels are missing");
        let huge = Size { width: 70_000, height: 70_000 };
        assert!(matches!(Mask::from_polygons(huge, &[[0.0; 6]]), Err(RleError::TooLarge(_))), "too large");
    }
}
