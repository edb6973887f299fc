//! Skins and morph targets: kept as data, and put into poses.

use diorama::scene::{PoseState, deform};
use glam::{Affine3A, Quat, Vec3};
use serde_json::json;

use super::build::{Asset, CORNERS, UP, corners, triangle};

/// A triangle whose corner at (0, 1, 0) follows a second joint at (0, 0.5, 0); root joint at `root`.
fn arm(root: f32) -> Asset {
    let mut asset = Asset::new();
    let position = asset.floats(&CORNERS);
    let normal = asset.floats(&UP);
    let joints = asset.accessor(&[0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0], 5121, "VEC4", 3);
    let weights = asset.floats(&[[2.0, 0.0, 0.0, 0.0]; 3]);
    let node = asset.show(json!({ "attributes": {
        "POSITION": position, "NORMAL": normal, "JOINTS_0": joints, "WEIGHTS_0": weights,
    }}));
    asset.json["nodes"][node]["skin"] = json!(0);
    // A skinned node's own transform does not count.
    asset.json["nodes"][node]["translation"] = json!([100.0, 0.0, 0.0]);
    let hand = asset.push("nodes", json!({ "name": "hand", "translation": [0.0, 0.5, 0.0] }));
    let body =
        asset.push("nodes", json!({ "name": "body", "children": [hand], "translation": [root, 0.0, 0.0] }));
    asset.json["scenes"][0]["nodes"].as_array_mut().unwrap().push(body.into());
    let mut lower = Affine3A::from_translation(Vec3::new(0.0, -0.5, 0.0));
    lower.translation.x = -0.0;
    let columns = |a: Affine3A| glam::Mat4::from(a).to_cols_array();
    let binds = asset.floats(&[columns(Affine3A::IDENTITY), columns(lower)]);
    asset.push("skins", json!({ "joints": [body, hand], "inverseBindMatrices": binds }));
    asset
}

#[test]
fn a_skin_is_kept_and_rests_as_the_file_shows_it() {
    let model = arm(3.0).model();
    let skin = model.skin.as_ref().unwrap();
    let names: Vec<_> = skin.joints.iter().map(|j| (j.name.as_str(), j.parent)).collect();
    assert_eq!(names, [("body", None), ("hand", Some(0))], "parents first");
    assert_eq!(model.bounds.min.x, 3.0, "placed where the skeleton stands, not where the node does");
    assert_eq!(model.primitives[0].skin[0].weights.iter().sum::<f32>(), 1.0, "weights sum to one");
    let rest = deform(&model, &PoseState::rest(&model));
    for (a, b) in corners(&rest).iter().flatten().zip(corners(&model).iter().flatten()) {
        assert!(a.distance(*b) < 1e-5, "the rest pose changes nothing: {a} {b}");
    }
}

#[test]
fn a_bent_joint_moves_what_follows_it() {
    let model = arm(0.0).model();
    let mut pose = PoseState::rest(&model);
    pose.joints[1] = Affine3A::from_rotation_translation(
        Quat::from_rotation_x(std::f32::consts::FRAC_PI_2),
        Vec3::new(0.0, 0.5, 0.0),
    );
    let bent = deform(&model, &pose);
    // Half a metre above the joint, turned a quarter about +X: now half a metre in front of it.
    let expected = Vec3::new(0.0, 0.5, 0.5);
    let moved = bent.primitives[0].vertices.positions.iter().position(|p| p.distance(expected) < 1e-5);
    let index = moved.expect("the hand's corner went there");
    assert!(bent.primitives[0].vertices.normals[index].distance(Vec3::NEG_Y) < 1e-5, "its normal turned");
    assert!((bent.bounds.max - Vec3::new(1.0, 0.5, 0.5)).length() < 1e-5, "bounds are measured anew");
}

#[test]
fn a_joint_that_does_not_exist_is_named() {
    let mut asset = arm(0.0);
    asset.json["skins"][0]["joints"] = json!([2]);
    assert!(asset.error().contains("joint 1"), "{}", asset.error());
}

#[test]
fn morph_targets_are_kept_and_their_default_weights_baked() {
    let mut asset = triangle();
    let up = asset.floats(&[[0.0, 0.0, 2.0]; 3]);
    asset.json["meshes"][0]["primitives"][0]["targets"] = json!([{ "POSITION": up }]);
    asset.json["meshes"][0]["extras"] = json!({ "targetNames": ["smile"] });
    let model = asset.model();
    assert_eq!(model.morph_names, ["smile"], "named by the file");
    let half = deform(&model, &PoseState { joints: Vec::new(), morph_weights: vec![0.5] });
    assert!(half.primitives[0].vertices.positions.iter().all(|p| p.z == 1.0), "half the way");
    asset.json["meshes"][0]["weights"] = json!([0.25]);
    assert_eq!(asset.model().bounds.min.z, 0.5, "the file's own weight is how it rests");
}

#[test]
fn probes_move_with_the_surface() {
    let mut model = (*arm(0.0).model()).clone();
    model.probes.push(diorama::scene::ProbeGroup {
        name: "tip".into(),
        points: vec![Vec3::new(0.0, 1.0, 0.0)],
        tolerance_m: 0.01,
    });
    let mut pose = PoseState::rest(&model);
    pose.joints[1] = Affine3A::from_translation(Vec3::new(0.0, 0.5, 4.0));
    let tip = deform(&model, &pose).probes[0].points[0];
    assert!(tip.distance(Vec3::new(0.0, 1.0, 4.0)) < 1e-5, "{tip}");
}
