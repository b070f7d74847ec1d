//! The policy file: TOML, each key optional, the defaults of
//! [`VerifyPolicy`](enduring_core::record::VerifyPolicy) for what is left out.

use std::path::Path;

use enduring_core::record::VerifyPolicy;

use super::VerifyError;
use super::bounded;

/// Largest policy file in bytes.
const POLICY_MAX: usize = 64 * 1024;

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
    parse(&text).map_err(refuse)
}

fn parse(text: &str) -> Result<VerifyPolicy, String> {
    let policy: VerifyPolicy = toml::from_str(text).map_err(|error| error.to_string())?;
    within(&policy)?;
    Ok(policy)
}

/// Whether shares are shares.
///
/// # Errors
/// Names the setting, what was expected and found.
pub fn within(policy: &VerifyPolicy) -> Result<(), String> {
    for (key, percent) in [("least_time", policy.least_time), ("fast_share", policy.fast_share)] {
        if percent.0 > 100 {
            return Err(format!("{key}: expected 0 to 100 percent, found {}", percent.0));
        }
    }
    Ok(())
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
    fn errors_name_the_place() {
        for (text, expected) in [
            ("least_time = 50\nlest_time = 4", "line 2, column 1"),
            ("short = \"ignore\"", "line 1, column 9"),
            ("least_time = 101", "least_time: expected 0 to 100 percent, found 101"),
        ] {
            let error = parse(text).expect_err(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
