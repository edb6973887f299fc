//! The node tree, flattened without recursion.

use glam::{DAffine3, DMat3, DMat4, DQuat, DVec3};

use super::{
    error::{Sound, get, invalid},
    json,
};

/// Every node that the default scene reaches, parents first.
#[derive(Debug)]
pub(super) struct Tree {
    /// Node indices in the order of a depth-first walk.
    pub order: Vec<usize>,
    /// Object frame from node frame; `None` where the scene does not reach.
    pub object_from_node: Vec<Option<DAffine3>>,
    /// Parents, within the scene.
    pub parent: Vec<Option<usize>>,
    /// Roots of the scene.
    pub roots: Vec<usize>,
}

impl Tree {
    pub(super) fn walk(root: &json::Root) -> Sound<Self> {
        let count = root.nodes.len();
        let roots = match (root.scene, root.scenes.first()) {
            (Some(index), _) => get(&root.scenes, index, "scene", "scene")?.nodes.clone(),
            (None, Some(first)) => first.nodes.clone(),
            (None, None) => {
                let mut is_child = vec![false; count];
                for &child in root.nodes.iter().flat_map(|n| &n.children) {
                    if let Some(flag) = is_child.get_mut(child) {
                        *flag = true;
                    }
                }
                (0..count).filter(|&i| !is_child[i]).collect()
            }
        };
        let mut tree = Self {
            order: Vec::new(),
            object_from_node: vec![None; count],
            parent: vec![None; count],
            roots: roots.clone(),
        };
        let mut stack: Vec<(usize, Option<usize>)> = roots.iter().rev().map(|&r| (r, None)).collect();
        while let Some((index, parent)) = stack.pop() {
            let at = parent.map_or("scenes".to_owned(), |p| format!("nodes[{p}].children"));
            let node = get(&root.nodes, index, "node", &at)?;
            if tree.object_from_node[index].is_some() {
                return invalid(
                    at,
                    format!(
                        "node {index} is reached twice: nodes must form a tree, without cycles or shared parts"
                    ),
                );
            }
            let above = parent.and_then(|p| tree.object_from_node[p]).unwrap_or(DAffine3::IDENTITY);
            let here = above * local(node, &format!("nodes[{index}]"))?;
            if !here.is_finite() {
                return invalid(format!("nodes[{index}]"), "its transform overflows");
            }
            tree.object_from_node[index] = Some(here);
            tree.parent[index] = parent;
            tree.order.push(index);
            stack.extend(node.children.iter().rev().map(|&child| (child, Some(index))));
        }
        Ok(tree)
    }
}

fn local(node: &json::Node, at: &str) -> Sound<DAffine3> {
    if let Some(m) = node.matrix {
        let m = m.map(f64::from);
        let matrix = DMat4::from_cols_array(&m);
        if !matrix.is_finite() || (matrix.row(3) - glam::DVec4::W).abs().max_element() > 1e-5 {
            return invalid(format!("{at}.matrix"), "expected finite numbers and a last row of 0, 0, 0, 1");
        }
        return Ok(DAffine3::from_mat4(matrix));
    }
    let translation = DVec3::from(node.translation.unwrap_or_default().map(f64::from));
    let scale = DVec3::from(node.scale.unwrap_or([1.0; 3]).map(f64::from));
    let rotation = DQuat::from_array(node.rotation.unwrap_or([0.0, 0.0, 0.0, 1.0]).map(f64::from));
    if !translation.is_finite() || !scale.is_finite() {
        return invalid(at, "translation and scale must be finite");
    }
    let length = rotation.length();
    if !(1e-6..1e6).contains(&length) {
        return invalid(format!("{at}.rotation"), "expected a unit quaternion");
    }
    Ok(DAffine3 { matrix3: DMat3::from_quat(rotation / length) * DMat3::from_diagonal(scale), translation })
}
