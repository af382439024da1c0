//! The server's certificate is exchanged: new handshakes see the new one, connections that stand go on.

use crate::client::{Raw, connect};
use crate::site::{Site, certificate, made};
use http::Method;
use rustls_pki_types::CertificateDer;
use server::{load_chain, load_key};

async fn shown(site: &Site, roots: &str) -> std::io::Result<CertificateDer<'static>> {
    let settings = crate::site::client(crate::site::trusting(roots));
    let raw = Raw(connect(site, &settings, b"http/1.1", b"").await?);
    Ok(raw.0.get_ref().1.peer_certificates().unwrap()[0].clone().into_owned())
}

#[tokio::test]
async fn a_new_certificate_is_shown_to_new_connections_and_old_ones_live_on() {
    let (first, second) = (made(), made());
    let handle = certificate(&first);
    let given = handle.clone();
    let mut site = Site::with(|start| start.certificate = given).await;
    site.trust(&first.ca_certificate);
    let (mut one, mut two) = (site.http_1().await, site.http_2().await);
    for client in [&mut one, &mut two] {
        assert_eq!(client.ask_openly(Method::GET, "/health", &[], "").await.status(), 200);
    }
    let old = load_chain(first.certificate_chain.as_bytes()).unwrap();
    let new = load_chain(second.certificate_chain.as_bytes()).unwrap();
    assert_eq!(shown(&site, &first.ca_certificate).await.unwrap(), old[0]);

    let foreign_key = load_key(first.private_key.reveal().as_bytes()).unwrap();
    assert_eq!(handle.replace(new.clone(), foreign_key).unwrap_err().code().id, "SV-0022");
    assert_eq!(shown(&site, &first.ca_certificate).await.unwrap(), old[0], "the old one stays");

    handle.replace(new.clone(), load_key(second.private_key.reveal().as_bytes()).unwrap()).unwrap();
    assert_eq!(shown(&site, &second.ca_certificate).await.unwrap(), new[0]);
    assert!(shown(&site, &first.ca_certificate).await.is_err(), "the old one is not shown any more");
    for client in [&mut one, &mut two] {
        assert_eq!(client.ask_openly(Method::GET, "/health", &[], "").await.status(), 200);
    }
}
