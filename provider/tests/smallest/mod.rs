//! The smallest complete patient of `docs/authoring/patient.md`, in the starter activity:
//! what the page shows is what the tests build, so that it cannot rot.

use enduring_provider::starter::STARTER;

const PAGE: &str = include_str!("../../../docs/authoring/patient.md");

/// The files of the example, each with its path: those of the page as they stand there.
pub fn files() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        STARTER.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    let (_, section) = PAGE.split_once("\n## The smallest complete example\n").expect("the section");
    for block in section.split("```toml\n# ").skip(1) {
        let (block, _) = block.split_once("\n```").expect("the end of a block");
        let (place, text) = block.split_once('\n').expect("a place");
        // The page names what every activity has; the starter's are these.
        let text = text.replace("a-guideline", "wao-2020").replace("an-objective", "first-line");
        match place.strip_prefix("in ") {
            Some(_) => {
                let (_, activity) =
                    files.iter_mut().find(|(path, _)| path == "activity.toml").expect("an activity");
                let next = "[[part]]\nid = \"reading\"";
                *activity = activity.replacen(next, &format!("{text}\n\n{next}"), 1);
                *activity = activity.replacen("minutes = 15 ", "minutes = 20 ", 1);
            }
            None => files.push((place.to_owned(), text + "\n")),
        }
    }
    assert_eq!(files.len(), STARTER.len() + 3, "three files");
    files
}
