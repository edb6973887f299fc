//! A model as an ONNX file: the network's own list of layers, written down.
//!
//! Input `pictures`: `[batch, 3, height, width]`, red, green, blue from 0 to 1; normalisation is inside. Outputs:
//! `scores` `[batch, cells, classes]` from 0 to 1, `boxes` `[batch, cells, 4]`, left, top, right, bottom in pixels
//! of the input, and where keypoints are found `keypoints` `[batch, cells, keypoints, 3]`: x and y in pixels, how surely
//! visible. Of a two-stage network `scores` is `[regions, classes]`, `boxes` `[regions, 4]`, and `picture_of`
//! `[regions]` says of which picture each is. With suppression of doubles also `kept` `[any, 3]`: picture, class, cell or
//! region of each detection.

mod proto;
mod two_looks;

use std::ops::Range;

use proto::{
    Attribute::{Int, Ints, Text},
    Message,
    Numbers::{self, Floats},
    Side, node, tensor, value,
};

use super::{
    cells::Cells,
    checkpoint::Model,
    detect::Keep,
    net::{Graph, Layer, MAX_LOG_SIDE, ValueId, fold},
    points::REACH,
};

/// Version of the operators that the file uses.
pub const OPSET: i64 = 17;
/// Version of the format (IR) that belongs to it.
const IR: i64 = 8;

/// How a model is written down.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OnnxOptions {
    /// Pictures a batch; `None` leaves that open.
    pub batch: Option<usize>,
    /// Width and height of the input; `None` takes what the model was trained on. Multiples of the largest stride.
    pub input: Option<[u32; 2]>,
    /// Suppress doubles inside of the network.
    pub suppress: Option<Keep>,
}

/// A file under construction.
struct File {
    nodes: Vec<Message>,
    constants: Vec<Message>,
}

impl File {
    fn constant(&mut self, name: &str, shape: &[usize], numbers: Numbers<'_>) -> String {
        self.constants.push(tensor(name, shape, numbers));
        name.to_owned()
    }

    /// Adds a node with one output, and gives back the output's name.
    fn node(
        &mut self,
        operator: &str,
        inputs: &[&str],
        output: &str,
        attributes: &[(&str, proto::Attribute<'_>)],
    ) -> String {
        self.nodes.push(node(operator, inputs, &[output], attributes));
        output.to_owned()
    }

    /// Adds a node with several outputs.
    fn nodes<const N: usize>(
        &mut self,
        operator: &str,
        inputs: &[&str],
        outputs: [&str; N],
        attributes: &[(&str, proto::Attribute<'_>)],
    ) -> [String; N] {
        self.nodes.push(node(operator, inputs, &outputs, attributes));
        outputs.map(str::to_owned)
    }

    /// What logarithms of lengths stand for.
    fn grown(&mut self, name: &str, logarithms: &str) -> String {
        let most = self.constant(&format!("{name}_most"), &[], Floats(&[MAX_LOG_SIDE]));
        // `Clip` with its second input left out: no lower bound.
        let clipped = self.node("Clip", &[logarithms, "", &most], &format!("{name}_clipped"), &[]);
        self.node("Exp", &[&clipped], &format!("{name}_grown"), &[])
    }

    /// Suppression of doubles: boxes `[batch, any, 4]`, scores `[batch, classes, any]`.
    fn suppressed(&mut self, boxes: &str, scores: &str, keep: &Keep, output: &str) -> String {
        let most = i64::try_from(keep.most).unwrap_or(i64::MAX);
        let most = self.constant(&format!("{output}_most"), &[1], Numbers::Ints(&[most]));
        let overlap = self.constant(&format!("{output}_overlap"), &[1], Floats(&[keep.overlap]));
        let score = self.constant(&format!("{output}_least_score"), &[1], Floats(&[keep.score]));
        let inputs = [boxes, scores, &most, &overlap, &score];
        self.node("NonMaxSuppression", &inputs, output, &[("center_point_box", Int(0))])
    }
}

/// The bytes of an ONNX file.
#[must_use]
pub fn onnx(model: &Model, options: &OnnxOptions) -> Vec<u8> {
    let (graph, weights) = fold(&model.graph, &model.weights);
    let input = options.input.unwrap_or(model.config.input);
    let mut file = File { nodes: Vec::new(), constants: Vec::new() };
    for (param, numbers) in graph.params.iter().zip(&weights.0) {
        file.constant(&param.name, &param.shape, Floats(numbers));
    }
    let mean = file.constant("mean", &[1, 3, 1, 1], Floats(&model.config.mean));
    let scale = file.constant("scale", &[1, 3, 1, 1], Floats(&model.config.std.map(f32::recip)));
    let centred = file.node("Sub", &["pictures", &mean], "centred", &[]);
    let start = file.node("Mul", &[&centred, &scale], "normalised", &[]);
    let mut values = vec![start];

    let batch = options.batch.map_or(Side::Named("batch"), Side::Fixed);
    let outputs = match &graph.second {
        None => one_look(&mut file, &graph, &mut values, input, batch, options.suppress.as_ref()),
        Some(second) => {
            two_looks::two_looks(&mut file, &graph, second, &mut values, input, options.suppress.as_ref())
        }
    };
    let [w, h] = input.map(|side| Side::Fixed(side as usize));
    let inputs = value("pictures", 1, &[batch, Side::Fixed(3), h, w]);
    whole(model, &file, &inputs, &outputs)
}

/// A network that looks once; gives the outputs.
fn one_look(
    file: &mut File,
    graph: &Graph,
    values: &mut Vec<String>,
    input: [u32; 2],
    batch: Side<'static>,
    suppress: Option<&Keep>,
) -> Vec<Message> {
    let cells = Cells::new(graph, input);
    layers(file, graph, values, 0..graph.layers.len());
    let logits = flat(file, graph, values, "logits", graph.classes, |l| l.logits);
    let scores = file.node("Sigmoid", &[&logits], "class_scores", &[]);
    let turned = [("perm", Ints(&[0, 2, 1]))];
    file.node("Transpose", &[&scores], "scores", &turned);

    let sides = flat(file, graph, values, "sides", 4, |l| l.sides);
    let (signed, centres) = geometry(&cells);
    let signed = file.constant("signed_strides", &[1, 4, cells.count], Floats(&signed));
    let centres = file.constant("centres", &[1, 4, cells.count], Floats(&centres));
    let grown = file.grown("side", &sides);
    let reach = file.node("Mul", &[&grown, &signed], "reach", &[]);
    let edges = file.node("Add", &[&reach, &centres], "edges", &[]);
    file.node("Transpose", &[&edges], "boxes", &turned);

    let mut outputs = vec![
        value("scores", 1, &[batch, Side::Fixed(cells.count), Side::Fixed(graph.classes)]),
        value("boxes", 1, &[batch, Side::Fixed(cells.count), Side::Fixed(4)]),
    ];
    if graph.points > 0 {
        keypoints(file, graph, values, &cells);
        let sides = [batch, Side::Fixed(cells.count), Side::Fixed(graph.points), Side::Fixed(3)];
        outputs.push(value("keypoints", 1, &sides));
    }
    if let Some(keep) = suppress {
        file.suppressed("boxes", &scores, keep, "kept");
        outputs.push(value("kept", 7, &[Side::Named("detections"), Side::Fixed(3)]));
    }
    outputs
}

/// Keypoints of every cell.
fn keypoints(file: &mut File, graph: &Graph, values: &[String], cells: &Cells) {
    let said = flat(file, graph, values, "points", 3 * graph.points, |l| {
        l.points.unwrap_or_else(|| unreachable!("each level has them"))
    });
    let count = i64::try_from(graph.points).unwrap_or(i64::MAX);
    let shape = file.constant("points_apart", &[4], Numbers::Ints(&[0, 3, count, -1]));
    let said = file.node("Reshape", &[&said, &shape], "points_by_kind", &[]);
    let place = file.constant("where_and_whether", &[2], Numbers::Ints(&[2, 1]));
    let outputs = ["points_offsets", "points_logits"];
    let [offsets, logits] = file.nodes("Split", &[&said, &place], outputs, &[("axis", Int(1))]);
    let all: Vec<([f32; 2], f32)> = (0..cells.count).map(|cell| cells.centre(cell)).collect();
    let reach: Vec<f32> = all.iter().map(|(_, stride)| REACH * stride).collect();
    let centres: Vec<f32> = [0, 1].iter().flat_map(|&axis| all.iter().map(move |(c, _)| c[axis])).collect();
    let reach = file.constant("points_reach", &[1, 1, 1, cells.count], Floats(&reach));
    let centres = file.constant("points_centres", &[1, 2, 1, cells.count], Floats(&centres));
    let offsets = file.node("Mul", &[&offsets, &reach], "points_moved", &[]);
    let offsets = file.node("Add", &[&offsets, &centres], "points_placed", &[]);
    let visible = file.node("Sigmoid", &[&logits], "points_visible", &[]);
    let joined = file.node("Concat", &[&offsets, &visible], "points_joined", &[("axis", Int(1))]);
    file.node("Transpose", &[&joined], "keypoints", &[("perm", Ints(&[0, 3, 2, 1]))]);
}

/// Some of the layers; adds the names of their values to those before.
fn layers(file: &mut File, graph: &Graph, values: &mut Vec<String>, which: Range<usize>) {
    for index in which {
        let name = format!("v{}", index + 1);
        let output = match graph.layers[index] {
            Layer::Conv { x, weight, bias, stride, kernel } => {
                let [side, half, step] = [kernel, kernel / 2, stride].map(|n| i64::try_from(n).unwrap_or(0));
                let attributes = [
                    ("kernel_shape", Ints(&[side, side])),
                    ("strides", Ints(&[step, step])),
                    ("pads", Ints(&[half, half, half, half])),
                ];
                let mut inputs = vec![values[x].as_str(), &graph.params[weight].name];
                inputs.extend(bias.map(|b| graph.params[b].name.as_str()));
                file.node("Conv", &inputs, &name, &attributes)
            }
            Layer::Silu { x } => {
                let gate = file.node("Sigmoid", &[&values[x]], &format!("{name}_gate"), &[]);
                file.node("Mul", &[&values[x], &gate], &name, &[])
            }
            Layer::Add { a, b } => file.node("Add", &[&values[a], &values[b]], &name, &[]),
            Layer::Double { x } => {
                let attributes = [
                    ("mode", Text("nearest")),
                    ("coordinate_transformation_mode", Text("asymmetric")),
                    ("nearest_mode", Text("floor")),
                ];
                let by = file.constant(&format!("{name}_by"), &[4], Floats(&[1.0, 1.0, 2.0, 2.0]));
                file.node("Resize", &[&values[x], "", &by], &name, &attributes)
            }
            Layer::Full { x, weight, bias } => {
                let flat = file.node("Flatten", &[&values[x]], &format!("{name}_flat"), &[("axis", Int(1))]);
                let [weight, bias] = [weight, bias].map(|p| graph.params[p].name.as_str());
                file.node("Gemm", &[&flat, weight, bias], &name, &[("transB", Int(1))])
            }
            Layer::Norm { .. } => unreachable!("a folded network has none"),
            Layer::Regions => unreachable!("the second look begins after it"),
        };
        values.push(output);
    }
}

/// One output of all levels, `[batch, channels, cells]`.
fn flat(
    file: &mut File,
    graph: &Graph,
    values: &[String],
    what: &str,
    channels: usize,
    pick: impl Fn(&super::net::Level) -> ValueId,
) -> String {
    let shape = [0, i64::try_from(channels).unwrap_or(i64::MAX), -1];
    let shape = file.constant(&format!("{what}_shape"), &[3], Numbers::Ints(&shape));
    let parts: Vec<String> = graph
        .levels
        .iter()
        .map(|level| {
            let name = format!("{what}_{}", level.stride);
            file.node("Reshape", &[&values[pick(level)], &shape], &name, &[])
        })
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    file.node("Concat", &parts, what, &[("axis", Int(2))])
}

/// Strides, negative for left and top, and centres of every cell; both `[4, cells]`.
fn geometry(cells: &Cells) -> (Vec<f32>, Vec<f32>) {
    let all: Vec<([f32; 2], f32)> = (0..cells.count).map(|cell| cells.centre(cell)).collect();
    let signed = [-1.0, -1.0, 1.0, 1.0].iter().flat_map(|sign| all.iter().map(move |(_, s)| sign * s));
    let centres = [0, 1, 0, 1].iter().flat_map(|&axis| all.iter().map(move |(c, _)| c[axis]));
    (signed.collect(), centres.collect())
}

/// `ModelProto`.
fn whole(model: &Model, file: &File, input: &Message, outputs: &[Message]) -> Vec<u8> {
    let graph = file.nodes.iter().fold(Message::default(), |g, node| g.message(1, node));
    let graph = graph.bytes(2, b"detector");
    let graph = file.constants.iter().fold(graph, |g, constant| g.message(5, constant));
    let graph = outputs.iter().fold(graph.message(11, input), |g, output| g.message(12, output));
    let about =
        |key: &str, value: &str| Message::default().bytes(1, key.as_bytes()).bytes(2, value.as_bytes());
    Message::default()
        .int(1, IR)
        .bytes(2, b"diorama")
        .bytes(3, env!("CARGO_PKG_VERSION").as_bytes())
        .message(7, &graph)
        .message(8, &Message::default().bytes(1, b"").int(2, OPSET))
        .message(14, &about("classes", &model.config.classes.join(",")))
        .message(14, &about("keypoints", &model.config.keypoints.join(",")))
        .0
}
