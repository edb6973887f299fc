//! How large infants are: the WHO Child Growth Standards.
//!
//! Medians and spreads of length, weight and head circumference for age, birth to 24 months, from the simplified
//! field tables (WHO Multicentre Growth Reference Study Group 2006, 'WHO Child Growth Standards: length/height-for-age,
//! weight-for-age ...', and 2007 '... head circumference-for-age ...'), rounded as published: 0.1 cm, 0.1 kg.

/// Sex, as far as growth tables and body shape tell it apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sex {
    Female,
    Male,
}

/// One row: age in months; median and standard deviation of length (cm); median (kg) and coefficient of variation of
/// weight; median and standard deviation of head circumference (cm).
type Row = [f32; 7];

const GIRLS: [Row; 9] = [
    [0.0, 49.1, 1.9, 3.2, 0.142, 33.9, 1.2],
    [1.0, 53.7, 2.0, 4.2, 0.137, 36.5, 1.2],
    [2.0, 57.1, 2.0, 5.1, 0.130, 38.3, 1.2],
    [3.0, 59.8, 2.1, 5.8, 0.126, 39.5, 1.2],
    [6.0, 65.7, 2.3, 7.3, 0.122, 42.2, 1.3],
    [9.0, 70.1, 2.4, 8.2, 0.122, 43.8, 1.3],
    [12.0, 74.0, 2.6, 8.9, 0.123, 44.9, 1.3],
    [18.0, 80.7, 2.9, 10.2, 0.123, 46.2, 1.4],
    [24.0, 86.4, 3.2, 11.5, 0.124, 47.2, 1.4],
];
const BOYS: [Row; 9] = [
    [0.0, 49.9, 1.9, 3.3, 0.146, 34.5, 1.3],
    [1.0, 54.7, 1.9, 4.5, 0.134, 37.3, 1.2],
    [2.0, 58.4, 2.0, 5.6, 0.124, 39.1, 1.2],
    [3.0, 61.4, 2.0, 6.4, 0.117, 40.5, 1.2],
    [6.0, 67.6, 2.1, 7.9, 0.110, 43.3, 1.2],
    [9.0, 72.0, 2.2, 8.9, 0.109, 45.0, 1.3],
    [12.0, 75.7, 2.4, 9.6, 0.109, 46.1, 1.3],
    [18.0, 82.3, 2.7, 10.9, 0.110, 47.4, 1.3],
    [24.0, 87.8, 3.1, 12.2, 0.114, 48.3, 1.4],
];

/// How large one infant is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Size {
    pub(super) length_m: f32,
    pub(super) weight_kg: f32,
    pub(super) head_circumference_m: f32,
}

/// The size at an age for these z-scores of length, weight and head circumference. Ages beyond 24 months count as 24.
pub(super) fn size(sex: Sex, age_months: f32, [length_z, weight_z, head_z]: [f32; 3]) -> Size {
    let table = match sex {
        Sex::Female => &GIRLS,
        Sex::Male => &BOYS,
    };
    let age = age_months.clamp(0.0, 24.0);
    let after = table.iter().position(|row| row[0] >= age).unwrap_or(table.len() - 1).max(1);
    let (a, b) = (table[after - 1], table[after]);
    let t = (age - a[0]) / (b[0] - a[0]);
    let row: Row = std::array::from_fn(|i| a[i] + (b[i] - a[i]) * t);
    Size {
        length_m: (row[1] + row[2] * length_z) * 0.01,
        // Weight is close to log-normal at these ages (|L| of the LMS method below 0.4).
        weight_kg: row[3] * (row[4] * weight_z).exp(),
        head_circumference_m: (row[5] + row[6] * head_z) * 0.01,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_are_the_tables_and_grow() {
        let at = |sex, age| size(sex, age, [0.0; 3]);
        assert!((at(Sex::Male, 12.0).length_m - 0.757).abs() < 1e-6, "boys at 12 months");
        assert!((at(Sex::Female, 0.0).head_circumference_m - 0.339).abs() < 1e-6, "girls at birth");
        assert!((at(Sex::Female, 7.5).weight_kg - 7.75).abs() < 1e-4, "between rows");
        for sex in [Sex::Female, Sex::Male] {
            for month in 0..24_u8 {
                let (a, b) = (at(sex, f32::from(month)), at(sex, f32::from(month) + 1.0));
                assert!(
                    b.length_m > a.length_m
                        && b.weight_kg > a.weight_kg
                        && b.head_circumference_m > a.head_circumference_m,
                    "{sex:?} {month}"
                );
            }
        }
        assert!(size(Sex::Male, 6.0, [2.0, 0.0, 0.0]).length_m > at(Sex::Male, 6.0).length_m, "spread");
    }
}
