//! Summaries of how machines and domains are set up: trusts, IIS, DNS, devices, clocks, attribute changes.

use super::{count, few, joined, unique};
use crate::facts::{At, ClockReading, Device, DnsAnswer, IisAuthentication, Statement, Trust};

fn set(flag: &Option<At<bool>>) -> bool {
    flag.as_ref().is_some_and(|f| f.value)
}

pub(super) fn trusts(says: &[&Statement]) -> Option<String> {
    let line = |t: &Trust| {
        let name = |r: &Option<crate::vocabulary::names::Realm>| r.as_ref().map(ToString::to_string);
        let names = [name(&t.from), name(&t.to)].into_iter().flatten().collect::<Vec<_>>().join(" and ");
        let direction = t.direction.as_ref().map(|d| match d.value.as_str() {
            "both" => "two-way".to_owned(),
            other => other.to_owned(),
        });
        let bits = t.attributes.as_ref().map(|a| format!("attributes {:#x}", a.value));
        let kind = match (set(&t.within_forest), set(&t.forest_transitive)) {
            (true, _) => Some("within one forest".to_owned()),
            (_, true) => Some("forest trust".to_owned()),
            _ => None,
        };
        let told: Vec<String> = [direction, kind, bits].into_iter().flatten().collect();
        if told.is_empty() { format!("trust of {names}") } else { format!("trust of {names}: {}", told.join(", ")) }
    };
    joined(of!(says, Statement::Trust).iter().map(|t| line(t)))
}

pub(super) fn iis(says: &[&Statement]) -> Option<String> {
    let line = |i: &IisAuthentication| {
        let told = |flag: &Option<At<bool>>, on: &str, off: &str| {
            flag.as_ref().map(|f| if f.value { on } else { off }.to_owned())
        };
        let parts: Vec<String> = [
            i.path.clone(),
            told(&i.windows, "Windows authentication on", "Windows authentication off"),
            told(&i.anonymous, "anonymous on", "anonymous off"),
            told(&i.kernel_mode, "kernel mode on", "kernel mode off"),
            told(&i.app_pool_credentials, "decrypts with the pool's account", "decrypts with the computer's account")
                .filter(|_| i.kernel_mode.as_ref().is_none_or(|k| k.value)),
            told(&i.impersonate, "ASP.NET impersonates", "ASP.NET does not impersonate"),
            i.providers.as_ref().map(|p| format!("providers {}", p.value.join(", "))),
            i.token_checking.as_ref().map(|t| format!("extended protection {}", t.value)),
            i.pool_identity_type.as_ref().map(|t| format!("pool runs as {}", t.value)),
            i.pool_user.as_ref().map(|u| u.value.to_string()),
            i.report_server_types.as_ref().map(|t| format!("Reporting Services: {}", t.value.join(", "))),
        ]
        .into_iter()
        .flatten()
        .collect();
        parts.join(", ")
    };
    joined(of!(says, Statement::IisAuthentication).iter().map(|i| line(i)))
}

pub(super) fn names(says: &[&Statement]) -> Option<String> {
    let line = |a: &DnsAnswer| {
        let asked = a.asked.as_ref().map_or("a name".to_owned(), ToString::to_string);
        match (&a.canonical, a.missing) {
            (_, true) => format!("{asked}: no such name"),
            (Some(to), _) => format!("{asked} is an alias of {to}"),
            (None, _) => format!("{asked}: {}", few(&a.addresses)),
        }
    };
    joined(of!(says, Statement::DnsAnswer).iter().map(|a| line(a)))
}

pub(super) fn devices(says: &[&Statement]) -> Option<String> {
    let line = |d: &Device| {
        let told = |flag: &Option<At<bool>>, on: &str, off: &str| {
            flag.as_ref().map(|f| if f.value { on } else { off }.to_owned())
        };
        let parts: Vec<String> = [
            d.user.as_ref().map(|u| u.value.to_string()),
            told(&d.domain_joined, "joined to a domain", "not joined to a domain"),
            told(&d.entra_joined, "joined to Entra ID", "not joined to Entra ID"),
            told(&d.on_prem_tgt, "has an on-premises TGT", "has no on-premises TGT"),
            told(&d.credential_guard, "Credential Guard runs", "Credential Guard does not run"),
            told(&d.protected_user, "in Protected Users", "not in Protected Users"),
        ]
        .into_iter()
        .flatten()
        .collect();
        parts.join(", ")
    };
    joined(of!(says, Statement::Device).iter().map(|d| line(d)).filter(|l| !l.is_empty()))
}

pub(super) fn clocks(says: &[&Statement]) -> Option<String> {
    let line = |c: &ClockReading| {
        let other = c.against.as_ref().map(ToString::to_string).or_else(|| c.source.clone());
        let other = other.unwrap_or_else(|| "the other clock".to_owned());
        match c.offset_millis {
            Some(millis) => {
                let (seconds, part) = (millis.saturating_abs() / 1000, millis.saturating_abs() % 1000);
                let side = if millis < 0 { "behind" } else { "ahead" };
                format!("{other} is {seconds}.{part:03} s {side}")
            }
            None => format!("time from {other}"),
        }
    };
    joined(of!(says, Statement::ClockReading).iter().map(|c| line(c)))
}

pub(super) fn changes(says: &[&Statement]) -> Option<String> {
    let all = of!(says, Statement::AttributeChange);
    let latest = all.iter().filter_map(|c| Some((c.time.as_ref()?.text.clone(), c.attribute.clone()))).max();
    let last = latest.map(|(time, name)| format!("last change of {name} at {time}"));
    let names = unique(all.iter().map(|c| c.attribute.clone()));
    (!names.is_empty())
        .then(|| format!("{}; {}", count(names.len(), "attribute", "attributes"), last.unwrap_or_else(|| few(&names))))
}

#[cfg(test)]
mod tests {
    use crate::ingest::Intake;

    #[test]
    fn one_line_each() {
        for (text, want) in [
            (
                "    0: PARTNER partner.com (NT 5) (Direct Outbound) ( Attr: foresttrans )\n    1: CONTOSO contoso.com (NT 5) (Primary Domain)\n",
                "trust of contoso.com and partner.com: outbound, forest trust, attributes 0x8",
            ),
            (
                "<windowsAuthentication enabled=\"true\" useAppPoolCredentials=\"true\" />\n",
                "Windows authentication on, decrypts with the pool's account",
            ),
            (
                "intranet.contoso.com is an alias for web01.contoso.com.\n",
                "intranet.contoso.com is an alias of web01.contoso.com",
            ),
            ("AzureAdJoined : YES\nDomainJoined : NO\n", "not joined to a domain, joined to Entra ID"),
            ("Tracking dc01 [10.0.0.1:123].\n10:00:00, -00.0012345s\n", "dc01 is 0.001 s behind"),
            ("Tracking dc01 [10.0.0.1:123].\n10:00:00, +427.1234567s\n", "dc01 is 427.123 s ahead"),
            (
                " 23456    Site\\DC02     23450 2026-11-18 10:05:07    4 msDS-AllowedToDelegateTo\n",
                "1 attribute; last change of msDS-AllowedToDelegateTo at 2026-11-18 10:05:07",
            ),
        ] {
            let mut intake = Intake::new("paste 1");
            intake.push(text.as_bytes());
            let got: Vec<String> = intake.finish().artefacts.iter().map(crate::artefacts::summary).collect();
            assert_eq!(got, [want]);
        }
    }
}
