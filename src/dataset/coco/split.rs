//! Pictures divided into parts, the same way every time.

use std::collections::BTreeMap;

use rand::Rng;
use thiserror::Error;

use super::Coco;
use crate::seed::Seed;

/// Some of the pictures of a dataset, by their places in [`Coco::pictures`], ascending.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// The places.
    pub pictures: Vec<usize>,
}

/// Why a dataset cannot be split so.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum SplitError {
    /// Shares that are no shares.
    #[error("shares of {0:?}: expected numbers above 0 that add up to 1 at most")]
    Shares(Vec<f64>),
}

impl Split {
    /// Divides pictures into parts of these shares, to the nearest picture; what the shares leave is in no part.
    ///
    /// The order is drawn from `seed` and each picture's file name (the sequence's id where pictures form sequences,
    /// which stay whole, so that no part has seen another one's frames). A picture's draw depends on no other
    /// picture.
    ///
    /// # Errors
    /// When the shares are not positive, or add up to more than 1.
    pub fn shares<const N: usize>(coco: &Coco, shares: [f64; N], seed: u64) -> Result<[Self; N], SplitError> {
        let sum: f64 = shares.iter().sum();
        if shares.iter().any(|share| *share <= 0.0 || !share.is_finite()) || sum > 1.0 + 1e-9 {
            return Err(SplitError::Shares(shares.to_vec()));
        }
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, picture) in coco.pictures().iter().enumerate() {
            let name = match picture.video_id {
                Some(id) => format!("video {id}"),
                None => format!("picture {}", picture.file_name),
            };
            groups.entry(name).or_default().push(place);
        }
        let node = Seed(seed).dataset().child("split", 0);
        let mut drawn: Vec<_> =
            groups.into_iter().map(|(name, group)| (node.stream(&name).next_u64(), name, group)).collect();
        drawn.sort();
        #[expect(clippy::cast_precision_loss, reason = "numbers of pictures")]
        let total = coco.pictures().len() as f64;
        let mut parts = shares.map(|_| Self::default());
        let (mut part, mut done, mut until) = (0, 0usize, shares.first().copied().unwrap_or(0.0));
        for (_, _, group) in drawn {
            // A group belongs where its middle falls.
            #[expect(clippy::cast_precision_loss, reason = "numbers of pictures")]
            let middle = (done as f64 + group.len() as f64 / 2.0) / total;
            while part < N && middle > until {
                part += 1;
                until += shares.get(part).copied().unwrap_or(0.0);
            }
            done += group.len();
            let Some(part) = parts.get_mut(part) else { break };
            part.pictures.extend(group);
        }
        for part in &mut parts {
            part.pictures.sort_unstable();
        }
        Ok(parts)
    }
}
