#!/usr/bin/env bash
# Installs the Debian packages that the tests need and that are missing, saying which and why.
#
# Only a missing package needs root; with everything in place this does nothing. `make run` never calls it.
set -euo pipefail

missing=()

need() { # package, why, test that it is there
    if ! eval "$3" >/dev/null 2>&1; then
        echo "the tests need $1: $2"
        missing+=("$1")
    fi
}

need postgresql "every storage test runs on SQLite and on PostgreSQL" \
    'compgen -G "/usr/lib/postgresql/*/bin/initdb"'
need rabbitmq-server "the fact tests send real facts through a real broker" \
    'test -x /usr/lib/rabbitmq/bin/rabbitmq-server'
need chromium "the end-to-end tests walk the pages in a browser" \
    'command -v chromium || command -v chromium-browser'
need fonts-noto-cjk "pages and papers are in Chinese" \
    'compgen -G "/usr/share/fonts/*/noto/NotoSansCJK*"'
need util-linux "the test servers are started as their own users by setpriv" \
    'command -v setpriv'

if [ ${#missing[@]} -eq 0 ]; then
    exit 0
fi

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "please run as root, then try again: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo -n)
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get -o Acquire::Retries=5 update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -o Acquire::Retries=5 install -q -y --no-install-recommends "${missing[@]}"
