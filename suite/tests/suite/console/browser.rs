//! The console in Chromium. What is looked at stands in `suite/browser/`; which pages, in `pages.mjs` there.

use std::path::PathBuf;
use std::process::Command;
use testkit::{Akashi, workspace};

/// Where `cargo xtask test` puts what drives the browser (xtask/src/browser.rs).
const PACKAGES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/packages/console-browser");

#[test]
fn each_role_walks_through_its_pages_in_a_real_browser() {
    assert!(
        PathBuf::from(PACKAGES).join("installed").is_file(),
        "`cargo xtask browser` installs Chromium and what drives it"
    );
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let words = ["demo", "--patients", "4", "--qr", "none", "--listen", "127.0.0.1:0", "--data"];
    let mut demo = Akashi::new(words).and(data.to_str().unwrap());
    for rate in ["FACILITY", "ACCOUNT", "ADDRESS"] {
        // All pages are asked for by one address, as fast as it can.
        demo = demo.env(&format!("AKASHI_RATES_{rate}"), "600000");
    }
    let mut demo = demo.begin();
    let port: u16 = demo.wait_for(|line| {
        let (_, rest) = line.split_once("https://localhost:")?;
        rest.split('/').next()?.parse().ok()
    });
    demo.wait_for(|line| line.starts_with("Ctrl-C").then_some(()));
    let output = Command::new("node")
        .arg(workspace().join("suite/browser/check.mjs"))
        .env("AKASHI", testkit::binary())
        .env("AKASHI_DEMO_DATA", &data)
        .env("AKASHI_DEMO_ORIGIN", format!("https://localhost:{port}"))
        .env("AKASHI_BROWSER_PACKAGES", PACKAGES)
        .output()
        .unwrap();
    let told =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    demo.signal("INT");
    let ended = demo.wait();
    assert!(output.status.success(), "{told}");
    assert!(told.contains(", 0 failed") && told.contains("the story of the doctor"), "{told}");
    assert_eq!(ended.code, Some(0), "{ended:?}");
}
