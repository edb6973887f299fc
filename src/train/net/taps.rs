//! What [`conv`](super::conv) does to runs of numbers, vector by vector.
//!
//! The taps of a convolution all see the same planes, each from another place on. Nothing is copied into columns: every
//! vector is read where it lies, and meets the weights of [`ROWS`] channels while it is in a register. Inner loops index and
//! count by hand: what a development build leaves as a call there would cost more than the arithmetic.

use pulp::{Simd, WithSimd};

/// Channels that are worked on at once.
pub(super) const ROWS: usize = 6;
/// Vectors that are worked on at once; with [`ROWS`] they fill the sixteen registers of most processors.
const VECTORS: usize = 2;
/// Numbers of the longest vectors there are.
const MOST_LANES: usize = 16;
/// Numbers that may be read beyond the last that count: more than there are in [`VECTORS`] of the longest vectors.
pub(super) const SLACK: usize = 64;

/// Multiplies two vectors by the same one, on top of two sums. Sums in an array would leave their registers in a
/// development build.
macro_rules! add {
    ($simd:ident, $by:expr, [$x0:ident, $x1:ident], [$sum0:ident, $sum1:ident]) => {
        let by = $by;
        $sum0 = $simd.mul_add_e_f32s(by, $x0, $sum0);
        $sum1 = $simd.mul_add_e_f32s(by, $x1, $sum1);
    };
}

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
        let (lanes, block) = (S::F32_LANES, S::F32_LANES * VECTORS);
        let views = views(simd, source);
        let first = first.map(|value| simd.splat_f32s(value));
        let mut p = 0;
        while p < count {
            let [mut a0, mut a1] = [first[0]; VECTORS];
            let [mut b0, mut b1] = [first[1]; VECTORS];
            let [mut c0, mut c1] = [first[2]; VECTORS];
            let [mut d0, mut d1] = [first[3]; VECTORS];
            let [mut e0, mut e1] = [first[4]; VECTORS];
            let [mut f0, mut f1] = [first[5]; VECTORS];
            let mut tap = 0;
            while tap < starts.len() {
                let from = starts[tap] + p;
                let (view, at, weights) = (views[from % lanes], from / lanes, &weights[tap]);
                let (x0, x1) = (view[at], view[at + 1]);
                add!(simd, simd.splat_f32s(weights[0]), [x0, x1], [a0, a1]);
                add!(simd, simd.splat_f32s(weights[1]), [x0, x1], [b0, b1]);
                add!(simd, simd.splat_f32s(weights[2]), [x0, x1], [c0, c1]);
                add!(simd, simd.splat_f32s(weights[3]), [x0, x1], [d0, d1]);
                add!(simd, simd.splat_f32s(weights[4]), [x0, x1], [e0, e1]);
                add!(simd, simd.splat_f32s(weights[5]), [x0, x1], [f0, f1]);
                tap += 1;
            }
            let sums = [[a0, a1], [b0, b1], [c0, c1], [d0, d1], [e0, e1], [f0, f1]];
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

/// The same numbers as vectors, from each of the first places on.
#[inline(always)]
#[expect(clippy::inline_always, reason = "vectors must stay in registers")]
fn views<S: Simd>(_: S, source: &[f32]) -> [&[S::f32s]; MOST_LANES] {
    let mut views: [&[S::f32s]; MOST_LANES] = [&[]; MOST_LANES];
    let mut place = 0;
    while place < S::F32_LANES {
        views[place] = S::as_simd_f32s(&source[place..]).0;
        place += 1;
    }
    views
}

/// Adds to `sums[pair][row][tap]` the sum over p of `given[row][p] * source[starts[pair][tap] + p]`. As many p as are
/// given, which must be whole vectors.
pub(super) struct Gather<'a> {
    pub(super) source: &'a [f32],
    pub(super) starts: &'a [[usize; 2]],
    pub(super) given: [&'a [f32]; ROWS],
    pub(super) sums: &'a mut [[[f32; 2]; ROWS]],
}

impl WithSimd for Gather<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { source, starts, given, sums } = self;
        let views = views(simd, source);
        let [given0, given1, given2, given3, given4, given5] = given.map(|row| S::as_simd_f32s(row).0);
        let zero = simd.splat_f32s(0.0);
        let mut pair = 0;
        while pair < starts.len() {
            let [i, j] = starts[pair];
            let (seen0, seen1) = (views[i % S::F32_LANES], views[j % S::F32_LANES]);
            let (i, j) = (i / S::F32_LANES, j / S::F32_LANES);
            let [mut a0, mut a1] = [zero; 2];
            let [mut b0, mut b1] = [zero; 2];
            let [mut c0, mut c1] = [zero; 2];
            let [mut d0, mut d1] = [zero; 2];
            let [mut e0, mut e1] = [zero; 2];
            let [mut f0, mut f1] = [zero; 2];
            let mut p = 0;
            while p < given0.len() {
                let (x0, x1) = (seen0[i + p], seen1[j + p]);
                add!(simd, given0[p], [x0, x1], [a0, a1]);
                add!(simd, given1[p], [x0, x1], [b0, b1]);
                add!(simd, given2[p], [x0, x1], [c0, c1]);
                add!(simd, given3[p], [x0, x1], [d0, d1]);
                add!(simd, given4[p], [x0, x1], [e0, e1]);
                add!(simd, given5[p], [x0, x1], [f0, f1]);
                p += 1;
            }
            let here = [[a0, a1], [b0, b1], [c0, c1], [d0, d1], [e0, e1], [f0, f1]];
            for (sums, here) in sums[pair].iter_mut().zip(here) {
                for (sum, here) in sums.iter_mut().zip(here) {
                    *sum += simd.reduce_sum_f32s(here);
                }
            }
            pair += 1;
        }
    }
}
