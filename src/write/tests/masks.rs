//! Masks against a plain encoder and decoder written from the format's description.

use proptest::prelude::*;

use crate::geometry::{Rle, Size};

/// Counts of a column-major mask, one pixel at a time.
fn naive_counts(columns: &[Vec<bool>]) -> Vec<i64> {
    let pixels: Vec<bool> = columns.concat();
    let mut counts = vec![0];
    let mut value = false;
    for pixel in pixels {
        if pixel != value {
            value = pixel;
            counts.push(0);
        }
        *counts.last_mut().unwrap() += 1;
    }
    counts
}

/// Signed little-endian groups of 5 bits, in arithmetic rather than in shifts.
fn naive_string(counts: &[i64]) -> String {
    let mut out = String::new();
    for (i, &count) in counts.iter().enumerate() {
        let mut left = if i > 2 { count - counts[i - 2] } else { count };
        loop {
            let digit = left.rem_euclid(32);
            left = left.div_euclid(32);
            let done = (left == 0 && digit < 16) || (left == -1 && digit >= 16);
            out.push(char::from_u32(48 + u32::try_from(digit).unwrap() + if done { 0 } else { 32 }).unwrap());
            if done {
                break;
            }
        }
    }
    out
}

proptest! {
    #[test]
    fn masks_go_round_and_agree_with_a_plain_encoder(
        (width, height, bits) in (1u32..70, 1u32..70).prop_flat_map(|(w, h)| {
            // Runs of all lengths, so that long counts and large differences occur.
            let runs = proptest::collection::vec((any::<bool>(), 1usize..200), 1..60);
            (Just(w), Just(h), runs)
        })
    ) {
        let size = Size { width, height };
        let mut pixels: Vec<bool> = bits.into_iter().flat_map(|(bit, len)| vec![bit; len]).collect();
        pixels.resize(size.pixels(), false);
        let columns: Vec<Vec<bool>> = pixels.chunks(height as usize).map(<[bool]>::to_vec).collect();
        let mask: Vec<bool> =
            (0..size.pixels()).map(|p| columns[p % width as usize][p / width as usize]).collect();
        let rle = Rle::from_mask(size, &mask);
        prop_assert_eq!(&rle.counts, &naive_string(&naive_counts(&columns)));
        prop_assert_eq!(rle.to_mask().unwrap(), mask.clone());
        let (area, bbox) = rle.extents().unwrap();
        prop_assert_eq!(area, mask.iter().filter(|m| **m).count() as u64);
        let inside = |p: usize| {
            let b = bbox.unwrap();
            let (x, y) = ((p % width as usize) as f64, (p / width as usize) as f64);
            b.x <= x && x < b.right() && b.y <= y && y < b.bottom()
        };
        prop_assert!(mask.iter().enumerate().all(|(p, m)| !m || inside(p)));
    }

    #[test]
    fn no_string_makes_the_decoder_panic(counts in "[ -~]{0,40}", w in 0u32..100, h in 0u32..100) {
        let rle = Rle { size: [h, w], counts };
        if let Ok(runs) = rle.runs() {
            prop_assert_eq!(runs.iter().map(|r| u64::from(*r)).sum::<u64>(), u64::from(w) * u64::from(h));
        }
    }
}
