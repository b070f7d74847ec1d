//! The server as a browser meets it, over a bare socket.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    time::{Duration, Instant},
};

use xtask::{
    headers,
    serve::{Fault, Server},
};

/// A folder of files that is removed afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &[u8])]) -> Self {
        let dir = std::env::temp_dir().join(format!("serve-{name}-{}", std::process::id()));
        for (file, bytes) in files {
            let path = dir.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self(dir)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).unwrap();
    }
}

struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn status(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

fn get(address: SocketAddr, path: &str, extra: &str) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{extra}\r\n").unwrap();
    let mut bytes = Vec::new();
    // A cut answer ends with a reset.
    let _ = stream.read_to_end(&mut bytes);
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    Answer { head, body: bytes[end + 4..].to_vec() }
}

const PAGE: &[u8] = b"<p>page</p>";

#[test]
fn every_answer_has_the_headers_and_the_right_type() {
    let files: &[(&str, &[u8])] = &[
        ("index.html", PAGE),
        ("app-e215bc21a9ee0e85_bg.wasm", b"\0asm"),
        ("packs/a/1.0.0/manifest.jws", b"e.e.e"),
    ];
    let folder = Folder::new("headers", files);
    let server = Server::on_loopback(&folder.0, 0).unwrap();
    let expected = [
        ("/", "200", "text/html", headers::REVALIDATE),
        ("/app-e215bc21a9ee0e85_bg.wasm", "200", "application/wasm", headers::IMMUTABLE),
        ("/packs/a/1.0.0/manifest.jws", "200", "application/jose", headers::REVALIDATE),
        ("/absent", "404", "", headers::REVALIDATE),
        ("/..%2f..%2fetc/passwd", "404", "", headers::REVALIDATE),
    ];
    for (path, status, kind, cache) in expected {
        let answer = get(server.address(), path, "");
        assert_eq!(answer.status(), status, "{path}");
        assert!(answer.header("content-type").unwrap_or_default().starts_with(kind), "{path}");
        assert_eq!(answer.header("cache-control"), Some(cache), "{path}");
        for (name, value) in headers::EVERYWHERE {
            assert_eq!(answer.header(name), Some(*value), "{path}");
        }
    }
}

#[test]
fn part_of_a_file_can_be_asked_for() {
    let folder = Folder::new("range", &[("packs/a/1.0.0/media/film.mp4", b"0123456789")]);
    let server = Server::on_loopback(&folder.0, 0).unwrap();
    let answer = get(server.address(), "/packs/a/1.0.0/media/film.mp4", "range: bytes=3-5\r\n");
    assert_eq!((answer.status(), &answer.body[..]), ("206", &b"345"[..]));
    assert_eq!(answer.header("content-range"), Some("bytes 3-5/10"));
}

#[test]
fn the_compressed_copy_that_the_browser_takes_is_sent() {
    let copies: [(&str, &[u8]); 4] =
        [("a.js", b"plain"), ("a.js.br", b"brotli"), ("a.js.gz", b"gzip"), ("b.js", b"alone")];
    let folder = Folder::new("coding", &copies);
    let server = Server::on_loopback(&folder.0, 0).unwrap();
    let asked =
        |path: &str, accepted: &str| get(server.address(), path, &format!("accept-encoding: {accepted}\r\n"));
    for (accepted, coding, body) in
        [("gzip, br", Some("br"), "brotli"), ("gzip", Some("gzip"), "gzip"), ("zstd", None, "plain")]
    {
        let answer = asked("/a.js", accepted);
        assert_eq!(answer.header("content-encoding"), coding, "{accepted}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"), "{accepted}");
        assert_eq!(answer.header("content-type"), Some("text/javascript"), "{accepted}");
        assert_eq!(answer.body, body.as_bytes(), "{accepted}");
    }
    let answer = asked("/b.js", "gzip, br");
    assert_eq!((answer.header("content-encoding"), answer.body.as_slice()), (None, b"alone".as_slice()));
}

#[test]
fn a_stopped_server_is_gone_and_comes_back_on_its_port_with_its_log() {
    let folder = Folder::new("stop", &[("index.html", PAGE)]);
    let mut server = Server::on_loopback(&folder.0, 0).unwrap();
    let address = server.address();
    assert_eq!(get(address, "/?a=1", "").status(), "200");
    // A connection that the browser keeps open ends too.
    let mut kept = TcpStream::connect(address).unwrap();
    server.stop();
    assert_eq!(kept.read(&mut [0]).unwrap_or(0), 0);
    assert!(TcpStream::connect(address).is_err());
    server.restart().unwrap();
    assert_eq!(server.address(), address);
    assert_eq!(get(address, "/absent", "").status(), "404");
    let seen: Vec<_> = server.requests().into_iter().map(|r| (r.path, r.status)).collect();
    assert_eq!(seen, [("/?a=1".to_owned(), Some(200)), ("/absent".to_owned(), Some(404))]);
    server.forget_requests();
    assert!(server.requests().is_empty());
}

#[test]
fn faults_happen_only_where_they_are_injected() {
    let folder = Folder::new("faults", &[("a.bin", b"0123456789"), ("index.html", PAGE)]);
    let server = Server::on_loopback(&folder.0, 0).unwrap();
    let ask = |fault: Fault| {
        server.inject(move |request| (request.path == "/a.bin").then(|| fault.clone()));
        get(server.address(), "/a.bin", "")
    };
    assert_eq!(ask(Fault::Status(503)).status(), "503");
    let portal = ask(Fault::Instead { media_type: "text/html", body: b"<p>pay".to_vec() });
    assert_eq!((portal.status(), &portal.body[..]), ("200", &b"<p>pay"[..]));
    let cut = ask(Fault::CutAfter(4));
    assert_eq!((cut.header("content-length"), &cut.body[..]), (Some("10"), &b"0123"[..]));
    let start = Instant::now();
    assert_eq!(ask(Fault::Delay(Duration::from_millis(200))).body, b"0123456789");
    assert!(start.elapsed() >= Duration::from_millis(200));
    assert_eq!(get(server.address(), "/", "").body, PAGE);
    server.heal();
    assert_eq!(get(server.address(), "/a.bin", "").body, b"0123456789");
}

#[test]
fn another_folder_can_be_deployed() {
    let old = Folder::new("old", &[("index.html", b"old")]);
    let new = Folder::new("new", &[("index.html", b"new")]);
    let server = Server::on_loopback(&old.0, 0).unwrap();
    assert_eq!(get(server.address(), "/", "").body, b"old");
    server.deploy(&new.0);
    assert_eq!(get(server.address(), "/", "").body, b"new");
}
