//! Planes laid out for the taps of a [`conv`](super::conv), band by band, and what the taps sum up to.

use pulp::Arch;
use rayon::prelude::*;

use super::{
    planes::Planes,
    taps::{Mix, ROWS, SLACK, out_pitch},
};

/// Numbers that are laid out for a band, about: they should stay in a core's own cache.
const BAND: usize = 24 * 1024;
/// Bands that a picture has at least, unless that would leave them fewer than [`LEAST_ROWS`].
const BANDS: usize = 8;
/// What lies beyond a band's rows is laid out with them, so that very thin ones are mostly that.
const LEAST_ROWS: usize = 4;

/// How planes lie for the taps: padded by `pad`, taken apart into `stride` times `stride` planes that hold every
/// `stride`-th row and column each.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lay {
    pub(super) pad: usize,
    pub(super) stride: usize,
    /// Rows, and numbers of a row, of each plane.
    pub(super) rows: usize,
    pub(super) pitch: usize,
}

impl Lay {
    /// Numbers of a plane: whole vectors, so that sums over places need no remainder.
    pub(super) const fn plane(self) -> usize {
        (self.rows * self.pitch).next_multiple_of(16)
    }

    /// Numbers of all planes of a channel.
    pub(super) const fn channel(self) -> usize {
        self.plane() * self.stride * self.stride
    }

    /// All planes of a batch laid out so; zero where there is nothing.
    pub(super) fn spread(self, batch: Planes, x: &[f32]) -> Vec<f32> {
        let all = batch.pictures * batch.channels;
        let mut out = vec![0.0; all * self.channel() + SLACK];
        let planes = out.par_chunks_mut(self.channel()).take(all).enumerate();
        planes.for_each(|(index, out)| self.fill(batch, batch.plane(x, index), 0, out));
        out
    }

    /// Lays out planes of a batch, from the row `first` of what would be laid out on; what is zero there must be zero.
    fn fill(self, batch: Planes, x: &[f32], first: usize, out: &mut [f32]) {
        for (x, out) in x.chunks(batch.area()).zip(out.chunks_mut(self.channel())) {
            for (part, out) in out.chunks_mut(self.plane()).enumerate() {
                let (down, right) = (part / self.stride, part % self.stride);
                for row in 0..self.rows {
                    let y = (first + row) * self.stride + down;
                    if y >= self.pad && y < self.pad + batch.height {
                        let x = &x[(y - self.pad) * batch.width..][..batch.width];
                        self.row(right, x, &mut out[row * self.pitch..][..self.pitch]);
                    }
                }
            }
        }
    }

    /// Every `stride`-th number of a padded row, from `right` on.
    fn row(self, right: usize, x: &[f32], out: &mut [f32]) {
        if self.stride == 1 {
            let count = x.len().min(self.pitch - self.pad);
            out[self.pad..self.pad + count].copy_from_slice(&x[..count]);
            return;
        }
        let mut column = self.pad.saturating_sub(right).div_ceil(self.stride);
        while column < self.pitch {
            let from = column * self.stride + right - self.pad;
            if from >= x.len() {
                break;
            }
            out[column] = x[from];
            column += 1;
        }
    }
}

/// Rows of a band that takes so many numbers a row, of all rows.
pub(super) fn band_rows(per_row: usize, rows: usize) -> usize {
    (BAND / per_row.max(1)).min(rows.div_ceil(BANDS)).max(LEAST_ROWS).min(rows.max(1))
}

/// The taps of those places that lie `down` and `right` of each `stride`-th.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) down: usize,
    pub(super) right: usize,
    pub(super) starts: Vec<usize>,
    /// Of each block of channels; see [`packed`].
    pub(super) weights: Vec<Vec<[f32; ROWS]>>,
}

/// New planes, each number the sum of what taps see.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sums<'a> {
    pub(super) to: Planes,
    /// Which of the places of `parts` there are: row `r` of a part is row `r * stride + down - pad`, and so are columns.
    pub(super) stride: usize,
    pub(super) pad: usize,
    pub(super) parts: &'a [Part],
    /// Rows of a part that a band has.
    pub(super) rows: usize,
    /// Numbers of a laid out row that are no places.
    pub(super) reach: usize,
}

impl Sums<'_> {
    /// The sums over planes `x`, laid out band by band, on top of `first` of each channel, zero where it ends.
    pub(super) fn of(&self, lay: Lay, from: Planes, x: &[f32], first: &[f32]) -> Vec<f32> {
        let to = self.to;
        let mut out = vec![0.0; to.pictures * to.channels * to.area()];
        let bands = self.bands(&mut out);
        bands.into_par_iter().for_each_init(Vec::new, |room, mut band| {
            let x = &x[band.picture * from.channels * from.area()..][..from.channels * from.area()];
            let mut source = vec![0.0; from.channels * lay.channel() + SLACK];
            lay.fill(from, x, band.row, &mut source);
            let count = self.rows * lay.pitch;
            room.resize(ROWS * out_pitch(count), 0.0);
            for part in self.parts {
                for (block, planes) in band.planes.chunks_mut(ROWS).enumerate() {
                    Arch::new().dispatch(Mix {
                        source: &source,
                        starts: &part.starts,
                        weights: &part.weights[block],
                        first: std::array::from_fn(|row| {
                            first.get(block * ROWS + row).copied().unwrap_or(0.0)
                        }),
                        out: room,
                        count,
                    });
                    for (plane, room) in planes.iter_mut().zip(room.chunks(out_pitch(count))) {
                        self.put(part, band.row, lay.pitch, room, plane);
                    }
                }
            }
        });
        out
    }

    /// Writes the places of a part, from its row `first` on, into as many rows of a plane.
    fn put(&self, part: &Part, first: usize, pitch: usize, room: &[f32], plane: &mut [f32]) {
        let (stride, pad) = (self.stride, self.pad);
        let begin = pad.saturating_sub(part.right).div_ceil(stride);
        let end = (self.to.width + pad).saturating_sub(part.right).div_ceil(stride).min(pitch - self.reach);
        let top = (first * stride).saturating_sub(pad);
        for (row, room) in room.chunks(pitch).take(self.rows).enumerate() {
            let Some(y) = ((first + row) * stride + part.down).checked_sub(pad + top) else { continue };
            let Some(out) = plane.get_mut(y * self.to.width..(y + 1) * self.to.width) else { break };
            if begin < end {
                scatter(out, begin * stride + part.right - pad, stride, &room[begin..end]);
            }
        }
    }

    /// The new planes, cut into bands.
    fn bands<'b>(&self, out: &'b mut [f32]) -> Vec<Band<'b>> {
        let (width, height) = (self.to.width, self.to.height);
        let mut bands = Vec::new();
        for (picture, planes) in out.chunks_mut(self.to.channels * self.to.area()).enumerate() {
            let begin = bands.len();
            let count = (height + self.pad).div_ceil(self.rows * self.stride);
            bands.extend((0..count).map(|i| Band { picture, row: i * self.rows, planes: Vec::new() }));
            for mut plane in planes.chunks_mut(self.to.area()) {
                for band in &mut bands[begin..] {
                    let end = ((band.row + self.rows) * self.stride).saturating_sub(self.pad).min(height);
                    let top = (band.row * self.stride).saturating_sub(self.pad);
                    let (here, rest) = plane.split_at_mut((end - top) * width);
                    band.planes.push(here);
                    plane = rest;
                }
            }
        }
        bands
    }
}

/// Some rows of all planes of a picture, from this row of a part on.
#[derive(Debug)]
struct Band<'a> {
    picture: usize,
    row: usize,
    planes: Vec<&'a mut [f32]>,
}

/// The weights of each block of channels, tap by tap; zero beyond the last channel.
pub(super) fn packed(
    channels: usize,
    taps: usize,
    of: impl Fn(usize, usize) -> f32,
) -> Vec<Vec<[f32; ROWS]>> {
    let one = |channel: usize, tap: usize| if channel < channels { of(channel, tap) } else { 0.0 };
    let block =
        |block: usize| (0..taps).map(|tap| std::array::from_fn(|row| one(block * ROWS + row, tap))).collect();
    (0..channels.div_ceil(ROWS)).map(block).collect()
}

/// Writes numbers `stride` apart.
fn scatter(out: &mut [f32], from: usize, stride: usize, numbers: &[f32]) {
    if stride == 1 {
        out[from..from + numbers.len()].copy_from_slice(numbers);
        return;
    }
    let (mut to, mut index) = (from, 0);
    while index < numbers.len() {
        out[to] = numbers[index];
        to += stride;
        index += 1;
    }
}
