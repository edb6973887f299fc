//! Bytes: the .glb container, data URIs, and files that must stay inside the asset's own folder.

use std::{
    fs::File,
    io::{self, Read},
    path::{Component, Path, PathBuf},
};

use super::{
    ImportOptions,
    error::{ImportFault, Sound, get, invalid},
    json,
};

/// What is left of the memory that one import may take: files read, vertices and pixels decoded.
#[derive(Debug)]
pub(super) struct Budget {
    left: u64,
    limit: u64,
}

impl Budget {
    pub(super) fn new(limit: u64) -> Self {
        Self { left: limit, limit }
    }

    /// Sets `bytes` aside, before they are allocated.
    pub(super) fn take(&mut self, bytes: u64, at: &str) -> Sound<()> {
        match self.left.checked_sub(bytes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(ImportFault::TooLarge {
                at: at.to_owned(),
                what: format!(
                    "{bytes} bytes more, {} in all,",
                    (self.limit - self.left).saturating_add(bytes)
                ),
                limit: format!("{} bytes for one import", self.limit),
            }),
        }
    }
}

/// Reads a regular file of a size that fits the budget; a pipe or a device is never opened.
pub(super) fn read_file(path: &Path, what: &str, budget: &mut Budget) -> Sound<Vec<u8>> {
    let io = |source| ImportFault::Io { what: what.to_owned(), source };
    let meta = std::fs::metadata(path).map_err(io)?;
    if !meta.is_file() {
        return Err(io(io::Error::other("it is not a regular file")));
    }
    budget.take(meta.len(), what)?;
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(meta.len()).read_to_end(&mut bytes)).map_err(io)?;
    Ok(bytes)
}

/// The JSON and binary parts of a .glb, or the whole of a .gltf as JSON.
pub(super) fn split(bytes: &[u8]) -> Sound<(&[u8], Option<&[u8]>)> {
    let bad = |reason: String| Err(ImportFault::Container { reason });
    if !bytes.starts_with(b"glTF") {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        return match text.iter().find(|b| !b.is_ascii_whitespace()) {
            Some(b'{') => Ok((text, None)),
            Some(_) => bad("it starts neither with 'glTF' (binary) nor with '{' (JSON)".to_owned()),
            None => bad("it is empty".to_owned()),
        };
    }
    let word = |at: usize| {
        let four = bytes.get(at..at.checked_add(4)?)?;
        Some(u32::from_le_bytes(four.try_into().ok()?))
    };
    let (Some(version), Some(length)) = (word(4), word(8)) else {
        return bad(format!("truncated: {} bytes, its header alone takes 12", bytes.len()));
    };
    if version != 2 {
        return bad(format!("container version {version}, expected 2"));
    }
    let whole = usize::try_from(length).unwrap_or(usize::MAX);
    if whole > bytes.len() {
        return bad(format!("truncated: it says {length} bytes and has {}", bytes.len()));
    }
    let (mut at, mut json, mut binary) = (12, None, None);
    while at < whole {
        let (Some(size), Some(kind)) = (word(at), word(at + 4)) else {
            return bad(format!("truncated: no room for a chunk's header at byte {at}"));
        };
        let start = at + 8;
        let end = start.checked_add(size as usize).filter(|&end| end <= whole);
        let Some(chunk) = end.and_then(|end| bytes.get(start..end)) else {
            return bad(format!("truncated: the chunk at byte {at} says {size} bytes and runs past the end"));
        };
        match kind {
            0x4E4F_534A if json.is_none() => json = Some(chunk),
            0x004E_4942 if binary.is_none() => binary = Some(chunk),
            _ => {}
        }
        at = start + chunk.len();
    }
    match json {
        Some(json) => Ok((json, binary)),
        None => bad("it has no JSON chunk".to_owned()),
    }
}

/// All bytes that a file refers to.
#[derive(Debug)]
pub(super) struct Buffers {
    list: Vec<Vec<u8>>,
}

impl Buffers {
    pub(super) fn load(
        root: &json::Root,
        binary: Option<&[u8]>,
        folder: &Path,
        budget: &mut Budget,
    ) -> Sound<Self> {
        let mut list = Vec::new();
        for (index, buffer) in root.buffers.iter().enumerate() {
            let at = format!("buffers[{index}]");
            let bytes = match (&buffer.uri, binary) {
                (Some(uri), _) => resolve(uri, folder, &format!("{at}.uri"), budget)?,
                (None, Some(binary)) if index == 0 => {
                    budget.take(binary.len() as u64, &at)?;
                    binary.to_vec()
                }
                // Empty stand-ins for compressed data (meshopt) have no bytes; whoever reads them is told.
                (None, _) => Vec::new(),
            };
            if (bytes.len() as u64) < buffer.byte_length && !(bytes.is_empty() && buffer.uri.is_none()) {
                return invalid(
                    at,
                    format!("byteLength is {}, but only {} bytes are there", buffer.byte_length, bytes.len()),
                );
            }
            list.push(bytes);
        }
        Ok(Self { list })
    }

    /// The bytes of a buffer view.
    pub(super) fn view(&self, root: &json::Root, index: usize, at: &str) -> Sound<&[u8]> {
        let view = get(&root.buffer_views, index, "buffer view", at)?;
        let here = format!("bufferViews[{index}]");
        let bytes = get(&self.list, view.buffer, "buffer", &format!("{here}.buffer"))?;
        let packed = ["EXT_meshopt_compression", "KHR_meshopt_compression"]
            .into_iter()
            .find(|name| view.extensions.contains_key(*name));
        if let (true, Some(name)) = (bytes.is_empty(), packed) {
            return Err(ImportFault::Unsupported {
                at: here,
                what: format!("the compression {name}"),
                instead: "export the asset uncompressed".to_owned(),
            });
        }
        if bytes.is_empty() && view.byte_length > 0 {
            return invalid(
                format!("buffers[{}]", view.buffer),
                "it has no uri, and there is no binary chunk for it",
            );
        }
        let range = usize::try_from(view.byte_offset).ok().zip(usize::try_from(view.byte_length).ok());
        let part = range.and_then(|(start, len)| bytes.get(start..start.checked_add(len)?));
        part.ok_or_else(|| ImportFault::Invalid {
            at: here,
            reason: format!(
                "bytes {} and {} more run past the end of buffer {} with its {} bytes",
                view.byte_offset,
                view.byte_length,
                view.buffer,
                bytes.len()
            ),
        })
    }
}

/// The bytes behind a URI: base64 data, or a file in the asset's folder.
pub(super) fn resolve(uri: &str, folder: &Path, at: &str, budget: &mut Budget) -> Sound<Vec<u8>> {
    if let Some(data) = uri.strip_prefix("data:") {
        let Some((_, text)) = data.split_once(";base64,") else {
            return invalid(at, "a data URI without ';base64,'");
        };
        budget.take(text.len() as u64 / 4 * 3 + 3, at)?;
        return base64(text.as_bytes()).map_or_else(|| invalid(at, "not valid base64"), Ok);
    }
    let path = inside(uri, folder, at)?;
    read_file(&path, &format!("{at} '{uri}'"), budget)
}

/// The file a relative URI names, proved to lie inside `folder` even after symbolic links.
fn inside(uri: &str, folder: &Path, at: &str) -> Sound<PathBuf> {
    let outside = |reason: &str| ImportFault::Outside {
        at: at.to_owned(),
        uri: uri.chars().take(200).collect(),
        reason: reason.to_owned(),
    };
    let text = unescape(uri).ok_or_else(|| outside("is not valid UTF-8 once unescaped"))?;
    if text.is_empty() || text.contains('\0') {
        return Err(outside("names no file"));
    }
    let scheme = text.split(['/', '\\']).next().is_some_and(|first| first.contains(':'));
    if scheme {
        return Err(outside("has a scheme or a drive"));
    }
    let mut path = PathBuf::new();
    for part in Path::new(&text.replace('\\', "/")).components() {
        match part {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir => return Err(outside("climbs out with '..'")),
            Component::RootDir | Component::Prefix(_) => return Err(outside("is an absolute path")),
        }
    }
    let io = |source| ImportFault::Io { what: format!("{at} '{text}'"), source };
    let root = folder.canonicalize().map_err(io)?;
    let real = root.join(path).canonicalize().map_err(io)?;
    if !real.starts_with(&root) {
        return Err(outside("is a symbolic link that leads out"));
    }
    Ok(real)
}

fn unescape(uri: &str) -> Option<String> {
    let mut out = Vec::with_capacity(uri.len());
    let bytes = uri.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let code = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
        match (byte, code.and_then(|two| u8::from_str_radix(two, 16).ok())) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok()
}

fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3 + 3);
    let (mut word, mut bits) = (0_u32, 0_u32);
    let body = text.trim_ascii();
    let body = body.strip_suffix(b"==").or_else(|| body.strip_suffix(b"=")).unwrap_or(body);
    for &byte in body {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        word = word << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits & 0xff).to_le_bytes()[0]);
        }
    }
    // Six bits over would be a single stray character.
    (bits < 6).then_some(out)
}

/// The licence line of a file: its own `asset.copyright`, else the first line of `<stem>.license` or of
/// `LICENSE` beside it, else `unstated` (or an error, when the options require one).
pub(super) fn licence(root: &json::Root, path: &Path, options: &ImportOptions) -> Sound<String> {
    let own = root.asset.copyright.as_deref().map(str::trim).filter(|text| !text.is_empty());
    if let Some(text) = own {
        return Ok(text.to_owned());
    }
    let sibling =
        [path.with_extension("license"), path.with_file_name("LICENSE")].into_iter().find_map(|file| {
            let mut text = String::new();
            let meta = std::fs::metadata(&file).ok().filter(std::fs::Metadata::is_file)?;
            File::open(&file).ok()?.take(meta.len().min(4096)).read_to_string(&mut text).ok()?;
            text.lines().map(str::trim).find(|line| !line.is_empty()).map(str::to_owned)
        });
    match sibling {
        Some(line) => Ok(line),
        None if options.require_licence => Err(ImportFault::NoLicence {
            stem: path.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        }),
        None => {
            tracing::warn!(file = %path.display(), "no licence is stated; datasets will say so");
            Ok("unstated".to_owned())
        }
    }
}
