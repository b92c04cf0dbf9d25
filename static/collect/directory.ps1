# Doublehop collector: directory
# Run it on any computer of the domain as anybody who may read the directory; on a domain controller, elevated, it also
# reads the KDC's refusals:
#   powershell -ExecutionPolicy Bypass -File doublehop-directory.ps1 -FrontEnd svc-web -BackEnd svc-api -User alice
# -FrontEnd runs the web application, -BackEnd owns the back end's SPN (a computer's name ends with $).
# It only reads and sends nothing. It writes one text file; read that before you pass it on.
param([string]$FrontEnd = '', [string]$BackEnd = '', [string]$User = '', [string]$Out = 'doublehop-directory.txt')

$FormatEnumerationLimit = -1
$text = New-Object System.Collections.Generic.List[string]

# One section: its kind, the command as it is shown, and what is run. What fails leaves a sentence.
function Section([string]$Kind, [string]$Command, [scriptblock]$Do) {
    $text.Add('')
    $text.Add("## artefact: $Kind")
    $text.Add("PS> $Command")
    try {
        $got = (& $Do | Out-String -Width 4096).TrimEnd()
        if ($got) { $text.Add($got) } else { $text.Add('Not read: the command printed nothing.') }
    } catch {
        $text.Add("Not read: $($_.Exception.Message)")
    }
}

# One program of Windows, with its arguments as they are typed in a console.
function Run([string]$Kind, [string]$Line) {
    Section $Kind $Line {
        $program = $Line.Split(' ')[0]
        if (-not (Get-Command $program -ErrorAction SilentlyContinue)) { throw "$program is not on this computer." }
        cmd.exe /c "$Line 2>&1"
    }
}

# One account, as LDIF: only the attributes that decide about delegation, and only those that are set.
function Account([string]$Role, [string]$Name) {
    Section 'ad-attributes' "directory search for $Name" {
        if ($Name -notmatch '^[\w .$-]{1,64}$') { throw "$Name is not the name of an account." }
        $search = [adsisearcher]"(sAMAccountName=$Name)"
        $wanted = 'distinguishedName', 'sAMAccountName', 'objectClass', 'objectSid', 'userAccountControl',
            'servicePrincipalName', 'msDS-AllowedToDelegateTo', 'msDS-AllowedToActOnBehalfOfOtherIdentity',
            'msDS-SupportedEncryptionTypes', 'memberOf', 'pwdLastSet'
        $search.PropertiesToLoad.AddRange($wanted)
        $found = $search.FindOne()
        if (-not $found) { throw "there is no account $Name in this domain." }
        "# $Role"
        "dn: $($found.Properties['distinguishedname'][0])"
        foreach ($attribute in $wanted[1..($wanted.Count - 1)]) {
            foreach ($value in $found.Properties[$attribute.ToLower()]) {
                if ($attribute -eq 'objectSid') {
                    "objectSid: $((New-Object System.Security.Principal.SecurityIdentifier($value, 0)).Value)"
                } elseif ($value -is [byte[]]) {
                    "${attribute}:: $([Convert]::ToBase64String($value))"
                } else {
                    "${attribute}: $value"
                }
            }
        }
    }
}

$text.Add('# Doublehop collector: dc')
$text.Add("# $env:COMPUTERNAME, $((Get-Date).ToUniversalTime().ToString('u'))")

if ($FrontEnd) { Account 'front end' $FrontEnd }
if ($BackEnd) { Account 'back end' $BackEnd }
if ($User) { Account 'user' $User }
if (-not ($FrontEnd -or $BackEnd -or $User)) {
    $text.Add('')
    $text.Add('## artefact: ad-attributes')
    $text.Add('Not read: name the accounts with -FrontEnd, -BackEnd and -User.')
}
foreach ($name in @($FrontEnd, $BackEnd)) {
    if ($name -match '^[\w.$-]+$') { Run 'setspn' "setspn -L $name" }
}
Run 'setspn' 'setspn -X'
Run 'trust' 'nltest /domain_trusts /all_trusts /v'
if (Get-Command Get-ADTrust -ErrorAction SilentlyContinue) {
    Section 'trust' 'Get-ADTrust -Filter *' {
        Get-ADTrust -Filter * -ErrorAction Stop |
            Format-List Name, Source, Target, Direction, TrustAttributes, TGTDelegation, SelectiveAuthentication, SIDFilteringQuarantined, ForestTransitive, IntraForest
    }
}
Section 'event' 'Get-WinEvent System, Kerberos-Key-Distribution-Center, last 5' {
    Get-WinEvent -MaxEvents 5 -ErrorAction Stop -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Kerberos-Key-Distribution-Center' } |
        Format-List ProviderName, Id, TimeCreated, Message
}
Section 'event' 'Get-WinEvent Security, 4769 that failed, last 10' {
    Get-WinEvent -MaxEvents 10 -ErrorAction Stop -LogName Security -FilterXPath "*[System[EventID=4769] and EventData[Data[@Name='Status']!='0x0']]" |
        Format-List ProviderName, Id, TimeCreated, Message
}
Run 'clock' 'w32tm /query /status'

$text | Out-File -FilePath $Out -Encoding utf8
Write-Host "Written: $((Get-Item $Out).FullName). Read it, then paste or drop it into Doublehop."
