#!/bin/bash
# Doublehop collector: Linux, for a client (default) or a web server
# Run it as the user (client) or as the web server's account (front-end), right after the page failed:
#   bash doublehop-linux.sh client https://web.contoso.com/
#   sudo -u www-data bash doublehop-linux.sh front-end
# It only reads and sends nothing. It writes one text file; read that before you pass it on.
# In it: names of accounts, servers and policies. Not in it: tickets themselves, keys, passwords, cookies.
role=${1:-client}
url=${2:-}
out=doublehop-$role.txt
case $role in
    client | front-end) ;;
    *) echo "The first word is client or front-end." >&2; exit 2 ;;
esac
exec 3>"$out" || exit 1

# One section: its kind, then the command. What fails leaves a sentence.
section() {
    local kind=$1 got
    shift
    printf '\n## artefact: %s\n$ %s\n' "$kind" "$*" >&3
    if ! command -v "$1" >/dev/null 2>&1; then
        printf 'Not read: %s is not on this computer.\n' "$1" >&3
        return
    fi
    got=$("$@" 2>&1)
    if [ -n "$got" ]; then printf '%s\n' "$got" >&3; else printf 'Not read: the command printed nothing.\n' >&3; fi
}

printf '# Doublehop collector: %s\n# %s, %s\n' "$role" "$(uname -n)" "$(date -u +%FT%TZ)" >&3

section krb5-klist klist -f -e
host=${url#*://}
host=${host%%[/:?#]*}
case $host in
    '' | *[!A-Za-z0-9.-]*) printf '\n## artefact: dns\nNot read: give the address of the page to have its name looked up.\n' >&3 ;;
    *) section dns nslookup "$host" ;;
esac
if [ "$role" = client ]; then
    for file in /etc/opt/edge/policies/managed/*.json /etc/opt/chrome/policies/managed/*.json /etc/chromium/policies/managed/*.json; do
        [ -r "$file" ] && section chrome-policy cat "$file"
    done
else
    for file in /var/log/apache2/error.log /var/log/httpd/error_log; do
        [ -e "$file" ] && section apache-log tail -n 100 "$file"
    done
fi
if command -v chronyc >/dev/null 2>&1; then section clock chronyc tracking; else section clock timedatectl; fi

exec 3>&-
echo "Written: $PWD/$out. Read it, then paste or drop it into Doublehop."
