//! Run-length masks in COCO's encoding.
//!
//! Runs go down the columns, left to right, starting with background. The compressed string is the one of
//! the COCO API (`maskApi.c`, `rleToString`): each count, from the third on the difference to the count
//! two before, as little-endian groups of five bits plus a continuation bit, offset by 48 into ASCII.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{BoxPx, Size};

/// A binary mask as COCO writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rle {
    /// `[height, width]`, in COCO's order.
    pub size: [u32; 2],
    /// Compressed counts.
    pub counts: String,
}

/// Why a string is no mask.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RleError {
    /// A character outside of the encoding's range, or an unfinished number.
    #[error("mask counts are malformed at character {0}")]
    Malformed(usize),
    /// The counts do not add up to the picture.
    #[error("mask covers {found} pixels where its size has {expected}")]
    WrongLength {
        /// Sum of the counts.
        found: u64,
        /// Height times width.
        expected: u64,
    },
    /// More pixels than a mask can number.
    #[error("a mask of {0} pixels is too large: at most 2^32 - 1 are possible")]
    TooLarge(u64),
}

impl Rle {
    /// Encodes runs (background first, alternating) that go down the columns of a picture of `size`.
    #[must_use]
    pub fn from_runs(size: Size, runs: &[u32]) -> Self {
        let mut counts = String::with_capacity(runs.len() * 2);
        for (i, &run) in runs.iter().enumerate() {
            let mut x = i64::from(run) - if i > 2 { i64::from(runs[i - 2]) } else { 0 };
            loop {
                let mut group = (x & 0x1f) as u8;
                x >>= 5;
                let more = if group & 0x10 == 0 { x != 0 } else { x != -1 };
                if more {
                    group |= 0x20;
                }
                counts.push(char::from(group + 48));
                if !more {
                    break;
                }
            }
        }
        Self { size: [size.height, size.width], counts }
    }

    /// Encodes a row-major mask.
    #[must_use]
    pub fn from_mask(size: Size, mask: &[bool]) -> Self {
        let (width, height) = (size.width as usize, size.height as usize);
        let mut runs = Vec::new();
        let (mut value, mut run) = (false, 0);
        for x in 0..width {
            for y in 0..height {
                if mask[y * width + x] != value {
                    runs.push(run);
                    (value, run) = (!value, 0);
                }
                run += 1;
            }
        }
        runs.push(run);
        Self::from_runs(size, &runs)
    }

    /// The runs, background first.
    ///
    /// # Errors
    /// When the string is malformed or does not add up to the mask's size.
    pub fn runs(&self) -> Result<Vec<u32>, RleError> {
        let bytes = self.counts.as_bytes();
        let mut runs: Vec<u32> = Vec::new();
        let mut at = 0;
        while at < bytes.len() {
            let (mut x, mut shift) = (0i64, 0);
            loop {
                let group = i64::from(*bytes.get(at).ok_or(RleError::Malformed(at))?) - 48;
                if !(0..64).contains(&group) || shift > 35 {
                    return Err(RleError::Malformed(at));
                }
                at += 1;
                x |= (group & 0x1f) << shift;
                shift += 5;
                if group & 0x20 == 0 {
                    if group & 0x10 != 0 {
                        x |= -1 << shift;
                    }
                    break;
                }
            }
            if runs.len() > 2 {
                x += i64::from(runs[runs.len() - 2]);
            }
            runs.push(u32::try_from(x).map_err(|_| RleError::Malformed(at))?);
        }
        let found = runs.iter().map(|&r| u64::from(r)).sum();
        let expected = u64::from(self.size[0]) * u64::from(self.size[1]);
        if found != expected {
            return Err(RleError::WrongLength { found, expected });
        }
        Ok(runs)
    }

    /// The mask, row-major, one `bool` a pixel.
    ///
    /// # Errors
    /// As [`Rle::runs`].
    pub fn to_mask(&self) -> Result<Vec<bool>, RleError> {
        let [height, width] = self.size.map(|n| n as usize);
        let mut mask = vec![false; height * width];
        let mut at = 0usize;
        for (i, run) in self.runs()?.into_iter().enumerate() {
            if i % 2 == 1 {
                for p in at..at + run as usize {
                    mask[p % height * width + p / height] = true;
                }
            }
            at += run as usize;
        }
        Ok(mask)
    }

    /// Number of pixels, and the smallest box round them (`None` for an empty mask).
    ///
    /// # Errors
    /// As [`Rle::runs`].
    pub fn extents(&self) -> Result<(u64, Option<BoxPx>), RleError> {
        let height = u64::from(self.size[0]);
        let (mut area, mut at) = (0u64, 0u64);
        let (mut left, mut top, mut right, mut bottom) = (u64::MAX, u64::MAX, 0, 0);
        for (i, run) in self.runs()?.into_iter().map(u64::from).enumerate() {
            if i % 2 == 1 && run > 0 {
                let (first, last) = (at, at + run - 1);
                left = left.min(first / height);
                right = right.max(last / height + 1);
                if first / height == last / height {
                    top = top.min(first % height);
                    bottom = bottom.max(last % height + 1);
                } else {
                    (top, bottom) = (0, height);
                }
                area += run;
            }
            at += run;
        }
        #[expect(clippy::cast_precision_loss, reason = "pixel coordinates are far below 2^53")]
        let found =
            (area > 0).then(|| BoxPx::from_edges(left as f64, top as f64, right as f64, bottom as f64));
        Ok((area, found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_mask_has_the_string_the_coco_api_gives() {
        // pycocotools.mask.encode of a 4 x 5 mask with rows 1..3, columns 1..4 set.
        let size = Size { width: 5, height: 4 };
        let mask: Vec<bool> =
            (0..20).map(|i| (1..3).contains(&(i / 5)) && (1..4).contains(&(i % 5))).collect();
        let rle = Rle::from_mask(size, &mask);
        assert_eq!(rle.counts, "5220003", "as pycocotools writes it");
        assert_eq!(rle.to_mask().expect("decodes"), mask, "and back");
        assert_eq!(
            rle.extents().expect("decodes"),
            (6, Some(BoxPx::from_edges(1.0, 1.0, 4.0, 3.0))),
            "extents"
        );
    }

    #[test]
    fn a_wrong_sum_is_an_error() {
        let rle = Rle { size: [4, 5], counts: "5220".into() };
        assert!(matches!(rle.runs(), Err(RleError::WrongLength { .. })), "{:?}", rle.runs());
    }
}
