//! The certificate that the server shows. What is wrong with it is told before anybody connects.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::{Context as _, ensure};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        self, InconsistentKeys, ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{
            CertificateDer, PrivateKeyDer,
            pem::{self, PemObject as _},
        },
        sign::{CertifiedKey, SingleCertAndKey},
        version::{TLS12, TLS13},
    },
};

/// A certificate with its key, TLS 1.2 and 1.3. Read again on request, so that a renewed certificate needs
/// no stop.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    settings: RwLock<Arc<ServerConfig>>,
}

impl Tls {
    /// Reads both PEM files: the server's certificate, then those between it and the root, and the key.
    /// Fails if one cannot be read or is something else, or the key does not fit the certificate.
    pub fn read(certificate: &Path, key: &Path) -> anyhow::Result<Self> {
        let settings = RwLock::new(settings(certificate, key)?);
        Ok(Self { certificate: certificate.to_owned(), key: key.to_owned(), settings })
    }

    /// Reads the same files again. Connections from now on meet what is in them; if that fails, what was
    /// there before.
    pub fn read_again(&self) -> anyhow::Result<()> {
        let settings = settings(&self.certificate, &self.key)?;
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        Ok(())
    }

    /// For the next connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone().into()
    }
}

fn settings(certificate: &Path, key: &Path) -> anyhow::Result<Arc<ServerConfig>> {
    let provider = aws_lc_rs::default_provider();
    let signing = provider
        .key_provider
        .load_private_key(read_key(key)?)
        .with_context(|| format!("{} holds a key of an unknown kind", key.display()))?;
    let shown = CertifiedKey::new(read_certificates(certificate)?, signing);
    match shown.keys_match() {
        // rustls cannot tell of keys that lie in hardware; ours lie in files
        Ok(()) | Err(rustls::Error::InconsistentKeys(InconsistentKeys::Unknown)) => {}
        Err(rustls::Error::InconsistentKeys(_)) => anyhow::bail!(
            "the key in {} does not fit the first certificate in {}",
            key.display(),
            certificate.display()
        ),
        Err(fault) => {
            let what = format!("{} holds no usable certificate", certificate.display());
            return Err(fault).context(what);
        }
    }
    let mut settings = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(shown)));
    settings.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(settings))
}

fn read_certificates(path: &Path) -> anyhow::Result<Vec<CertificateDer<'static>>> {
    let text =
        std::fs::read(path).with_context(|| format!("read the certificate {}", path.display()))?;
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    let certificates =
        certificates.with_context(|| format!("{} is no proper PEM", path.display()))?;
    ensure!(!certificates.is_empty(), "{} holds no certificate in PEM", path.display());
    Ok(certificates)
}

fn read_key(path: &Path) -> anyhow::Result<PrivateKeyDer<'static>> {
    let text = std::fs::read(path)
        .with_context(|| format!("read the certificate's key {}", path.display()))?;
    match PrivateKeyDer::from_pem_slice(&text) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) => {
            anyhow::bail!("{} holds no private key in PEM without a password", path.display())
        }
        Err(fault) => Err(fault).with_context(|| format!("{} is no proper PEM", path.display())),
    }
}
