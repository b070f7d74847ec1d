//! HTTPS as a device meets it: with the authority installed, and without.

use std::{
    fs,
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    sync::Arc,
};

use tokio_rustls::rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use xtask::{authority::Authority, serve::Server};

fn get(address: SocketAddr, roots: RootCertStore) -> std::io::Result<String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::from(address.ip());
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(address)?);
    stream.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")?;
    let mut text = String::new();
    // hyper ends the connection without TLS's own farewell.
    let _ = stream.read_to_string(&mut text);
    Ok(text)
}

#[test]
fn a_device_that_trusts_the_authority_reads_the_page_and_another_does_not() {
    let dir = std::env::temp_dir().join(format!("lan-{}", std::process::id()));
    let authority = Authority::kept_in(&dir).unwrap();
    fs::write(dir.join("index.html"), "<p>page").unwrap();
    let identity = authority.identity_for(Ipv4Addr::LOCALHOST).unwrap();
    let server = Server::over_tls(&dir, SocketAddr::from(([127, 0, 0, 1], 0)), &identity).unwrap();

    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.certificate().unwrap())).unwrap();
    let text = get(server.address(), roots).unwrap();
    assert!(text.starts_with("HTTP/1.1 200") && text.contains("<p>page"), "{text}");

    let error = get(server.address(), RootCertStore::empty()).unwrap_err();
    assert!(error.to_string().contains("UnknownIssuer"), "{error}");
    fs::remove_dir_all(dir).unwrap();
}
