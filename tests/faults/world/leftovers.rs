//! Processes, as the kernel knows them.

use std::{fs, path::Path};

/// A process with everything below it.
pub fn family(process: u32) -> Vec<u32> {
    let mut found = vec![process];
    let mut next = 0;
    while let Some(parent) = found.get(next) {
        let tasks = fs::read_dir(format!("/proc/{parent}/task")).into_iter().flatten().flatten();
        let children: Vec<u32> = tasks
            .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
            .flat_map(|children| children.split(' ').filter_map(|child| child.parse().ok()).collect::<Vec<_>>())
            .collect();
        found.extend(children);
        next += 1;
    }
    found
}

/// What still runs in this folder, whoever its parent is by now. Everything that a test starts works in the test's own.
pub fn running_in(folder: &Path) -> Vec<String> {
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let inside = processes.filter(|process| {
        // Another user's, or one that ended meanwhile, has no folder to tell of.
        fs::read_link(process.join("cwd")).is_ok_and(|works_in| works_in.starts_with(folder))
    });
    let name = |process: &Path| fs::read_to_string(process.join("comm")).unwrap_or_default().trim().to_owned();
    inside.map(|process| format!("{} {}", process.file_name().unwrap().display(), name(&process))).collect()
}

/// A line of `/proc/PID/status` in kilobytes, such as `VmHWM`, the most memory that the process ever had.
pub fn kilobytes(process: u32, line: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let value = status.lines().find_map(|text| text.strip_prefix(line)?.strip_prefix(':'));
    value.and_then(|value| value.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}
