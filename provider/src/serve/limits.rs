//! How much is taken: from an address, from a device, at once.
//!
//! Addresses and keys are counted under a number made from them with a secret of the
//! process, so that what is remembered is bounded and names nobody.

use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use enduring_core::id::Digest;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::client::subscriber;
use super::wire::Refusal;
use super::{Client, Server};

/// Most numbers that are remembered; two of so many addresses rarely share one.
const NUMBERS: u64 = 1 << 20;
/// Submissions that are read or wait at once. One address alone cannot fill them: in the
/// minute for which a slow body is waited for, it begins 360 at the usual rate.
const SEATS: usize = 512;
/// Records that are taken apart, judged and written at once: those who wait for the disk
/// share its next answer, so these are many more than the cores that judge.
const UNDER_WAY: usize = 64;

/// How often may be asked.
#[derive(Clone, Copy, Debug)]
pub struct Rates {
    /// Requests of an address in a minute.
    pub address: NonZeroU32,
    /// Submissions of a device key in a minute.
    pub key: NonZeroU32,
}

/// What is counted.
pub struct Limits {
    addresses: DefaultKeyedRateLimiter<u64>,
    keys: DefaultKeyedRateLimiter<u64>,
    secret: RandomState,
    clock: DefaultClock,
    seats: Arc<Semaphore>,
    desks: Semaphore,
}

impl Limits {
    /// Nothing counted yet.
    #[must_use]
    pub fn new(rates: Rates) -> Self {
        let fifth = |rate: NonZeroU32| NonZeroU32::new(rate.get() / 5).unwrap_or(NonZeroU32::MIN);
        Self {
            addresses: RateLimiter::keyed(Quota::per_minute(rates.address).allow_burst(fifth(rates.address))),
            keys: RateLimiter::keyed(Quota::per_minute(rates.key)),
            secret: RandomState::new(),
            clock: DefaultClock::default(),
            seats: Arc::new(Semaphore::new(SEATS)),
            desks: Semaphore::new(UNDER_WAY),
        }
    }

    /// Counts a request of an address.
    ///
    /// # Errors
    /// [`Refusal`] with the time after which to ask again.
    pub fn ask_from(&self, address: IpAddr) -> Result<(), Refusal> {
        self.count(&self.addresses, self.secret.hash_one(subscriber(address)))
    }

    /// Counts a submission of a device key.
    ///
    /// # Errors
    /// [`Refusal`] with the time after which to ask again.
    pub fn submit_by(&self, key: Digest) -> Result<(), Refusal> {
        self.count(&self.keys, self.secret.hash_one(key))
    }

    fn count(&self, limiter: &DefaultKeyedRateLimiter<u64>, number: u64) -> Result<(), Refusal> {
        limiter.check_key(&(number % NUMBERS)).map_err(|not_until| {
            let wait = not_until.wait_time_from(self.clock.now());
            Refusal::too_many(wait.as_secs() + 1)
        })
    }

    /// A place among the submissions that are read or wait.
    ///
    /// # Errors
    /// [`Refusal`] where there is none.
    pub fn sit(&self) -> Result<OwnedSemaphorePermit, Refusal> {
        Arc::clone(&self.seats).try_acquire_owned().map_err(|_| Refusal::not_now())
    }

    /// Waits until a record may be taken apart, judged and written.
    ///
    /// # Errors
    /// None that can happen: the places are never closed.
    pub async fn desk(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        self.desks.acquire().await.map_err(|_| Refusal::not_now())
    }

    /// How many submissions are read, wait or are judged now.
    #[must_use]
    pub fn seated(&self) -> usize {
        SEATS.saturating_sub(self.seats.available_permits())
    }

    /// Forgets who has not asked for a while.
    pub fn forget(&self) {
        for limiter in [&self.addresses, &self.keys] {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

/// Counts the requests of an address, as a layer.
pub async fn per_address(State(server): State<Server>, request: Request, next: Next) -> Response {
    let client = request.extensions().get::<Client>().copied();
    // Without an address there is nothing to count: the listener always says one.
    match client.map_or(Ok(()), |Client(address)| server.limits.ask_from(address)) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(rate: u32) -> Limits {
        let rate = NonZeroU32::new(rate).expect("a rate");
        Limits::new(Rates { address: rate, key: rate })
    }

    #[test]
    fn an_address_that_asks_too_often_waits_and_others_do_not() {
        let limits = limits(10);
        let [one, other] = ["192.0.2.1", "192.0.2.2"].map(|text| text.parse::<IpAddr>().expect("an address"));
        assert!(limits.ask_from(one).is_ok() && limits.ask_from(one).is_ok());
        assert!(limits.ask_from(one).is_err());
        assert!(limits.ask_from(other).is_ok());
    }

    #[test]
    fn a_network_of_ipv6_is_one_subscriber() {
        let limits = limits(5);
        assert!(limits.ask_from("2001:db8::1".parse().expect("an address")).is_ok());
        assert!(limits.ask_from("2001:db8::2".parse().expect("an address")).is_err());
        assert!(limits.ask_from("2001:db8:0:1::1".parse().expect("an address")).is_ok());
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let limits = limits(5);
        for n in 0..10_000u32 {
            let _ = limits.submit_by(Digest::of(&[&n.to_be_bytes()]));
        }
        assert!(limits.keys.len() as u64 <= NUMBERS);
        assert!(limits.keys.len() > 9_000);
    }

    #[test]
    fn there_are_only_so_many_seats() {
        let limits = limits(5);
        let seats: Vec<_> = (0..SEATS).map(|_| limits.sit().expect("a seat")).collect();
        assert!(limits.sit().is_err());
        assert_eq!(limits.seated(), SEATS);
        drop(seats);
        assert!(limits.sit().is_ok());
    }
}
