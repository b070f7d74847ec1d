//! Judges that we did not write: PyJWT, hashlib and tarfile check a pack by its
//! published format.

mod python;

use std::path::Path;
use std::process::{Command, Output};

use self::python::python;

fn enduring(place: &Path, arguments: &str) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_enduring"))
        .args(arguments.split(' '))
        .current_dir(place)
        .output()
        .expect("the command runs");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn a_pack_is_what_its_format_says() {
    let Some(python) = python() else {
        eprintln!("not judged: `cargo xtask setup` makes the Python environment");
        return;
    };
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    enduring(place, "new demo");
    enduring(place, "key new --out key.pem");
    let jwks = enduring(place, "key show key.pem").stdout;
    std::fs::write(place.join("issuers.json"), jwks).expect("a file");
    let built = enduring(place, "build demo --key key.pem --out packs --archive");
    let judged = Command::new(python)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge_pack.py"))
        .args(["packs/demo/1.0.0", "packs/demo-1.0.0.enduring", "issuers.json"])
        .current_dir(place)
        .output()
        .expect("Python runs");
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    let digest = String::from_utf8_lossy(&judged.stdout).trim().to_owned();
    assert!(String::from_utf8_lossy(&built.stdout).contains(&format!("digest  {digest}")), "{digest}");
}

#[test]
fn a_key_that_openssl_made_is_a_key() {
    let place = tempfile::tempdir().expect("a folder");
    let place = place.path();
    let made = Command::new("openssl")
        .args(["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "key.pem"])
        .current_dir(place)
        .output()
        .expect("openssl runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(String::from_utf8_lossy(&enduring(place, "key show key.pem").stdout).contains("\"P-256\""));
    enduring(place, "key new --out ours.pem");
    let read = Command::new("openssl")
        .args(["pkey", "-in", "ours.pem", "-noout", "-text"])
        .current_dir(place)
        .output()
        .expect("openssl runs");
    assert!(String::from_utf8_lossy(&read.stdout).contains("NIST CURVE: P-256"));
}
