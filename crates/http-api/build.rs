//! Makes sure that there is a web client to embed: without one, a page that says how to build it.

use std::path::Path;
use std::{env, fs};

const PAGE: &str = "<!doctype html>
<html lang=\"en\">
<meta charset=\"utf-8\">
<title>Kartoteka</title>
<p>The web client has not been built. Run <code>npm ci</code> and <code>npm run build</code> in <code>web/</code>, then build the program again.</p>
</html>
";

fn main() -> std::io::Result<()> {
    let crate_folder = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let folder = Path::new(&crate_folder).join("../../web/dist");
    let page = folder.join("index.html");
    if !page.exists() {
        fs::create_dir_all(&folder)?;
        fs::write(&page, PAGE)?;
    }
    println!("cargo::rerun-if-changed={}", folder.display());
    Ok(())
}
