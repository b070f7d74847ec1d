//! Hash routes, written by hand: `#/play/0123…` and back.

use enduring_core::id::{ActivityId, PartId, SessionId};

/// What the address names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// `#/`
    Home,
    /// `#/library`
    Library,
    /// `#/activity/ID/VERSION`
    Activity(ActivityId, String),
    /// `#/play/SESSION`
    Play(SessionId),
    /// `#/record/SESSION`
    Record(SessionId),
    /// `#/record/SESSION/PART`: a test or a patient once more.
    LookBack(SessionId, PartId),
    /// `#/transcript`
    Transcript,
    /// `#/data`
    Data,
    /// `#/verify`: records checked without a server.
    Verify,
    /// `#/enrol/TICKET`
    Enrol(String),
    /// Anything else.
    Unknown(String),
}

impl Route {
    /// Reads the hash of an address.
    #[must_use]
    pub fn parse(hash: &str) -> Self {
        let path = hash.strip_prefix('#').unwrap_or(hash);
        Self::known(path).unwrap_or_else(|| Self::Unknown(path.to_owned()))
    }

    fn known(path: &str) -> Option<Self> {
        let segments: Vec<&str> = path.trim_matches('/').split('/').collect();
        Some(match *segments.as_slice() {
            [""] => Self::Home,
            ["library"] => Self::Library,
            ["activity", id, version] if is_version(version) => {
                Self::Activity(ActivityId::new(id).ok()?, version.to_owned())
            }
            ["play", session] => Self::Play(SessionId::parse(session)?),
            ["record", session] => Self::Record(SessionId::parse(session)?),
            ["record", session, part] => Self::LookBack(SessionId::parse(session)?, PartId::new(part).ok()?),
            ["transcript"] => Self::Transcript,
            ["data"] => Self::Data,
            ["verify"] => Self::Verify,
            ["enrol", ticket] => Self::Enrol(ticket.to_owned()),
            _ => return None,
        })
    }

    /// The hash of its address.
    #[must_use]
    pub fn hash(&self) -> String {
        match self {
            Self::Home => "#/".to_owned(),
            Self::Library => "#/library".to_owned(),
            Self::Activity(id, version) => format!("#/activity/{id}/{version}"),
            Self::Play(session) => format!("#/play/{session}"),
            Self::Record(session) => format!("#/record/{session}"),
            Self::LookBack(session, part) => format!("#/record/{session}/{part}"),
            Self::Transcript => "#/transcript".to_owned(),
            Self::Data => "#/data".to_owned(),
            Self::Verify => "#/verify".to_owned(),
            Self::Enrol(ticket) => format!("#/enrol/{ticket}"),
            Self::Unknown(path) => format!("#{path}"),
        }
    }

    /// One word for it, as `<html data-ready>` has it once its data was rendered.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Library => "library",
            Self::Activity(..) => "activity",
            Self::Play(_) => "play",
            Self::Record(_) => "record",
            Self::LookBack(..) => "look-back",
            Self::Transcript => "transcript",
            Self::Data => "data",
            Self::Verify => "verify",
            Self::Enrol(_) => "enrol",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Versions are part of a path, so only what a path of a pack may hold.
fn is_version(text: &str) -> bool {
    !text.is_empty() && text.len() <= 32 && enduring_core::content::is_path(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_read_as_it_is_written() {
        let session = SessionId([7; 16]);
        let routes = [
            Route::Home,
            Route::Library,
            Route::Activity(ActivityId::new("cap").expect("a name"), "1.0.0".to_owned()),
            Route::Play(session),
            Route::Record(session),
            Route::LookBack(session, PartId::new("pre-test").expect("a name")),
            Route::Transcript,
            Route::Data,
            Route::Verify,
            Route::Enrol("e30.e30.AA".to_owned()),
        ];
        for route in routes {
            assert_eq!(Route::parse(&route.hash()), route);
        }
    }

    #[test]
    fn what_is_not_a_route_is_kept_to_be_named() {
        for hash in ["#/nowhere", "#/play/xyz", "#/activity/cap", "#/activity/cap/../x", "#/debug/panic"] {
            assert_eq!(Route::parse(hash), Route::Unknown(hash[1..].to_owned()));
        }
        assert_eq!(Route::parse(""), Route::Home);
    }
}
