//! System packages: what is missing, and how it comes.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};

use crate::shell::{program, run, works};

/// What the machine must have before anything is built or rendered.
pub(crate) fn set_up() -> Result<()> {
    if !cfg!(target_os = "linux") {
        // Metal and DX12 come with the system, and so do their compilers with the Rust toolchain's own needs.
        return Ok(());
    }
    let mut missing = Vec::new();
    // meshopt, which makes levels of detail, is built from C++.
    let compiler = env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    if !works(program(compiler).arg("--version")) {
        missing.push("g++");
    }
    if !has_loader() {
        missing.push("libvulkan1");
    }
    if drivers(&driver_folders()).is_empty() && env::var_os("VK_DRIVER_FILES").is_none() {
        eprintln!("no Vulkan driver is installed: Mesa's software driver will do");
        missing.push("mesa-vulkan-drivers");
    }
    install(&missing)
}

/// Installs packages where that needs no password, otherwise stops and says what to type.
pub(crate) fn install(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let apt = works(program("apt-get").arg("--version"));
    let is_root = program("id").arg("-u").output().is_ok_and(|out| out.stdout.trim_ascii() == b"0");
    if !apt {
        bail!("please install these packages (Debian's names) and start again: {}", packages.join(" "));
    }
    if !is_root && !works(program("sudo").args(["-n", "true"])) {
        bail!("packages are missing; please type this and start again:\n\n  {}\n", by_hand(packages));
    }
    for words in commands(packages, is_root) {
        run(program(&words[0]).args(&words[1..]).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

/// The commands that install packages, word by word.
fn commands(packages: &[&str], is_root: bool) -> [Vec<String>; 2] {
    let words = |line: &[&str]| {
        let sudo: &[&str] = if is_root { &[] } else { &["sudo"] };
        sudo.iter().chain(line).map(|w| (*w).to_owned()).collect()
    };
    let install = ["apt-get", "install", "--yes", "--no-install-recommends"];
    [words(&["apt-get", "update"]), words(&[&install[..], packages].concat())]
}

fn by_hand(packages: &[&str]) -> String {
    commands(packages, false).map(|words| words.join(" ")).join(" && ")
}

fn has_loader() -> bool {
    let known = ["/sbin/ldconfig", "ldconfig"].iter().any(|name| {
        let listed = program(name).arg("-p").output();
        listed.is_ok_and(|out| String::from_utf8_lossy(&out.stdout).contains("libvulkan.so.1"))
    });
    let listed = env::var_os("LD_LIBRARY_PATH").unwrap_or_default();
    known || env::split_paths(&listed).any(|folder| folder.join("libvulkan.so.1").exists())
}

/// Folders in which the Vulkan loader looks for drivers.
fn driver_folders() -> Vec<PathBuf> {
    let home = env::var_os("HOME").map(PathBuf::from).unwrap_or_default();
    let list = |name: &str, default: &str| env::var(name).unwrap_or_else(|_| default.to_owned());
    let mut bases: Vec<PathBuf> = ["/etc", "/usr/local/etc"].map(PathBuf::from).to_vec();
    bases.extend(env::split_paths(&list("XDG_CONFIG_DIRS", "/etc/xdg")));
    bases.extend(env::split_paths(&list("XDG_DATA_DIRS", "/usr/local/share:/usr/share")));
    bases.push(env::var_os("XDG_CONFIG_HOME").map_or_else(|| home.join(".config"), PathBuf::from));
    bases.push(env::var_os("XDG_DATA_HOME").map_or_else(|| home.join(".local/share"), PathBuf::from));
    bases.into_iter().map(|base| base.join("vulkan/icd.d")).collect()
}

/// Driver descriptions in these folders.
fn drivers(folders: &[PathBuf]) -> Vec<PathBuf> {
    let files = |folder: &PathBuf| {
        let entries = folder.read_dir().into_iter().flatten().flatten();
        entries
            .map(|entry| entry.path())
            .filter(|p| p.extension() == Some("json".as_ref()))
            .collect::<Vec<_>>()
    };
    folders.iter().flat_map(files).filter(|path| names_a_library(path)).collect()
}

/// A container may see a driver's description without the driver: a library given by path must be there.
fn names_a_library(description: &Path) -> bool {
    let Ok(text) = std::fs::read_to_string(description) else { return false };
    let after = text.split_once("\"library_path\"").and_then(|(_, rest)| rest.split('"').nth(1));
    after.is_some_and(|library| {
        let path = description.parent().unwrap_or(Path::new("/")).join(library);
        !library.contains('/') || path.exists()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_type_is_exact() {
        assert_eq!(
            by_hand(&["libvulkan1", "mesa-vulkan-drivers"]),
            "sudo apt-get update && sudo apt-get install --yes --no-install-recommends libvulkan1 mesa-vulkan-drivers",
            "as a user"
        );
        assert_eq!(commands(&["g++"], true)[1][0], "apt-get", "root needs no sudo");
    }

    #[test]
    fn a_driver_counts_when_its_library_is_there() {
        let folder = env::temp_dir().join(format!("xtask-drivers-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).expect("writable");
        write("readme.txt", "no driver");
        write("gone.json", r#"{"ICD": {"library_path": "/nowhere/libvulkan_x.so"}}"#);
        write("broken.json", "{");
        assert!(drivers(std::slice::from_ref(&folder)).is_empty(), "none of these can draw");
        write("near.json", r#"{"ICD": {"library_path": "./readme.txt"}}"#);
        write("found.json", r#"{"ICD": {"library_path": "libvulkan_x.so"}}"#);
        assert_eq!(
            drivers(std::slice::from_ref(&folder)).len(),
            2,
            "beside it, or by the system's search path"
        );
        std::fs::remove_dir_all(&folder).expect("made above");
    }
}
