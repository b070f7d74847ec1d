//! `enduring serve`: the player, its packs and the intake, in one process.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use axum::http::{HeaderValue, Uri};
use enduring_core::record::Handling;
use tokio::signal::unix::{SignalKind, signal};

use super::desk::name;
use super::{Exit, Failure, Outcome};
use crate::certificate;
use crate::desk::{Cookie, DeskSettings};
use crate::intake::{Desk, DeskPolicy, Intake, policy};
use crate::key::{KeySet, Signer, jwks};
use crate::ledger::Ledger;
use crate::serve::client::Network;
use crate::serve::{Addresses, Rates, Settings, Site, log, serve};
use crate::verify::packs::Packs;
use crate::verify::read_keys;

/// Serve the player and its packs, and take completion records into the ledger
///
/// Speaks plain HTTP: TLS is a reverse proxy's (docs/hosting/serve.md has examples).
/// Several processes may share one PostgreSQL. Prints `listening on http://ADDRESS`
/// once connections are taken; logs are JSON lines on standard error. SIGHUP takes up
/// new, re-signed and removed packs at once, which is also done every ten seconds. SIGTERM
/// and SIGINT end it once what is under way is answered, within 20 seconds.
#[derive(clap::Args)]
pub struct Args {
    /// The ledger: the path of a SQLite file, made where there is none, or postgres://…
    #[arg(long, value_name = "PATH|URL", env = "ENDURING_DATABASE", hide_env_values = true)]
    database: String,
    /// The provider's private key, which signs receipts
    #[arg(long, value_name = "PEM")]
    key: PathBuf,
    /// The provider by name, as tickets say it
    #[arg(long, value_name = "NAME", value_parser = name)]
    provider: String,
    /// Key set of keys that signed for the provider before; published with the key
    #[arg(long, value_name = "JWKS")]
    retired: Option<PathBuf>,
    /// Folder with the player, as `cargo xtask dist` makes it [default: only the intake is served]
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Folder with the packs that records name; served under /packs/ [default: packs/ of the site]
    #[arg(long, value_name = "DIR", required_unless_present = "site")]
    packs: Option<PathBuf>,
    /// Key set of the providers whose packs are trusted [default: this provider's key]
    #[arg(long, value_name = "JWKS")]
    issuers: Option<PathBuf>,
    /// What to credit at once and what a person looks at, as TOML [default: see docs/formats/intake.md]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// Take records of `enduring rehearse` as if they were a learner's
    #[arg(long)]
    accept_rehearsal: bool,
    /// How certificates look, as TOML [default: see docs/formats/certificate.md]
    #[arg(long, value_name = "FILE")]
    certificates: Option<PathBuf>,
    /// Public address of this server, as https://learn.example.org/: for the links of tickets, for the desk's cookies, and for the lists of revoked certificates [default: the desk goes by the request's host and issues no tickets, and certificates name no list]
    #[arg(long, value_name = "URL", value_parser = public)]
    public: Option<String>,
    /// Address to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// Another origin whose pages may send records, as https://learn.example.org; may be repeated
    #[arg(long = "origin", value_name = "ORIGIN", value_parser = origin)]
    origins: Vec<HeaderValue>,
    /// Proxies whose X-Forwarded-For is believed, as 127.0.0.1 or 10.0.0.0/8; the desk's cookie is then for TLS only
    #[arg(long, value_name = "ADDRESS", num_args = 1..)]
    behind_proxy: Vec<Network>,
    /// Requests to the intake that one address may make in a minute, a fifth of them at once
    #[arg(long, value_name = "NUMBER", default_value = "300")]
    rate_address: NonZeroU32,
    /// Records that one device may send in a minute
    #[arg(long, value_name = "NUMBER", default_value = "20")]
    rate_key: NonZeroU32,
    /// Put the addresses of clients into the log
    #[arg(long)]
    log_addresses: bool,
}

fn origin(text: &str) -> Result<HeaderValue, String> {
    let expected = || format!("expected an origin as https://learn.example.org, found {text:?}");
    let uri: Uri = text.parse().map_err(|_| expected())?;
    let whole = uri.scheme_str().zip(uri.authority()).map(|(scheme, at)| format!("{scheme}://{at}"));
    if !matches!(uri.scheme_str(), Some("https" | "http")) || whole.as_deref() != Some(text) {
        return Err(expected());
    }
    HeaderValue::from_str(text).map_err(|_| expected())
}

/// An address without a path: cookies and the player are at the root.
fn public(text: &str) -> Result<String, String> {
    origin(text.trim_end_matches('/')).map(|_| format!("{}/", text.trim_end_matches('/')))
}

/// Runs the command.
///
/// # Errors
/// When keys, packs, the site or the database cannot be used, or the address cannot be had.
pub fn run(args: &Args) -> Outcome {
    log::start();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(start(args))
}

async fn start(args: &Args) -> Outcome {
    let ledger = Ledger::open(&args.database).await?;
    let intake = Intake::open(desk(args, ledger.clone())?);
    let site = Site::open(args.site.clone(), args.packs.clone(), intake.keys())?;
    if args.public.is_none() {
        tracing::warn!(
            "without --public the desk issues no tickets, and certificates name no list of those revoked"
        );
    }
    let settings = Settings {
        origins: args.origins.clone(),
        proxies: args.behind_proxy.clone(),
        rates: Rates { address: args.rate_address, key: args.rate_key },
        log: if args.log_addresses { Addresses::Told } else { Addresses::Untold },
        desk: desk_settings(args),
    };
    let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let stop = async move {
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    };
    serve(args.listen, settings, intake, site, announce, stop)
        .await
        .map_err(|error| format!("{}: {error}", args.listen))?;
    ledger.database().close().await;
    Ok(Exit::Fine)
}

/// The desk's cookie needs TLS, but for trying it out on one's own machine.
fn desk_settings(args: &Args) -> DeskSettings {
    let by_tls = args.public.as_ref().map(|public| public.starts_with("https://"));
    let is_proxied = !args.behind_proxy.is_empty();
    let is_secure = is_proxied || by_tls.unwrap_or(!args.listen.ip().is_loopback());
    DeskSettings {
        cookie: if is_secure { Cookie::Secure } else { Cookie::Plain },
        origin: args.public.as_ref().map(|public| public.trim_end_matches('/').to_owned()),
        player: args.public.clone(),
    }
}

/// What the intake is made of, besides the ledger.
fn desk(args: &Args, ledger: Ledger) -> Result<Desk, Failure> {
    let signer = Signer::read(&args.key)?;
    let issuers = match &args.issuers {
        Some(path) => read_keys(path)?,
        None => KeySet::parse(&jwks(&[signer.public()])?)?,
    };
    let folder = args.packs.clone().or_else(|| args.site.as_ref().map(|site| site.join("packs")));
    let folder = folder.ok_or("expected --site or --packs, found neither")?;
    let (packs, problems) =
        Packs::list(&folder, issuers).map_err(|error| format!("{}: {error}", folder.display()))?;
    for problem in problems {
        tracing::warn!(problem, "pack not used");
    }
    if packs.is_empty() {
        tracing::warn!(folder = %folder.display(), "no packs there, so no record can be replayed");
    }
    let retired = args.retired.as_deref().map(read_keys).transpose()?.unwrap_or_default();
    Ok(Desk {
        ledger,
        packs,
        signer,
        retired: retired.keys().copied().collect(),
        provider: args.provider.clone(),
        policy: args.policy.as_deref().map_or_else(|| Ok(DeskPolicy::default()), policy::read)?,
        certificates: match &args.certificates {
            Some(path) => certificate::Settings::read(path)?,
            None => certificate::Settings::default(),
        },
        address: args.public.as_ref().map(|public| format!("{public}api/")),
        rehearsals: if args.accept_rehearsal { Handling::Accept } else { Handling::Review },
    })
}

/// The mark that those who start the process wait for.
fn announce(address: SocketAddr) {
    let mut out = io::stdout();
    // Who does not read it does not need it.
    let _ = writeln!(out, "listening on http://{address}").and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn the_cookie_is_for_tls_only_where_there_may_be_tls() {
        let settings = |more: &str| {
            let line = format!("serve --database l --key k --provider S --packs p {more}");
            let line = <Line as clap::Parser>::try_parse_from(line.split_whitespace()).expect("arguments");
            desk_settings(&line.args)
        };
        for (more, cookie) in [
            ("", Cookie::Plain),
            ("--public http://127.0.0.1:8480", Cookie::Plain),
            ("--public https://learn.example.org/", Cookie::Secure),
            ("--behind-proxy 127.0.0.1", Cookie::Secure),
            ("--behind-proxy 127.0.0.1 --public https://learn.example.org", Cookie::Secure),
            ("--listen 0.0.0.0:8480", Cookie::Secure),
        ] {
            assert_eq!(settings(more).cookie, cookie, "{more}");
        }
        assert_eq!(settings("").player, None);
        let public = settings("--public https://learn.example.org");
        assert_eq!(public.player.as_deref(), Some("https://learn.example.org/"));
    }

    #[test]
    fn an_origin_is_exact() {
        for good in ["https://learn.example.org", "http://localhost:8080"] {
            assert!(origin(good).is_ok(), "{good}");
        }
        for bad in [
            "*",
            "null",
            "learn.example.org",
            "https://learn.example.org/",
            "ftp://x.example",
            "https://x.example/a",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
