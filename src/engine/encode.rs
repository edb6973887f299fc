//! From pictures in memory to the files of one frame.

use std::path::Path;

use super::EngineError;
use crate::{
    label::label,
    render::Pictures,
    scene::Scene,
    write::{FrameFiles, encode as files},
};

use super::World;

/// One frame, labelled and encoded.
#[derive(Debug)]
pub struct FrameOutput {
    /// Its files and truth.
    pub files: FrameFiles,
    /// Seconds spent on labels.
    pub label_s: f64,
    /// Seconds spent on encoding.
    pub encode_s: f64,
}

/// Labels and encodes one rendered frame as the recipe asks.
///
/// # Errors
/// When an encoder refuses.
pub fn encode(
    world: &World,
    scene: &Scene,
    pictures: &Pictures,
    frame: u64,
) -> Result<FrameOutput, EngineError> {
    let outputs = world.recipe.outputs;
    let stem = format!("{frame:06}");
    let extension = if scene.chain.jpeg_quality.is_some() { "jpg" } else { "png" };
    let start = std::time::Instant::now();
    let mut truth = label(scene, &world.library, pictures, frame, format!("{stem}.{extension}"));
    for licence in &mut truth.licences {
        // Where the assets lie on this machine must not reach the dataset.
        if let Ok(inside) = Path::new(&*licence).strip_prefix(&world.assets) {
            *licence = format!("assets/{}", inside.display());
        }
    }
    let label_s = start.elapsed().as_secs_f64();

    let start = std::time::Instant::now();
    let size = pictures.size;
    let picture = match scene.chain.jpeg_quality {
        Some(quality) => files::jpeg(size, &pictures.colour, quality)?,
        None => files::png_colour(size, &pictures.colour)?,
    };
    let mut list = vec![(format!("images/{stem}.{extension}"), picture)];
    if outputs.instance_ids {
        #[expect(clippy::cast_possible_truncation, reason = "the renderer refuses more than 65535 instances")]
        let ids: Vec<u16> = pictures.ids.iter().map(|&id| id as u16).collect();
        list.push((format!("instances/{stem}.png"), files::png_gray16(size, &ids)?));
    }
    if outputs.depth_png {
        list.push((format!("depth/{stem}.png"), files::png_gray16(size, &files::depth_mm(&pictures.depth))?));
    }
    if outputs.depth_exr {
        let metres: Vec<f32> =
            pictures.depth.iter().map(|&z| if z > 0.0 { z } else { f32::INFINITY }).collect();
        list.push((format!("depth/{stem}.exr"), files::exr_depth(size, &metres)?));
    }
    if outputs.normals {
        let rgb: Vec<u8> = pictures.normals.chunks_exact(4).flat_map(|n| [n[0], n[1], n[2]]).collect();
        list.push((format!("normals/{stem}.png"), files::png_rgb(size, &rgb)?));
    }
    if outputs.semantic {
        list.push((format!("semantic/{stem}.png"), files::png_gray8(size, &semantic(scene, pictures))?));
    }
    if let Some(flow) = &pictures.flow {
        list.push((format!("flow/{stem}.flo"), files::flo(size, &flow.vectors, &flow.hidden)?));
        list.push((format!("flow/{stem}.png"), files::flow_png(size, &flow.vectors, &flow.hidden)?));
        list.push((format!("flow_hidden/{stem}.png"), files::hidden_png(size, &flow.hidden)?));
    }
    let encode_s = start.elapsed().as_secs_f64();
    Ok(FrameOutput { files: FrameFiles { truth, files: list }, label_s, encode_s })
}

/// Classes in the order in which a semantic picture numbers them, from 1; 0 is nothing, 255 any other class.
const CLASSES: [&str; 5] = ["product", "price_tag", "shelf_edge", "gap", "fixture"];

fn semantic(scene: &Scene, pictures: &Pictures) -> Vec<u8> {
    let classes: Vec<u8> = scene
        .instances
        .iter()
        .map(|i| CLASSES.iter().zip(1u8..).find(|(class, _)| **class == i.class).map_or(255, |(_, n)| n))
        .collect();
    let class_of = |id: &u32| (*id as usize).checked_sub(1).map_or(0, |index| classes[index]);
    pictures.ids.iter().map(class_of).collect()
}
