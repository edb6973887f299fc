//! Materials, textures and pictures.

use std::io::Cursor;

use diorama::scene::{Alpha, TextureSource, Wrap, describe};
use glam::{Vec2, Vec3};
use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use serde_json::json;

use super::build::{Asset, CORNERS, UP, triangle};

pub(super) fn picture(format: ImageFormat) -> Vec<u8> {
    let image = RgbaImage::from_fn(4, 2, |_, _| Rgba([200, 100, 50, 255]));
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::from(image);
    let image = if format == ImageFormat::Jpeg { image.into_rgb8().into() } else { image };
    image.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A triangle with texture coordinates, tinted by a picture of that format.
pub(super) fn pictured(format: ImageFormat) -> Asset {
    let mut asset = Asset::new();
    let position = asset.floats(&CORNERS);
    let normal = asset.floats(&UP);
    let uv = asset.floats(&[[0.0, 1.0], [1.0, 1.0], [0.0, 0.0]]);
    let view = asset.view(&picture(format));
    asset.push("images", json!({ "bufferView": view, "name": "pic" }));
    asset.push("samplers", json!({ "wrapS": 33071, "wrapT": 33648 }));
    asset.push("textures", json!({ "source": 0, "sampler": 0 }));
    asset.push(
        "materials",
        json!({
            "name": "label", "pbrMetallicRoughness": { "baseColorTexture": { "index": 0 } },
        }),
    );
    asset.show(json!({
        "attributes": { "POSITION": position, "NORMAL": normal, "TEXCOORD_0": uv }, "material": 0,
    }));
    asset
}

#[test]
fn png_jpeg_and_webp_are_read() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
        let mut asset = pictured(format);
        if format == ImageFormat::WebP {
            asset.json["textures"][0] =
                json!({ "sampler": 0, "extensions": { "EXT_texture_webp": { "source": 0 } } });
            asset.json["extensionsRequired"] = json!(["EXT_texture_webp"]);
        }
        let (model, library) = asset.import().unwrap();
        let material = library.material(model.primitives[0].material);
        let texture = library.texture(material.base_texture.unwrap().texture);
        assert_eq!((texture.wrap, texture.srgb), ([Wrap::Clamp, Wrap::Mirror], true), "{format:?}");
        let TextureSource::Pixels(pixels) = &texture.source else { panic!("pixels") };
        assert_eq!((pixels.width, pixels.height), (4, 2), "{format:?}");
        for (got, want) in pixels.rgba[..4].iter().zip([200_u8, 100, 50, 255]) {
            assert!(got.abs_diff(want) <= 3, "{format:?}: {:?}", &pixels.rgba[..4]);
        }
    }
}

#[test]
fn a_texture_transform_turns_counter_clockwise_in_the_picture() {
    let mut asset = pictured(ImageFormat::Png);
    asset.json["materials"][0]["pbrMetallicRoughness"]["baseColorTexture"]["extensions"] = json!({ "KHR_texture_transform": { "offset": [0.5, 0.25], "rotation": std::f32::consts::FRAC_PI_2, "scale": [2, 3] } });
    let (model, library) = asset.import().unwrap();
    let used = library.material(model.primitives[0].material).base_texture.unwrap();
    // v runs down: a quarter turn counter-clockwise takes right (+u) to up (-v), and down (+v) to right (+u).
    let moved = used.transform.transform_point2(Vec2::new(1.0, 1.0));
    assert!(moved.distance(Vec2::new(0.5 + 3.0, 0.25 - 2.0)) < 1e-5, "{moved}");
}

#[test]
fn extensions_reach_the_material() {
    let mut asset = pictured(ImageFormat::Png);
    asset.json["materials"][0] = json!({
        "name": "all", "doubleSided": true, "alphaMode": "MASK", "alphaCutoff": 0.3, "emissiveFactor": [1, 0.5, 0],
        "pbrMetallicRoughness": { "baseColorFactor": [0.1, 0.2, 0.3, 0.4], "metallicFactor": 0.6, "roughnessFactor": 0.7 },
        "extensions": {
            "KHR_materials_unlit": {},
            "KHR_materials_emissive_strength": { "emissiveStrength": 4.0 },
            "KHR_materials_clearcoat": { "clearcoatFactor": 0.9, "clearcoatRoughnessFactor": 0.2 },
            "KHR_materials_transmission": { "transmissionFactor": 0.8 },
            "KHR_materials_volume": { "thicknessFactor": 0.01, "attenuationDistance": 0.5, "attenuationColor": [1, 0.9, 0.8] },
            "KHR_materials_ior": { "ior": 1.33 },
        },
    });
    let (model, library) = asset.import().unwrap();
    let m = library.material(model.primitives[0].material);
    assert!(m.unlit && m.double_sided && m.is_transparent(), "flags");
    assert_eq!(m.emissive, Vec3::new(4.0, 2.0, 0.0), "strength is multiplied in");
    assert_eq!((m.clearcoat, m.clearcoat_roughness, m.transmission, m.ior), (0.9, 0.2, 0.8, 1.33), "factors");
    assert_eq!(m.alpha, Alpha::Mask { cutoff: 0.3 }, "alpha");
    assert_eq!((m.metallic, m.roughness, m.base_colour.w), (0.6, 0.7, 0.4), "the usual ones");
    assert_eq!(m.attenuation.unwrap().thickness_m, 0.01, "volume");
}

#[test]
fn normal_maps_get_tangents_and_their_hand() {
    let mut asset = pictured(ImageFormat::Png);
    asset.json["materials"][0]["normalTexture"] = json!({ "index": 0, "scale": 0.5 });
    let (model, library) = asset.import().unwrap();
    let v = &model.primitives[0].vertices;
    // u grows along +X and v down along -Y, as in any upright picture: hand +1.
    assert!(v.tangents.iter().all(|t| t.distance(Vec3::X.extend(1.0)) < 1e-6), "{:?}", v.tangents);
    let m = library.material(model.primitives[0].material);
    let (normal, scale) = m.normal_texture.unwrap();
    assert_eq!(scale, 0.5, "scale");
    assert!(!library.texture(normal.texture).srgb, "the same picture as data, not as colour");
    assert_eq!(library.texture_count(), 2, "once as colour, once as data");
    asset.json["nodes"][0]["scale"] = json!([-1, 1, 1]);
    let mirrored = asset.model();
    let tangents = &mirrored.primitives[0].vertices.tangents;
    assert!(tangents.iter().all(|t| t.distance(Vec3::NEG_X.extend(-1.0)) < 1e-6), "mirrored: {tangents:?}");
}

#[test]
fn far_texture_coordinate_sets_move_in() {
    let mut asset = pictured(ImageFormat::Png);
    let far = asset.floats(&[[0.25, 0.25]; 3]);
    asset.json["meshes"][0]["primitives"][0]["attributes"]["TEXCOORD_4"] = json!(far);
    asset.json["materials"][0]["emissiveTexture"] = json!({ "index": 0, "texCoord": 4 });
    let (model, library) = asset.import().unwrap();
    let m = library.material(model.primitives[0].material);
    assert_eq!((m.base_texture.unwrap().uv_set, m.emissive_texture.unwrap().uv_set), (0, 1), "two slots");
    assert_eq!(model.primitives[0].vertices.uv1, vec![Vec2::splat(0.25); 3], "set 4 is in slot 1");
}

#[test]
fn what_an_asset_holds_is_told() {
    let (model, library) = pictured(ImageFormat::Png).import().unwrap();
    let told = describe(&model, &library);
    assert_eq!(told["triangles"], json!([1]), "{told}");
    assert_eq!(told["textures"][0]["width"], json!(4), "{told}");
    assert_eq!(told["licence"], json!("Nobody, CC0-1.0"), "{told}");
    assert_eq!(told["materials"][0]["name"], json!("label"), "{told}");
}

#[test]
fn extras_and_the_front_of_a_form_are_kept() {
    let mut asset = triangle();
    let form = json!({
        "form": "can", "size_m": [0.06, 0.12, 0.06], "size_min_m": [0.05, 0.1, 0.05], "size_max_m": [0.07, 0.13, 0.07],
        "round": true, "departments": ["drinks"], "poses": ["upright"], "stack": 1, "fragile": false,
        "slots": [], "recolour": [], "front_points": [[0.0, 0.06, 0.03]],
    });
    asset.json["scenes"][0]["extras"] = json!({ "diorama": form });
    let model = asset.model();
    assert_eq!(model.extras["diorama"]["form"], json!("can"), "as they stand");
    assert_eq!((model.probes[0].name.as_str(), model.probes[0].tolerance_m), ("front", 0.01), "its probes");
    assert!(model.probes[0].points[0].distance(Vec3::new(0.0, 0.06, 0.03)) < 1e-7, "its points");
    asset.json["scenes"][0]["extras"]["diorama"].as_object_mut().unwrap().remove("stack");
    assert!(asset.error().contains("stack"), "{}", asset.error());
}
