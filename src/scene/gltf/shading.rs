//! Normals and tangents that a file leaves out.

use glam::{Vec2, Vec3, Vec4};

/// Face normals for an unwelded triangle soup; a triangle without area faces up.
pub(super) fn flat_normals(positions: &[Vec3]) -> Vec<Vec3> {
    positions
        .chunks_exact(3)
        .flat_map(|t| {
            [unit_or_up(
                (t[1].as_dvec3() - t[0].as_dvec3()).cross(t[2].as_dvec3() - t[0].as_dvec3()).as_vec3(),
            ); 3]
        })
        .collect()
}

/// Makes every normal unit length; those that have none get the area-weighted mean of their triangles.
pub(super) fn mend_normals(normals: &mut [Vec3], positions: &[Vec3], indices: &[u32]) {
    if normals.iter().all(|n| n.length_squared() > 1e-12) {
        normals.iter_mut().for_each(|n| *n = unit_or_up(*n));
        return;
    }
    let mut sums = vec![Vec3::ZERO; normals.len()];
    for t in indices.chunks_exact(3) {
        let [a, b, c] = [t[0] as usize, t[1] as usize, t[2] as usize];
        let normal = (positions[b] - positions[a]).cross(positions[c] - positions[a]);
        for corner in [a, b, c] {
            sums[corner] += normal;
        }
    }
    for (normal, sum) in normals.iter_mut().zip(sums) {
        *normal = unit_or_up(if normal.length_squared() > 1e-12 { *normal } else { sum });
    }
}

pub(super) fn unit_or_up(v: Vec3) -> Vec3 {
    let v = v.as_dvec3();
    v.try_normalize().map_or(Vec3::Y, |n| n.as_vec3())
}

/// Tangents along growing u, orthogonal to the normals (Lengyel 2001): summed over the triangles of a vertex,
/// the handedness by the sign of the mapping.
pub(super) fn tangents(positions: &[Vec3], normals: &[Vec3], uv: &[Vec2], indices: &[u32]) -> Vec<Vec4> {
    let mut along_u = vec![Vec3::ZERO; positions.len()];
    let mut along_v = vec![Vec3::ZERO; positions.len()];
    for t in indices.chunks_exact(3) {
        let [a, b, c] = [t[0] as usize, t[1] as usize, t[2] as usize];
        let (e1, e2) = (positions[b] - positions[a], positions[c] - positions[a]);
        let (d1, d2) = (uv[b] - uv[a], uv[c] - uv[a]);
        let det = d1.x * d2.y - d2.x * d1.y;
        // Weighted by area: the division by the determinant would let tiny texture triangles win.
        let (u, v) = ((e1 * d2.y - e2 * d1.y) * det.signum(), (e2 * d1.x - e1 * d2.x) * det.signum());
        if det == 0.0 || !u.is_finite() || !v.is_finite() {
            continue;
        }
        for corner in [a, b, c] {
            along_u[corner] += u;
            along_v[corner] += v;
        }
    }
    normals
        .iter()
        .zip(along_u.iter().zip(&along_v))
        .map(|(&n, (&u, &v))| {
            let t = (u - n * n.dot(u)).try_normalize().unwrap_or_else(|| n.any_orthonormal_vector());
            // glTF's v runs down the picture, and its bitangent is meant to run up.
            let hand = if n.cross(t).dot(v) > 0.0 { -1.0 } else { 1.0 };
            t.extend(hand)
        })
        .collect()
}
