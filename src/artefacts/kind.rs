//! The kinds of artefact, with the words of the Report's schema.

use crate::facts::Role;
use serde::{Deserialize, Serialize};

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $word:literal, $title:literal, $role:expr;)*) => {
        /// What an artefact is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Kind {
            $($(#[$doc])* #[serde(rename = $word)] $name,)*
        }
        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$name),*];
            /// The schema's word.
            pub fn word(self) -> &'static str {
                match self { $(Kind::$name => $word),* }
            }
            /// How a person calls it.
            pub fn title(self) -> &'static str {
                match self { $(Kind::$name => $title),* }
            }
            /// Where this kind is taken when its text does not say.
            pub fn usual_role(self) -> Role {
                match self { $(Kind::$name => $role),* }
            }
        }
    };
}

kinds! {
    /// Windows `klist` of one session, or `klist get`.
    Klist = "klist", "klist", Role::Unknown;
    /// Windows `klist tgt`.
    KlistTgt = "klist-tgt", "klist tgt", Role::Unknown;
    /// Windows `klist sessions`.
    KlistSessions = "klist-sessions", "klist sessions", Role::FrontEnd;
    /// MIT, Heimdal or Java klist.
    Krb5Klist = "krb5-klist", "klist (MIT, Heimdal, Java)", Role::Unknown;
    /// Rubeus listings.
    Rubeus = "rubeus", "Rubeus", Role::Unknown;
    /// `edge://net-export` JSON.
    NetExport = "net-export", "net-export", Role::Client;
    /// The NetLog viewer's text.
    NetExportText = "net-export-text", "net-export (viewer text)", Role::Client;
    /// lsass.log.
    LsassLog = "lsass-log", "lsass.log", Role::FrontEnd;
    /// A Windows event.
    Event = "event", "Windows event", Role::Unknown;
    /// `edge://policy`.
    EdgePolicy = "edge-policy", "edge://policy", Role::Client;
    /// Chrome's or Chromium's policies.
    ChromePolicy = "chrome-policy", "Chrome policy", Role::Client;
    /// A registry export or query.
    Reg = "reg", "registry", Role::Client;
    /// Directory objects.
    AdAttributes = "ad-attributes", "directory account", Role::Dc;
    /// `setspn`.
    Setspn = "setspn", "setspn", Role::Dc;
    /// Trusts.
    Trust = "trust", "trust", Role::Dc;
    /// whoami.aspx, WindowsIdentity.
    Whoami = "whoami", "whoami page", Role::FrontEnd;
    /// IIS configuration.
    IisConfig = "iis-config", "IIS configuration", Role::FrontEnd;
    /// IIS logs.
    IisLog = "iis-log", "IIS log", Role::FrontEnd;
    /// HTTP headers.
    Http = "http", "HTTP headers", Role::Client;
    /// A back end's error.
    BeError = "be-error", "back-end error", Role::BackEnd;
    /// `KRB5_TRACE`.
    Krb5Trace = "krb5-trace", "KRB5_TRACE", Role::Unknown;
    /// The log of a Samba, Heimdal or MIT KDC.
    KdcLog = "kdc-log", "KDC log (Samba, Heimdal, MIT)", Role::Dc;
    /// Apache's logs.
    ApacheLog = "apache-log", "Apache log", Role::FrontEnd;
    /// nslookup, Resolve-DnsName.
    Dns = "dns", "DNS", Role::Client;
    /// netlogon.log.
    Netlogon = "netlogon", "netlogon.log", Role::Unknown;
    /// The state of a device or session.
    Device = "device", "device and session", Role::Client;
    /// Readings of clocks.
    Clock = "clock", "clocks", Role::Unknown;
    /// When attributes were changed.
    Replication = "replication", "replication metadata", Role::Dc;
    /// What the person says.
    Answers = "answers", "answers", Role::Unknown;
    /// Not recognised.
    Unknown = "unknown", "not recognised", Role::Unknown;
}

impl Kind {
    /// Why [`Kind::usual_role`].
    pub fn usual_role_why(self) -> &'static str {
        match self.usual_role() {
            Role::Unknown => "",
            _ => "this kind is usually taken there",
        }
    }
}
