//! One page to read, and the claim. Below five minutes the provider looks at it.

use enduring_core::content::{Activity, MinimumTime, Policy};
use enduring_core::measure::Minutes;

use super::front::activity as around;
use super::items::reading;

pub fn activity() -> Activity {
    let policy = Policy { minimum_time: MinimumTime::Review(Minutes(5)), ..Policy::default() };
    around("small", "One page", policy, vec![reading("reading", 1)])
}
