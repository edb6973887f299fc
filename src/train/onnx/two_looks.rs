//! A network that proposes regions and looks at each again, written down.

use super::{
    File,
    proto::{
        Attribute::{Float, Int, Ints, Text},
        Message,
        Numbers::{Floats, Ints as Whole},
        Side, value,
    },
};
use crate::train::{
    anchors::Anchors,
    detect::Keep,
    net::{Graph, REGION_SIDE, Second},
    regions::{COARSER_FROM, SAMPLES},
    two_stage::{CANDIDATES, DOUBLE, PROPOSALS, SPREAD},
};

/// Adds everything from the first layer to the outputs, and gives these.
#[expect(clippy::cast_precision_loss, reason = "sides of pictures")]
pub(super) fn two_looks(
    file: &mut File,
    graph: &Graph,
    second: &Second,
    values: &mut Vec<String>,
    input: [u32; 2],
    suppress: Option<&Keep>,
) -> Vec<Message> {
    let [w, h] = input.map(|side| side as f32);
    file.constant("nowhere", &[1], Floats(&[0.0]));
    file.constant("corners", &[1, 4], Floats(&[w, h, w, h]));
    file.constant("corners_of_anchors", &[1, 4, 1], Floats(&[w, h, w, h]));
    file.constant("half", &[], Floats(&[0.5]));
    file.constant("along", &[1], Whole(&[1]));
    super::layers(file, graph, values, 0..second.start);
    let regions = proposals(file, graph, values, input);
    let cut = regions_of_features(file, graph, second, values, &regions);
    values.push(cut);
    super::layers(file, graph, values, second.start + 1..graph.layers.len());

    let all = file.node("Softmax", &[&values[second.logits]], "all_scores", &[("axis", Int(1))]);
    let parts = i64::try_from(graph.classes).unwrap_or(i64::MAX);
    let parts = file.constant("classes_and_nothing", &[2], Whole(&[parts, 1]));
    file.nodes("Split", &[&all, &parts], ["scores", "nothing"], &[("axis", Int(1))]);

    let spread = file.constant("spread", &[1, 4], Floats(&SPREAD));
    let by = file.node("Mul", &[&values[second.sides], &spread], "moves", &[]);
    let middle = file.node("Add", &["regions_low", "regions_high"], "regions_sum", &[]);
    let middle = file.node("Mul", &[&middle, "half"], "regions_middle", &[]);
    moved(file, ["boxes", "corners"], &by, &middle, "regions_size");

    let any = Side::Named("regions");
    let mut outputs = vec![
        value("scores", 1, &[any, Side::Fixed(graph.classes)]),
        value("boxes", 1, &[any, Side::Fixed(4)]),
        value("picture_of", 7, &[any]),
    ];
    if let Some(keep) = suppress {
        suppressed(file, keep);
        outputs.push(value("kept", 7, &[Side::Named("detections"), Side::Fixed(3)]));
    }
    outputs
}

/// Boxes of these middles and sizes (two numbers each along axis 1), moved and cut off at the picture's edge.
fn moved(file: &mut File, [name, corners]: [&str; 2], by: &str, middle: &str, size: &str) -> String {
    let part = |what: &str| format!("{name}_{what}");
    let names = [part("shift"), part("growth")];
    let [shift, growth] = file.nodes("Split", &[by], [&names[0], &names[1]], &[("axis", Int(1))]);
    let shift = file.node("Mul", &[&shift, size], &part("shifted"), &[]);
    let middle = file.node("Add", &[&shift, middle], &part("there"), &[]);
    let grown = file.grown(name, &growth);
    let whole = file.node("Mul", &[&grown, size], &part("whole"), &[]);
    let half = file.node("Mul", &[&whole, "half"], &part("half"), &[]);
    let low = file.node("Sub", &[&middle, &half], &part("from"), &[]);
    let high = file.node("Add", &[&middle, &half], &part("to"), &[]);
    let edges = file.node("Concat", &[&low, &high], &part("edges"), &[("axis", Int(1))]);
    let edges = file.node("Max", &[&edges, "nowhere"], &part("inside"), &[]);
    file.node("Min", &[&edges, corners], name, &[])
}

/// The regions that are looked at again, `[regions, 4]`; `picture_of` says of which picture each is.
fn proposals(file: &mut File, graph: &Graph, values: &[String], input: [u32; 2]) -> String {
    let anchors = Anchors::new(graph, input);
    let n = anchors.boxes.len();
    let along = |of: fn(f32, f32) -> f32| -> Vec<f32> {
        [0, 1].iter().flat_map(|&axis| anchors.boxes.iter().map(move |b| of(b[axis], b[axis + 2]))).collect()
    };
    let middle = file.constant("anchors_middle", &[1, 2, n], Floats(&along(|low, high| (low + high) * 0.5)));
    let size = file.constant("anchors_size", &[1, 2, n], Floats(&along(|low, high| high - low)));
    let logits = super::flat(file, graph, values, "logits", 1, |l| l.logits);
    let sides = super::flat(file, graph, values, "sides", 4, |l| l.sides);
    let boxes = moved(file, ["proposals", "corners_of_anchors"], &sides, &middle, &size);

    let most = i64::try_from(CANDIDATES.min(n)).unwrap_or(i64::MAX);
    let most = file.constant("candidates_most", &[1], Whole(&[most]));
    let outputs = ["candidates_logits", "candidates_places"];
    let [logits, places] = file.nodes("TopK", &[&logits, &most], outputs, &[("axis", Int(2))]);
    let places = file.node("Concat", &[places.as_str(); 4], "candidates_rows", &[("axis", Int(1))]);
    let boxes = file.node("GatherElements", &[&boxes, &places], "candidates_turned", &[("axis", Int(2))]);
    let boxes = file.node("Transpose", &[&boxes], "candidates", &[("perm", Ints(&[0, 2, 1]))]);

    let most = i64::try_from(PROPOSALS).unwrap_or(i64::MAX);
    let most = file.constant("proposals_count", &[1], Whole(&[most]));
    let double = file.constant("proposals_double", &[1], Floats(&[DOUBLE]));
    let chosen = file.node("NonMaxSuppression", &[&boxes, &logits, &most, &double], "chosen", &[]);
    let outputs = ["chosen_picture", "chosen_class", "chosen_candidate"];
    let [picture, _, candidate] = file.nodes("Split", &[&chosen], outputs, &[("axis", Int(1))]);
    file.node("Squeeze", &[&picture, "along"], "picture_of", &[]);
    let pairs = file.node("Concat", &[&picture, &candidate], "chosen_pairs", &[("axis", Int(1))]);
    file.node("GatherND", &[&boxes, &pairs], "regions", &[])
}

/// Regions cut out of the level that suits the size of each.
#[expect(clippy::cast_precision_loss, reason = "strides")]
fn regions_of_features(
    file: &mut File,
    graph: &Graph,
    second: &Second,
    values: &[String],
    regions: &str,
) -> String {
    let corners = ["regions_low", "regions_high"];
    let [low, high] = file.nodes("Split", &[regions], corners, &[("axis", Int(1))]);
    let size = file.node("Sub", &[&high, &low], "regions_size", &[]);
    let area =
        file.node("ReduceProd", &[&size], "regions_area", &[("axes", Ints(&[1])), ("keepdims", Int(1))]);
    let axes = file.constant("rows_and_columns", &[2], Whole(&[2, 3]));
    let [side, samples] = [REGION_SIDE, SAMPLES].map(|n| i64::try_from(n).unwrap_or(i64::MAX));
    let mut suited: Option<String> = None;
    for (index, (level, &feature)) in graph.levels.iter().zip(&second.features).enumerate() {
        let attributes = [
            ("coordinate_transformation_mode", Text("half_pixel")),
            ("mode", Text("avg")),
            ("output_height", Int(side)),
            ("output_width", Int(side)),
            ("sampling_ratio", Int(samples)),
            ("spatial_scale", Float(1.0 / level.stride as f32)),
        ];
        let inputs = [values[feature].as_str(), regions, "picture_of"];
        let cut = file.node("RoiAlign", &inputs, &format!("cut{index}"), &attributes);
        suited = Some(match suited {
            None => cut,
            Some(finer) => {
                let from = COARSER_FROM * graph.levels[index - 1].stride as f32;
                let from = file.constant(&format!("area{index}"), &[], Floats(&[from * from]));
                let large = file.node("GreaterOrEqual", &[&area, &from], &format!("large{index}"), &[]);
                let large = file.node("Unsqueeze", &[&large, &axes], &format!("larger{index}"), &[]);
                file.node("Where", &[&large, &cut, &finer], &format!("suited{index}"), &[])
            }
        });
    }
    suited.unwrap_or_default()
}

/// Suppression of doubles, picture by picture and class by class: pictures lie far from each other.
fn suppressed(file: &mut File, keep: &Keep) {
    /// Further than any box reaches, pixels.
    const APART: f32 = 16384.0;
    let first = file.constant("first_axis", &[1], Whole(&[0]));
    let apart = file.constant("apart", &[], Floats(&[APART]));
    let picture = file.node("Cast", &["picture_of"], "picture_number", &[("to", Int(1))]);
    let picture = file.node("Mul", &[&picture, &apart], "picture_place", &[]);
    let picture = file.node("Unsqueeze", &[&picture, "along"], "picture_offset", &[]);
    let boxes = file.node("Add", &["boxes", &picture], "boxes_apart", &[]);
    let boxes = file.node("Unsqueeze", &[&boxes, &first], "boxes_of_all", &[]);
    let scores = file.node("Transpose", &["scores"], "scores_turned", &[("perm", Ints(&[1, 0]))]);
    let scores = file.node("Unsqueeze", &[&scores, &first], "scores_of_all", &[]);
    let kept = file.suppressed(&boxes, &scores, keep, "kept_of_all");
    let outputs = ["kept_nothing", "kept_class", "kept_region"];
    let [_, class, region] = file.nodes("Split", &[&kept], outputs, &[("axis", Int(1))]);
    let picture = file.node("Gather", &["picture_of", &region], "kept_picture", &[("axis", Int(0))]);
    file.node("Concat", &[&picture, &class, &region], "kept", &[("axis", Int(1))]);
}
