//! The page is embedded from `frontend/dist`: build again when it changes.

fn main() -> std::io::Result<()> {
    // A path that is missing would make every build a new one.
    std::fs::create_dir_all("frontend/dist")?;
    println!("cargo:rerun-if-changed=frontend/dist");
    Ok(())
}
