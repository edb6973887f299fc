//! What [`conv`](super::conv) does to runs of numbers, vector by vector.
//!
//! The taps of a convolution all see the same planes, each from another place on. Nothing is copied into columns: every
//! vector is read where it lies, and meets the weights of [`ROWS`] channels while it is in a register.

use pulp::{Simd, WithSimd};

/// Channels that are worked on at once.
pub(super) const ROWS: usize = 4;
/// Vectors that are worked on at once; with [`ROWS`] they fill the sixteen registers of most processors.
pub(super) const VECTORS: usize = 3;
/// Numbers that may be read beyond the last that count: more than there are in [`VECTORS`] of the longest vectors.
pub(super) const SLACK: usize = 64;

/// `out[row][p] = first[row] + sum over taps of weights[tap][row] * source[starts[tap] + p]`, for p below `count` and,
/// of no meaning, for less than [`SLACK`] beyond.
pub(super) struct Mix<'a> {
    pub(super) source: &'a [f32],
    pub(super) starts: &'a [usize],
    pub(super) weights: &'a [[f32; ROWS]],
    pub(super) first: [f32; ROWS],
    /// Rows of [`out_pitch`] numbers.
    pub(super) out: &'a mut [f32],
    pub(super) count: usize,
}

/// Numbers of a row of [`Mix::out`].
pub(super) const fn out_pitch(count: usize) -> usize {
    count + SLACK
}

impl WithSimd for Mix<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { source, starts, weights, first, out, count } = self;
        let block = S::F32_LANES * VECTORS;
        let first = first.map(|value| simd.splat_f32s(value));
        let mut p = 0;
        while p < count {
            let mut sums =
                [[first[0]; VECTORS], [first[1]; VECTORS], [first[2]; VECTORS], [first[3]; VECTORS]];
            for (start, weights) in starts.iter().zip(weights) {
                let from = start + p;
                let x = S::as_simd_f32s(&source[from..from + block]).0;
                let x = [x[0], x[1], x[2]];
                sums = [
                    added(simd, sums[0], x, simd.splat_f32s(weights[0])),
                    added(simd, sums[1], x, simd.splat_f32s(weights[1])),
                    added(simd, sums[2], x, simd.splat_f32s(weights[2])),
                    added(simd, sums[3], x, simd.splat_f32s(weights[3])),
                ];
            }
            let mut row = 0;
            while row < ROWS {
                let from = row * out_pitch(count) + p;
                let out = S::as_mut_simd_f32s(&mut out[from..from + block]).0;
                out.copy_from_slice(&sums[row]);
                row += 1;
            }
            p += block;
        }
    }
}

/// Adds to `sums[three][row][tap]` the sum over p of `given[row][p] * source[starts[three][tap] + p]`. As many p as are
/// given, which must be whole vectors.
pub(super) struct Gather<'a> {
    pub(super) source: &'a [f32],
    pub(super) starts: &'a [[usize; 3]],
    pub(super) given: [&'a [f32]; ROWS],
    pub(super) sums: &'a mut [[[f32; 3]; ROWS]],
}

impl WithSimd for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { source, starts, given, sums } = self;
        let count = given[0].len();
        let given = [
            S::as_simd_f32s(given[0]).0,
            S::as_simd_f32s(given[1]).0,
            S::as_simd_f32s(given[2]).0,
            S::as_simd_f32s(given[3]).0,
        ];
        for (start, sums) in starts.iter().zip(sums) {
            let seen = [
                S::as_simd_f32s(&source[start[0]..start[0] + count]).0,
                S::as_simd_f32s(&source[start[1]..start[1] + count]).0,
                S::as_simd_f32s(&source[start[2]..start[2] + count]).0,
            ];
            let mut here = [[simd.splat_f32s(0.0); 3]; ROWS];
            let rows = given[0].iter().zip(given[1]).zip(given[2].iter().zip(given[3]));
            let taps = seen[0].iter().zip(seen[1]).zip(seen[2]);
            for (((g0, g1), (g2, g3)), ((x0, x1), x2)) in rows.zip(taps) {
                let x = [*x0, *x1, *x2];
                here = [
                    added(simd, here[0], x, *g0),
                    added(simd, here[1], x, *g1),
                    added(simd, here[2], x, *g2),
                    added(simd, here[3], x, *g3),
                ];
            }
            for (sums, here) in sums.iter_mut().zip(here) {
                for (sum, here) in sums.iter_mut().zip(here) {
                    *sum += simd.reduce_sum_f32s(here);
                }
            }
        }
    }
}

/// Three vectors, each multiplied by the same one, on top of three sums.
#[inline(always)]
#[expect(clippy::inline_always, reason = "vectors must stay in registers")]
fn added<S: Simd>(simd: S, sums: [S::f32s; 3], x: [S::f32s; 3], by: S::f32s) -> [S::f32s; 3] {
    [
        simd.mul_add_e_f32s(by, x[0], sums[0]),
        simd.mul_add_e_f32s(by, x[1], sums[1]),
        simd.mul_add_e_f32s(by, x[2], sums[2]),
    ]
}
