//! `cargo xtask test`: every test and check of the project, counted.

use std::{
    env,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::{
    dist, process,
    setup::{self, EVERYTHING},
    size,
    step::spoken,
    tidy,
    tools::Tools,
    workspace,
};

const WASM: &str = "wasm32-unknown-unknown";
const BROWSER_TESTS: &str = "enduring-browser-tests";

/// How many tests and checks passed and failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    /// Which ones failed, and the beginning of what they said.
    pub failures: Vec<String>,
}

impl Tally {
    const ONE: Self = Self { passed: 1, failed: 0, failures: Vec::new() };

    fn one_failed(words: String) -> Self {
        Self { passed: 0, failed: 1, failures: vec![words] }
    }

    fn add(&mut self, other: &Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.failures.extend_from_slice(&other.failures);
    }
}

/// The steps so far.
#[derive(Default)]
struct Suite {
    steps: Vec<(&'static str, Tally, Duration)>,
}

/// Runs everything. A step that fails does not keep later ones from telling
/// what they know. Ends with one line: `N passed, N failed`.
pub fn run() -> Result<Tally> {
    let mut suite = Suite::default();
    let tools = Tools::find()?;
    suite.step("setup", "seconds, 15 minutes on a bare machine", || {
        setup::ensure(EVERYTHING).map(|_| Tally::ONE)
    });
    suite.step("formatting", "2 seconds", || check(cargo().args(["fmt", "--all", "--check"])));
    suite.step("lints, while all tests are built", "6 minutes at first", || {
        let build = ["test", "--workspace", "--all-targets", "--no-run", "--quiet"];
        check(linted()?.args(build))
    });
    suite.step("lints of the player in wasm", "1 minute at first", || {
        let player = ["clippy", "-p", "enduring-app", "--target", WASM, "--quiet", "--", "-D", "warnings"];
        check(cargo().args(player))
    });
    suite.step("tidy", "2 seconds", tidy);
    if process::succeeds(cargo().args(["deny", "--version"])) {
        suite.step("licenses and sources of dependencies", "5 seconds", || {
            check(cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]))
        });
    } else {
        eprintln!("==> licenses and sources of dependencies: skipped, cargo-deny is not installed");
    }
    // Alone, because Cargo gives a crate the features that any other crate of
    // the same build asks of its dependencies.
    suite.step("core alone in wasm", "20 seconds at first", || {
        check(cargo().args(["check", "-p", "enduring-core", "--target", WASM, "--quiet"]))
    });
    suite.step("native tests", "2 minutes", || {
        let native = test_targets(|package| package != BROWSER_TESTS)?;
        tests(&tools, ["--lib", "--bins"].map(str::to_owned).into_iter().chain(native))
    });
    let site = workspace::root().join("dist");
    let enduring = workspace::target().join("debug/enduring");
    let built = suite.step("player and sample packs", "3 minutes at first", || {
        dist::make_with(&tools, &enduring, &site)?;
        Ok(Tally::ONE)
    });
    if built {
        suite.step("size of the player", "5 seconds", || size::check().map(|()| Tally::ONE));
        suite.step("browsers: Chromium, Firefox, WebKit", "12 minutes", || {
            tests(&tools, test_targets(|package| package == BROWSER_TESTS)?)
        });
    } else {
        suite.step("size and browsers", "not run", || bail!("there is no player to measure and to drive"));
    }
    Ok(suite.summary())
}

impl Suite {
    /// Runs one step, prints how it ended and says whether all of it passed.
    fn step(&mut self, name: &'static str, about: &str, work: impl FnOnce() -> Result<Tally>) -> bool {
        eprintln!("\n==> {name} (about {about})");
        let start = Instant::now();
        let tally = work().unwrap_or_else(|error| {
            eprintln!("FAILED {name}: {error:#}");
            Tally::one_failed(format!("{error:#}"))
        });
        let all = tally.failed == 0;
        self.steps.push((name, tally, start.elapsed()));
        all
    }

    fn summary(&self) -> Tally {
        let mut total = Tally::default();
        // Once more at the end, since a log of many thousand lines is read from there.
        for (name, tally, _) in &self.steps {
            for failure in &tally.failures {
                println!("\nFAILED in {name}: {failure}");
            }
        }
        println!();
        for (name, tally, time) in &self.steps {
            let verdict = if tally.failed == 0 { "ok" } else { "FAILED" };
            let counts = format!("{} passed, {} failed", tally.passed, tally.failed);
            println!("{verdict:6} {name:40} {counts:>26}  {}", spoken(*time));
            total.add(tally);
        }
        total
    }
}

fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root());
    command
}

/// Cargo with Clippy for the compiler of our own crates, as `cargo clippy` itself asks for
/// it: what is linted is what is then run, so that nothing is compiled a second time.
fn linted() -> Result<Command> {
    let sysroot = process::output(Command::new("rustc").args(["--print", "sysroot"]))?;
    let clippy = PathBuf::from(sysroot.trim()).join("bin/clippy-driver");
    if !clippy.exists() {
        bail!("{} is missing: `rustup component add clippy` brings it", clippy.display());
    }
    let mut command = cargo();
    command.env("RUSTC_WORKSPACE_WRAPPER", clippy).env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings");
    Ok(command)
}

/// A command that counts as one check.
fn check(command: &mut Command) -> Result<Tally> {
    process::run(command)?;
    Ok(Tally::ONE)
}

fn tidy() -> Result<Tally> {
    let tidy::Outcome { passed, failed } = tidy::run()?;
    Ok(Tally { passed, failed, failures: Vec::new() })
}

/// `--test <name>` for every test program of the packages that are wanted. Always of the
/// whole workspace: Cargo would compile what several packages use once more for each
/// choice of packages, since the features that they ask of it are others.
fn test_targets(wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let mut metadata = cargo();
    metadata.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let metadata: Value =
        serde_json::from_str(&process::output(&mut metadata)?).context("`cargo metadata`")?;
    let mut named = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let targets = package["targets"].as_array().into_iter().flatten();
        let tests = targets.filter(|target| target["kind"][0] == "test");
        let names = tests.filter_map(|target| Some(target["name"].as_str()?.to_owned()));
        if wanted(package["name"].as_str().unwrap_or_default()) {
            named.extend(names.flat_map(|name| ["--test".to_owned(), name]));
        }
    }
    Ok(named)
}

/// `cargo test` with all that the tests look for in the environment.
fn tests(tools: &Tools, selection: impl IntoIterator<Item = String>) -> Result<Tally> {
    let mut command = linted()?;
    command.args(["test", "--workspace", "--no-fail-fast"]).args(selection);
    command.env("PATH", tools.path()?).env("ENDURING_TOOLS", tools.dir());
    if let Some(corpora) = corpora()? {
        command.env("ENDURING_CORPORA", corpora);
    }
    counted(&mut command)
}

/// `$ENDURING_CORPORA` as an absolute path: cargo runs each crate's tests in the
/// folder of that crate.
fn corpora() -> Result<Option<PathBuf>> {
    let Some(corpora) = env::var_os("ENDURING_CORPORA") else { return Ok(None) };
    let path = workspace::root().join(corpora);
    let absolute = path.canonicalize().with_context(|| format!("ENDURING_CORPORA: {}", path.display()))?;
    Ok(Some(absolute))
}

/// Passes the output on and adds up the summaries of the test programs in it.
fn counted(command: &mut Command) -> Result<Tally> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{}` could not be started", process::line(command)))?;
    let mut tally = Tally::default();
    let mut said = Said::default();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            said.read(&line);
            if let Some((passed, failed)) = summary(&line) {
                tally.add(&Tally { passed, failed, failures: said.take() });
            }
        }
    }
    let status = child.wait()?;
    // Code that does not compile and a program that dies print no summary.
    if !status.success() && tally.failed == 0 {
        let words = format!("`{}` ended with {status}", process::line(command));
        eprintln!("{words}");
        tally.add(&Tally::one_failed(words));
    }
    Ok(tally)
}

/// What the failed tests of one program said, out of the part of its output that
/// begins each with `---- name stdout ----`.
#[derive(Default)]
struct Said {
    tests: Vec<String>,
    /// How many more lines of the last test are kept; a backtrace is not.
    room: usize,
}

impl Said {
    const LINES: usize = 12;

    fn read(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("---- ").and_then(|line| line.strip_suffix(" stdout ----")) {
            self.tests.push(name.to_owned());
            self.room = Self::LINES;
        } else if line == "stack backtrace:" || line == "failures:" {
            self.room = 0;
        } else if let (Some(test), Some(room)) = (self.tests.last_mut(), self.room.checked_sub(1))
            && !line.is_empty()
        {
            *test += &format!("\n  {line}");
            self.room = room;
        }
    }

    fn take(&mut self) -> Vec<String> {
        std::mem::take(self).tests
    }
}

/// Reads `test result: ok. 12 passed; 0 failed; 1 ignored; …`.
fn summary(line: &str) -> Option<(usize, usize)> {
    let counts = line.trim().strip_prefix("test result: ")?.split_once(". ")?.1;
    let count = |what: &str| counts.split("; ").find_map(|part| part.strip_suffix(what)?.trim().parse().ok());
    Some((count("passed")?, count("failed")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_test_programs_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.31s";
        assert_eq!(summary(line), Some((12, 3)));
        assert_eq!(summary("test a::b ... ok"), None);
        assert_eq!(summary("test result: odd"), None);
    }

    fn sh(script: &str) -> Tally {
        counted(Command::new("sh").args(["-c", script])).unwrap()
    }

    fn counts(script: &str) -> (usize, usize) {
        let tally = sh(script);
        (tally.passed, tally.failed)
    }

    #[test]
    fn counts_add_up_over_programs() {
        let two = "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'; \
                   echo 'test result: FAILED. 1 passed; 1 failed; 0 ignored'; exit 101";
        assert_eq!(counts(two), (3, 1));
    }

    #[test]
    fn a_program_that_dies_counts_as_a_failure() {
        assert_eq!(counts("echo 'test result: ok. 2 passed; 0 failed'; exit 1"), (2, 1));
        assert_eq!(counts("exit 101"), (0, 1));
        assert_eq!(sh("exit 101").failures, ["`sh -c exit 101` ended with exit status: 101"]);
    }

    #[test]
    fn the_words_of_failed_tests_are_kept_without_their_backtraces() {
        let output = "test a ... ok\ntest b ... FAILED\n\nfailures:\n\n---- b stdout ----\n\n\
                      thread 'b' panicked at b.rs:1:\nexpected 1\nstack backtrace:\n   0: start\n\n\
                      ---- c stdout ----\nError: c\n\n\nfailures:\n    b\n    c\n\n\
                      test result: FAILED. 1 passed; 2 failed; 0 ignored\n";
        let tally = sh(&format!("printf %s \"{output}\"; exit 101"));
        assert_eq!((tally.passed, tally.failed), (1, 2));
        assert_eq!(tally.failures, ["b\n  thread 'b' panicked at b.rs:1:\n  expected 1", "c\n  Error: c"]);
    }
}
