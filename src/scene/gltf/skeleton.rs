//! Skins: all of a file's skins become one skeleton.

use std::collections::BTreeMap;

use glam::{Affine3A, DAffine3, DMat4, DVec4};

use super::{
    accessor::Reader,
    container::Buffers,
    error::{Sound, get, invalid},
    json,
    nodes::Tree,
};
use crate::scene::{Joint, Skin, SkinVertex};

/// One skin of the file, placed.
#[derive(Debug)]
struct Placed {
    /// Object frame from the frame of the vertices as stored, in bind pose.
    object_from_mesh: DAffine3,
    /// Joint frame from object frame, one for each joint node.
    joint_from_object: Vec<DAffine3>,
}

/// Gathers the skins that drawn nodes use.
#[derive(Debug, Default)]
pub(super) struct Skeleton {
    placed: BTreeMap<usize, Placed>,
}

impl Skeleton {
    /// Where the vertices of skin `index` go. Its bind pose is put where the file's default pose puts the
    /// skin's first joint; when bind and default pose agree, that is exactly what the file shows.
    pub(super) fn place(
        &mut self,
        root: &json::Root,
        buffers: &Buffers,
        tree: &Tree,
        index: usize,
        at: &str,
    ) -> Sound<DAffine3> {
        if let Some(known) = self.placed.get(&index) {
            return Ok(known.object_from_mesh);
        }
        let skin = get(&root.skins, index, "skin", at)?;
        let here = format!("skins[{index}]");
        let mut rest = Vec::with_capacity(skin.joints.len());
        for &joint in &skin.joints {
            get(&root.nodes, joint, "node", &format!("{here}.joints"))?;
            match tree.object_from_node[joint] {
                Some(place) => rest.push(place),
                None => return invalid(here, format!("joint node {joint} is not part of the scene")),
            }
        }
        let binds = match skin.inverse_bind_matrices {
            None => vec![DAffine3::IDENTITY; rest.len()],
            Some(accessor) => {
                let there = format!("{here}.inverseBindMatrices");
                let reader = Reader::new(root, buffers, accessor, &["MAT4"], 1 << 16, &there)?;
                if reader.count() < rest.len() {
                    return invalid(there, format!("{} matrices for {} joints", reader.count(), rest.len()));
                }
                let list = reader.floats::<16>(0.0)?;
                list.iter().map(|m| affine(m, &there)).collect::<Sound<Vec<_>>>()?
            }
        };
        let (Some(first_rest), Some(first_bind)) = (rest.first(), binds.first()) else {
            return invalid(here, "it has no joints");
        };
        let object_from_mesh = *first_rest * *first_bind;
        let mesh_from_object = invert(&object_from_mesh, &here)?;
        let joint_from_object: Vec<DAffine3> = binds.iter().map(|bind| *bind * mesh_from_object).collect();
        let posed = rest.iter().zip(&joint_from_object).any(|(rest, bind)| {
            let moved = *rest * *bind;
            !moved.abs_diff_eq(DAffine3::IDENTITY, 1e-3)
        });
        if posed {
            tracing::info!(
                at = here,
                "the file's default pose is not its bind pose; the model shows the bind pose"
            );
        }
        self.placed.insert(index, Placed { object_from_mesh, joint_from_object });
        Ok(object_from_mesh)
    }

    /// The one skeleton, and for each skin of the file where its joints went. Joints of several skins that
    /// share node and bind pose become one.
    pub(super) fn finish(&self, root: &json::Root, tree: &Tree) -> Sound<Option<(Skin, Remap)>> {
        if self.placed.is_empty() {
            return Ok(None);
        }
        let mut rank = vec![usize::MAX; root.nodes.len()];
        for (order, &node) in tree.order.iter().enumerate() {
            rank[node] = order;
        }
        let mut entries: Vec<(usize, usize, usize, DAffine3)> = Vec::new();
        for (&index, placed) in &self.placed {
            for (slot, (&node, bind)) in
                root.skins[index].joints.iter().zip(&placed.joint_from_object).enumerate()
            {
                entries.push((node, index, slot, *bind));
            }
        }
        entries.sort_by_key(|&(node, skin, slot, _)| (rank[node], skin, slot));
        let mut joints: Vec<Joint> = Vec::new();
        let mut binds: Vec<(usize, DAffine3)> = Vec::new();
        let mut first_of_node = BTreeMap::new();
        let mut remap = Remap::new();
        for (node, skin, slot, bind) in entries {
            let from = first_of_node.get(&node).copied().unwrap_or(joints.len());
            let same =
                (from..joints.len()).find(|&j| binds[j].0 == node && binds[j].1.abs_diff_eq(bind, 1e-6));
            let joint = match same {
                Some(joint) => joint,
                None => {
                    let parent = ancestors(tree, node).find_map(|a| first_of_node.get(&a).map(|&j| (a, j)));
                    joints.push(joint_of(root, tree, node, parent, &bind)?);
                    binds.push((node, bind));
                    first_of_node.entry(node).or_insert(joints.len() - 1);
                    joints.len() - 1
                }
            };
            let Ok(small) = u16::try_from(joint) else {
                return invalid("skins", "more than 65535 joints");
            };
            remap.insert((skin, slot), small);
        }
        Ok(Some((Skin { joints }, remap)))
    }
}

/// Where joint `slot` of skin `index` went.
pub(super) type Remap = BTreeMap<(usize, usize), u16>;

/// Renumbers the joints that vertices follow.
pub(super) fn renumber(vertices: &mut [SkinVertex], skin: usize, remap: &Remap, at: &str) -> Sound<()> {
    for vertex in vertices {
        for (joint, weight) in vertex.joints.iter_mut().zip(vertex.weights) {
            match remap.get(&(skin, usize::from(*joint))) {
                Some(&new) => *joint = new,
                None if weight == 0.0 => *joint = 0,
                None => {
                    return invalid(at, format!("a vertex follows joint {joint}, which skin {skin} has not"));
                }
            }
        }
    }
    Ok(())
}

fn ancestors(tree: &Tree, node: usize) -> impl Iterator<Item = usize> + '_ {
    std::iter::successors(tree.parent[node], |&p| tree.parent[p])
}

fn joint_of(
    root: &json::Root,
    tree: &Tree,
    node: usize,
    parent: Option<(usize, usize)>,
    bind: &DAffine3,
) -> Sound<Joint> {
    let at = format!("nodes[{node}]");
    let object_from = |node: usize| tree.object_from_node[node].unwrap_or(DAffine3::IDENTITY);
    let local = match parent {
        Some((above, _)) => invert(&object_from(above), &at)? * object_from(node),
        None => object_from(node),
    };
    let (scale, rotation, translation) = local.to_scale_rotation_translation();
    if !(scale.is_finite() && rotation.is_finite() && translation.is_finite()) {
        return invalid(at, "its rest pose is no translation, rotation and scale");
    }
    Ok(Joint {
        name: root.nodes[node].name.clone(),
        parent: parent.map(|p| p.1),
        translation: translation.as_vec3(),
        rotation: rotation.as_quat().normalize(),
        scale: scale.as_vec3(),
        joint_from_object: Affine3A::from_mat4(DMat4::from(*bind).as_mat4()),
    })
}

fn affine(m: &[f32; 16], at: &str) -> Sound<DAffine3> {
    let matrix = DMat4::from_cols_array(&m.map(f64::from));
    if (matrix.row(3) - DVec4::W).abs().max_element() > 1e-4 {
        return invalid(at, "a matrix whose last row is not 0, 0, 0, 1");
    }
    Ok(DAffine3::from_mat4(matrix))
}

fn invert(matrix: &DAffine3, at: &str) -> Sound<DAffine3> {
    let inverse = matrix.inverse();
    if matrix.matrix3.determinant().abs() > 1e-30 && inverse.is_finite() {
        return Ok(inverse);
    }
    invalid(at, "its transform squashes space flat, so that its skin cannot be undone")
}
