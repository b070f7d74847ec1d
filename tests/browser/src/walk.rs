//! Walking through an activity as a learner would.
