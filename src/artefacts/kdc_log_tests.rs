use super::*;
use crate::ingest::lines::test_lines;

fn told(text: &str) -> Vec<String> {
    let reading = read(&test_lines(text));
    let or = |name: Option<String>| name.unwrap_or_else(|| "-".to_owned());
    let facts = reading.facts.into_iter().map(|f| match f.says {
        Statement::Failure(e) => format!(
            "{}: {} {} by {} behalf={} at {}",
            f.place.first_line,
            e.krb.unwrap_or(0),
            or(e.spn.map(|s| s.to_string())),
            or(e.requester.map(|r| r.to_string())),
            e.on_behalf,
            or(e.realm.map(|r| r.to_string()))
        ),
        Statement::TicketRequest(t) => format!(
            "{}: issued {} by {} for {}",
            f.place.first_line,
            or(t.spn.map(|s| s.to_string())),
            or(t.requester.map(|r| r.to_string())),
            or(t.for_user.map(|r| r.to_string()))
        ),
        other => format!("{other:?}"),
    });
    facts.collect()
}

/// Records as Samba writes them, each under its head.
fn samba(records: &[&str]) -> String {
    let head =
        "[2026/11/23 02:48:42.503167,  3] ../../source4/auth/kerberos/krb5_init_context.c:90(smb_krb5_debug_wrapper)";
    records.iter().map(|r| format!("{head}\n  Kerberos: {r}\n")).collect()
}

const NOISE: [&str; 3] = [
    "AS-REQ ERR_PREAUTH_REQUIRED ipv4:10.20.0.10:59660 alice@R.X krbtgt/R.X@R.X client-pa=150 e-text=Need\\sto elapsed=0.002278",
    "AS-REQ KRB5KRB_ERR_RESPONSE_TOO_BIG ipv4:10.20.0.10:1 alice@R.X krbtgt/R.X@R.X pa=ENC-TS etype=18/18",
    "TGS-REQ SUCCESS ipv4:10.20.0.10:2 alice@R.X HTTP/web.r.x@R.X etype=18/18 flags=canonicalize,renewable,forwardable",
];

const REFUSED: [&str; 4] = [
    "TGS-REQ HTTP/web.r.x@R.X from ipv4:10.20.0.10:34 for HTTP/api.r.x@R.X [canonicalize, cname-in-addl-tkt, renewable, forwardable]",
    "constrained delegation from HTTP/web.r.x@R.X (HTTP/web.r.x@R.X) as alice@R.X to HTTP/api.r.x@R.X not allowed",
    "tgs-req: sending error: -1765328371 to client",
    "TGS-REQ ERR_BADOPTION ipv4:10.20.0.10:34 HTTP/web.r.x@R.X HTTP/api.r.x@R.X impersonatee=alice@R.X elapsed=0.016865 armor_client_name=HTTP/web.r.x@R.X reason=Constrained delegation not allowed",
];

const GRANTED: [&str; 3] = [
    "TGS-REQ HTTP/web.r.x@R.X from ipv4:10.20.0.10:34 for HTTP/api.r.x@R.X [canonicalize, cname-in-addl-tkt, renewable, forwardable]",
    "constrained delegation for alice@R.X from HTTP/web.r.x@R.X (HTTP/web.r.x@R.X) to HTTP/api.r.x@R.X",
    "TGS-REQ SUCCESS ipv4:10.20.0.10:34 alice@R.X HTTP/api.r.x@R.X etype=18/18 impersonatee=alice@R.X etypes=18,17 flags=canonicalize,cname-in-addl-tkt,renewable,forwardable",
];

#[test]
fn sambas_records() {
    let refused = samba(&[&NOISE[..], &REFUSED[..]].concat());
    assert_eq!(told(&refused), ["10: 13 HTTP/api.r.x by HTTP/web.r.x@R.X behalf=true at R.X"]);
    assert_eq!(words::kinds(&refused), [Kind::KdcLog]);
    // Only the last line, and a name that nobody knows: the request before it says that it was on behalf of a user.
    assert_eq!(told(&samba(&REFUSED[3..])), ["2: 13 HTTP/api.r.x by HTTP/web.r.x@R.X behalf=true at R.X"]);
    let unknown = "TGS-REQ ERR_S_PRINCIPAL_UNKNOWN ipv4:10.20.0.10:34 HTTP/web.r.x@R.X HTTP/api.r.x@R.X elapsed=0.01 reason=Service principal unknown";
    assert_eq!(told(&samba(&[REFUSED[0], unknown])), ["4: 7 HTTP/api.r.x by HTTP/web.r.x@R.X behalf=true at R.X"]);
    // For itself: another story.
    assert!(told(&samba(&[unknown])).is_empty());
    assert_eq!(told(&samba(&GRANTED)), ["6: issued HTTP/api.r.x by HTTP/web.r.x@R.X for alice@R.X"]);
    assert!(told(&samba(&NOISE)).is_empty());
}

#[test]
fn a_users_own_request_and_a_clock() {
    let unknown = "TGS-REQ ERR_S_PRINCIPAL_UNKNOWN ipv4:10.20.0.10:48004 alice@R.X HTTP/portal.r.x@R.X elapsed=0.001868 reason=Service principal unknown";
    let want = "7 HTTP/portal.r.x by alice@R.X behalf=false at R.X";
    assert_eq!(told(&samba(&[unknown, unknown])), [format!("2: {want}")]);
    assert_eq!(told(&format!("2026-11-23T02:48:12 {unknown}\n")), [format!("1: {want}")]);
    let skew = "Too large time skew, client time 2026-11-23T03:09:08 is out by 1200 > 300 seconds -- alice@R.X";
    assert_eq!(told(&samba(&[skew])), ["2: 37 - by alice behalf=false at R.X"]);
}

/// The form of krb5's `kdc_log.c`, wrapped as mail wraps it.
#[test]
fn mits_lines() {
    let at = "Nov 18 18:06:51 kdc.r.x krb5kdc[8465](info): ";
    let request = "TGS_REQ (4 etypes {aes256-cts-hmac-sha384-192(20), aes256-cts-hmac-sha1-96(18)}) 10.108.2.105: ";
    let issued = "ISSUE: authtime 1763506600, etypes {rep=aes256-cts-hmac-sha1-96(18), tkt=18, ses=18}, HTTP/web.r.x@R.X for nfs/fs.r.x@R.X";
    let behalf = "... CONSTRAINED-DELEGATION s4u-client=jsmith@R.X";
    let log = format!("{at}{request}{issued}\n{at}{behalf}\n{at}closing down fd 11\n");
    let want = ["1: issued nfs/fs.r.x by HTTP/web.r.x@R.X for jsmith@R.X"];
    assert_eq!(told(&log), want);
    assert_eq!(words::kinds(&log), [Kind::KdcLog]);
    let wrapped = log
        .replace(" (4 ", " (4\n")
        .replace(" 10.108", "\n10.108")
        .replace("ISSUE: ", "ISSUE:\n")
        .replace("... CON", "...\nCON");
    assert_eq!(told(&wrapped), want);
    // For itself, and to itself in the user's name: no second hop.
    assert!(told(&format!("{at}{request}{issued}\n")).is_empty());
    assert!(told(&log.replace("CONSTRAINED-DELEGATION", "PROTOCOL-TRANSITION")).is_empty());
    let refused = "NOT_ALLOWED_TO_DELEGATE: authtime 1763506600,  HTTP/web.r.x@R.X for nfs/fs.r.x@R.X, KDC can't fulfill requested option";
    let want = ["1: 13 nfs/fs.r.x by HTTP/web.r.x@R.X behalf=true at R.X"];
    assert_eq!(told(&format!("{at}{request}{refused}\n{at}{behalf}\n")), want);
    assert_eq!(told(&format!("{at}{request}{refused}\n")), want);
    let unknown =
        "LOOKING_UP_SERVER: authtime 0,  alice@R.X for HTTP/portal.r.x@R.X, Server not found in Kerberos database";
    assert_eq!(told(&format!("{at}{request}{unknown}\n")), ["1: 7 HTTP/portal.r.x by alice@R.X behalf=false at R.X"]);
    let skew = "AS_REQ (4 etypes {18 17}) 10.1.1.1: PREAUTH_FAILED: alice@R.X for krbtgt/R.X@R.X, Clock skew too great";
    assert_eq!(told(&format!("{at}{skew}\n")), ["1: 37 - by alice behalf=false at R.X"]);
    let needed = "AS_REQ (4 etypes {18 17}) 10.1.1.1: NEEDED_PREAUTH: alice@R.X for krbtgt/R.X@R.X, Additional pre-authentication required";
    assert!(told(&format!("{at}{needed}\n")).is_empty());
}

#[test]
fn other_text_is_left_alone() {
    for text in [
        "[2026/11/23 02:47:58.512103,  1] ../../source4/dsdb/kcc/garbage_collect_tombstones.c:67(garbage_collect_tombstones_part)\n  Doing a full scan on DC=partner\n",
        "[Mon Nov 23 02:48:42 2026] [auth_gssapi:error] [pid 1] GSS ERROR\n",
        "[3885] 1795402122.326945: Getting credentials alice@R.X -> HTTP/web.r.x@R.X using ccache FILE:/x\n",
        "2026-11-23T02:48:12 the server was restarted\n",
    ] {
        assert!(!words::kinds(text).contains(&Kind::KdcLog), "{text}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(&READER, &samba(&[&NOISE[..], &REFUSED[..], &GRANTED[..]].concat()));
    words::never_panics(
        &READER,
        "Nov 18 18:06:51 k krb5kdc[8](info): TGS_REQ (1 etypes {18}) 10.1.1.1: ISSUE: authtime 1, etypes {rep=18}, HTTP/a@R for nfs/b@R\nNov 18 18:06:51 k krb5kdc[8](info): ... CONSTRAINED-DELEGATION s4u-client=j@R\n",
    );
}
