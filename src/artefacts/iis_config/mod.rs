//! Reads IIS configuration: web.config and applicationHost.config, whole or as a snippet, `appcmd list config`,
//! application pools, and Reporting Services' rsreportserver.config.
//!
//! The text need not be well formed: people annotate it, cut it, and lose letter case. Passwords are never looked at.

mod settings;
mod tags;

use self::settings::Settings;
use self::tags::{Tag, tags};
use super::kind::Kind;
use super::{Anchor, KindReader, Reading, console, words};
use crate::facts::{At, IisAuthentication, Place, Statement};
use crate::ingest::lines::Line;
use crate::vocabulary::names::AccountName;

/// This kind.
pub const READER: KindReader = KindReader { kind: Kind::IisConfig, anchor, json: None, read };

/// Elements that nothing else has; lower case.
const TELLING: [&str; 19] = [
    "windowsauthentication",
    "anonymousauthentication",
    "basicauthentication",
    "system.webserver",
    "system.web",
    "system.applicationhost",
    "applicationpools",
    "applicationpooldefaults",
    "processmodel",
    "extendedprotection",
    "providers",
    "authenticationtypes",
    "rswindowsntlm",
    "rswindowsnegotiate",
    "rswindowskerberos",
    "aspnetcore",
    "identity",
    "location",
    "section.name",
];

fn anchor(line: &str, current: Option<Kind>) -> Option<Anchor> {
    let open = current == Some(Kind::IisConfig);
    if let Some(command) = console::after_prompt(line) {
        let lower = command.to_ascii_lowercase();
        let ours =
            lower.contains("appcmd") || lower.contains("get-webconfiguration") || lower.contains("iis:\\apppools");
        return ours.then(|| Anchor::belongs("a command that prints IIS configuration")).flatten();
    }
    let trimmed = line.trim();
    if let Some((at, _)) = trimmed.match_indices('<').next() {
        let name = tags::name_at(trimmed, at).unwrap_or_default();
        let ours =
            TELLING.contains(&name.as_str()) && (name != "location" && name != "identity" || trimmed.contains('='));
        if ours {
            return Anchor::belongs("elements of IIS configuration");
        }
        let foreign = ["event", "failedrequest", "eventdata", "html", "pre"].contains(&name.as_str());
        if open && !foreign || name == "configuration" && at == 0 {
            return Anchor::belongs("an element of a configuration file");
        }
        return None;
    }
    if settings::anchor(trimmed) {
        return Anchor::belongs("a setting of IIS");
    }
    let continues = open && (trimmed.contains("=\"") || trimmed.ends_with('>'));
    continues.then(|| Anchor::belongs("attributes of a configuration element")).flatten()
}

fn read(lines: &[Line]) -> Reading {
    let mut reading = Reading::default();
    let mut settings = Settings::default();
    // `appcmd list config "Default Web Site/app"` says of what.
    settings.enter(lines.iter().find_map(|l| command_path(&l.text)));
    let tags = tags(lines);
    for tag in &tags {
        one(tag, &mut settings);
    }
    settings.forget_open_lists(&mut reading);
    settings::plain(lines, &mut settings);
    let any = settings.finish(&mut reading);
    if !any && let Some(line) = lines.first() {
        reading.problem(
            line.number,
            "No authentication setting is shown here. Paste the element windowsAuthentication of applicationHost.config or web.config.",
        );
    }
    reading
}

/// The path of `appcmd list config "Site/app"`, `Get-WebConfiguration … -Location 'Site/app'`.
fn command_path(line: &str) -> Option<String> {
    let command = console::after_prompt(line)?;
    let rest = words::after(command, "list config")
        .or_else(|| words::after(command, "-location "))
        .filter(|r| !r.trim_start().starts_with(['-', '/']))?;
    let rest = rest.trim_start();
    let path = match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split(['"', '\'']).next()?,
        None => rest.split_whitespace().next()?,
    };
    (!path.is_empty()).then(|| words::quoted(path))
}

fn one(tag: &Tag, settings: &mut Settings) {
    let flag = |name: &str| tag.get(name).and_then(as_bool).map(|b| At::new(b, tag.lit(name)));
    match (tag.name.as_str(), tag.closes) {
        ("location", true) => settings.enter(None),
        ("location", false) => settings.enter(tag.get("path").filter(|p| !p.is_empty()).map(words::quoted)),
        ("site" | "virtualdirectory", false) => settings.site = tag.get("name").map(words::quoted),
        ("application", false) => {
            if let (Some(site), Some(pool)) = (&settings.site, tag.get("applicationpool")) {
                let path = tag.get("path").unwrap_or("/").trim_end_matches('/');
                let path = format!("{site}{path}");
                settings.pools.push((words::quoted(pool), path));
            }
        }
        ("applicationpooldefaults", closes) => settings.pool = (!closes).then(String::new),
        // Inside of applicationPools an `add` with a name begins a pool.
        ("add", false) if tag.get("name").is_some() && tag.get("value").is_none() && tag.get("type").is_none() => {
            settings.pool = tag.get("name").map(words::quoted);
        }
        ("processmodel", false) => settings.process_model(tag),
        ("windowsauthentication", closes) => {
            settings.inside_windows = !closes && !tag.empty;
            if closes {
                return;
            }
            settings.here(tag.place(), |iis| {
                iis.windows = flag("enabled").or(iis.windows.take());
                iis.kernel_mode = flag("usekernelmode").or(iis.kernel_mode.take());
                iis.app_pool_credentials = flag("useapppoolcredentials").or(iis.app_pool_credentials.take());
                iis.auth_persist_non_ntlm = flag("authpersistnonntlm").or(iis.auth_persist_non_ntlm.take());
            });
        }
        ("anonymousauthentication", false) => {
            settings.here(tag.place(), |iis| iis.anonymous = flag("enabled").or(iis.anonymous.take()));
        }
        ("clear", false) if settings.inside_providers => provider(tag, settings, None),
        ("providers", closes) => settings.inside_providers = !closes && !tag.empty,
        ("authenticationtypes", closes) => settings.inside_types = !closes && !tag.empty,
        ("add", false) if tag.get("value").is_some() => provider(tag, settings, tag.get("value")),
        ("remove", false) if settings.inside_providers => {
            if let Some(gone) = tag.get("value") {
                settings.here(tag.place(), |iis| {
                    if let Some(list) = &mut iis.providers {
                        list.value.retain(|p| !p.eq_ignore_ascii_case(gone));
                    }
                });
            }
        }
        ("extendedprotection", false) => {
            let checking = tag.get("tokenchecking").map(|v| At::new(v.to_owned(), tag.lit("tokenchecking")));
            settings.here(tag.place(), |iis| iis.token_checking = checking.or(iis.token_checking.take()));
        }
        ("identity", false) => {
            settings.here(tag.place(), |iis| iis.impersonate = flag("impersonate").or(iis.impersonate.take()));
        }
        (name, false) if report_server_type(name) => {
            let place = tag.place().lit([tag.written.clone()]);
            settings.here(tag.place(), |iis| match &mut iis.report_server_types {
                Some(types) => {
                    types.value.push(tag.written.clone());
                    types.place = types.place.to(&place);
                }
                None => iis.report_server_types = Some(At::new(vec![tag.written.clone()], place)),
            });
        }
        _ => {}
    }
}

/// `<add value="Negotiate" />`: only the providers that authenticate; `appSettings` have values, too.
fn provider(tag: &Tag, settings: &mut Settings, value: Option<&str>) {
    let ours = value.is_none_or(|v| ["negotiate", "ntlm", "kerberos"].iter().any(|p| v.to_lowercase().starts_with(p)));
    if !ours || value.is_some() && tag.get("key").is_some() {
        return;
    }
    let place = tag.place().lit(value.map(str::to_owned));
    settings.here(tag.place(), |iis| match (&mut iis.providers, value) {
        (Some(list), Some(value)) => {
            list.value.push(value.to_owned());
            list.place = list.place.to(&place);
        }
        (list, value) => *list = Some(At::new(value.into_iter().map(str::to_owned).collect(), place)),
    });
}

/// rsreportserver.config's `<RSWindowsNegotiate/>`.
fn report_server_type(name: &str) -> bool {
    name.starts_with("rswindows") && !name.contains("protection")
}

/// `true`, `True`, `1`.
fn as_bool(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" => Some(true),
        "false" | "0" | "no" => Some(false),
        _ => None,
    }
}

fn add(reading: &mut Reading, place: Place, iis: IisAuthentication) {
    reading.fact(place, Statement::IisAuthentication(Box::new(iis)));
}

fn account(text: &str) -> Option<AccountName> {
    AccountName::parse(text)
}

#[cfg(test)]
mod tests;
