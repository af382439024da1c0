//! The server's certificate, exchanged while it runs.

use super::{Site, good};
use base::{Clock, SystemClock};
use std::fs;
use std::net::SocketAddr;
use std::process::Command;

/// The certificate that the server shows, in PEM.
fn shown(address: SocketAddr) -> String {
    let script = "import ssl, sys; print(ssl.get_server_certificate((sys.argv[1], int(sys.argv[2]))))";
    let output = Command::new("python3")
        .args(["-c", script, &address.ip().to_string(), &address.port().to_string()])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn on_sighup_a_new_pair_is_taken_and_a_bad_one_leaves_the_old() {
    let (site, other) = (Site::sakura(), Site::sakura());
    let (process, address) = site.akashi("serve --data data --listen 127.0.0.1:0").serve();
    let old = shown(address);
    let take = |name: &str| fs::copy(other.path("data/tls").join(name), site.path("data/tls").join(name));
    take("server.pem").unwrap();
    process.signal("HUP");
    assert_eq!(shown(address), old, "the key of another certificate");
    take("server.key").unwrap();
    process.signal("HUP");
    let patience = SystemClock.now().plus_seconds(20);
    while shown(address) == old {
        assert!(SystemClock.now() < patience, "the new pair is never taken");
    }
    process.signal("TERM");
    let ended = good("serve", process.wait());
    assert!(ended.err.contains("exchanged"), "{ended:?}");
}
