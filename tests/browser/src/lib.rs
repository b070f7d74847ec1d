//! Whole-user journeys over WebDriver in three browser engines.
