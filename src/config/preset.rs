//! Ready-made cameras: what a scene leaves out of `image`, `sequence`, `camera` and `chain` comes from its preset.

use super::json::{self, Data, Entry, Node, Origin};

/// Names and contents, in the form of a scene config without a stage.
const PRESETS: [(&str, &str); 4] = [
    ("fixed_shelf_cam", include_str!("../../scenes/presets/fixed_shelf_cam.json")),
    ("phone", include_str!("../../scenes/presets/phone.json")),
    ("corner_cam", include_str!("../../scenes/presets/corner_cam.json")),
    ("robot", include_str!("../../scenes/presets/robot.json")),
];

/// Fills in what the scene's preset says and the scene does not: sections that it lacks, and fields that it lacks in
/// those that both have. A field is taken as a whole, distributions and lenses are never mixed. A preset of the command
/// line goes over the file's fields, but not over those of the command line. A name that is none is left to whoever reads
/// the scene.
pub(super) fn fill_in(root: &mut Node) {
    let Data::Object(entries) = &root.data else { return };
    let named = entries.iter().find(|entry| entry.key == "preset").map(|entry| &entry.value);
    let Some(Node { origin, data: Data::Text(name) }) = named else { return };
    let Some((_, text)) = PRESETS.iter().find(|(known, _)| known == name) else { return };
    let origin = *origin;
    // A test reads every one of them.
    let Ok(mut preset) = json::parse(text, |at, _| Origin::Text(at), 0) else { return };
    super::set::stamp(&mut preset, origin);
    let over = |own: &Node| matches!((origin, own.origin), (Origin::Set(_), Origin::Text(_)));
    let (Data::Object(mine), Data::Object(sections)) = (&mut root.data, preset.data) else { return };
    for section in sections {
        match mine.iter_mut().find(|entry| entry.key == section.key) {
            None => mine.push(section),
            Some(Entry { value: Node { data: Data::Object(fields), .. }, .. }) => {
                let Data::Object(given) = section.value.data else { continue };
                for field in given {
                    match fields.iter_mut().find(|own| own.key == field.key) {
                        None => fields.push(field),
                        Some(own) if over(&own.value) => *own = field,
                        Some(_) => {}
                    }
                }
            }
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Dist, Override, Recipe};

    fn recipe(text: &str, sets: &[&str]) -> Result<Recipe, String> {
        let sets: Vec<Override> = sets.iter().map(|set| Override::parse(set).unwrap()).collect();
        Recipe::parse(text, "test.json", &sets).map_err(|error| error.to_string())
    }

    #[test]
    fn every_preset_is_sound_and_survives_being_written_down() {
        let bare = recipe(r#"{"stage": {"shelf": {}}}"#, &[]).unwrap();
        for (name, _) in PRESETS {
            let found =
                recipe(&format!(r#"{{"preset": "{name}", "stage": {{"shelf": {{}}}}}}"#), &[]).unwrap();
            assert_ne!(
                (&found.camera, &found.chain),
                (&bare.camera, &bare.chain),
                "{name} changes the camera"
            );
            assert_eq!(Recipe::from_resolved(&found.resolved()).unwrap(), found, "{name}");
        }
    }

    #[test]
    fn what_the_scene_says_comes_first() {
        let text = r#"{"preset": "corner_cam", "camera": {"lens": {"pinhole": {}}, "fov_deg": 50}, "chain": {"noise": null}, "stage": {"shelf": {}}}"#;
        let found = recipe(text, &["image.width=320", "camera.roll_deg=3"]).unwrap();
        assert_eq!((found.image.width, found.image.height), (320, 720), "one side from each");
        assert_eq!(found.camera.fov_deg, Dist::Constant(50.0), "the scene's");
        assert_eq!(found.camera.roll_deg, Dist::Constant(3.0), "the command line's");
        assert_eq!(found.camera.distance_m, Dist::Uniform { min: 1.9, max: 2.8 }, "the preset's");
        assert!(found.chain.noise.is_none() && found.chain.sharpen.is_some(), "switched off, left on");
        let robot = recipe(r#"{"stage": {"shelf": {}}}"#, &["preset=robot", "sequence.frames=7"]).unwrap();
        let film = robot.sequence.unwrap();
        assert_eq!((film.frames, film.fps), (7, 10.0), "presets can be set from the command line");
        let other = recipe(text, &["preset=phone", "camera.fov_deg=60"]).unwrap();
        assert!(
            matches!(other.camera.lens, crate::config::LensRecipe::BrownConrady { .. }),
            "over the file's lens"
        );
        assert!(other.chain.noise.is_none(), "which the preset does not set");
        assert_eq!(other.camera.fov_deg, Dist::Constant(60.0), "not over the command line's");
    }

    #[test]
    fn mistakes_with_presets_are_placed() {
        let unknown = recipe("{\n \"preset\": \"phones\",\n \"stage\": {\"shelf\": {}}\n}", &[]).unwrap_err();
        assert!(unknown.contains("test.json:2:12") && unknown.contains("`phone`"), "{unknown}");
        // A lens of the scene's that does not go with the preset's angle.
        let text = "{\n \"preset\": \"corner_cam\",\n \"camera\": {\"lens\": {\"pinhole\": {}}, \"fov_deg\": 200},\n \"stage\": {\"shelf\": {}}\n}";
        let wide = recipe(text, &[]).unwrap_err();
        assert!(wide.contains("test.json:3:") && wide.contains("camera.fov_deg"), "{wide}");
    }
}
