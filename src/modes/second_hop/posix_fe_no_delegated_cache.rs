//! # The web server on Linux does not keep the user's credentials
//!
//! ## What it is
//! The front end is Apache with mod_auth_gssapi (or alike). It accepts the user's ticket and drops the credentials that came along, or
//! does not keep the ticket as evidence.
//!
//! ## Why the hop breaks
//! The module writes delegated credentials into a cache only where a directory is configured for them, and for constrained delegation it
//! must be told to keep the ticket. Without a cache the application has nothing to call the back end with.
//!
//! ## What shows it
//! - The configuration has no GssapiDelegCcacheDir for this location; for constrained delegation no GssapiUseS4U2Proxy.
//! - KRB5CCNAME is empty in the application's environment.
//!
//! ## What rules it out
//! - A cache with the user's tickets exists while the request runs.
//!
//! ## Fix
//! Configure the directory, private to the server's account; for constrained delegation also GssapiUseS4U2Proxy, a client keytab and
//! the server's own cache.
//!
//! ## Verify
//! KRB5CCNAME is set in the request, and `klist` on that file shows the user's tickets.
//!
//! ## Versions
//! mod_auth_gssapi as its README describes it; GssapiUseS4U2Proxy needs GssapiDelegCcacheDir. Other modules have directives of their own.
//!
//! ## Sources
//! - <https://github.com/gssapi/mod_auth_gssapi/blob/master/README>

use crate::modes::prelude::*;

/// The mode.
pub const MODE: Mode = Mode {
    id: "posix-fe-no-delegated-cache",
    hop: Hop::FrontEnd,
    basis: Basis::Documented,
    stage: Stage::Right,
    title: "{site} accepts the user's ticket, but keeps no credentials for the application.",
    says: "The web server's module is not told to store delegated credentials (or the user's ticket). The application behind it finds no credential cache and cannot call {be} as the user.",
    does_not_prove: "That the delegation itself is allowed and arrives: with a cache configured, look into it.",
    row: Row {
        prior: 1,
        hop1: "K",
        scope: "all",
        tkt: "F FO",
        model: "U C T R",
        fe: "no",
        err: "none -",
        bes: "anon svc -",
        fspn: "ok",
        usr: "n",
        ..Row::ANY
    },
    conditions: &[
        Condition::Required(test("test-front-end-keeps-credentials", &["no"])),
        Condition::Decisive(all(&[test("test-front-end-keeps-credentials", &["no"]), is(Hop1, &["K"])])),
        Condition::Supporting(test("test-front-end-keeps-credentials", &["no"])),
        Condition::Excluding(is(Fe, &["be", "fwd", "exp", "asc"])),
        Condition::Excluding(is(Err, &["7", "12", "13", "14", "41", "40b"])),
        Condition::Excluding(is(Bes, &["user"])),
        Condition::Excluding(is(Hop1, &["N", "R", "P"])),
    ],
    fixes: &[FixTemplate {
        who: Who::ServerAdmin,
        does: "Give the module a private directory for the users' credentials; with constrained delegation let it keep the ticket as well.",
        script: "AuthType GSSAPI\nGssapiCredStore keytab:/etc/httpd/http.keytab\nGssapiDelegCcacheDir /run/httpd/clientcaches\n# constrained delegation:\nGssapiUseS4U2Proxy On\nGssapiCredStore client_keytab:/etc/httpd/http.keytab\nGssapiCredStore ccache:FILE:/run/httpd/krb5ccache",
        language: Language::Text,
        undo: "Take the lines out and reload the server; delete the directory.",
        verify: "In a page of the application: print KRB5CCNAME; as the server's account: klist -c <that file>",
        expect: "The user's principal, with krbtgt or the ticket for HTTP/{site}.",
        risk: "Whoever can read that directory can act as every visitor: mode 0700, the server's account only, and have old files swept.",
    }],
};

#[cfg(test)]
mod tests {
    use crate::diagnosis::testing::status;
    use crate::report::Status::*;

    #[test]
    fn judged() {
        let id = super::MODE.id;
        assert_eq!(status(id, &["test-front-end-keeps-credentials: no\nhop1: K\n"]), Confirmed);
        assert_eq!(status(id, &["test-front-end-keeps-credentials: no\n"]), Possible);
        assert_eq!(status(id, &["hop1: K\n"]), Possible);
        assert_eq!(status(id, &["test-front-end-keeps-credentials: yes\nhop1: K\n"]), RuledOut);
        assert_eq!(status(id, &["test-front-end-keeps-credentials: no\nhop1: K\nfe: fwd\n"]), RuledOut);
        // The application finds nothing, where nothing tells the server to keep what it gets; either alone may be otherwise.
        let config = "<Location />\n  AuthType GSSAPI\n  GssapiCredStore keytab:/etc/httpd/http.keytab\n  Require valid-user\n</Location>\n";
        let log = "[Thu Oct 08 10:14:33.208190 2026] [php:notice] [pid 1] [client 10.0.0.1:2] GSSAPI Error: (No Kerberos credentials available (default cache: FILE:/tmp/krb5cc_48))\n";
        assert_eq!(status(id, &[config, log, "hop1: K\n"]), Confirmed);
        assert_eq!(status(id, &[config, "hop1: K\n"]), Possible);
        assert_eq!(status(id, &[log, "hop1: K\n"]), Possible);
        let keeps = config.replace("Require", "GssapiDelegCcacheDir /run/httpd/caches\n  Require");
        assert_eq!(status(id, &[&keeps, log, "hop1: K\n"]), RuledOut);
    }
}
