use super::*;
use crate::artefacts::words;
use crate::ingest::lines::test_lines;

const WEB: &str = "<location path=\"Default Web Site/portal\">\n  <system.webServer>\n    <security>\n      <authentication>\n\
        <anonymousAuthentication enabled=\"false\" />\n\
        <windowsAuthentication enabled=\"true\" useKernelMode=\"true\"\n            useAppPoolCredentials=\"false\">\n\
        <providers>\n <clear />\n <add value=\"Negotiate\" />  <- first\n <add value=\"NTLM\" />\n </providers>\n\
        <extendedProtection tokenChecking=\"Require\" />\n</windowsAuthentication>\n</authentication>\n</security>\n</system.webServer>\n</location>\n";
const POOLS: &str = "<applicationPools>\n <add name=\"Portal\" managedRuntimeVersion=\"v4.0\">\n\
        <processModel identityType=\"SpecificUser\" userName=\"CONTOSO\\svc-web\" password=\"[enc:IISWASOnlyAesProvider:hunter2:enc]\" />\n </add>\n\
        <add name=\"DefaultAppPool\" />\n <applicationPoolDefaults>\n <processModel identityType=\"ApplicationPoolIdentity\" />\n </applicationPoolDefaults>\n</applicationPools>\n\
        <sites>\n<site name=\"Default Web Site\" id=\"1\">\n<application path=\"/portal\" applicationPool=\"Portal\">\n</application></site></sites>\n";

fn told(text: &str) -> Vec<String> {
    let bool = |f: &Option<At<bool>>| f.as_ref().map_or('-', |f| if f.value { '1' } else { '0' });
    let facts = read(&test_lines(text)).facts.into_iter();
    facts
        .filter_map(|f| if let Statement::IisAuthentication(i) = f.says { Some(i) } else { None })
        .map(|i| {
            format!(
                "{} w{} a{} k{} c{} i{} {} {} {} {} {}",
                i.path.as_deref().unwrap_or("."),
                bool(&i.windows),
                bool(&i.anonymous),
                bool(&i.kernel_mode),
                bool(&i.app_pool_credentials),
                bool(&i.impersonate),
                i.providers.map_or("-".to_owned(), |p| p.value.join("+")),
                i.token_checking.map_or("-".to_owned(), |t| t.value),
                i.pool_identity_type.map_or("-".to_owned(), |t| t.value),
                i.pool_user.map_or("-".to_owned(), |t| t.value.to_string()),
                i.report_server_types.map_or("-".to_owned(), |t| t.value.join("+")),
            )
        })
        .collect()
}

#[test]
fn a_location_however_it_is_mangled() {
    let want = ["Default Web Site/portal w1 a0 k1 c0 i- Negotiate+NTLM Require - - -"];
    assert_eq!(told(WEB), want);
    assert_eq!(words::kinds(WEB), [Kind::IisConfig]);
    assert_eq!(
        told(
            &WEB.to_lowercase()
                .replace("default web site", "Default Web Site")
                .replace("negotiate", "Negotiate")
                .replace("ntlm", "NTLM")
                .replace("require", "Require")
        ),
        want
    );
    assert_eq!(told(&WEB.lines().collect::<Vec<_>>().join(" ")), want);
    assert_eq!(told(&WEB.replace('"', "\u{201d}")), want);
    assert_eq!(told(&WEB.replace('"', "'").replace('<', "&lt;").replace('>', "&gt;")), want);
    let cut = WEB.split("</providers>").next().unwrap();
    assert_eq!(told(cut), ["Default Web Site/portal w1 a0 k1 c0 i- Negotiate+NTLM - - - -"]);
    let commented = WEB.replace("<add value=\"NTLM\" />", "<!-- <add value=\"NTLM\" /> -->");
    assert_eq!(told(&commented), ["Default Web Site/portal w1 a0 k1 c0 i- Negotiate Require - - -"]);
}

#[test]
fn pools_belong_to_their_applications_and_passwords_to_nobody() {
    let want = [
        "Default Web Site/portal w- a- k- c- i- - - SpecificUser CONTOSO\\svc-web -",
        ". w- a- k- c- i- - - ApplicationPoolIdentity - -",
    ];
    assert_eq!(told(POOLS), want);
    let mut intake = crate::ingest::Intake::new("x");
    intake.push(POOLS.as_bytes());
    let all = serde_json::to_string(&intake.finish()).unwrap();
    assert!(!all.contains("hunter2"), "{all}");
    let text = "C:\\> appcmd list apppool Portal /text:*\nprocessModel\n  identityType:\"SpecificUser\"\n  userName:\"CONTOSO\\svc-web\"\n  password:\"hunter2\"\n";
    assert_eq!(told(text), [". w- a- k- c- i- - - SpecificUser CONTOSO\\svc-web -"]);
    assert_eq!(words::kinds(text), [Kind::IisConfig]);
}

#[test]
fn appcmd_aspnet_and_report_server() {
    let appcmd = format!(
        "C:\\> appcmd list config \"Default Web Site/portal\" -section:windowsAuthentication\n{}",
        WEB.split("\">\n").nth(1).unwrap()
    );
    assert!(told(&appcmd)[0].starts_with("Default Web Site/portal "), "{:?}", told(&appcmd));
    assert_eq!(
        told(
            "<system.web>\n<authentication mode=\"Windows\" />\n<identity impersonate=\"true\" userName=\"a\" password=\"b\" />\n</system.web>\n"
        ),
        [". w- a- k- c- i1 - - - - -"]
    );
    let rs = "<Authentication>\n<AuthenticationTypes>\n<RSWindowsNTLM/>\n<RSWindowsNegotiate />\n</AuthenticationTypes>\n\
              <RSWindowsExtendedProtectionLevel>Off</RSWindowsExtendedProtectionLevel>\n<EnableAuthPersistence>true</EnableAuthPersistence></Authentication>\n";
    assert_eq!(told(rs), [". w- a- k- c- i- - - - - RSWindowsNTLM+RSWindowsNegotiate"]);
    assert_eq!(words::kinds(rs.split_once('\n').unwrap().1), [Kind::IisConfig]);
    assert_eq!(told("useKernelMode : False\nuseAppPoolCredentials : True\n"), [". w- a- k0 c1 i- - - - - -"]);
}

#[test]
fn what_ends_within_an_element_or_a_list_says_nothing_of_the_rest() {
    let (cut, _) = WEB.split_once(" useKernelMode").unwrap();
    assert_eq!(told(cut), ["Default Web Site/portal w- a0 k- c- i- - - - - -"]);
    let list = |rest: &str| {
        told(&format!("<windowsAuthentication enabled=\"true\">\n<providers>\n<add value=\"NTLM\" />\n{rest}")).concat()
    };
    assert!(list("</providers>").contains("NTLM"));
    assert!(list("<add value=\"Negotiate\" />\n").contains("NTLM+Negotiate"));
    assert!(!list("").contains("NTLM") && list("").contains("w1"));
    assert_eq!(told("<AuthenticationTypes>\n<RSWindowsNTLM/>\n"), Vec::<String>::new());
}

#[test]
fn powershell_names_the_setting_in_a_value() {
    let text = "PS C:\\> Get-WebConfigurationProperty -Filter x/windowsAuthentication -Name useAppPoolCredentials -Location 'Default Web Site/portal'\n\n\
                IsInheritedFromDefaultValue : False\nName                        : useAppPoolCredentials\nValue                       : True\nTypeName                    : System.Boolean\n";
    assert_eq!(told(text), ["Default Web Site/portal w- a- k- c1 i- - - - - -"]);
    assert_eq!(words::kinds(text), [Kind::IisConfig]);
}

#[test]
fn other_markup_is_not_claimed() {
    for line in ["<Event xmlns='x'>", "<html>", "a < b and c > d", "<Data Name='Status'>0x0</Data>", "<user> said"] {
        assert_eq!(anchor(line, None), None, "{line}");
    }
}

#[test]
fn any_cut_and_any_order_is_read() {
    words::never_panics(&READER, &format!("{WEB}{POOLS}"));
}

#[test]
fn the_same_site_on_two_servers_is_not_one() {
    let other = WEB.replace("useAppPoolCredentials=\"false\"", "useAppPoolCredentials=\"true\"");
    let both = told(&format!("<!-- node A -->\n{WEB}\n<!-- node B -->\n{other}"));
    assert_eq!(both.iter().map(|f| f.contains(" c1 ")).collect::<Vec<_>>(), [false, true], "{both:?}");
}
