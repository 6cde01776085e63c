//! The page and the languages are embedded: build again when a file comes, goes or changes.

fn main() -> std::io::Result<()> {
    // A path that is missing would make every build a new one.
    std::fs::create_dir_all("frontend/dist")?;
    println!("cargo:rerun-if-changed=frontend/dist");
    println!("cargo:rerun-if-changed=locales");
    Ok(())
}
