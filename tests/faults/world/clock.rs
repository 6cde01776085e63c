//! Wall clocks that jump while a process runs: `libfaketime` before everything else, and a file that says by how much.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The library, where it is installed.
pub fn library() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path());
    let mut candidates = folders.flat_map(|folder| [folder.join("faketime"), folder]);
    candidates.find_map(|folder| Some(folder.join("libfaketimeMT.so.1")).filter(|file| file.exists()))
}

/// What makes a process look at its own clock in this folder.
pub fn environment(folder: &Path, name: &str) -> Vec<(String, String)> {
    set(folder, name, 0);
    let variable = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    vec![
        variable("LD_PRELOAD", &library().unwrap().display().to_string()),
        variable("FAKETIME_TIMESTAMP_FILE", &file(folder, name).display().to_string()),
        // Looked at whenever the time is asked for.
        variable("FAKETIME_NO_CACHE", "1"),
        // Time that passes is not the wall's: a jump of that one is another fault, and no machine has it.
        variable("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
    ]
}

/// Sets a clock to so many seconds from the true time.
pub fn set(folder: &Path, name: &str, seconds: i64) {
    // Whole at once: the file is read at any moment.
    let next = file(folder, &format!("{name}.next"));
    fs::write(&next, format!("{seconds:+}\n")).unwrap();
    fs::rename(next, file(folder, name)).unwrap();
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.clock"))
}

/// The library leaves a semaphore and a page of memory behind for each process: those whose process is gone are removed
/// when this is dropped.
pub struct Sweep;

impl Drop for Sweep {
    fn drop(&mut self) {
        for file in fs::read_dir("/dev/shm").into_iter().flatten().flatten() {
            let name = file.file_name().to_string_lossy().into_owned();
            let process = name.strip_prefix("sem.faketime_sem_").or(name.strip_prefix("faketime_shm_"));
            if process.is_some_and(|process| !Path::new("/proc").join(process).exists()) {
                let _ = fs::remove_file(file.path());
            }
        }
    }
}
