//! Who asks: the address of the connection, or what a proxy that is known says.

use std::net::IpAddr;
use std::str::FromStr;

use axum::http::HeaderMap;
use thiserror::Error;

/// Addresses that begin alike, as `10.0.0.0/8`, or one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

/// A text that is no network.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("expected an address as 10.0.0.1 or a network as 10.0.0.0/8, found {0:?}")]
pub struct BadNetwork(String);

impl FromStr for Network {
    type Err = BadNetwork;

    fn from_str(text: &str) -> Result<Self, BadNetwork> {
        let bad = || BadNetwork(text.to_owned());
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, bits)| (a, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| bad())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| bad()))?;
        if bits > most {
            return Err(bad());
        }
        // IPv4 as IPv6 writes it is compared as IPv4, its last 32 bits.
        match address.to_canonical() {
            IpAddr::V4(short) if address.is_ipv6() => match bits.checked_sub(96) {
                Some(bits) => Ok(Self { address: IpAddr::V4(short), bits }),
                None => Err(bad()),
            },
            IpAddr::V4(_) | IpAddr::V6(_) => Ok(Self { address, bits }),
        }
    }
}

impl Network {
    /// Whether an address is in it.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(one), IpAddr::V4(two)) => {
                (one.to_bits() ^ two.to_bits()).checked_shr(32 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V6(one), IpAddr::V6(two)) => {
                (one.to_bits() ^ two.to_bits()).checked_shr(128 - self.bits).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

/// The address of the client. `x-forwarded-for` counts only as far as known proxies
/// wrote it: from the right, the first address that is no proxy's.
#[must_use]
pub fn address(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let is_proxy = |address: IpAddr| proxies.iter().any(|proxy| proxy.contains(address));
    let mut client = peer.to_canonical();
    let forwarded: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .collect();
    for text in forwarded.into_iter().rev() {
        if !is_proxy(client) {
            break;
        }
        let Ok(before) = text.trim().parse::<IpAddr>() else { break };
        client = before.to_canonical();
    }
    client
}

/// The part of an address that is one subscriber's: all of IPv4, the network of IPv6.
#[must_use]
pub fn subscriber(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => IpAddr::V6((address.to_bits() & !u128::from(u64::MAX)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_has_the_addresses_that_begin_alike() {
        let network: Network = "10.1.0.0/16".parse().expect("a network");
        assert!(network.contains(ip("10.1.255.1")) && network.contains(ip("::ffff:10.1.0.1")));
        assert!(!network.contains(ip("10.2.0.1")) && !network.contains(ip("::1")));
        let one: Network = "::1".parse().expect("a network");
        assert!(one.contains(ip("::1")) && !one.contains(ip("::2")));
        let all: Network = "0.0.0.0/0".parse().expect("a network");
        assert!(all.contains(ip("203.0.113.9")));
        let mapped: Network = "::ffff:10.1.0.0/112".parse().expect("a network");
        assert_eq!(mapped, network);
        for bad in ["", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/x", "::ffff:10.1.0.0/16"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }

    #[test]
    fn only_known_proxies_are_believed() {
        let proxies: Vec<Network> = ["10.0.0.0/8"].map(|text| text.parse().expect("a network")).to_vec();
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "198.51.100.7, 203.0.113.9".parse().expect("a value"));
        headers.append("x-forwarded-for", "10.0.0.2".parse().expect("a value"));
        assert_eq!(address(ip("10.0.0.1"), &headers, &proxies), ip("203.0.113.9"));
        assert_eq!(address(ip("192.0.2.1"), &headers, &proxies), ip("192.0.2.1"));
        assert_eq!(address(ip("10.0.0.1"), &HeaderMap::new(), &proxies), ip("10.0.0.1"));
        assert_eq!(address(ip("10.0.0.1"), &headers, &[]), ip("10.0.0.1"));
    }

    #[test]
    fn a_subscriber_has_a_network_of_ipv6() {
        assert_eq!(subscriber(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(subscriber(ip("192.0.2.1")), ip("192.0.2.1"));
    }
}
