//! One line per thing done: what, about how long, how it ended.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Something that takes a while and may fail for a reason outside the project.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    /// What is being done, as in "Trunk 0.21.14".
    pub what: &'a str,
    /// How long it usually takes, as in "5 minutes".
    pub about: &'a str,
    /// What the reader can do when it fails.
    pub remedy: &'a str,
}

impl Step<'_> {
    /// Says what starts, does it, says how long it took. A failure names the
    /// step and the remedy.
    pub fn run<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        eprintln!("==> {} (about {})", self.what, self.about);
        let start = Instant::now();
        let done = work().map_err(|error| {
            anyhow::anyhow!("step failed: {}: {error:#}\n    remedy: {}", self.what, self.remedy)
        })?;
        eprintln!("    {}: done in {}", self.what, spoken(start.elapsed()));
        Ok(done)
    }

    /// Installs what is not `present`, and looks again afterwards, so that an
    /// installation that was interrupted never counts as one.
    pub fn ensure(&self, present: impl Fn() -> bool, install: impl FnOnce() -> Result<()>) -> Result<()> {
        if present() {
            return Ok(());
        }
        self.run(|| {
            install()?;
            anyhow::ensure!(present(), "installed, but it does not answer as expected");
            Ok(())
        })
    }
}

/// A duration for people: `0.4 s`, `12 s`, `2 min 5 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", time.as_secs_f64()),
        10..60 => format!("{seconds} s"),
        60.. => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const STEP: Step = Step { what: "a tool", about: "1 second", remedy: "install it by hand" };

    #[test]
    fn a_failure_names_the_step_and_the_remedy() {
        let error = STEP.run(|| -> Result<()> { anyhow::bail!("no network") }).unwrap_err();
        let text = format!("{error:#}");
        assert!(text.contains("a tool") && text.contains("install it by hand"), "{text}");
        assert!(text.contains("no network"), "{text}");
    }

    #[test]
    fn what_is_present_is_not_installed() {
        STEP.ensure(|| true, || panic!("installed again")).unwrap();
    }

    #[test]
    fn an_installation_that_leaves_nothing_behind_fails() {
        let installed = Cell::new(false);
        let error = STEP.ensure(
            || false,
            || {
                installed.set(true);
                Ok(())
            },
        );
        assert!(installed.get() && error.is_err());
    }

    #[test]
    fn durations_are_spoken() {
        assert_eq!(spoken(Duration::from_millis(412)), "0.4 s");
        assert_eq!(spoken(Duration::from_secs(12)), "12 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 5 s");
    }
}
