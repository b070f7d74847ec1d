//! A certificate authority of this machine, for phones on the same network.
//!
//! A browser gives WebCrypto, service workers and Web Locks only to secure
//! pages, so a phone needs HTTPS. Whoever has this authority's key could speak
//! for the names below to every device that trusts it: the key stays in the
//! tools folder, readable by its owner alone, and the certificate is limited to
//! private addresses, so that it is worth nothing for any site of the Internet.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    net::{IpAddr, Ipv4Addr, UdpSocket},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa,
    Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use time::{Duration, OffsetDateTime};

use crate::serve::Identity;

/// The networks that the authority may speak for, as address and prefix length:
/// the private ones of RFC 1918, shared (RFC 6598), loopback, link-local, and
/// those of RFC 5737 and 2544, which sandboxes use and the Internet does not.
const NETWORKS: &[([u8; 4], u8)] = &[
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 2, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
];

/// The authority: what devices are asked to trust.
pub struct Authority {
    key: KeyPair,
    certificate: PathBuf,
}

impl Authority {
    /// The authority kept in `dir`, made the first time.
    pub fn kept_in(dir: &Path) -> Result<Self> {
        let key = dir.join("authority-key.pem");
        let certificate = dir.join("authority.crt");
        if !certificate.exists() {
            fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
            make(&key, &certificate)?;
        }
        let text = fs::read_to_string(&key).with_context(|| format!("reading {}", key.display()))?;
        let key = KeyPair::from_pem(&text).with_context(|| format!("reading {}", key.display()))?;
        Ok(Self { key, certificate })
    }

    /// The certificate as devices take it (DER).
    pub fn certificate(&self) -> Result<Vec<u8>> {
        fs::read(&self.certificate).with_context(|| format!("reading {}", self.certificate.display()))
    }

    pub fn certificate_path(&self) -> &Path {
        &self.certificate
    }

    /// A fresh certificate for this machine at `address`. Its key is only in
    /// memory; 90 days is far below what any browser refuses.
    pub fn identity_for(&self, address: Ipv4Addr) -> Result<Identity> {
        ensure!(
            is_private(address),
            "{address}: expected an address of a private network, found a public one; the local authority does \
             not speak for it"
        );
        let key = KeyPair::generate()?;
        let mut leaf = CertificateParams::new(vec!["localhost".to_owned()])?;
        leaf.distinguished_name.push(DnType::CommonName, address.to_string());
        for address in [address, Ipv4Addr::LOCALHOST] {
            leaf.subject_alt_names.push(SanType::IpAddress(IpAddr::V4(address)));
        }
        leaf.extended_key_usages.push(ExtendedKeyUsagePurpose::ServerAuth);
        leaf.use_authority_key_identifier_extension = true;
        let now = OffsetDateTime::now_utc();
        (leaf.not_before, leaf.not_after) = (now - Duration::DAY, now + 90 * Duration::DAY);
        let authority = parameters();
        let certificate = leaf.signed_by(&key, &Issuer::from_params(&authority, &self.key))?;
        Ok(Identity { chain: vec![certificate.der().clone()], key: key.serialize_der().into() })
    }
}

/// The certificate last: without it everything is made again.
fn make(key_path: &Path, certificate_path: &Path) -> Result<()> {
    let key = KeyPair::generate()?;
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(key_path)
        .with_context(|| format!("making {}", key_path.display()))?;
    file.write_all(key.serialize_pem().as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("writing {}", key_path.display()))?;
    let certificate = parameters().self_signed(&key)?;
    fs::write(certificate_path, certificate.der())
        .with_context(|| format!("writing {}", certificate_path.display()))
}

/// The same at every run, so that leaves are issued by the certificate that
/// devices have: only its name and key take part in issuing.
fn parameters() -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::OrganizationName, "Enduring");
    authority.distinguished_name.push(DnType::CommonName, "Enduring local authority");
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let networks = NETWORKS
        .iter()
        .map(|(address, prefix)| GeneralSubtree::IpAddress(CidrSubnet::from_v4_prefix(*address, *prefix)));
    let names = ["localhost", "local"].map(|name| GeneralSubtree::DnsName(name.to_owned()));
    authority.name_constraints = Some(NameConstraints {
        permitted_subtrees: names.into_iter().chain(networks).collect(),
        excluded_subtrees: Vec::new(),
    });
    let now = OffsetDateTime::now_utc();
    (authority.not_before, authority.not_after) = (now - Duration::DAY, now + 3650 * Duration::DAY);
    authority
}

fn is_private(address: Ipv4Addr) -> bool {
    NETWORKS.iter().any(|(network, prefix)| {
        let shift = 32 - u32::from(*prefix);
        address.to_bits() >> shift == Ipv4Addr::from(*network).to_bits() >> shift
    })
}

/// The address at which the local network reaches this machine. Nothing is
/// sent: choosing a route is enough, and the target is a documentation address.
pub fn lan_address() -> Result<Ipv4Addr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
    socket.connect((Ipv4Addr::new(198, 51, 100, 1), 9)).context("this machine has no route to a network")?;
    match socket.local_addr()?.ip() {
        IpAddr::V4(address) => Ok(address),
        IpAddr::V6(address) => anyhow::bail!("expected an IPv4 address, found {address}"),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_key_is_the_owners_alone_and_the_authority_stays_the_same() {
        let dir = std::env::temp_dir().join(format!("authority-{}", std::process::id()));
        let first = Authority::kept_in(&dir).unwrap();
        let mode = fs::metadata(dir.join("authority-key.pem")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let second = Authority::kept_in(&dir).unwrap();
        assert_eq!(first.certificate().unwrap(), second.certificate().unwrap());
        assert!(second.identity_for(Ipv4Addr::new(192, 168, 1, 7)).is_ok());
        fs::remove_dir_all(dir).unwrap();
    }

    #[test]
    fn public_addresses_are_refused() {
        for address in [[8, 8, 8, 8], [172, 32, 0, 1], [192, 169, 0, 1], [11, 0, 0, 1]] {
            assert!(!is_private(address.into()), "{address:?}");
        }
        for address in [[10, 1, 2, 3], [172, 31, 255, 1], [192, 168, 0, 1], [100, 100, 0, 1]] {
            assert!(is_private(address.into()), "{address:?}");
        }
    }
}
