//! What a standing thing covers of the ground, and whether two of them get in each other's way.
//!
//! The ground plane is the world's x and z. Rectangles are compared by the separating-axis theorem, discs by
//! their centres; both are exact, so that what does not overlap here does not overlap in the world.

use glam::Vec2;

/// A shape on the ground, world x and z, metres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Footprint {
    /// A round thing.
    Disc {
        /// Its middle.
        centre: Vec2,
        /// Its radius.
        radius: f32,
    },
    /// A rectangle.
    Rect {
        /// Its middle.
        centre: Vec2,
        /// Half its width and half its depth, along its own axes.
        half: Vec2,
        /// Its turn about world +Y, radians; 0 has its width along x.
        yaw: f32,
    },
}

impl Footprint {
    /// The middle.
    #[must_use]
    pub fn centre(&self) -> Vec2 {
        match *self {
            Self::Disc { centre, .. } | Self::Rect { centre, .. } => centre,
        }
    }

    /// Half the extents of the axis-aligned box round it.
    #[must_use]
    pub fn reach(&self) -> Vec2 {
        match *self {
            Self::Disc { radius, .. } => Vec2::splat(radius),
            Self::Rect { half, yaw, .. } => {
                let (sin, cos) = (yaw.sin().abs(), yaw.cos().abs());
                Vec2::new(half.x * cos + half.y * sin, half.x * sin + half.y * cos)
            }
        }
    }

    /// Area, square metres.
    #[must_use]
    pub fn area(&self) -> f32 {
        match *self {
            Self::Disc { radius, .. } => std::f32::consts::PI * radius * radius,
            Self::Rect { half, .. } => 4.0 * half.x * half.y,
        }
    }

    /// How far the two must be moved apart until they only touch, metres. Not positive when they are apart; then
    /// it is minus a lower bound of the distance between them.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let apart = (self.centre() - other.centre()).abs();
        let boxes = self.reach() + other.reach() - apart;
        if boxes.x <= 0.0 || boxes.y <= 0.0 {
            return boxes.min_element();
        }
        match (*self, *other) {
            (Self::Disc { centre: a, radius: r }, Self::Disc { centre: b, radius: s }) => {
                r + s - a.distance(b)
            }
            (Self::Disc { centre, radius }, Self::Rect { centre: middle, half, yaw })
            | (Self::Rect { centre: middle, half, yaw }, Self::Disc { centre, radius }) => {
                let [x, z] = axes(yaw);
                let from = centre - middle;
                let local = Vec2::new(from.dot(x), from.dot(z)).abs() - half;
                let outside = local.max(Vec2::ZERO).length();
                if outside > 0.0 { radius - outside } else { radius - local.max_element() }
            }
            (Self::Rect { centre: a, half: h, yaw }, Self::Rect { centre: b, half: k, yaw: turn }) => {
                let (mine, theirs) = (axes(yaw), axes(turn));
                mine.into_iter()
                    .chain(theirs)
                    .map(|axis| {
                        let span = |half: Vec2, [x, z]: [Vec2; 2]| {
                            half.x * x.dot(axis).abs() + half.y * z.dot(axis).abs()
                        };
                        span(h, mine) + span(k, theirs) - (a - b).dot(axis).abs()
                    })
                    .fold(f32::INFINITY, f32::min)
            }
        }
    }
}

/// The rectangle's own axes on the ground: a turn about +Y takes +x towards -z.
fn axes(yaw: f32) -> [Vec2; 2] {
    let (sin, cos) = yaw.sin_cos();
    [Vec2::new(cos, -sin), Vec2::new(sin, cos)]
}

/// An upright body over a footprint.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prism {
    /// What it covers of the ground.
    pub footprint: Footprint,
    /// Its lowest height, world y, metres.
    pub bottom: f32,
    /// Its greatest height.
    pub top: f32,
}

impl Prism {
    /// How far one must be moved, sideways or up, until the two only touch, metres; not positive when apart.
    #[must_use]
    pub fn overlap(&self, other: &Self) -> f32 {
        let heights = self.top.min(other.top) - self.bottom.max(other.bottom);
        if heights <= 0.0 { heights } else { heights.min(self.footprint.overlap(&other.footprint)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn disc(x: f32, z: f32, radius: f32) -> Footprint {
        Footprint::Disc { centre: Vec2::new(x, z), radius }
    }

    fn rect(x: f32, z: f32, half: Vec2, yaw_deg: f32) -> Footprint {
        Footprint::Rect { centre: Vec2::new(x, z), half, yaw: yaw_deg.to_radians() }
    }

    fn close(value: f32, expected: f32) {
        assert!((value - expected).abs() < 1e-5, "{value} is not {expected}");
    }

    #[test]
    fn overlaps_are_what_a_ruler_says() {
        close(disc(0.0, 0.0, 1.0).overlap(&disc(1.5, 0.0, 1.0)), 0.5);
        let unit = Vec2::ONE;
        close(rect(0.0, 0.0, unit, 0.0).overlap(&rect(1.7, 0.5, unit, 0.0)), 0.3);
        // A square on its corner reaches sqrt(2); its corner meets the other's edge at 1 + sqrt(2).
        close(rect(0.0, 0.0, unit, 45.0).overlap(&rect(2.4, 0.0, unit, 0.0)), 1.0 + 2f32.sqrt() - 2.4);
        close(rect(0.0, 0.0, unit, 0.0).overlap(&disc(1.5, 0.0, 1.0)), 0.5);
        close(rect(0.0, 0.0, unit, 90.0).overlap(&disc(1.0 + 0.6, 1.0 + 0.8, 1.2)), 0.2);
        close(rect(0.0, 0.0, unit, 0.0).overlap(&disc(0.9, 0.0, 0.5)), 0.6);
    }

    #[test]
    fn corners_that_pass_each_other_do_not_touch() {
        // The boxes round them overlap; the shapes do not.
        let thin = Vec2::new(1.0, 0.05);
        assert!(rect(0.0, 0.0, thin, 45.0).overlap(&rect(0.4, 0.4, thin, 45.0)) < 0.0, "parallel and apart");
        assert!(disc(0.0, 0.0, 1.0).overlap(&rect(1.8, 1.8, Vec2::ONE, 0.0)) < 0.0, "round the corner");
    }

    #[test]
    fn a_turn_goes_the_way_of_the_world() {
        // Ry(30 degrees) takes the +x end of a thin bar to (cos 30, -sin 30) in x and z.
        let bar = rect(0.0, 0.0, Vec2::new(1.0, 0.01), 30.0);
        let tip = glam::Quat::from_rotation_y(30f32.to_radians()) * glam::Vec3::X * 0.9;
        assert!(bar.overlap(&disc(tip.x, tip.z, 0.01)) > 0.0, "the tip is on the bar");
        assert!(bar.overlap(&disc(tip.x, -tip.z, 0.01)) < 0.0, "its mirror image is not");
    }

    #[test]
    fn what_stands_on_top_only_touches() {
        let low = Prism { footprint: disc(0.0, 0.0, 1.0), bottom: 0.0, top: 1.0 };
        let on_top = Prism { bottom: 1.0, top: 2.0, ..low };
        assert!(low.overlap(&on_top) <= 0.0, "resting is not overlapping");
        close(low.overlap(&Prism { bottom: 0.9, ..on_top }), 0.1);
    }
}
