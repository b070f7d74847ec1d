//! The policy file: TOML, each key optional, the defaults of
//! [`VerifyPolicy`](enduring_core::record::VerifyPolicy) for what is left out. The file of a
//! server is one too: its table `[verify]` is about one record by itself.

use std::path::Path;

use enduring_core::record::VerifyPolicy;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::VerifyError;
use super::bounded;

/// Largest policy file in bytes.
const POLICY_MAX: usize = 64 * 1024;
/// The settings that are percentages.
const SHARES: [&str; 2] = ["least_time", "fast_share"];

/// The file of a server, as far as one record by itself goes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OfServer {
    #[serde(default)]
    verify: VerifyPolicy,
    #[serde(default, rename = "ledger")]
    _ledger: IgnoredAny,
}

/// Reads a policy file.
///
/// # Errors
/// [`VerifyError`] with the place of an unknown key or a value of another kind.
pub fn read(path: &Path) -> Result<VerifyPolicy, VerifyError> {
    read_as(path, parse)
}

/// Reads a file of this size by a parser of its text.
///
/// # Errors
/// [`VerifyError`] with what the parser says.
pub fn read_as<T>(path: &Path, parse: impl Fn(&str) -> Result<T, String>) -> Result<T, VerifyError> {
    let refuse = |found: String| VerifyError::Policy { path: path.to_owned(), found };
    let bytes = bounded::read(path, POLICY_MAX)
        .map_err(|error| VerifyError::Read { path: path.to_owned(), error })?
        .ok_or_else(|| refuse(format!("more than {POLICY_MAX} bytes")))?;
    let text = String::from_utf8(bytes).map_err(|error| refuse(error.to_string()))?;
    shares(&text).and_then(|()| parse(&text)).map_err(refuse)
}

/// Whether shares are shares, before a parser finds that they are no `u8`. What is no TOML is left to it.
fn shares(text: &str) -> Result<(), String> {
    let Ok(file) = text.parse::<toml::Table>() else { return Ok(()) };
    for table in [Some(&file), file.get("verify").and_then(toml::Value::as_table)].into_iter().flatten() {
        for key in SHARES {
            if let Some(percent) = table.get(key).and_then(toml::Value::as_integer) {
                share(key, percent)?;
            }
        }
    }
    Ok(())
}

fn share(key: &str, percent: i64) -> Result<(), String> {
    if (0..=100).contains(&percent) {
        Ok(())
    } else {
        Err(format!("{key}: expected 0 to 100 percent, found {percent}"))
    }
}

fn parse(text: &str) -> Result<VerifyPolicy, String> {
    let file = text.parse::<toml::Table>().unwrap_or_default();
    let policy: VerifyPolicy = if file.contains_key("verify") || file.contains_key("ledger") {
        toml::from_str(text).map(|OfServer { verify, .. }| verify)
    } else {
        toml::from_str(text)
    }
    .map_err(|error| error.to_string())?;
    within(&policy)?;
    Ok(policy)
}

/// Whether shares are shares.
///
/// # Errors
/// Names the setting, what was expected and found.
pub fn within(policy: &VerifyPolicy) -> Result<(), String> {
    let [least_time, fast_share] = SHARES;
    share(least_time, policy.least_time.0.into())?;
    share(fast_share, policy.fast_share.0.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use enduring_core::measure::{Millis, Percent};
    use enduring_core::record::Handling;

    #[test]
    fn what_is_left_out_has_its_default() {
        assert_eq!(parse("").as_ref(), Ok(&VerifyPolicy::default()));
        let policy =
            parse("self_identified = \"review\"\nleast_time = 50\nfast_answer = 1500").expect("a policy");
        let expected = VerifyPolicy {
            self_identified: Handling::Review,
            least_time: Percent(50),
            fast_answer: Millis(1_500),
            ..VerifyPolicy::default()
        };
        assert_eq!(policy, expected);
    }

    #[test]
    fn the_file_of_a_server_is_taken() {
        let policy = parse("[verify]\nleast_time = 50\n[ledger]\nkeys_of_learner = 5").expect("a policy");
        assert_eq!(policy, VerifyPolicy { least_time: Percent(50), ..VerifyPolicy::default() });
        assert_eq!(parse("[ledger]\nkeys_of_learner = 5").as_ref(), Ok(&VerifyPolicy::default()));
    }

    #[test]
    fn a_share_that_is_none_is_told_by_its_range() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.toml");
        for text in ["least_time = 400", "least_time = -1", "[verify]\nfast_share = 101"] {
            std::fs::write(&path, text).expect("a file");
            let error = read(&path).expect_err(text).to_string();
            assert!(error.contains("expected 0 to 100 percent, found "), "{text}: {error}");
        }
    }

    #[test]
    fn errors_name_the_place() {
        for (text, expected) in [
            ("least_time = 50\nlest_time = 4", "line 2, column 1"),
            ("short = \"ignore\"", "line 1, column 9"),
            ("[verify]\nlest_time = 4", "line 2, column 1"),
            ("least_time = 4\n[verify]\nleast_time = 4", "line 1, column 1"),
            ("least_time = 101", "least_time: expected 0 to 100 percent, found 101"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
