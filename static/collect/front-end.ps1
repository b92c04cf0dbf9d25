# Doublehop collector: front-end
# Run it on the web server, in an elevated window (without, it says what it could not read), right after the page failed:
#   powershell -ExecutionPolicy Bypass -File doublehop-front-end.ps1 -User alice -Url https://web.contoso.com/
# It only reads and sends nothing. It writes one text file; read that before you pass it on.
# In it: names of accounts, servers and sites. Not in it: tickets themselves, keys, passwords (cut out of the pools' settings).
param([string]$User = '', [string]$Url = '', [string]$Out = 'doublehop-front-end.txt')

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

$text.Add('# Doublehop collector: front-end')
$text.Add("# $env:COMPUTERNAME, $((Get-Date).ToUniversalTime().ToString('u'))")

Run 'klist-sessions' 'klist sessions'
Run 'klist' 'klist -li 0x3e7'
# The tickets in the newest network sessions, of one user where -User names one.
$lines = @()
if (Get-Command klist -ErrorAction SilentlyContinue) { $lines = @(cmd.exe /c 'klist sessions 2>&1') }
$ids = @($lines | Where-Object { $_ -match ':Network' -and $_ -match [regex]::Escape($User) } |
    ForEach-Object { if ($_ -match '0:(0x[0-9a-fA-F]+)') { $Matches[1] } } | Select-Object -Last 5)
foreach ($id in $ids) { Run 'klist' "klist -li $id" }

$appcmd = Join-Path $env:windir 'System32\inetsrv\appcmd.exe'
if (Test-Path $appcmd) {
    Section 'iis-config' 'appcmd list apppool /config' {
        & $appcmd list apppool /config | ForEach-Object { $_ -replace '(?i)password="[^"]*"', 'password="(cut out)"' }
    }
    Section 'iis-config' 'appcmd list app' { & $appcmd list app }
    foreach ($app in @(& $appcmd list app /text:APP.NAME)) {
        Section 'iis-config' "appcmd list config `"$app`" -section:system.webServer/security/authentication" {
            & $appcmd list config $app '-section:system.webServer/security/authentication/windowsAuthentication'
            & $appcmd list config $app '-section:system.webServer/security/authentication/anonymousAuthentication'
            & $appcmd list config $app '-section:system.web/identity' | ForEach-Object { $_ -replace '(?i)password="[^"]*"', 'password="(cut out)"' }
        }
    }
    # The accounts of the pools: a pool without a user runs as the computer.
    $names = @(& $appcmd list apppool /text:processModel.userName | Where-Object { $_ } | ForEach-Object { $_.Split('\')[-1].Split('@')[0] } | Select-Object -Unique)
    foreach ($name in $names) {
        Account 'front end' $name
        if ($name -match '^[\w.$-]+$') { Run 'setspn' "setspn -L $name" }
    }
    if ($names.Count -eq 0) { Account 'front end' "$env:COMPUTERNAME`$" }
} else {
    $text.Add('')
    $text.Add('## artefact: iis-config')
    $text.Add('Not read: IIS is not on this computer.')
}
Run 'setspn' "setspn -L $env:COMPUTERNAME"

$site = ''
if ($Url) { $site = ([uri]$Url).Host }
if ($site -match '^[A-Za-z0-9.-]+$') { Run 'setspn' "setspn -F -Q HTTP/$site" }

Section 'event' 'Get-WinEvent System, Security-Kerberos, last 5' {
    Get-WinEvent -MaxEvents 5 -ErrorAction Stop -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Security-Kerberos' } |
        Format-List ProviderName, Id, TimeCreated, Message
}
Section 'event' 'Get-WinEvent Security, 4624 over the network, last 5' {
    Get-WinEvent -MaxEvents 5 -ErrorAction Stop -LogName Security -FilterXPath "*[System[EventID=4624] and EventData[Data[@Name='LogonType']=3]]" |
        Format-List ProviderName, Id, TimeCreated, Message
}
$log = Join-Path $env:windir 'System32\lsass.log'
if (Test-Path $log) { Section 'lsass-log' "Get-Content $log -Tail 200" { Get-Content $log -Tail 200 -ErrorAction Stop } }
Run 'clock' 'w32tm /query /status'

$text | Out-File -FilePath $Out -Encoding utf8
Write-Host "Written: $((Get-Item $Out).FullName). Read it, then paste or drop it into Doublehop."
