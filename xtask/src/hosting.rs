//! The headers in the words of three kinds of hosts.

use std::{fmt::Write, fs};

use anyhow::{Context, Result};

use crate::{
    headers::{EVERYWHERE, HASHED_PATTERN, IMMUTABLE, MEDIA_TYPES, REVALIDATE},
    workspace,
};

/// The documents in `docs/hosting/` and what must stand in them.
pub fn documents() -> [(&'static str, String); 3] {
    [
        ("docs/hosting/nginx.conf", nginx()),
        ("docs/hosting/Caddyfile", caddy()),
        ("docs/hosting/_headers", headers_file(&["/HASHED-NAME".to_owned()])),
    ]
}

/// Writes the documents into the checkout.
pub fn write_documents() -> Result<()> {
    for (path, text) in documents() {
        let path = workspace::root().join(path);
        fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// `_headers`, as several static hosts read it. Their patterns cannot tell a
/// hashed name from `sw.js`, and rules that overlap add up, so the hashed files
/// of a build are listed by name and nothing matches twice for one header.
pub fn headers_file(hashed: &[String]) -> String {
    let mut text = String::from(
        "# The response headers of Enduring. `cargo xtask dist` writes this file into dist/,\n\
         # with one entry for each hashed file of the build.\n/*\n",
    );
    for (name, value) in EVERYWHERE {
        let _ = writeln!(text, "  {name}: {value}");
    }
    for path in ["/", "/index.html", "/sw.js", "/boot.js", "/catalogue.jws", "/deployment.json", "/packs/*"] {
        let _ = write!(text, "{path}\n  cache-control: {REVALIDATE}\n");
    }
    for path in hashed {
        let _ = write!(text, "{path}\n  cache-control: {IMMUTABLE}\n");
    }
    for (extension, kind) in MEDIA_TYPES {
        let _ = write!(text, "/*.{extension}\n  content-type: {kind}\n");
    }
    text
}

/// `map` stands beside `server`; the headers stand in `server` itself, because a
/// `location` with a header of its own would drop all of them.
fn nginx() -> String {
    let mut text = format!(
        "# nginx 1.21 or later: put this into the http block (a file in conf.d/ is there already).\n\
         # Set server_name, the certificate and root.\n\
         map $uri $enduring_cache {{\n    default \"{REVALIDATE}\";\n    \
         \"~{HASHED_PATTERN}\" \"{IMMUTABLE}\";\n}}\n\n\
         server {{\n    listen 443 ssl;\n    server_name learn.example.org;\n    \
         ssl_certificate /etc/ssl/learn.example.org.pem;\n    \
         ssl_certificate_key /etc/ssl/learn.example.org.key;\n    \
         root /srv/enduring/dist;\n    index index.html;\n\n    \
         include mime.types;\n    types {{\n"
    );
    // mime.types has wasm, and nginx warns of a second entry.
    for (extension, kind) in MEDIA_TYPES.iter().filter(|(extension, _)| *extension != "wasm") {
        let _ = writeln!(text, "        {kind} {extension};");
    }
    text.push_str("    }\n\n    add_header cache-control $enduring_cache always;\n");
    for (name, value) in EVERYWHERE {
        let _ = writeln!(text, "    add_header {name} \"{value}\" always;");
    }
    text.push_str(
        "\n    # What cargo xtask dist compressed beforehand is sent as it is.\n    gzip_static on;\n    gzip on;\n    gzip_vary on;\n    gzip_types application/json \
         application/manifest+json application/wasm image/svg+xml text/css text/javascript \
         application/javascript;\n}\n",
    );
    text
}

/// Caddy runs `header` with a matcher before `header` without one, so that the
/// general one would win: the two values of cache-control exclude each other.
fn caddy() -> String {
    let mut text = String::from(
        "# Caddy 2.6 or later. Set the site's name and root; Caddy brings the certificate.\n\
         learn.example.org {\n    root * /srv/enduring/dist\n    encode {\n        gzip\n        match {\n",
    );
    for kind in
        ["application/json*", "application/manifest+json*", "application/wasm*", "image/svg+xml*", "text/*"]
    {
        let _ = writeln!(text, "            header content-type {kind}");
    }
    text.push_str("        }\n    }\n\n    header {\n");
    for (name, value) in EVERYWHERE {
        let _ = writeln!(text, "        {name} \"{value}\"");
    }
    let _ = write!(
        text,
        "    }}\n\n    @hashed path_regexp \"{HASHED_PATTERN}\"\n    \
         header @hashed cache-control \"{IMMUTABLE}\"\n    \
         @other not path_regexp \"{HASHED_PATTERN}\"\n    \
         header @other cache-control \"{REVALIDATE}\"\n\n"
    );
    for (extension, kind) in MEDIA_TYPES {
        let _ = write!(
            text,
            "    @{extension} path *.{extension}\n    header @{extension} content-type {kind}\n"
        );
    }
    text.push_str(
        "\n    # What cargo xtask dist compressed beforehand is sent as it is.\n    file_server {\n        precompressed br gzip\n    }\n}\n",
    );
    text
}
