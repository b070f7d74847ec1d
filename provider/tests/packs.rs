//! Packs: the same source gives the same bytes, and whatever the format forbids is
//! refused by its name.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use enduring_core::content::*;
use enduring_core::id::Digest;
use enduring_core::record::Compact;
use enduring_provider::author;
use enduring_provider::key::{KeySet, Signer, verifies};
use enduring_provider::pack::*;
use enduring_provider::starter::STARTER;
use proptest::prelude::*;

/// A small pack, to be changed before it is written.
struct Draft {
    manifest: Manifest,
    files: Vec<(String, Vec<u8>)>,
    payload: Option<Vec<u8>>,
}

fn starter() -> author::Built {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in STARTER {
        let place = folder.path().join(path);
        fs::create_dir_all(place.parent().expect("a parent")).expect("a folder");
        fs::write(place, text).expect("a file");
    }
    author::read(folder.path()).built.expect("an activity")
}

/// The starter with its reading alone.
fn small() -> (Activity, BTreeMap<String, Vec<u8>>) {
    let mut built = starter();
    let activity = &mut built.activity;
    activity.parts.retain(|part| matches!(part.body, PartBody::Reading(_)));
    activity.items.clear();
    activity.forms.clear();
    activity.front.people.truncate(1);
    (built.activity, BTreeMap::from([("media/a.svg".to_owned(), b"<svg/>".to_vec())]))
}

fn signer() -> Signer {
    let folder = tempfile::tempdir().expect("a folder");
    Signer::create(&folder.path().join("key.pem")).expect("a key")
}

impl Draft {
    fn new() -> Self {
        let (activity, media) = small();
        let pack = Assembled::new(&activity, &media).expect("a pack");
        let files = pack.files.iter().map(|(file, bytes)| (file.path.clone(), bytes.clone())).collect();
        Self { manifest: pack.manifest, files, payload: None }
    }

    /// Gives a file other bytes, which the manifest then names.
    fn put(&mut self, path: &str, bytes: Vec<u8>) {
        let place = self.files.iter().position(|(known, _)| known == path).expect(path);
        self.manifest.files[place].length = bytes.len() as u64;
        self.manifest.files[place].sha256 = Digest::of(&[&bytes]);
        self.files[place].1 = bytes;
    }

    fn rename(&mut self, place: usize, path: &str) {
        self.files[place].0 = path.to_owned();
        self.manifest.files[place].path = path.to_owned();
    }

    fn signed(&self) -> String {
        let payload =
            self.payload.clone().unwrap_or_else(|| serde_json::to_vec(&self.manifest).expect("JSON"));
        signer().sign(MANIFEST_TYP, &payload).expect("a signature")
    }

    fn archive(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let signed = self.signed().into_bytes();
        let manifest = (MANIFEST_FILE.to_owned(), signed);
        for (path, bytes) in [&manifest].into_iter().chain(&self.files) {
            let name: String = path.chars().take(100).collect();
            out.extend(header(&name, bytes.len() as u64));
            out.extend(bytes);
            out.resize(out.len().next_multiple_of(512), 0);
        }
        out.resize(out.len() + 1024, 0);
        out
    }

    fn folder(&self, root: &Path) {
        fs::create_dir_all(root.join("media")).expect("a folder");
        fs::write(root.join(MANIFEST_FILE), self.signed()).expect("a file");
        for (path, bytes) in &self.files {
            fs::write(root.join(path), bytes).expect("a file");
        }
    }
}

/// What the archive and the folder of a draft are refused for.
fn refused(change: impl Fn(&mut Draft)) -> String {
    let mut draft = Draft::new();
    change(&mut draft);
    first(examine_archive(draft.archive().as_slice()))
}

fn refused_folder(change: impl Fn(&Path)) -> String {
    let root = tempfile::tempdir().expect("a folder");
    Draft::new().folder(root.path());
    change(root.path());
    first(examine(root.path()))
}

fn refused_archive(change: impl Fn(&mut Vec<u8>)) -> String {
    let mut bytes = Draft::new().archive();
    change(&mut bytes);
    first(examine_archive(bytes.as_slice()))
}

fn first(examination: Examination) -> String {
    assert!(examination.pack.is_none(), "a pack with problems is no pack");
    let problem = examination.problems.first().expect("a problem");
    let kind = format!("{problem:?}");
    let kind = kind.split([' ', '(']).next().unwrap_or_default();
    format!("{kind}: {problem}")
}

#[track_caller]
fn assert_says(found: String, words: &[&str]) {
    for word in words {
        assert!(found.contains(word), "expected {word:?}, found: {found}");
    }
}

#[test]
fn a_pack_is_read_as_it_was_written() {
    let root = tempfile::tempdir().expect("a folder");
    let (activity, media) = small();
    let pack = Assembled::new(&activity, &media).expect("a pack");
    let signer = signer();
    let signed = signer.sign(MANIFEST_TYP, &pack.payload).expect("a signature");
    let folder = write_folder(root.path(), &signed, &pack, Collision::Refuse).expect("a folder");
    assert_eq!(folder, root.path().join("starter/1.0.0"));
    let file = write_file(root.path(), &signed, &pack).expect("a file");
    assert_eq!(file, root.path().join("starter-1.0.0.enduring"));
    for path in [folder, file] {
        let read = open(&path).expect("a pack");
        assert!(**read.content.activity() == activity);
        assert_eq!(read.content.digest(), pack.digest());
        assert!(verifies(&signer.public(), &read.signed));
    }
}

#[test]
fn the_same_source_gives_the_same_bytes() {
    let (one, other) = (starter(), starter());
    let pack = |built: &author::Built| Assembled::new(&built.activity, &built.media).expect("a pack");
    let (one, other) = (pack(&one), pack(&other));
    assert_eq!(one.payload, other.payload);
    assert_eq!(one.files, other.files);
    let archive = |pack: &Assembled| {
        let mut bytes = Vec::new();
        write_archive(&mut bytes, "manifest", pack).expect("bytes");
        bytes
    };
    assert_eq!(archive(&one), archive(&other));
}

#[test]
fn the_manifest_is_what_the_format_says() {
    let pack = Draft::new();
    let text = serde_json::to_string(&pack.manifest).expect("JSON");
    assert!(text.starts_with(r#"{"format":"enduring-pack/1","rules":1,"content_version":1,"id":"starter","version":"1.0.0","summary":{"#), "{text}");
    let paths: Vec<&str> = pack.manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["activity.bin", "front-matter.txt", "activity.json", "media/a.svg"]);
    let signed = pack.signed();
    let head = signed.split('.').next().and_then(enduring_core::encode::unbase64url).expect("a header");
    let kid =
        enduring_core::encode::base64url(&Compact::parse(&signed, MANIFEST_TYP).expect("a manifest").kid.0);
    let expected = format!(r#"{{"alg":"ES256","typ":"enduring-pack+jwt","kid":"{kid}"}}"#);
    assert_eq!(String::from_utf8(head).expect("text"), expected);
}

#[test]
fn another_pack_of_the_same_version_is_not_written_over() {
    let root = tempfile::tempdir().expect("a folder");
    let (mut activity, media) = small();
    let signer = signer();
    let mut write = |title: &str, collision| {
        activity.title = title.to_owned();
        let pack = Assembled::new(&activity, &media).expect("a pack");
        let signed = signer.sign(MANIFEST_TYP, &pack.payload).expect("a signature");
        write_folder(root.path(), &signed, &pack, collision)
    };
    write("One", Collision::Refuse).expect("a pack");
    write("One", Collision::Refuse).expect("the same pack again");
    let error = write("Two", Collision::Refuse).expect_err("another pack");
    assert!(matches!(error, WriteError::Taken { .. }), "{error}");
    let kept = open(&root.path().join("starter/1.0.0")).expect("the first pack");
    assert_eq!(kept.content.activity().title, "One");
    write("Two", Collision::Replace).expect("forced");
    assert_eq!(open(&root.path().join("starter/1.0.0")).expect("a pack").content.activity().title, "Two");
}

#[test]
fn what_is_no_manifest_is_refused() {
    assert_says(refused(|draft| draft.payload = Some(b"{}".to_vec())), &["Malformed: manifest.jws"]);
    assert_says(refused(|draft| draft.payload = Some(b"[".repeat(100_000))), &["Malformed: manifest.jws"]);
    let doubled = serde_json::to_string(&Draft::new().manifest).expect("JSON").replacen(
        "\"id\"",
        "\"id\":\"a\",\"id\"",
        1,
    );
    assert_says(
        refused(|draft| draft.payload = Some(doubled.clone().into_bytes())),
        &["Malformed", "duplicate field"],
    );
    let pretty = serde_json::to_vec_pretty(&Draft::new().manifest).expect("JSON");
    assert_says(refused(|draft| draft.payload = Some(pretty.clone())), &["Malformed", "another spelling"]);
    assert_says(
        refused(|draft| draft.manifest.format = "enduring-pack/2".to_owned()),
        &["Version:", "enduring-pack/2"],
    );
    assert_says(refused(|draft| draft.manifest.rules = 2), &["Version:", "rules 2"]);
    assert_says(refused(|draft| draft.manifest.content_version = 9), &["Version:", "content version 9"]);
    assert_says(refused(|draft| draft.manifest.version = "../x".to_owned()), &["Name:", "../x"]);
    assert_says(
        refused_folder(|root| fs::write(root.join(MANIFEST_FILE), "a.b.c").expect("a file")),
        &["Signed:"],
    );
    assert_says(
        refused_folder(|root| fs::write(root.join(MANIFEST_FILE), [0xff]).expect("a file")),
        &["Malformed: manifest.jws"],
    );
    assert_says(
        refused_folder(|root| {
            fs::write(root.join(MANIFEST_FILE), vec![b'a'; MANIFEST_MAX + 1]).expect("a file")
        }),
        &["TooLarge: manifest.jws: expected at most 262144 bytes"],
    );
    assert_says(
        refused_folder(|root| fs::remove_file(root.join(MANIFEST_FILE)).expect("gone")),
        &["Missing: manifest.jws"],
    );
    let nowhere = examine(Path::new("/nowhere/at/all"));
    assert_says(first(nowhere), &["Unreadable: /nowhere/at/all"]);
}

#[test]
fn hostile_names_are_refused() {
    let long = format!("media/{}.svg", "a".repeat(91));
    for name in [
        "media/../activity.svg",
        "../x.svg",
        "/etc/passwd.svg",
        "media//a.svg",
        "media/./a.svg",
        "media/A.svg",
        "media\\a.svg",
        "media/a b.svg",
        "media/\u{202e}gvs.svg",
        "media/é.svg",
        "media/a\0.svg",
        "media/a.svg\n",
        "C:/a.svg",
        "media/%2e%2e/a.svg",
        "media/a.html",
        "media/a.js",
        "media/a.svg.exe",
        "media/a",
        "",
        &long,
    ] {
        assert_says(refused(|draft| draft.rename(3, name)), &["Name:"]);
    }
    for name in ["a.svg", "media/a.json", "activity.bin", "manifest.txt", "reading/a.svg"] {
        assert_says(refused(|draft| draft.rename(3, name)), &["Order:"]);
    }
}

#[test]
fn files_have_one_order() {
    assert_says(
        refused(|d| {
            d.files.swap(0, 1);
            d.manifest.files.swap(0, 1);
        }),
        &["Order:", "activity.bin as file 1"],
    );
    let again = |draft: &mut Draft, path: &str| {
        let (file, bytes) = (draft.manifest.files[3].clone(), draft.files[3].1.clone());
        draft.manifest.files.push(PackFile { path: path.to_owned(), ..file });
        draft.files.push((path.to_owned(), bytes));
    };
    assert_says(refused(|draft| again(draft, "media/a.svg")), &["Order:", "after \"media/a.svg\""]);
    assert_says(refused(|draft| again(draft, "media/0.svg")), &["Order:", "after \"media/a.svg\""]);
    assert_says(refused(|draft| again(draft, "media/a.svg/b.svg")), &["Order:", "not inside it"]);
    for kept in 0..3 {
        assert_says(
            refused(|d| {
                d.files.truncate(kept);
                d.manifest.files.truncate(kept);
            }),
            &["Missing:"],
        );
    }
    assert_says(
        refused(|draft| draft.manifest.files[3].media_type = "text/html".to_owned()),
        &["MediaType: media/a.svg", "image/svg+xml", "text/html"],
    );
}

#[test]
fn caps_hold_before_anything_is_read() {
    assert_says(
        refused(|draft| draft.manifest.files[0].length = ACTIVITY_MAX + 1),
        &["TooLarge: activity.bin"],
    );
    assert_says(refused(|draft| draft.manifest.files[3].length = u64::MAX), &["TooLarge: media/a.svg"]);
    let image = |place: usize, length: u64| PackFile {
        path: format!("media/b{place:04}.svg"),
        sha256: Digest([0; 32]),
        length,
        media_type: "image/svg+xml".to_owned(),
    };
    assert_says(
        refused(|draft| draft.manifest.files.extend((0..FILES_MAX).map(|place| image(place, 0)))),
        &["TooLarge: manifest.jws: expected at most 512 files, found 516 files"],
    );
    let many = PACK_MAX / IMAGE_MAX + 1;
    assert_says(
        refused(|draft| draft.manifest.files.extend((0..many).map(|n| image(n as usize, IMAGE_MAX)))),
        &["TooLarge: pack: expected at most 536870912 bytes"],
    );
}

#[test]
fn folders_hold_exactly_the_files_of_the_manifest() {
    assert_says(
        refused_folder(|root| fs::remove_file(root.join("media/a.svg")).expect("gone")),
        &["Missing: media/a.svg"],
    );
    assert_says(
        refused_folder(|root| fs::write(root.join("media/b.svg"), "x").expect("a file")),
        &["Extra: media/b.svg"],
    );
    assert_says(
        refused_folder(|root| fs::create_dir(root.join("more")).expect("a folder")),
        &["Extra: more"],
    );
    assert_says(
        refused_folder(|root| fs::write(root.join("media/a.svg"), "<svg/> ").expect("a file")),
        &["Length: media/a.svg: expected 6 bytes, found 7"],
    );
    assert_says(
        refused_folder(|root| fs::write(root.join("media/a.svg"), "<svg").expect("a file")),
        &["Length: media/a.svg: expected 6 bytes, found 4"],
    );
    assert_says(
        refused_folder(|root| fs::write(root.join("media/a.svg"), "<svg!>").expect("a file")),
        &["Digest: media/a.svg"],
    );
    assert_says(
        refused_folder(|root| {
            fs::remove_file(root.join("media/a.svg")).expect("gone");
            fs::create_dir(root.join("media/a.svg")).expect("a folder");
        }),
        &["NotAFile: media/a.svg: expected a regular file, found a folder"],
    );
}

#[cfg(unix)]
#[test]
fn links_are_refused() {
    use std::os::unix::fs::symlink;
    let elsewhere = tempfile::tempdir().expect("a folder");
    fs::write(elsewhere.path().join("a.svg"), "<svg/>").expect("a file");
    assert_says(
        refused_folder(|root| {
            fs::remove_file(root.join("media/a.svg")).expect("gone");
            symlink(elsewhere.path().join("a.svg"), root.join("media/a.svg")).expect("a link");
        }),
        &["NotAFile: media/a.svg", "a link"],
    );
    assert_says(
        refused_folder(|root| {
            fs::remove_dir_all(root.join("media")).expect("gone");
            symlink(elsewhere.path(), root.join("media")).expect("a link");
        }),
        &["NotAFile: media/a.svg", "a link"],
    );
}

#[test]
fn everything_wrong_with_a_folder_is_told() {
    let root = tempfile::tempdir().expect("a folder");
    Draft::new().folder(root.path());
    fs::write(root.path().join("activity.bin"), "x").expect("a file");
    fs::remove_file(root.path().join("media/a.svg")).expect("gone");
    fs::write(root.path().join("b.svg"), "x").expect("a file");
    let examination = examine(root.path());
    let problems: Vec<String> = examination.problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 3, "{problems:?}");
    assert!(examination.manifest.is_some() && examination.pack.is_none());
}

#[test]
fn archives_have_one_spelling() {
    assert_says(
        refused_archive(Vec::clear),
        &["Archive: archive, byte 0", "an entry manifest.jws", "the end of the file"],
    );
    assert_says(refused_archive(|bytes| bytes.truncate(2_000)), &["Archive:", "the end of the file"]);
    assert_says(
        refused_archive(|bytes| bytes.truncate(bytes.len() - 1)),
        &["Archive:", "two blocks of zero bytes"],
    );
    assert_says(refused_archive(|bytes| bytes.push(0)), &["Archive:", "the end of the file", "more bytes"]);
    assert_says(refused_archive(|bytes| bytes.extend(Draft::new().archive())), &["Archive:", "more bytes"]);
    assert_says(
        refused_archive(|bytes| {
            bytes.splice(0..0, [0; 512]);
        }),
        &["Archive: archive, byte 0", "a block of zero bytes"],
    );
    assert_says(refused_archive(|bytes| bytes[156] = b'2'), &["a symbolic link named \"manifest.jws\""]);
    assert_says(refused_archive(|bytes| bytes[156] = b'x'), &["an extended header"]);
    assert_says(
        refused_archive(|bytes| bytes[100..108].copy_from_slice(b"0000755\0")),
        &["spelled otherwise"],
    );
    assert_says(
        refused_archive(|bytes| bytes[..512].copy_from_slice(&header("activity.bin", 10))),
        &["named \"activity.bin\""],
    );
    assert_says(
        refused_archive(|bytes| bytes[..512].copy_from_slice(&header(MANIFEST_FILE, 1 << 30))),
        &["TooLarge: manifest.jws"],
    );
    let second = |bytes: &[u8]| {
        let length = std::str::from_utf8(&bytes[124..135]).map(|text| usize::from_str_radix(text, 8));
        512 + length.expect("text").expect("a length").next_multiple_of(512)
    };
    assert_says(
        refused_archive(|bytes| {
            let at = second(bytes);
            bytes[at..at + 512].copy_from_slice(&header("activity.bin", 1));
        }),
        &["an entry activity.bin of"],
    );
    assert_says(
        refused_archive(|bytes| {
            let at = second(bytes);
            bytes[at - 1] = 1;
        }),
        &["zero bytes up to the next block"],
    );
    let mut draft = Draft::new();
    draft.files[3].1 = b"<svg!>".to_vec();
    assert_says(first(examine_archive(draft.archive().as_slice())), &["Digest: media/a.svg"]);
}

#[test]
fn files_that_disagree_are_refused() {
    let other = |change: &dyn Fn(&mut Activity)| {
        let (mut activity, _) = small();
        change(&mut activity);
        activity
    };
    let json = |activity: &Activity| serde_json::to_vec(activity).expect("JSON");
    let binary = |activity: &Activity| postcard::to_allocvec(activity).expect("bytes");
    let renamed = other(&|activity| activity.title = "Another".to_owned());
    assert_says(refused(|draft| draft.put("activity.json", json(&renamed))), &["Differs: activity.bin"]);
    assert_says(refused(|draft| draft.put("activity.bin", binary(&renamed))), &["Differs: activity.bin"]);
    assert_says(refused(|draft| draft.put("activity.json", b"{}".to_vec())), &["Malformed: activity.json"]);
    assert_says(
        refused(|draft| draft.put("front-matter.txt", b"Nothing to disclose".to_vec())),
        &["Differs: front-matter.txt"],
    );
    assert_says(
        refused(|draft| draft.manifest.summary.title = "Another".to_owned()),
        &["Differs: summary of manifest.jws"],
    );
    assert_says(
        refused(|draft| draft.manifest.closes.0 += 1),
        &["Activity:", "different activities, versions or dates"],
    );
    let plain = binary(&small().0);
    // The version as a varint of two bytes where one would do, and a byte too many.
    let long = [&[plain[0] | 0x80, 0][..], &plain[1..]].concat();
    for bytes in [vec![1, 2, 3], Vec::new(), [&plain[..], &[0]].concat(), long] {
        assert_says(refused(|draft| draft.put("activity.bin", bytes.clone())), &["Differs: activity.bin"]);
    }
    let empty = other(&|activity| activity.parts.clear());
    assert_says(
        refused(|draft| {
            draft.put("activity.bin", binary(&empty));
            draft.put("activity.json", json(&empty));
        }),
        &["Activity:", "at least one entry"],
    );
}

#[test]
fn depth_is_bounded() {
    let (activity, _) = small();
    let json = serde_json::to_string(&activity).expect("JSON");
    let deep = format!("{}{}", "{\"quote\":[".repeat(100_000), "]}".repeat(100_000));
    let json = json.replacen("\"mitigation\":[", &format!("\"mitigation\":[{deep},"), 1);
    assert_says(
        refused(|draft| draft.put("activity.json", json.clone().into_bytes())),
        &["Malformed: activity.json", "at most 32 levels"],
    );
    // Postcard's way to write the same: one quotation in another, without end.
    let mut bytes = postcard::to_allocvec(&activity).expect("bytes");
    bytes.splice(40..40, [4u8, 1].repeat(1_000_000));
    assert_says(refused(|draft| draft.put("activity.bin", bytes.clone())), &["Differs: activity.bin"]);
}

#[test]
fn every_byte_of_an_archive_counts() {
    let draft = Draft::new();
    let bytes = draft.archive();
    let digest = examine_archive(bytes.as_slice()).pack.expect("a pack").content.digest();
    let mut same = 0;
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        let examination = examine_archive(changed.as_slice());
        match examination.pack {
            Some(pack) => {
                assert_eq!(pack.content.digest(), digest, "byte {at}");
                same += 1;
            }
            None => assert!(!examination.problems.is_empty(), "byte {at}"),
        }
    }
    // Only the key's name and the signature can change without the digest.
    assert!(same > 0 && same < 200, "{same} changes were not noticed without a key");
}

#[test]
fn a_changed_signature_is_noticed_with_the_key() {
    let signer = signer();
    let text = signer.sign(MANIFEST_TYP, b"{}").expect("a signature");
    for at in 0..text.len() {
        let mut changed = text.clone().into_bytes();
        changed[at] ^= 1;
        let accepted = String::from_utf8(changed)
            .ok()
            .and_then(|text| Compact::parse(&text, MANIFEST_TYP).ok())
            .is_some_and(|document| {
                document.kid == signer.public().thumbprint() && verifies(&signer.public(), &document)
            });
        assert!(!accepted, "byte {at}");
    }
}

#[test]
fn a_catalogue_lists_what_is_whole_and_signed_alike() {
    let root = tempfile::tempdir().expect("a folder");
    let packs = root.path().join("packs");
    let (mut activity, media) = small();
    let (signer, stranger) = (signer(), signer());
    let mut write = |version: &str, signer: &Signer| {
        activity.version = version.to_owned();
        let pack = Assembled::new(&activity, &media).expect("a pack");
        let signed = signer.sign(MANIFEST_TYP, &pack.payload).expect("a signature");
        write_folder(&packs, &signed, &pack, Collision::Refuse).expect("a pack")
    };
    let at = enduring_core::measure::Timestamp(1_700_000_000_000);
    let list = |provider: Option<&str>| {
        collect(&packs, root.path(), &signer.public(), provider.map(ToOwned::to_owned), at)
    };
    assert!(matches!(list(None), Err(CatalogueError::File { .. })));
    fs::create_dir(&packs).expect("a folder");
    assert!(matches!(list(None), Err(CatalogueError::Count { found: 0, .. })));
    write("2.0.0", &signer);
    write("1.0.0", &signer);
    let catalogue = list(None).expect("a catalogue");
    let urls: Vec<&str> = catalogue.packs.iter().map(|pack| pack.url.as_str()).collect();
    assert_eq!(urls, ["packs/starter/1.0.0/", "packs/starter/2.0.0/"]);
    assert_eq!(catalogue.provider, "Example Society");
    // What a player fetches: everything in the folder but the model for other programs.
    let fetched = |folder: &Path| -> u64 {
        let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry"));
        let sizes = entries.filter(|entry| entry.file_name() != "activity.json").map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                fs::read_dir(path)
                    .expect("media")
                    .map(|file| file.expect("a file").metadata().expect("a length").len())
                    .sum()
            } else {
                entry.metadata().expect("a length").len()
            }
        });
        sizes.sum()
    };
    assert_eq!(catalogue.packs[0].size, fetched(&packs.join("starter/1.0.0")));
    assert_eq!(list(Some("Another")).expect("a catalogue").provider, "Another");
    let outside = collect(root.path(), &packs, &signer.public(), None, at);
    assert!(matches!(outside, Err(CatalogueError::Outside { .. })));
    let strange = write("3.0.0", &stranger);
    assert!(matches!(list(None), Err(CatalogueError::Signer { .. })));
    fs::rename(&strange, packs.join("starter/9.0.0")).expect("moved");
    fs::write(packs.join("starter/9.0.0/activity.bin"), "x").expect("a file");
    assert!(matches!(list(None), Err(CatalogueError::Pack { .. })));
    fs::remove_dir_all(packs.join("starter/9.0.0")).expect("gone");
    fs::rename(packs.join("starter/2.0.0"), packs.join("starter/4.0.0")).expect("moved");
    assert!(matches!(list(None), Err(CatalogueError::Place { .. })));
}

#[test]
fn the_page_of_the_format_is_true() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("../docs/formats/pack.md")).expect("the page");
    let block = header("activity.bin", 1_234);
    let field = |from: usize, to: usize| String::from_utf8_lossy(&block[from..to]).into_owned();
    let mut said = vec![
        field(124, 135),
        field(148, 154),
        MANIFEST_FORMAT.to_owned(),
        MANIFEST_TYP.to_owned(),
        CATALOGUE_FORMAT.to_owned(),
        CATALOGUE_TYP.to_owned(),
        MANIFEST_MAX.to_string(),
        FILES_MAX.to_string(),
        ACTIVITY_MAX.to_string(),
        PACK_MAX.to_string(),
        IMAGE_MAX.to_string(),
        PATH_MAX.to_string(),
    ];
    let endings = ["activity.bin", "a.txt", "a.json", "a.svg", "a.png", "a.jpg", "a.jpeg", "a.webp"];
    said.extend(endings.iter().filter_map(|name| media_type(name)).map(ToOwned::to_owned));
    let errors = fs::read_to_string(root.join("src/pack/error.rs")).expect("the errors");
    let variant = |line: &str| {
        let name = line.strip_prefix("    ")?.split([' ', '(']).next()?.to_owned();
        name.starts_with(|c: char| c.is_ascii_uppercase()).then(|| format!("`{name}`"))
    };
    said.extend(errors.lines().filter_map(variant));
    // The example key of RFC 7515 appendix A.3.
    let key = KeySet::parse(
        r#"{"keys":[{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","kid":"oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U"}]}"#,
    );
    assert_eq!(key.map(|set| set.warnings).ok(), Some(Vec::new()));
    said.push("oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U".to_owned());
    assert!(said.len() > 30);
    let missing: Vec<&String> = said.iter().filter(|word| !page.contains(*word)).collect();
    assert!(missing.is_empty(), "expected on the page: {missing:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let examination = examine_archive(bytes.as_slice());
        prop_assert!(examination.pack.is_none() && !examination.problems.is_empty());
    }

    #[test]
    fn a_header_says_its_name_and_length(length in 0u64..8_000_000_000, name in "[a-z0-9._-]{1,100}") {
        let block = header(&name, length);
        let read = std::str::from_utf8(&block[124..135]).ok().and_then(|text| u64::from_str_radix(text, 8).ok());
        prop_assert_eq!(read, Some(length));
        prop_assert!(block[..100].starts_with(name.as_bytes()));
    }
}
