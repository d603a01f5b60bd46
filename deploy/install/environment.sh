#!/usr/bin/env bash
# Fills .venv with exactly the versions of a lock file: deploy/install/environment.sh requirements/run.lock
#
# Needs no root. A second call with an unchanged lock file does nothing: the stamp beside the packages holds the lock's
# digest. PYTHON=... chooses another Python than the newest one found.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

lock=$1
stamp=.venv/installed-$(basename "$lock" .lock)
digest=$(sha256sum "$lock" | cut -d' ' -f1)

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null && new_enough "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    {
        echo "Python 3.11 or newer is needed; found: $(python3 --version 2>&1 || true)."
        echo "On Debian or Ubuntu: apt-get install python3 python3-venv (or set PYTHON=/path/to/python)."
    } >&2
    return 1
}

create_venv() {
    local python
    python=$(find_python)
    echo "setting up .venv with $("$python" --version)"
    if ! "$python" -m venv .venv; then
        rm -rf .venv
        echo "$python has no venv module; on Debian or Ubuntu: apt-get install python3-venv" >&2
        return 1
    fi
}

install_lock() {
    local attempt
    for attempt in 1 2 3; do
        if .venv/bin/python -m pip install --quiet --disable-pip-version-check --retries 10 --timeout 60 \
            --require-hashes --requirement "$lock"; then
            return
        fi
        echo "installing $lock failed (attempt $attempt of 3)" >&2
        sleep $((attempt * 5))
    done
    return 1
}

if [ -x .venv/bin/python ] && [ "$(cat "$stamp" 2>/dev/null)" = "$digest" ]; then
    exit 0
fi
[ -x .venv/bin/python ] || create_venv
echo "installing the packages of $lock (a few minutes the first time)"
install_lock
echo "$digest" >"$stamp"
