//! Catalogues as people write them, good and bad.

use std::{fs, path::Path};

use image::{Rgb, RgbImage};

use super::{CatalogueError, FACES, UserGoods};
use crate::{
    art::{ArtStudio, Catalogue, testing::forms},
    scene::{ArtKey, ArtSource},
    seed::Seed,
};

const HEADINGS: &str = "sku,name,brand,department,form,width_m,height_m,depth_m";

fn opened(folder: &Path, name: &str, text: &str) -> Result<Catalogue, CatalogueError> {
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    Catalogue::open(&path, Seed(1), &forms(), false)
}

/// What opening says of a catalogue with one product, given as its values.
fn said(row: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    opened(folder.path(), "my.csv", &format!("{HEADINGS}\n{row}\n")).unwrap_err().to_string()
}

fn plain(folder: &Path, name: &str, colour: [u8; 3]) {
    RgbImage::from_pixel(40, 60, Rgb(colour)).save(folder.join(name)).unwrap();
}

#[test]
fn csv_and_json_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let csv = "\u{feff}SKU;Name;Brand;Department;Form;Width m;Height m;Depth m;Price;note\n\
               A1;Cola \"Zero\";Vrenlo;drinks;can;0.066;0.115;0.066;0.99;x\n\
               A2;\"Peach; sweet\";Vrenlo;drinks;pet bottle;0.065;0.23;0.065;1,49;\n";
    let json = r#"{"products": [
        {"sku": "A1", "name": "Cola \"Zero\"", "brand": "Vrenlo", "department": "drinks", "form": "can",
         "width_m": 0.066, "height_m": 0.115, "depth_m": 0.066, "price": 0.99},
        {"sku": "A2", "name": "Peach; sweet", "brand": "Vrenlo", "department": "drinks", "form": "pet_bottle",
         "width_m": 0.065, "height_m": 0.23, "depth_m": 0.065, "price": "1.49"}]}"#;
    let csv = csv.replace("Cola \"Zero\"", "\"Cola \"\"Zero\"\"\"");
    let (a, b) =
        (opened(folder.path(), "a.csv", &csv).unwrap(), opened(folder.path(), "b.json", json).unwrap());
    for index in 0..2 {
        assert_eq!(a.product(index), b.product(index), "product {index}");
    }
    let product = a.product(1);
    assert_eq!((product.price_cents, product.brand.as_str()), (149, "Vrenlo"), "as written");
    assert!(crate::art::is_valid_ean13(&product.ean13), "a code of the shop's own where none is given");
    assert_eq!(a.departments(), ["drinks"], "its departments");
    assert_eq!((a.find("A2"), a.find("A3"), a.nearest_sku("A22")), (Some(1), None, Some("A2".to_owned())));
}

#[test]
fn each_mistake_names_its_row_its_column_and_what_was_expected() {
    for (row, words) in [
        ("A,n,b,drinks,cann,0.066,0.115,0.066", &["my.csv:2: column form", "did you mean `can`?"][..]),
        ("A,n,b,dairy,tub,0.095,2,0.095", &["column height_m", "height of a `tub`", "found 2"]),
        ("A,n,b,dairy,tub,9.5,10,9.5", &["column width_m", "were centimetres meant?", "0.095 m"]),
        ("A,n,b,dairy,tub,95,100,95", &["were millimetres meant?"]),
        ("A,n,b,dairy,tub,\"0,095\",0.1,0.095", &["column width_m", "(write 0.095)"]),
        ("A,n,b,dairy,tub,95 mm,0.1,0.095", &["column width_m", "(write 0.0950)"]),
        ("A,n,b,dairy,tub,-1,0.1,0.095", &["column width_m", "above 0"]),
        ("A,n,b,dairy,tub,0.095,0.1,0.07", &["column depth_m", "is round", "0.095"]),
        (",n,b,dairy,tub,0.095,0.1,0.095", &["column sku", "found nothing"]),
        ("A,n,b,dairy,tub,0.095,0.1", &["my.csv:2: expected 8 values", "found 7"]),
        (
            "A,n,b,dairy,tub,.095,.1,.095\nA,m,b,dairy,tub,.095,.1,.095",
            &["my.csv:3: column sku", "already in line 2"],
        ),
    ] {
        let said = said(row);
        for word in words {
            assert!(said.contains(word), "expected '{word}' of {row} in\n{said}");
        }
    }
}

#[test]
fn headings_that_are_missing_find_their_nearest() {
    let folder = tempfile::tempdir().unwrap();
    let error = |text: &str| opened(folder.path(), "my.csv", text).unwrap_err().to_string();
    let said = error("sku,name,brand,department,form,width,height_m,depth_m\n");
    assert!(said.contains("my.csv:1: expected a column `width_m`; is `width` meant?"), "{said}");
    let said = error("sku,sku,name,brand,department,form,width_m,height_m,depth_m\n");
    assert!(said.contains("column sku: expected each heading once"), "{said}");
    assert!(error("").contains("found an empty file"), "nothing at all");
    assert!(error(&format!("{HEADINGS}\n")).contains("at least one product"), "headings alone");
    let path = folder.path().join("my.xlsx");
    fs::write(&path, "x").unwrap();
    let said = Catalogue::open(&path, Seed(0), &forms(), false).unwrap_err().to_string();
    assert!(said.contains("a .csv or a .json file"), "{said}");
}

#[test]
fn json_mistakes_name_path_line_and_column() {
    let folder = tempfile::tempdir().unwrap();
    let error = |text: &str| opened(folder.path(), "my.json", text).unwrap_err().to_string();
    let good =
        "\"sku\": \"A\", \"name\": \"n\", \"brand\": \"b\", \"department\": \"dairy\", \"form\": \"tub\"";
    let said = error(&format!(
        "{{\"products\": [\n {{{good},\n  \"width_m\": 9.5, \"height_m\": 10, \"depth_m\": 9.5}}]}}"
    ));
    assert!(said.contains("my.json:3:14: products[0].width_m:") && said.contains("centimetres"), "{said}");
    let said = error(&format!("[{{{good}, \"widht_m\": 1, \"height_m\": 1, \"depth_m\": 1}}]"));
    assert!(said.contains("my.json:1:2: [0]: expected the key \"width_m\"; is `widht_m` meant?"), "{said}");
    let said = error(&format!("[{{{good}, \"width_m\": [], \"height_m\": 1, \"depth_m\": 1}}]"));
    assert!(said.contains("[0].width_m: expected text or a number, found a list"), "{said}");
    assert!(error("{\"products\": [").contains("my.json:1:15:"), "syntax");
    assert!(error("{\"goods\": []}").contains("the key `products`"), "no list");
}

#[test]
fn pictures_that_no_label_can_be_made_of() {
    let folder = tempfile::tempdir().unwrap();
    plain(folder.path(), "front.png", [200, 30, 30]);
    let whole = fs::read(folder.path().join("front.png")).unwrap();
    fs::write(folder.path().join("half.png"), &whole[..whole.len() - 20]).unwrap();
    fs::write(folder.path().join("text.png"), "not a picture").unwrap();
    RgbImage::new(4, 4).save(folder.path().join("tiny.png")).unwrap();
    RgbImage::new(20_000, 16).save(folder.path().join("long.png")).unwrap();
    let mut cmyk = Vec::new();
    jpeg_encoder::Encoder::new(&mut cmyk, 80)
        .encode(&[90; 32 * 32 * 4], 32, 32, jpeg_encoder::ColorType::Cmyk)
        .unwrap();
    fs::write(folder.path().join("inks.jpg"), cmyk).unwrap();
    let open = |picture: &str, keep_going| {
        let path = folder.path().join("my.csv");
        let rows = format!(
            "{HEADINGS},front\nA,n,b,dairy,tub,.095,.1,.095,{picture}\nB,n,b,dairy,tub,.095,.1,.095,front.png\n"
        );
        fs::write(&path, rows).unwrap();
        Catalogue::open(&path, Seed(0), &forms(), keep_going)
    };
    for (picture, words) in [
        ("frnt.png", &["no file at", "is \"front.png\" meant?"][..]),
        ("half.png", &["half.png", "too soon"]),
        ("text.png", &["neither PNG nor JPEG nor WebP"]),
        ("tiny.png", &["at least 16 x 16", "4 x 4"]),
        ("long.png", &["at most 16384", "20000 x 16"]),
        ("inks.jpg", &["CMYK", "save it as RGB"]),
        (".", &["found a folder"]),
    ] {
        let said = open(picture, false).unwrap_err().to_string();
        for word in words.iter().chain(&["my.csv:2: column front"]) {
            assert!(said.contains(word), "expected '{word}' in\n{said}");
        }
        let kept = open(picture, true).unwrap();
        assert_eq!((kept.len(), kept.left_out().products), (1, 1), "{picture} is left out");
        assert_eq!(kept.product(0).sku, "B", "the good one stays");
    }
    assert!(open("front.png", false).unwrap().left_out().is_empty(), "nothing is wrong with a good one");
}

#[test]
fn faces_come_where_they_belong() {
    let folder = tempfile::tempdir().unwrap();
    let colours =
        [[220, 20, 20], [20, 20, 220], [20, 200, 20], [230, 220, 20], [200, 20, 200], [0; 3], [0; 3]];
    let names = ["front", "back", "left", "right", "top"];
    for (name, colour) in names.iter().zip(colours) {
        plain(folder.path(), &format!("{name}.png"), colour);
    }
    let files = names.map(|name| format!("{name}.png")).join(",");
    let text = format!(
        "{HEADINGS},{}\nA,n,b,snacks,cereal_box,.2,.3,.07,{files}\nB,n,b,drinks,can,.066,.115,.066,{files}\n",
        names.join(",")
    );
    let catalogue = std::sync::Arc::new(opened(folder.path(), "my.csv", &text).unwrap());
    let studio = ArtStudio::new(catalogue, 0);
    let colour = |sku: &str, slot: &str, u: f32| {
        let art = studio.pixels(&ArtKey { sku: sku.into(), slot: slot.into() }, 256).unwrap();
        let at = ((art.height / 2 * art.width + (u * art.width as f32) as u32) * 4) as usize;
        [art.rgba[at], art.rgba[at + 1], art.rgba[at + 2]]
    };
    // From the front's left edge on: front, the side to its right, back, the other side.
    let front = 0.2 / 0.54;
    for (u, face) in
        [(front / 2.0, 0), (0.25 + front / 2.0, 3), (0.5 + front / 2.0, 1), (0.75 + front / 2.0, 2)]
    {
        assert_eq!(colour("A", "label", u), colours[face], "a box at {u}");
    }
    assert_eq!(colour("A", "top", 0.5), colours[4], "its top");
    for (u, face) in [(0.5, 0), (0.01, 1), (0.99, 1), (0.75, 3), (0.25, 2)] {
        assert_eq!(colour("B", "label", u), colours[face], "a can at {u}");
    }
    assert_eq!(FACES.len(), colours.len(), "every face has been thought of");
}

#[test]
fn a_large_catalogue_is_found_again_by_sku() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = format!("{HEADINGS}\n");
    for index in 0..5000 {
        text +=
            &format!("S{},Soup {index},Brand {},canned,tin,.075,.11,.075\n", index * 7919 % 5000, index % 40);
    }
    let path = folder.path().join("my.csv");
    fs::write(&path, text).unwrap();
    let goods = UserGoods::open(&path, Seed(0), &forms(), false).unwrap();
    for index in (0..5000).step_by(37) {
        let sku = goods.design(index).product.sku;
        assert_eq!(goods.find(&sku), Some(index), "{sku}");
    }
    let members = goods.in_department("canned");
    let brand = |place: usize| goods.design(members[place]).product.brand;
    assert_eq!(members.len(), 5000, "all of them");
    assert!((0..124).all(|place| brand(place) == brand(0)), "a brand's goods stand together");
}
