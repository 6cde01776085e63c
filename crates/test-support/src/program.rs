//! Where the program under test is.

use std::{path::Path, sync::OnceLock};

/// The path of the built `taxbudget`. Cargo puts it beside the benchmarks, and one folder above the tests.
pub fn program() -> &'static str {
    static PROGRAM: OnceLock<String> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let own = std::env::current_exe().unwrap();
        let folders = own.ancestors().skip(1).take(2).map(|folder| folder.join("taxbudget"));
        let found = folders.clone().find(|path| Path::is_file(path));
        let found = found.unwrap_or_else(|| panic!("not built: {:?}", folders.collect::<Vec<_>>()));
        found.to_str().unwrap().to_owned()
    })
}
