//! TLS on loopback, with an authority of our own.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// What a server speaks on.
pub(crate) trait Wire: Read + Write {
    /// Tells the other side that nothing more comes, where there is a way to.
    fn say_goodbye(&mut self);
}

impl Wire for TcpStream {
    fn say_goodbye(&mut self) {}
}

impl Wire for StreamOwned<ServerConnection, TcpStream> {
    fn say_goodbye(&mut self) {
        self.conn.send_close_notify();
        let _ = self.flush();
    }
}

/// An authority that nobody trusts who is not told to.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let mut params = params(&[]);
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("there is randomness");
        let certificate = params.self_signed(&key).expect("a key can sign");
        let lines = STANDARD.encode(certificate.der());
        let pem = format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n");
        Self {
            issuer: Issuer::new(params, key),
            pem,
        }
    }

    /// Its certificate, as the text (RFC 7468) that is put into files.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// What a server of this host needs.
    pub(crate) fn server_of(&self, host: &str) -> Tls {
        let key = KeyPair::generate().expect("there is randomness");
        let certificate = params(&[host]).signed_by(&key, &self.issuer);
        let certificate = certificate.expect("an authority can sign").der().clone();
        let secret = PrivatePkcs8KeyDer::from(key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("ring has what these versions need")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], secret.into());
        Tls(Arc::new(
            config.expect("the key is that of the certificate"),
        ))
    }
}

fn params(hosts: &[&str]) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|&host| host.to_owned()).collect();
    CertificateParams::new(hosts).expect("the names are those of hosts")
}

/// The server's side of connections.
pub(crate) struct Tls(Arc<ServerConfig>);

impl Tls {
    pub(super) fn accept(&self, stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
        let connection = ServerConnection::new(Arc::clone(&self.0));
        StreamOwned::new(connection.expect("the settings are good"), stream)
    }
}
