//! Forms for this room's tests, shaped like those that ship.

use glam::Vec3;

use crate::scene::{FormSpec, LabelSlot, Pose};

fn form(
    name: &str,
    size: [f32; 3],
    departments: &[&str],
    front: [f32; 4],
    aspect: f32,
    recolour: &[&str],
) -> FormSpec {
    let size_m = Vec3::from_array(size);
    let slot = |name: &str, aspect, front_uv, wraps| LabelSlot {
        name: name.to_owned(),
        material: name.to_owned(),
        aspect,
        front_uv,
        wraps,
    };
    FormSpec {
        form: name.to_owned(),
        size_m,
        size_min_m: size_m * 0.8,
        size_max_m: size_m * 1.3,
        round: front[0] > 0.1,
        departments: departments.iter().map(|d| (*d).to_owned()).collect(),
        poses: vec![Pose::Upright],
        stack: 1,
        fragile: false,
        slots: vec![
            slot("label", aspect, front, front != [0.0, 0.0, 1.0, 1.0]),
            slot("top", size[0] / size[2], [0.0, 0.0, 1.0, 1.0], false),
        ],
        recolour: recolour.iter().map(|r| (*r).to_owned()).collect(),
        front_points: vec![Vec3::new(0.0, size[1] / 2.0, size[2] / 2.0)],
    }
}

/// A can, a bottle, boxes, a tin, a jar, a bag, a tub.
pub(super) fn forms() -> Vec<FormSpec> {
    let sleeve = [0.333, 0.0, 0.667, 1.0];
    let whole = [0.0, 0.0, 1.0, 1.0];
    let sides = |w: f32, d: f32| [0.0, 0.0, w / (2.0 * (w + d)), 1.0];
    let d = |list: &[&'static str]| list.to_vec();
    vec![
        form("can", [0.066, 0.115, 0.066], &d(&["drinks"]), sleeve, 2.1, &["lid"]),
        form(
            "pet_bottle",
            [0.065, 0.23, 0.065],
            &d(&["drinks", "household"]),
            sleeve,
            2.6,
            &["cap", "content"],
        ),
        form(
            "cereal_box",
            [0.2, 0.3, 0.07],
            &d(&["breakfast", "snacks", "pet", "baby"]),
            sides(0.2, 0.07),
            1.8,
            &[],
        ),
        form(
            "small_box",
            [0.12, 0.08, 0.06],
            &d(&["coffee_tea", "sweets", "personal_care", "household", "baby"]),
            sides(0.12, 0.06),
            4.5,
            &[],
        ),
        form("tin", [0.075, 0.11, 0.075], &d(&["canned", "pet", "pasta_sauces"]), sleeve, 2.3, &[]),
        form(
            "jar",
            [0.07, 0.12, 0.07],
            &d(&["pasta_sauces", "sweets", "baby", "canned"]),
            sleeve,
            3.2,
            &["lid", "content"],
        ),
        form("bag", [0.2, 0.28, 0.06], &d(&["snacks", "sweets", "coffee_tea", "pet"]), whole, 0.72, &[]),
        form("tub", [0.095, 0.1, 0.095], &d(&["dairy"]), sleeve, 3.0, &["body", "lid"]),
        form("carton", [0.07, 0.2, 0.07], &d(&["dairy", "drinks"]), sides(0.07, 0.07), 1.4, &["cap"]),
        form(
            "shampoo_bottle",
            [0.07, 0.2, 0.04],
            &d(&["personal_care", "household"]),
            whole,
            0.55,
            &["body", "cap"],
        ),
    ]
}
