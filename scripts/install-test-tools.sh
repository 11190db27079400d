#!/usr/bin/env bash
# Installs what the tests need beside Rust and Node: PostgreSQL, Chromium, the attackers of scripts/hostile and the calendar clients of scripts/devices.
# Does nothing when they are there.
set -euo pipefail

attempts=3

has_postgres() {
    command -v psql > /dev/null && { command -v initdb > /dev/null || compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; }
}

has_chromium() {
    command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null
}

has_python() {
    python3 -c 'import ensurepip, venv' 2> /dev/null
}

complain() {
    echo "install-test-tools: $1" >&2
    exit 1
}

for tool in cargo npm; do
    command -v "$tool" > /dev/null || complain "$tool was not found; the README names the versions of Rust and Node"
done

missing=()
has_postgres || missing+=(postgresql)
has_chromium || missing+=(chromium fonts-liberation)
has_python || missing+=(python3 python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get > /dev/null || complain "please install: ${missing[*]}"
    as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo > /dev/null || complain "please install as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    for attempt in $(seq "$attempts"); do
        if "${as_root[@]}" apt-get update --quiet &&
            "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends "${missing[@]}"; then
            break
        fi
        [ "$attempt" -lt "$attempts" ] || complain "apt-get install ${missing[*]} failed $attempts times"
        sleep $((attempt * 5))
    done
fi

has_postgres || complain "PostgreSQL was installed but initdb was not found"
has_chromium || complain "Chromium was installed but was not found"
has_python || complain "Python was installed but makes no environments (ensurepip, venv)"

cd "$(dirname "$0")/.."

# The packages of a folder of scripts in an environment of Python of their own. A copy of what was installed tells whether another version is wanted by now.
install_packages() {
    local wanted=scripts/$1/requirements.txt environment=target/$1-venv
    cmp --silent "$wanted" "$environment/installed.txt" && return
    mkdir -p target
    rm -rf "$environment"
    python3 -m venv "$environment"
    for attempt in $(seq "$attempts"); do
        "$environment/bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" && break
        [ "$attempt" -lt "$attempts" ] || complain "pip install --requirement $wanted failed $attempts times"
        sleep $((attempt * 5))
    done
    cp "$wanted" "$environment/installed.txt"
}

install_packages hostile
install_packages devices
cargo nextest --version > /dev/null 2>&1 ||
    echo "install-test-tools: cargo-nextest was not found; cargo test runs the same tests, more slowly" >&2
