//! Where the COCO file and its pictures are.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::CocoReadError;

/// The COCO file that `path` is, or that the folder at `path` holds.
pub(super) fn file(path: &Path) -> Result<PathBuf, CocoReadError> {
    let read = |source| CocoReadError::Read { path: path.to_owned(), source };
    if !fs::metadata(path).map_err(read)?.is_dir() {
        return Ok(path.to_owned());
    }
    let ours = path.join("annotations.json");
    if ours.is_file() {
        return Ok(ours);
    }
    for folder in [path.to_owned(), path.join("annotations")] {
        let found = json_files(&folder);
        match &found[..] {
            [] => {}
            [one] => return Ok(one.clone()),
            several => {
                let names = several.iter().map(|name| name.display().to_string()).collect();
                return Err(CocoReadError::SeveralFiles { dir: path.to_owned(), names });
            }
        }
    }
    Err(CocoReadError::NoFile { dir: path.to_owned() })
}

/// Sorted; none where the folder cannot be listed. A manifest of ours is no COCO file.
fn json_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut found: Vec<PathBuf> = entries
        .filter(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json")))
        .filter(|path| path.file_name().is_some_and(|name| name != crate::write::MANIFEST) && path.is_file())
        .collect();
    found.sort();
    found
}

/// The folder of the pictures: the first of the usual places in which one of `names` is, else the first place.
pub(super) fn pictures<'a>(file: &Path, names: impl Iterator<Item = &'a str> + Clone) -> PathBuf {
    let beside = file.parent().unwrap_or(Path::new(""));
    let mut places = vec![beside.join("images"), beside.to_owned()];
    if let Some(above) = beside.parent() {
        places.extend([above.join("images"), above.to_owned()]);
        // instances_val2017.json, person_keypoints_val2017.json: pictures in val2017/, or images/val2017/.
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let part = stem.rsplit('_').next().unwrap_or(stem);
        places.extend([above.join(part), above.join("images").join(part), beside.join("images").join(part)]);
    }
    let found = places.iter().find(|place| names.clone().any(|name| place.join(name).is_file()));
    found.unwrap_or(&places[0]).clone()
}
