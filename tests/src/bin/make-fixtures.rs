//! Writes the fixtures that are made: `cargo run -p badges-tests --bin make-fixtures`. What is in the
//! folders and is not made any more, goes.

use std::fs;

use badges_tests::{case, make};

fn main() -> std::io::Result<()> {
    let folder = case::folder();
    let files = make::files();
    for made in ["badges", "documents"] {
        if folder.join(made).exists() {
            fs::remove_dir_all(folder.join(made))?;
        }
    }
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}
