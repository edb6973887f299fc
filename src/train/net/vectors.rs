//! What [`settled`](super::settled) does to one plane of numbers, vector by vector. Loops count by hand, as in
//! [`taps`](super::taps).

use pulp::{Simd, WithSimd};

/// How a channel is normalised.
#[derive(Clone, Copy, Debug)]
pub(super) struct Channel {
    pub(super) mean: f32,
    /// One over the standard deviation.
    pub(super) sharp: f32,
    pub(super) scale: f32,
    pub(super) offset: f32,
}

impl Channel {
    pub(super) const AS_IT_IS: Self = Self { mean: 0.0, sharp: 1.0, scale: 1.0, offset: 0.0 };

    #[expect(clippy::cast_possible_truncation, reason = "a small number")]
    pub(super) fn all(
        mean: &[f32],
        variance: &[f32],
        scale: &[f32],
        offset: &[f32],
        epsilon: f64,
    ) -> Vec<Self> {
        let one = |i: usize| Self {
            mean: mean[i],
            sharp: 1.0 / (variance[i] + epsilon as f32).sqrt(),
            scale: scale[i],
            offset: offset[i],
        };
        (0..mean.len()).map(one).collect()
    }

    pub(super) fn gain(self) -> f32 {
        self.scale * self.sharp
    }

    pub(super) fn bias(self) -> f32 {
        self.offset - self.mean * self.gain()
    }
}

/// The numerator and denominator of tanh between -`REACH` and `REACH`, by powers of x squared; single precision exact to
/// a few units in the last place. Coefficients as published in Eigen's `MathFunctionsImpl.h`.
const REACH: f32 = 7.905_311;
const ABOVE: [f32; 7] = [
    -2.760_768_5e-16,
    2.000_188e-13,
    -8.604_672e-11,
    5.122_297e-8,
    1.485_722_4e-5,
    6.372_619_3e-4,
    4.893_524_6e-3,
];
const BELOW: [f32; 4] = [1.198_258_4e-6, 1.185_347_1e-4, 2.268_434_6e-3, 4.893_525e-3];

/// Sigmoid: one half of one plus tanh of half of it.
#[inline(always)]
#[expect(clippy::inline_always, reason = "vectors must stay in registers")]
fn sigmoid<S: Simd>(simd: S, x: S::f32s) -> S::f32s {
    let half = simd.mul_f32s(simd.splat_f32s(0.5), x);
    let t = simd.max_f32s(simd.splat_f32s(-REACH), simd.min_f32s(simd.splat_f32s(REACH), half));
    let square = simd.mul_f32s(t, t);
    let mut above = simd.splat_f32s(ABOVE[0]);
    let mut power = 1;
    while power < ABOVE.len() {
        above = simd.mul_add_e_f32s(above, square, simd.splat_f32s(ABOVE[power]));
        power += 1;
    }
    let mut below = simd.splat_f32s(BELOW[0]);
    power = 1;
    while power < BELOW.len() {
        below = simd.mul_add_e_f32s(below, square, simd.splat_f32s(BELOW[power]));
        power += 1;
    }
    let tanh = simd.div_f32s(simd.mul_f32s(t, above), below);
    simd.mul_add_e_f32s(simd.splat_f32s(0.5), tanh, simd.splat_f32s(0.5))
}

/// `SiLU` of a vector.
#[inline(always)]
#[expect(clippy::inline_always, reason = "vectors must stay in registers")]
fn swish<S: Simd>(simd: S, y: S::f32s) -> S::f32s {
    simd.mul_f32s(y, sigmoid(simd, y))
}

/// Writes `SiLU` of x times `gain` plus `bias`.
pub(super) struct Forwards<'a> {
    pub(super) x: &'a [f32],
    pub(super) out: &'a mut [f32],
    pub(super) gain: f32,
    pub(super) bias: f32,
}

impl WithSimd for Forwards<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (gain, bias) = (simd.splat_f32s(self.gain), simd.splat_f32s(self.bias));
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (out, out_rest) = S::as_mut_simd_f32s(self.out);
        let mut at = 0;
        while at < x.len() {
            out[at] = swish(simd, simd.mul_add_e_f32s(x[at], gain, bias));
            at += 1;
        }
        let rest = simd.mul_add_e_f32s(simd.partial_load_f32s(x_rest), gain, bias);
        simd.partial_store_f32s(out_rest, swish(simd, rest));
    }
}

/// Sum.
pub(super) struct Sum<'a> {
    pub(super) x: &'a [f32],
}

impl WithSimd for Sum<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (x, rest) = S::as_simd_f32s(self.x);
        let mut sum = simd.partial_load_f32s(rest);
        for x in x {
            sum = simd.add_f32s(sum, *x);
        }
        simd.reduce_sum_f32s(sum)
    }
}

/// Sum of the squares of what differs from the mean.
pub(super) struct Spread<'a> {
    pub(super) x: &'a [f32],
    pub(super) mean: f32,
}

impl WithSimd for Spread<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let mean = simd.splat_f32s(self.mean);
        let (x, rest) = S::as_simd_f32s(self.x);
        let mut sum = simd.splat_f32s(0.0);
        for x in x {
            let off = simd.sub_f32s(*x, mean);
            sum = simd.mul_add_e_f32s(off, off, sum);
        }
        let rest: f32 = rest.iter().map(|x| (x - self.mean) * (x - self.mean)).sum();
        simd.reduce_sum_f32s(sum) + rest
    }
}

/// What one vector of x says on the way back: x normalised, and the gradient before `SiLU`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "vectors must stay in registers")]
fn back<S: Simd>(simd: S, channel: &Channel, x: S::f32s, given: S::f32s) -> [S::f32s; 2] {
    let normal =
        simd.mul_f32s(simd.sub_f32s(x, simd.splat_f32s(channel.mean)), simd.splat_f32s(channel.sharp));
    let y = simd.mul_add_e_f32s(normal, simd.splat_f32s(channel.scale), simd.splat_f32s(channel.offset));
    let s = sigmoid(simd, y);
    // s + y s (1 - s), written as s (1 + y (1 - s)).
    let slope = simd.mul_add_e_f32s(y, simd.sub_f32s(simd.splat_f32s(1.0), s), simd.splat_f32s(1.0));
    [normal, simd.mul_f32s(given, simd.mul_f32s(s, slope))]
}

/// Sums of the gradients before `SiLU`, as they are and times x normalised.
pub(super) struct Sums<'a> {
    pub(super) x: &'a [f32],
    pub(super) given: &'a [f32],
    pub(super) channel: Channel,
}

impl WithSimd for Sums<'_> {
    type Output = [f32; 2];

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> [f32; 2] {
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (given, given_rest) = S::as_simd_f32s(self.given);
        let mut sums = [simd.splat_f32s(0.0); 2];
        let mut at = 0;
        while at < x.len() {
            let [normal, way] = back(simd, &self.channel, x[at], given[at]);
            at += 1;
            sums = [simd.add_f32s(sums[0], way), simd.mul_add_e_f32s(way, normal, sums[1])];
        }
        // Beyond the end nothing is given, so that nothing is added.
        let [x, given] = [simd.partial_load_f32s(x_rest), simd.partial_load_f32s(given_rest)];
        let [normal, way] = back(simd, &self.channel, x, given);
        sums = [simd.add_f32s(sums[0], way), simd.mul_add_e_f32s(way, normal, sums[1])];
        [simd.reduce_sum_f32s(sums[0]), simd.reduce_sum_f32s(sums[1])]
    }
}

/// Writes the gradient of x. `shares` are the means of the two sums over the whole channel; zero where mean and variance
/// do not depend on x.
pub(super) struct Backwards<'a> {
    pub(super) x: &'a [f32],
    pub(super) given: &'a [f32],
    pub(super) out: &'a mut [f32],
    pub(super) channel: Channel,
    pub(super) shares: [f32; 2],
}

impl WithSimd for Backwards<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let [plain, leaning] = [simd.splat_f32s(self.shares[0]), simd.splat_f32s(self.shares[1])];
        let gain = simd.splat_f32s(self.channel.gain());
        let (x, x_rest) = S::as_simd_f32s(self.x);
        let (given, given_rest) = S::as_simd_f32s(self.given);
        let (out, out_rest) = S::as_mut_simd_f32s(self.out);
        let mut at = 0;
        while at < x.len() {
            let [normal, way] = back(simd, &self.channel, x[at], given[at]);
            let straight = simd.sub_f32s(way, plain);
            out[at] = simd.mul_f32s(gain, simd.sub_f32s(straight, simd.mul_f32s(normal, leaning)));
            at += 1;
        }
        let [x, given] = [simd.partial_load_f32s(x_rest), simd.partial_load_f32s(given_rest)];
        let [normal, way] = back(simd, &self.channel, x, given);
        let straight = simd.sub_f32s(way, plain);
        let rest = simd.mul_f32s(gain, simd.sub_f32s(straight, simd.mul_f32s(normal, leaning)));
        simd.partial_store_f32s(out_rest, rest);
    }
}
