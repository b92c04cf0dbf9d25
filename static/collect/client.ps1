# Doublehop collector: client
# Run it on the user's PC, as the user, in a window that is NOT elevated, right after the page failed:
#   powershell -ExecutionPolicy Bypass -File doublehop-client.ps1 -Url https://web.contoso.com/
# It only reads, sends nothing, and needs no administrator. It writes one text file; read that before you pass it on.
# In it: names of accounts, groups, servers and policies. Not in it: tickets themselves, keys, passwords, cookies.
param([string]$Url = '', [string]$Out = 'doublehop-client.txt')

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

$text.Add('# Doublehop collector: client')
$text.Add("# $env:COMPUTERNAME, $((Get-Date).ToUniversalTime().ToString('u'))")

Run 'klist' 'klist'
Run 'reg' 'reg query HKLM\SOFTWARE\Policies\Microsoft\Edge /s'
Run 'reg' 'reg query HKCU\SOFTWARE\Policies\Microsoft\Edge /s'
Run 'reg' 'reg query HKLM\SOFTWARE\Policies\Google\Chrome /s'
Run 'reg' 'reg query HKCU\SOFTWARE\Policies\Google\Chrome /s'

$site = ''
if ($Url) { $site = ([uri]$Url).Host }
if ($site -match '^[A-Za-z0-9.-]+$') {
    Run 'dns' "nslookup $site"
    Run 'setspn' "setspn -F -Q HTTP/$site"
} else {
    $text.Add('')
    $text.Add('## artefact: dns')
    $text.Add('Not read: give the address of the page with -Url to have its name and SPN looked up.')
}

Run 'device' 'whoami /all'
Run 'device' 'dsregcmd /status'
Section 'device' 'Get-CimInstance Win32_DeviceGuard' {
    Get-CimInstance -Namespace root\Microsoft\Windows\DeviceGuard -ClassName Win32_DeviceGuard -ErrorAction Stop |
        Format-List SecurityServicesConfigured, SecurityServicesRunning
}
Run 'clock' 'w32tm /query /status'
if ($env:LOGONSERVER) {
    Run 'clock' "w32tm /stripchart /computer:$($env:LOGONSERVER.Trim('\')) /samples:2 /dataonly"
}
Section 'event' 'Get-WinEvent System, Security-Kerberos, last 5' {
    Get-WinEvent -MaxEvents 5 -ErrorAction Stop -FilterHashtable @{ LogName = 'System'; ProviderName = 'Microsoft-Windows-Security-Kerberos' } |
        Format-List ProviderName, Id, TimeCreated, Message
}

$text | Out-File -FilePath $Out -Encoding utf8
Write-Host "Written: $((Get-Item $Out).FullName). Read it, then paste or drop it into Doublehop."
