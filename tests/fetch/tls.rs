//! Certificates: refused ones say why, and only what the context says makes them good.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use axum::http::{Response, Version};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection};
use sortie::fetch::Connection;
use sortie::model::Trouble;
use url::Url;

use crate::plain::{connection, items};
use crate::{ask, ids, trouble};

/// What a server needs for a certificate of its own making for `name`, and the certificate.
fn certified(name: &str) -> (ServerConfig, String) {
    let mut wanted = rcgen::CertificateParams::new([name.to_owned()]).unwrap();
    let issuer = format!("{name} {:?}", std::time::SystemTime::now());
    wanted
        .distinguished_name
        .push(rcgen::DnType::CommonName, issuer);
    let key = rcgen::KeyPair::generate().unwrap();
    let made = wanted.self_signed(&key).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let crypto = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(crypto)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![made.der().clone()], key)
        .unwrap();
    (config, made.pem())
}

/// A server with a certificate of its own making for `name`; where it is and the certificate.
pub fn serving(name: &str) -> (Url, String) {
    let (config, pem) = certified(name);
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}",
        listener.local_addr().unwrap().port()
    );
    std::thread::spawn(move || {
        while let Ok((mut stream, _)) = listener.accept() {
            let mut session = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::Stream::new(&mut session, &mut stream);
            if tls.read(&mut [0; 4096]).is_ok() {
                let body = items(["a".to_owned()], None);
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 200 x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
                );
                let _ = tls.write_all((head + &body).as_bytes());
                session.send_close_notify();
                let _ = session.complete_io(&mut stream);
            }
        }
    });
    (url.parse().unwrap(), pem)
}

fn trusting(url: &Url, pem: &str) -> (tempfile::NamedTempFile, Connection) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(pem.as_bytes()).unwrap();
    let mut connection = connection(url);
    connection.ca_file = Some(file.path().to_path_buf());
    (file, connection)
}

#[tokio::test]
async fn a_certificate_of_ones_own_needs_the_contexts_word() {
    let (url, pem) = serving("localhost");
    let (_file, told) = trusting(&url, &pem);
    assert_eq!(ids(&ask(&told).await), ["a"]);
    let mut careless = connection(&url);
    careless.insecure = true;
    assert_eq!(ids(&ask(&careless).await), ["a"]);
}

#[tokio::test]
async fn a_certificate_that_is_not_good_says_why() {
    let (_, other_pem) = serving("localhost");
    let (url, pem) = serving("localhost");
    let (_file, stranger) = trusting(&url, &other_pem);
    let words = trouble(&stranger).await.to_string();
    assert!(
        words.ends_with("its issuer is not trusted here (see ca_file)"),
        "{words}"
    );
    assert!(words.starts_with("cannot reach localhost:"), "{words}");

    let mut renamed = url.clone();
    renamed.set_host(Some("127.0.0.1")).unwrap();
    let (_file, elsewhere) = trusting(&renamed, &pem);
    let words = trouble(&elsewhere).await.to_string();
    assert!(words.ends_with("it is for another name"), "{words}");
}

#[tokio::test]
async fn a_bad_ca_file_is_named() {
    let url: Url = "https://localhost:1/".parse().unwrap();
    let (file, broken) = trusting(&url, "no certificate");
    let trouble_1 = trouble(&broken).await;
    let Trouble::File { name, .. } = &trouble_1 else {
        panic!("{trouble_1:?}")
    };
    assert_eq!(name, &file.path().display().to_string());
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered() {
    let (mut config, pem) = certified("localhost");
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!("https://localhost:{port}").parse().unwrap();
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let tls = acceptor.accept(stream).await.unwrap();
        let mut connection = h2::server::handshake(tls).await.unwrap();
        let mut versions = Vec::new();
        while let Some(Ok((request, mut respond))) = connection.accept().await {
            versions.push(request.version());
            let mut body = respond.send_response(Response::default(), false).unwrap();
            let items = items(["a".to_owned()], None);
            body.send_data(items.into(), true).unwrap();
        }
        versions
    });
    let (_file, told) = trusting(&url, &pem);
    assert_eq!(ids(&ask(&told).await), ["a"]);
    assert_eq!(server.await.unwrap(), [Version::HTTP_2]);
}
