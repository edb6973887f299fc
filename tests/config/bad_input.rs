//! Every kind of mistake, where it is said to be, and in which words.

use std::path::Path;

use diorama::config::{ConfigError, Override, Recipe};

use super::read;

/// (text, start of the message, words it must contain)
const MISTAKES: &[(&str, &str, &str)] = &[
    // Syntax.
    ("", "x.json:1:1: ", "found an empty text"),
    (" \n ", "x.json:1:1: ", "found an empty text"),
    ("\u{feff}{}", "x.json:1:1: ", "byte order mark"),
    ("{", "x.json:1:2: ", "expected a key in double quotes, or `}`, found the end of the file"),
    ("{\n  \"image\": {\n", "x.json:3:1: image: ", "found the end of the file"),
    ("{\"seed\": 1,}", "x.json:1:12: ", "expected another key after the comma"),
    ("{\"seed\": 1 \"name\": 2}", "x.json:1:12: ", "expected `,` or `}`"),
    ("{\"seed\" 1}", "x.json:1:9: seed: ", "expected `:`"),
    ("{seed: 1}", "x.json:1:2: ", "expected a key in double quotes"),
    ("{'seed': 1}", "x.json:1:2: ", "single quote"),
    ("{\n// note\n}", "x.json:2:1: ", "a comment, which JSON does not have"),
    ("{\"seed\": NaN}", "x.json:1:10: seed: ", "expected a value, found `NaN`"),
    ("{\"seed\": Infinity}", "x.json:1:10: seed: ", "found `Infinity`"),
    ("{\"seed\": -}", "x.json:1:11: seed: ", "expected a digit"),
    ("{\"seed\": 01}", "x.json:1:10: seed: ", "leading zero"),
    ("{\"seed\": 1e999}", "x.json:1:10: seed: ", "expected a finite number, found 1e999"),
    ("{\"name\": \"x", "x.json:1:10: name: ", "closing `\"`"),
    ("{\"name\": \"\\q\"}", "x.json:1:10: name: ", "escape"),
    ("{\"name\": \"a\nb\"}", "x.json:1:12: name: ", "line break"),
    ("{\"a\": [1,]}", "x.json:1:10: a: ", "expected another value after the comma"),
    ("{} {}", "x.json:1:4: ", "expected the end of the file, found `{`"),
    (
        "{\n \"seed\": 1,\n \"seed\": 2}",
        "x.json:3:2: seed: ",
        "each key once; this one stands already at 2:2",
    ),
    ("{\"image\": {\"width\": 1, \"width\": 1}}", "x.json:1:24: image.width: ", "each key once"),
    // Shape.
    ("[]", "x.json:1:1: ", "expected a scene config: an object with the key `stage`, found a list"),
    ("7", "x.json:1:1: ", "found 7"),
    ("null", "x.json:1:1: ", "found null"),
    ("{}", "x.json:1:1: ", "expected the key `stage`, which has no default"),
    ("{\n  \"stag\": {}}", "x.json:2:3: stag: ", "unknown key \"stag\"; did you mean `stage`?"),
    ("{\"weather\": 1}", "x.json:1:2: weather: ", "unknown key \"weather\"; expected `$schema`, `name`"),
    ("{\"camera\": {\n\"fov\": 1}}", "x.json:2:1: camera.fov: ", "did you mean `fov_deg`?"),
    ("{\"camera\": {\"distance\": 1}}", "x.json:1:13: camera.distance: ", "did you mean `distance_m`?"),
    ("{\"camera\": []}", "x.json:1:12: camera: ", "expected an object, found a list"),
    ("{\"camera\": null}", "x.json:1:12: camera: ", "expected an object, found null"),
    (
        "{\"image\": {\"width\": 3.5}}",
        "x.json:1:21: image.width: ",
        "expected a whole number from 0 to 4294967295, found 3.5",
    ),
    (
        "{\"image\": {\"width\": -3}}",
        "x.json:1:21: image.width: ",
        "whole number from 0 to 4294967295, found -3",
    ),
    ("{\"image\": {\"width\": 5000000000}}", "x.json:1:21: image.width: ", "found 5000000000"),
    ("{\"image\": {\"width\": \"üü\", \"x\": 1}}", "x.json:1:21: image.width: ", "found \"üü\""),
    (
        "{\"seed\": 18446744073709551616}",
        "x.json:1:10: seed: ",
        "whole number from 0 to 18446744073709551615",
    ),
    ("{\"name\": 3}", "x.json:1:10: name: ", "expected a string, found 3"),
    ("{\"outputs\": {\"normals\": 1}}", "x.json:1:25: outputs.normals: ", "expected true or false, found 1"),
    (
        "{\"camera\": {\"fov_deg\": \"wide\"}}",
        "x.json:1:24: camera.fov_deg: ",
        "expected a number or a distribution",
    ),
    ("{\"camera\": {\"fov_deg\": [1, 2]}}", "x.json:1:24: camera.fov_deg: ", "found a list"),
    ("{\"camera\": {\"fov_deg\": null}}", "x.json:1:24: camera.fov_deg: ", "found null"),
    ("{\"camera\": {\"fov_deg\": {}}}", "x.json:1:24: camera.fov_deg: ", "found {}"),
    (
        "{\"camera\": {\"fov_deg\": {\"unifrom\": [1, 2]}}}",
        "x.json:1:25: camera.fov_deg.unifrom: ",
        "did you mean `uniform`?",
    ),
    (
        "{\"camera\": {\"fov_deg\": {\"uniform\": [1]}}}",
        "x.json:1:36: camera.fov_deg.uniform: ",
        "list of two numbers, found 1",
    ),
    (
        "{\"camera\": {\"fov_deg\": {\"uniform\": [1, 2, 3]}}}",
        "x.json:1:36: camera.fov_deg.uniform: ",
        "list of 2, found 3",
    ),
    (
        "{\"camera\": {\"fov_deg\": {\"uniform\": [1, \"2\"]}}}",
        "x.json:1:40: camera.fov_deg.uniform[1]: ",
        "expected a number, found \"2\"",
    ),
    (
        "{\"camera\": {\"fov_deg\": {\"uniform\": [1, 2], \"choice\": {\"values\": [1]}}}}",
        "x.json:1:24: camera.fov_deg: ",
        "exactly one kind",
    ),
    (
        "{\"camera\": {\"fov_deg\": {\"normal\": {\"mean\": 1}}}}",
        "x.json:1:35: camera.fov_deg.normal: ",
        "expected the key `std`",
    ),
    (
        "{\"camera\": {\"fov_deg\": {\"normal\": {\"sdt\": 1}}}}",
        "x.json:1:36: camera.fov_deg.normal.sdt: ",
        "did you mean `std`?",
    ),
    (
        "{\"camera\": {\"lens\": \"pinhole\"}}",
        "x.json:1:21: camera.lens: ",
        "such as {\"pinhole\": {}}, found \"pinhole\"",
    ),
    (
        "{\"camera\": {\"lens\": {\"fisheye\": {}}}}",
        "x.json:1:22: camera.lens.fisheye: ",
        "unknown kind \"fisheye\"; expected `pinhole`",
    ),
    (
        "{\"camera\": {\"lens\": {\"pinhole\": {\"k1\": 0}}}}",
        "x.json:1:34: camera.lens.pinhole.k1: ",
        "unknown key \"k1\"",
    ),
    (
        "{\"camera\": {\"lens\": {\"pinhole\": {}, \"brown_conrady\": {}}}}",
        "x.json:1:21: camera.lens: ",
        "exactly one key",
    ),
    ("{\"camera\": {\"lens\": 3}}", "x.json:1:21: camera.lens: ", "found 3"),
    ("{\"chain\": {\"noise\": false}}", "x.json:1:21: chain.noise: ", "found false (null switches it off)"),
    ("{\"stage\": {}}", "x.json:1:11: stage: ", "exactly one key, `shelf` or `crib`, found 0 keys"),
    (
        "{\"stage\": {\"cave\": {}}}",
        "x.json:1:12: stage.cave: ",
        "unknown kind \"cave\"; expected `shelf` or `crib`",
    ),
    ("{\"stage\": \"shelf\"}", "x.json:1:11: stage: ", "such as {\"shelf\": {}}"),
    ("{\"stage\": {\"shelf\": {\"bay\": 2}}}", "x.json:1:22: stage.shelf.bay: ", "did you mean `bays`?"),
    (
        "{\"stage\": {\"shelf\": {\"forms\": \"can\"}}}",
        "x.json:1:31: stage.shelf.forms: ",
        "expected a list, found \"can\"",
    ),
    (
        "{\"stage\": {\"shelf\": {\"forms\": [1]}}}",
        "x.json:1:32: stage.shelf.forms[0]: ",
        "expected a string, found 1",
    ),
    (
        "{\"labels\": {\"categories\": \"products\"}}",
        "x.json:1:27: labels.categories: ",
        "did you mean `product`?",
    ),
    (
        "{\"labels\": {\"categories\": {\"sku\": 1}}}",
        "x.json:1:27: labels.categories: ",
        "expected \"sku\", found an object",
    ),
    (
        "{\"light\": {\"presets\": {\"spot\": 1}}}",
        "x.json:1:24: light.presets.spot: ",
        "did you mean `spots`?",
    ),
];

/// (fields besides the stage or in place of it, start of the message, words); the fields stand on line 2.
const VALUES: &[(&str, &str, &str)] = &[
    ("\"image\": {\"width\": 15}", "x.json:2:20: image.width: ", "expected 16 to 4096, found 15"),
    ("\"image\": {\"height\": 4097}", "x.json:2:21: image.height: ", "found 4097"),
    ("\"camera\": {\"fov_deg\": 500}", "x.json:2:23: camera.fov_deg: ", "expected 1 to 179, found 500"),
    ("\"camera\": {\"fov_deg\": 180}", "x.json:2:23: camera.fov_deg: ", "expected 1 to 179, found 180"),
    ("\"camera\": {\"distance_m\": 0}", "x.json:2:26: camera.distance_m: ", "expected 0.2 to 50, found 0"),
    (
        "\"camera\": {\"distance_m\": {\"uniform\": [2, 1]}}",
        "x.json:2:38: camera.distance_m.uniform: ",
        "found min 2 above max 1",
    ),
    (
        "\"camera\": {\"distance_m\": {\"uniform\": [1, 90]}}",
        "x.json:2:42: camera.distance_m.uniform[1]: ",
        "expected 0.2 to 50, found 90",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"log_uniform\": [0, 1]}}",
        "x.json:2:41: camera.roll_deg.log_uniform[0]: ",
        "expected a number above 0, found 0",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"normal\": {\"mean\": 0, \"std\": -1}}}",
        "x.json:2:54: camera.roll_deg.normal.std: ",
        "expected 0 or more, found -1",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"normal\": {\"mean\": 0, \"std\": 1, \"min\": 3, \"max\": 2}}}",
        "x.json:2:35: camera.roll_deg.normal: ",
        "min 3 above max 2",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"normal\": {\"mean\": 9, \"std\": 1, \"max\": 2}}}",
        "x.json:2:44: camera.roll_deg.normal.mean: ",
        "expected a mean up to max 2, found 9",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"normal\": {\"mean\": 0, \"std\": 1, \"max\": 200}}}",
        "x.json:2:64: camera.roll_deg.normal.max: ",
        "found 200",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"choice\": {\"values\": []}}}",
        "x.json:2:46: camera.roll_deg.choice.values: ",
        "at least one value",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"choice\": {\"values\": [1, 2], \"weights\": [1]}}}",
        "x.json:2:65: camera.roll_deg.choice.weights: ",
        "expected 2 weights, one for each value, found 1",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"choice\": {\"values\": [1], \"weights\": [0]}}}",
        "x.json:2:62: camera.roll_deg.choice.weights: ",
        "only zeros",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"choice\": {\"values\": [1], \"weights\": [-1]}}}",
        "x.json:2:63: camera.roll_deg.choice.weights[0]: ",
        "found -1",
    ),
    (
        "\"camera\": {\"roll_deg\": {\"choice\": {\"values\": [1, 999]}}}",
        "x.json:2:50: camera.roll_deg.choice.values[1]: ",
        "found 999",
    ),
    (
        "\"camera\": {\"lens\": {\"brown_conrady\": {\"k1\": 3}}}",
        "x.json:2:45: camera.lens.brown_conrady.k1: ",
        "found 3",
    ),
    ("\"chain\": {\"jpeg_quality\": 0}", "x.json:2:27: chain.jpeg_quality: ", "expected 1 to 100, found 0"),
    ("\"chain\": {\"noise\": {\"read\": 1e300}}", "x.json:2:29: chain.noise.read: ", "expected 0 to 1"),
    ("\"light\": {\"presets\": {}}", "x.json:2:22: light.presets: ", "at least one weight above 0"),
    ("\"light\": {\"presets\": {\"spots\": -1}}", "x.json:2:32: light.presets.spots: ", "found -1"),
    (
        "\"light\": {\"environment\": \"hall.png\"}",
        "x.json:2:26: light.environment: ",
        ".hdr or .exr file, found \"hall.png\"",
    ),
    (
        "\"labels\": {\"min_visibility\": 1.5}",
        "x.json:2:30: labels.min_visibility: ",
        "expected 0 to 1, found 1.5",
    ),
    (
        "\"labels\": {\"extra_classes\": [\"price_tga\"]}",
        "x.json:2:30: labels.extra_classes[0]: ",
        "did you mean `price_tag`?",
    ),
    (
        "\"labels\": {\"extra_classes\": [\"gap\", \"gap\"]}",
        "x.json:2:37: labels.extra_classes[1]: ",
        "found \"gap\" again",
    ),
    ("\"name\": \"a/b\"", "x.json:2:9: name: ", "none of them a slash"),
    ("\"name\": \"\"", "x.json:2:9: name: ", "1 to 100 characters"),
    // Impossible shelves.
    (
        "\"stage\": {\"shelf\": {\"facings\": 0}}",
        "x.json:2:32: stage.shelf.facings: ",
        "expected 1 to 50, found 0",
    ),
    (
        "\"stage\": {\"shelf\": {\"boards\": 15}}",
        "x.json:2:31: stage.shelf.boards: ",
        "15 boards with up to 0.36 m between them, which is 5.40 m",
    ),
    (
        "\"stage\": {\"shelf\": {\"board_gap_m\": 1}}",
        "x.json:2:36: stage.shelf.board_gap_m: ",
        "up to 3 m high, found up to 7 boards",
    ),
    (
        "\"stage\": {\"shelf\": {\"depth_m\": 0.05}}",
        "x.json:2:32: stage.shelf.depth_m: ",
        "expected 0.1 to 1.5",
    ),
    (
        "\"stage\": {\"shelf\": {\"setback_m\": 0.34}}",
        "x.json:2:34: stage.shelf.setback_m: ",
        "deeper than the setback",
    ),
    (
        "\"stage\": {\"shelf\": {\"depth_m\": 0.3, \"setback_m\": 0.28}}",
        "x.json:2:32: stage.shelf.depth_m: ",
        "a depth down to 0.3 m",
    ),
    (
        "\"stage\": {\"shelf\": {\"bay_width_m\": 0.3, \"spacing_m\": 0.2}}",
        "x.json:2:54: stage.shelf.spacing_m: ",
        "spacing up to half a bay",
    ),
    ("\"stage\": {\"shelf\": {\"max_products\": 0}}", "x.json:2:37: stage.shelf.max_products: ", "found 0"),
    (
        "\"stage\": {\"shelf\": {\"mess\": {\"lying\": {\"uniform\": [0, 1.1]}}}}",
        "x.json:2:55: stage.shelf.mess.lying.uniform[1]: ",
        "found 1.1",
    ),
    (
        "\"stage\": {\"shelf\": {\"forms\": [\"\"]}}",
        "x.json:2:31: stage.shelf.forms[0]: ",
        "found an empty string",
    ),
];

/// What is wrong with the message about a text, if anything.
fn complaint(text: &str, sets: &[&str], start: &str, words: &str) -> Option<String> {
    let message = read(text, sets).map_or_else(|error| error.to_string(), |_| "nothing at all".into());
    let good = message.starts_with(start) && message.contains(words) && message.lines().count() == 1;
    (!good).then(|| format!("{text}\n  said: {message}\n  not:  {start}{words}\n"))
}

fn none(complaints: impl Iterator<Item = Option<String>>) {
    let complaints: Vec<_> = complaints.flatten().collect();
    assert!(complaints.is_empty(), "{}", complaints.concat());
}

#[test]
fn mistakes_of_syntax_and_shape() {
    none(MISTAKES.iter().map(|(text, start, words)| complaint(text, &[], start, words)));
}

#[test]
fn mistakes_of_value() {
    none(VALUES.iter().map(|(fields, start, words)| {
        let stage = if fields.starts_with("\"stage\"") { "" } else { ", \"stage\": {\"shelf\": {}}" };
        complaint(&format!("{{\n{fields}{stage}}}"), &[], start, words)
    }));
}

#[test]
fn mistakes_in_overrides_name_the_override() {
    let text = r#"{"stage": {"shelf": {}}, "camera": {"fov_deg": {"uniform": [50, 60]}, "roll_deg": 1}, "chain": {"tone": null}}"#;
    let table = [
        ("image.width=1", "--set image.width=1: image.width: ", "expected 16 to 4096, found 1"),
        ("image.width=wide", "--set image.width=wide: image.width: ", "found \"wide\""),
        ("image.width=NaN", "--set image.width=NaN: image.width: ", "found \"NaN\""),
        ("camera.fov=60", "--set camera.fov=60: camera.fov: ", "did you mean `fov_deg`?"),
        (
            "camera.fov_deg.uniform.0=61",
            "x.json:1:60: camera.fov_deg.uniform: ",
            "min 61 above max 60 (with --set camera.fov_deg.uniform.0=61)",
        ),
        (
            "camera.fov_deg.uniform.2=61",
            "--set camera.fov_deg.uniform.2=61: camera.fov_deg.uniform: ",
            "index below 2",
        ),
        ("camera.fov_deg.uniform.x=61", "--set camera.fov_deg.uniform.x=61: ", "found `x`"),
        (
            "camera.roll_deg.uniform=[0,1]",
            "--set camera.roll_deg.uniform=[0,1]: camera.roll_deg: ",
            "expected an object to set `uniform` in, found 1",
        ),
        ("stage.shelf.boards=15", "--set stage.shelf.boards=15: stage.shelf.boards: ", "5.40 m"),
        ("chain.tone.gamma=1", "--set chain.tone.gamma=1: chain.tone.gamma: ", "unknown key"),
        ("image", "--set image: ", "found no `=`"),
        ("=3", "--set =3: ", "empty part"),
        ("a..b=3", "--set a..b=3: ", "empty part"),
        ("image={\"width\": }", "--set image={\"width\": }: ", "after the `=`: expected a value, found `}`"),
        ("image={\"width\": 20, \"width\": 30}", "--set image=", "each key once"),
        ("camera.roll_deg=1e999", "--set camera.roll_deg=1e999: ", "found \"1e999\""),
    ];
    none(table.iter().map(|(set, start, words)| complaint(text, &[set], start, words)));
    let deep = format!("{}a=1", "a.".repeat(100_000));
    none([complaint(text, &[&deep], "--set a.a.a.", "at most 32 parts")].into_iter());
}

#[test]
fn all_mistakes_of_value_are_listed() {
    let text = "{\"stage\": {\"shelf\": {\"bays\": 0}},\n\"image\": {\"width\": 1, \"height\": 2},\n\"camera\": {\"roll_deg\": 999}}";
    let Err(ConfigError::Mistakes(mistakes)) = read(text, &[]) else { panic!("expected mistakes") };
    let paths: Vec<_> = mistakes.iter().map(|mistake| mistake.path.as_str()).collect();
    assert_eq!(paths, ["image.width", "image.height", "camera.roll_deg", "stage.shelf.bays"]);
}

#[test]
fn hostile_texts_get_an_answer() {
    for text in [
        "[".repeat(500_000),
        "{\"a\":".repeat(200_000),
        format!("{{\"seed\": {}}}", "9".repeat(500_000)),
        format!("{{\"{}\": 1}}", "k".repeat(900_000)),
        format!("{{\"name\": \"{}\", \"stage\": {{\"shelf\": {{}}}}}}", "n".repeat(900_000)),
        format!("{{{}}}", (0..90_000).map(|i| format!("\"{i}\":0,")).collect::<String>()),
        format!("{{\"stage\": {{\"shelf\": {{\"forms\": [{}\"\"]}}}}}}", "\"\",".repeat(1000)),
    ] {
        let message = read(&text, &[]).unwrap_err().to_string();
        assert!(message.lines().all(|line| line.len() < 600), "a long line: {}", &message[..600]);
    }
}

#[test]
fn files_that_are_no_configs() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.json");
    let said = |path: &Path| Recipe::load(path, &[]).unwrap_err().to_string();
    assert!(said(&file).contains("a.json: cannot be read: "), "{}", said(&file));
    assert!(
        said(folder.path()).contains("expected a scene config file, found a folder"),
        "{}",
        said(folder.path())
    );
    std::fs::write(&file, b"{\n \"name\": \"\xff\"}").unwrap();
    assert!(
        said(&file).contains("a.json: expected UTF-8 text, found a byte that is none at 2:11"),
        "{}",
        said(&file)
    );
    std::fs::write(&file, b"\xef\xbb\xbf{}").unwrap();
    assert!(
        said(&file).contains("a.json:1:1: ") && said(&file).contains("byte order mark"),
        "{}",
        said(&file)
    );
    std::fs::write(&file, b"").unwrap();
    assert!(
        said(&file).contains("a.json:1:1: expected a JSON object, found an empty text"),
        "{}",
        said(&file)
    );
    #[cfg(unix)]
    assert!(said(Path::new("/dev/zero")).contains("expected a scene config of at most"), "an endless file");
    assert!(
        Override::parse("x").unwrap_err().to_string().starts_with("--set x: expected PATH=VALUE"),
        "no `=`"
    );
}
