//! How to get each kind of artefact, what it tells and what it does not.

use super::kind::Kind;

/// What one has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Any user.
    User,
    /// An administrator of the server.
    ServerAdmin,
    /// Anybody who may read the directory; nothing is changed.
    Reader,
    /// An administrator of the directory, or of a domain controller.
    AdAdmin,
}

impl Needs {
    /// For a person.
    pub fn says(self) -> &'static str {
        match self {
            Needs::User => "no administrator needed",
            Needs::ServerAdmin => "administrator of the machine",
            Needs::Reader => "whoever may read the directory",
            Needs::AdAdmin => "administrator of the directory",
        }
    }
}

/// The help on one kind.
#[derive(Clone, Copy, Debug)]
pub struct KindHelp {
    /// The kind.
    pub kind: Kind,
    /// Who can get it.
    pub needs: Needs,
    /// How to get it: command or clicks.
    pub get: &'static str,
    /// What it tells.
    pub tells: &'static str,
    /// What it does not tell.
    pub does_not: &'static str,
}

use Needs::{AdAdmin, Reader, ServerAdmin, User};

/// Every kind that can be pasted.
#[rustfmt::skip]
pub const HELP: &[KindHelp] = &[
    help(Kind::Klist, User, "On the user's PC, in a prompt that is not elevated, right after loading the page: klist. On the front end, elevated: klist -li 0x<LogonId>.", "Ticket flags: whether the front end may be given the user's ticket-granting ticket, and whether Kerberos was used at all.", "That the browser asked to delegate. An elevated prompt shows another session: no ticket there proves nothing."),
    help(Kind::KlistTgt, User, "On the user's PC, not elevated: klist tgt.", "Whether the user's own ticket-granting ticket is forwardable.", "What any service got."),
    help(Kind::KlistSessions, ServerAdmin, "On the front end, elevated: klist sessions.", "Which sessions exist, and with which package the user came: Kerberos or NTLM.", "Their tickets: list those with klist -li 0x<LogonId>."),
    help(Kind::Krb5Klist, User, "On Linux or macOS: klist -f (for the flags), as the user who runs the browser.", "Flags, realm and encryption of the tickets in that cache.", "What is in another cache: a sandboxed browser or another KRB5CCNAME reads another one."),
    help(Kind::Rubeus, User, "Paste a listing that you have (klist, describe, triage) where policy allows the tool. klist tells enough in most cases.", "Flags and times of tickets.", "Whether the back end accepted anything."),
    help(Kind::NetExport, User, "Close all windows of the browser, open edge://net-export, start with the default option, load the page once, stop. Leave out cookies and credentials: a capture with them is a secret. A log of limited size that was never stopped is a folder (…inprogress): hand in constants.json and all event_file_*.json at once, or a zip archive of them. NDJSON, gzip and zip are read as well.", "The SPN that the browser asks for, whether it asks to delegate, whether it signs in silently, Kerberos or NTLM.", "What the front end does with the ticket. A site shown in IE mode is not in it. A build before 2019 tells neither SPN nor delegation; event files without constants.json tell what their parameters show by themselves."),
    help(Kind::NetExportText, User, "Open the capture in the NetLog viewer and copy the events of the site.", "The same as the capture, for the events that were copied.", "What was not copied."),
    help(Kind::LsassLog, ServerAdmin, "On the front end: switch on the logging of Kerberos in LSASS, reproduce, switch it off; the file is %SystemRoot%\\System32\\lsass.log.", "The code with which the second hop failed, often with the target.", "Anything about the browser."),
    help(Kind::Event, ServerAdmin, "Event Viewer: copy an event as text, or its XML view. Kerberos errors are in System (source Security-Kerberos) once LogLevel is 1; 4624 on the server, 4768 and 4769 on domain controllers. Set LogLevel back to 0.", "Code and SPN of a failed request; who came, at which level, with which package.", "Without auditing or LogLevel, that nothing failed: a missing event proves nothing."),
    help(Kind::EdgePolicy, User, "edge://policy, Export to JSON; or select all and copy.", "Which lists are set, where they come from, whether the browser took them.", "What the browser did with them for one site: that is in a capture."),
    help(Kind::ChromePolicy, User, "chrome://policy, Export to JSON; or select all and copy.", "Which lists are set, where they come from, whether the browser took them.", "What the browser did with them for one site: that is in a capture."),
    help(Kind::Reg, User, "reg query HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge, the same below HKCU, or an export of the key.", "Which values are written.", "That the running browser has read them: see edge://policy."),
    help(Kind::AdAttributes, Reader, "Get-ADUser (or Get-ADComputer, Get-ADServiceAccount) <name> -Properties msDS-AllowedToDelegateTo,PrincipalsAllowedToDelegateToAccount,TrustedForDelegation,TrustedToAuthForDelegation,AccountNotDelegated,ServicePrincipalNames,userAccountControl: for the front end's account, the back end's account and the user.", "Which way to delegate is set, on which account, towards what, and whether the user may be delegated.", "Which account really runs the service, and a property that the command did not ask for."),
    help(Kind::Setspn, Reader, "setspn -F -Q HTTP/<host>; setspn -F -Q <SPN of the back end>; setspn -X.", "Who owns an SPN, and duplicates.", "That the owner also runs the service."),
    help(Kind::Trust, Reader, "nltest /domain_trusts /v; Get-ADTrust -Filter * (in the user's forest).", "Direction and attribute bits: whether ticket-granting tickets may cross.", "Constrained and resource-based delegation do not use that switch. A displayed TGTDelegation was inverted before KB4519979: the bits count."),
    help(Kind::Whoami, User, "Open the site's whoami page in a fresh browser process, for the front end and for the back end.", "Who the application sees, and the impersonation level.", "That the back end accepts the user."),
    help(Kind::IisConfig, ServerAdmin, "appcmd list config \"<site>\" /section:windowsAuthentication; web.config; applicationHost.config.", "Providers, kernel mode, which account decrypts the ticket.", "Where the SPN is."),
    help(Kind::IisLog, ServerAdmin, "The site's W3C log, some lines around the failure, with the #Fields line.", "Status, sub-status and Win32 code; who came in.", "What happened on the second hop. A lone 401 before a 200 is healthy."),
    help(Kind::Http, User, "Developer tools, Network: the request's headers; a HAR; curl -v. Mask cookies and tokens. A HAR may be hundreds of megabytes large: only its headers are read.", "What the server offers, and whether the browser answers with Kerberos or NTLM.", "An export without Authorization does not show that none was sent: browsers leave it out."),
    help(Kind::BeError, User, "Copy the back end's message as the page or the application's log shows it.", "Whom the back end saw: nobody (ANONYMOUS LOGON), the service, or the user.", "Why. State 8 of error 18456 is a wrong password, and no matter of delegation."),
    help(Kind::Krb5Trace, User, "KRB5_TRACE=/dev/stderr in the environment of the browser, curl or kinit.", "Each request to the KDC and its answer.", "What a Windows client would do."),
    help(Kind::KdcLog, AdAdmin, "Samba: log level = 1 kerberos:3 in smb.conf, then log.samba; MIT: krb5kdc.log; the lines of the moment when the page was loaded.", "What a service asked for on behalf of a user, granted or refused, and which names the KDC does not know.", "Why constrained delegation is refused: a target that is not listed, a user that must not be delegated and a missing protocol transition read the same."),
    help(Kind::ApacheLog, ServerAdmin, "The error log with LogLevel auth_gssapi:debug (or auth_kerb:debug), some lines around the failure.", "Whether the ticket was accepted and a credential was delegated.", "What the browser asked for."),
    help(Kind::Dns, User, "Resolve-DnsName <host>, nslookup <host>, on the user's PC.", "Whether the name is an alias: then the browser may ask for another SPN.", "Which name the browser took, where policy switches the look-up off."),
    help(Kind::Netlogon, ServerAdmin, "nltest /dbflag:0x2080ffff, reproduce, then %SystemRoot%\\debug\\netlogon.log; switch it off with nltest /dbflag:0.", "NTLM passed through, and broken secure channels.", "Kerberos exchanges."),
    help(Kind::Device, User, "dsregcmd /status; msinfo32 or Get-CimInstance -ClassName Win32_DeviceGuard -Namespace root\\Microsoft\\Windows\\DeviceGuard.", "How the device is joined, and whether Credential Guard runs, which blocks unconstrained delegation.", "Anything about servers."),
    help(Kind::Clock, User, "w32tm /stripchart /computer:<domain controller> /samples:3 /dataonly; date on each machine.", "How far clocks are apart: five minutes are too many.", "When the clock was wrong earlier."),
    help(Kind::Replication, AdAdmin, "repadmin /showobjmeta <domain controller> \"<distinguished name>\".", "When, and on which controller, an attribute was changed.", "Its value."),
];

const fn help(kind: Kind, needs: Needs, get: &'static str, tells: &'static str, does_not: &'static str) -> KindHelp {
    KindHelp { kind, needs, get, tells, does_not }
}

/// The help on a kind; answers and what was not recognised have none.
pub fn of(kind: Kind) -> Option<&'static KindHelp> {
    HELP.iter().find(|h| h.kind == kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_help_once() {
        for kind in Kind::ALL {
            let expected = usize::from(!matches!(kind, Kind::Answers | Kind::Unknown));
            assert_eq!(HELP.iter().filter(|h| h.kind == *kind).count(), expected, "{}", kind.word());
        }
    }
}
