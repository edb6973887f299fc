//! Colours for numbers.

/// A colour for an instance id: neighbouring ids are far apart in hue, and 0 is black.
#[must_use]
pub fn distinct(id: u32) -> [u8; 3] {
    if id == 0 {
        return [0; 3];
    }
    // Steps of the golden ratio round the circle of hues never come close to an earlier one for long.
    let hue = (f64::from(id) * 0.618_033_988_749_895).fract();
    let (value, saturation) = ([1.0, 0.75, 0.9][id as usize % 3], [0.75, 0.85, 0.5][id as usize / 3 % 3]);
    let channel = |shift: f64| {
        let k = (shift + hue * 6.0) % 6.0;
        byte(value * (1.0 - saturation * k.min(4.0 - k).clamp(0.0, 1.0)))
    };
    [channel(5.0), channel(3.0), channel(1.0)]
}

/// From dark blue over green and yellow to dark red, for `t` in 0 to 1: as readable in print as on screen.
#[must_use]
pub fn turbo(t: f64) -> [u8; 3] {
    const STOPS: [[f64; 3]; 9] = [
        [48.0, 18.0, 59.0],
        [69.0, 91.0, 205.0],
        [62.0, 156.0, 254.0],
        [24.0, 214.0, 203.0],
        [72.0, 248.0, 130.0],
        [164.0, 252.0, 60.0],
        [249.0, 186.0, 56.0],
        [245.0, 91.0, 16.0],
        [122.0, 4.0, 3.0],
    ];
    let at = t.clamp(0.0, 1.0) * 8.0;
    let step = (0..8).rev().find(|&i| at >= f64::from(i)).unwrap_or(0);
    let share = at - f64::from(step);
    let (low, high) = (STOPS[step as usize], STOPS[step as usize + 1]);
    std::array::from_fn(|c| byte((low[c] + (high[c] - low[c]) * share) / 255.0))
}

/// 0 to 1 as 0 to 255.
pub(super) fn byte(value: f64) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to the range of u8")]
    let rounded = (value * 255.0).round().clamp(0.0, 255.0) as u8;
    rounded
}

/// As `#rrggbb`.
pub(super) fn css([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_told_apart() {
        for id in 1u32..3000 {
            for other in id + 1..id + 6 {
                let apart: i32 =
                    distinct(id).iter().zip(distinct(other)).map(|(a, b)| i32::from(a.abs_diff(b))).sum();
                assert!(apart > 60, "ids {id} and {other}: {:?} {:?}", distinct(id), distinct(other));
            }
        }
        assert_eq!(distinct(0), [0; 3], "nothing is black");
    }

    #[test]
    fn turbo_runs_from_blue_to_red() {
        assert_eq!(turbo(-1.0), [48, 18, 59], "below");
        assert_eq!(turbo(1.0), [122, 4, 3], "end");
        assert_eq!(turbo(0.5), [72, 248, 130], "middle");
        let [r, _, b] = turbo(0.2);
        assert!(b > r, "near is blue");
    }
}
