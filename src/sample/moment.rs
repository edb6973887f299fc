//! An instant of a film. A picture that stands alone is a film of one, of which nothing is known of time.

use crate::{
    config::SequenceRecipe,
    scene::{Clip, Event},
    seed::{Node, Seed},
};

/// Which instant is staged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Moment {
    /// Number of the film.
    pub(super) film: u64,
    /// Number of the picture in it.
    pub(super) index: u32,
    /// Pictures of the film.
    pub(super) frames: u32,
    /// Pictures a second.
    pub(super) fps: f64,
}

impl Moment {
    /// The instant of a frame of the dataset.
    #[expect(clippy::cast_possible_truncation, reason = "a remainder of a u32")]
    pub(super) fn of(film: SequenceRecipe, frame: u64) -> Self {
        let frames = u64::from(film.frames.max(1));
        Self { film: frame / frames, index: (frame % frames) as u32, frames: film.frames, fps: film.fps }
    }

    /// The root of everything drawn once for the film.
    pub(super) fn root(&self, seed: Seed) -> Node {
        seed.frame(self.film)
    }

    /// Seconds since the film's first picture.
    pub(super) fn seconds(&self) -> f64 {
        f64::from(self.index) / self.fps
    }

    /// How long the film is, seconds.
    #[expect(clippy::cast_possible_truncation, reason = "seconds of a film")]
    pub(super) fn length_s(&self) -> f32 {
        (f64::from(self.frames) / self.fps) as f32
    }

    /// What happens between two times, seconds since the film's first picture; it may lie beyond the last.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "pictures of a film")]
    pub(super) fn event(&self, name: &str, from_s: f32, to_s: f32) -> Event {
        let picture = |seconds: f32| (f64::from(seconds) * self.fps).max(0.0) as u32;
        Event { name: name.to_owned(), start: picture(from_s), end: picture(to_s) }
    }

    /// Seconds since the film's middle.
    pub(super) fn since_middle_s(&self) -> f64 {
        (f64::from(self.index) - f64::from(self.frames - 1) * 0.5) / self.fps
    }

    /// Whether another picture follows in the film.
    pub(super) fn goes_on(&self) -> bool {
        self.index + 1 < self.frames
    }

    /// As a scene keeps it.
    pub(super) fn clip(&self, events: Vec<Event>) -> Clip {
        Clip { film: self.film, index: self.index, frames: self.frames, fps: self.fps, events }
    }
}

/// The node of what differs from picture to picture of a film (noise, the shake of a hand): `node` itself for a picture
/// that stands alone.
pub(super) fn instant(node: &Node, moment: Option<&Moment>) -> Node {
    moment.map_or_else(|| node.clone(), |moment| node.child("instant", moment.index as usize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_counted_off_into_films() {
        let film = SequenceRecipe { frames: 4, fps: 2.0 };
        let at = |frame| Moment::of(film, frame);
        assert_eq!((at(3).film, at(3).index, at(3).goes_on()), (0, 3, false));
        assert_eq!((at(4).film, at(4).index, at(4).goes_on()), (1, 0, true));
        assert!((at(5).seconds() - 0.5).abs() < 1e-12);
        assert!((at(4).since_middle_s() + at(7).since_middle_s()).abs() < 1e-12, "as long before as after");
    }
}
