//! Writes `docs/site-rules.md`, the page of the rules on cloud resources: `cargo run -p site --example rules_page`

use site::rules::Catalogue;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let catalogue = Catalogue::builtin().map_err(|problem| problem.log_line().to_owned())?;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/site-rules.md");
    Ok(std::fs::write(path, catalogue.page()?)?)
}
