//! The packs at hand: a view of their folder that is replaced as a whole when the folder
//! changes. Who works with the view of before goes on with it to the end.

use std::io;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::verify::Verifier;
use crate::verify::packs::Packs;

/// Records of unknown packs have the folder looked at no more often than this.
const PAUSE: Duration = Duration::from_secs(1);

/// What records are judged by, now.
#[derive(Clone)]
pub(super) struct AtHand(Arc<Held>);

struct Held {
    verifier: RwLock<Arc<Verifier>>,
    /// When the folder was looked at last; held while it is.
    looked: Mutex<Instant>,
}

/// The packs at hand at one time.
pub struct PacksNow(Arc<Verifier>);

impl Deref for PacksNow {
    type Target = Packs;

    fn deref(&self) -> &Packs {
        &self.0.packs
    }
}

impl PacksNow {
    /// Whether it is the same view.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl AtHand {
    pub(super) fn new(verifier: Verifier) -> Self {
        let looked = Mutex::new(Instant::now());
        Self(Arc::new(Held { verifier: RwLock::new(Arc::new(verifier)), looked }))
    }

    pub(super) fn now(&self) -> Arc<Verifier> {
        Arc::clone(&self.0.verifier.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn packs(&self) -> PacksNow {
        PacksNow(self.now())
    }

    /// Looks at the folder, and says whether the view is another now.
    pub(super) fn look(&self) -> io::Result<bool> {
        let mut looked = self.0.looked.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.now();
        let listed = before.packs.again();
        *looked = Instant::now();
        let Some(packs) = listed? else { return Ok(false) };
        let now = Verifier {
            packs,
            enrolled: before.enrolled.clone(),
            policy: before.policy.clone(),
            now: before.now,
            received: before.received,
            rehearsals: before.rehearsals,
        };
        *self.0.verifier.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(now);
        Ok(true)
    }

    /// As [`AtHand::look`], unless that was just done by somebody; what cannot be read changes
    /// nothing. Another view than `seen` may be at hand then, whoever looked.
    pub(super) fn after(&self, seen: &Arc<Verifier>) -> Option<Arc<Verifier>> {
        let looked = *self.0.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.elapsed() >= PAUSE {
            let _ = self.look();
        }
        Some(self.now()).filter(|now| !Arc::ptr_eq(now, seen))
    }
}
