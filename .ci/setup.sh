#!/usr/bin/env bash
# Makes the checkout ready:  .ci/setup.sh run | dev | test
#
#   run   .venv with what the program needs (requirements.lock), and Qt's system libraries
#   dev   the same from requirements-dev.lock: with the tools for lint, tests and translations
#   test  dev, and the programs that tests look at papers with: poppler-utils, LibreOffice Calc
#
# Nothing is done twice: .venv remembers the lock file it was installed from, and apt is asked only for what is missing,
# by root; anyone else is told the command. Nothing here names a package host: pip and apt use the ones they know.
set -euo pipefail
cd -P "$(dirname "$0")/.."

say() { printf 'set-up: %s\n' "$*" >&2; }
fail() { say "$@"; exit 1; }

# apt_get PURPOSE PACKAGE…: installs as root; otherwise tells the command and returns 1.
apt_get() {
    local purpose=$1; shift
    if ! command -v apt-get >/dev/null; then
        say "$purpose needs what Debian calls: $*. Please install it with your system's package manager."
        return 1
    elif [ "$(id -u)" != 0 ]; then
        say "$purpose needs system packages. Please run: sudo apt-get install --no-install-recommends $*"
        return 1
    fi
    say "installing $* ($purpose)"
    local install=(apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@") log
    log=$(mktemp)
    export DEBIAN_FRONTEND=noninteractive
    # The package lists of a fresh machine are empty or old: fetch them only when it does not go without.
    "${install[@]}" >"$log" 2>&1 || { apt-get update -qq && "${install[@]}"; } >"$log" 2>&1 || { cat "$log" >&2; rm "$log"; return 1; }
    rm "$log"
}

# PySide6-Essentials 6.11.3 is built for these.
supported() { "$1" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null; }

find_python() {
    local candidate
    for candidate in ${PYTHON:-python3 python3.11 python3.12 python3.13 python3.14 python}; do
        if supported "$candidate"; then printf '%s' "$candidate"; return; fi
    done
    fail "feedesk needs Python 3.11 to 3.14, and found $({ ${PYTHON:-python3} --version 2>/dev/null || echo none; } | head -n 1)." \
        "Install one of these, or name it: make … PYTHON=/path/to/python3.11"
}

make_venv() {
    # A checkout that was moved has scripts in .venv that point to the old place.
    if supported .venv/bin/python && grep -qF "$PWD/.venv" .venv/bin/activate; then return; fi
    if [ -z "${PYTHON:-}" ] && ! command -v python3 >/dev/null; then
        apt_get "feedesk" python3 python3-venv || exit 1
    fi
    local python version
    python=$(find_python)
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        apt_get "a virtual environment" "python$version-venv" || exit 1
    fi
    say "making .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

# install LOCK: stamps .venv with the checksum of the lock file and of pyproject.toml.
install() {
    local lock=$1 stamp=.venv/installed-from-$1 wanted
    wanted=$(cat "$lock" pyproject.toml | cksum)
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then return; fi
    local pip=(.venv/bin/python -m pip --disable-pip-version-check -qq install --progress-bar off)
    say "installing from $lock"
    "${pip[@]}" --require-hashes --requirement "$lock"
    "${pip[@]}" --no-deps --no-build-isolation --no-index --editable .
    printf '%s\n' "$wanted" >"$stamp"
}

qt_imports() { .venv/bin/python -c 'import PySide6.QtGui, PySide6.QtWidgets' 2>/dev/null; }

qt_libraries() {
    [ "$(uname -s)" = Linux ] || return 0
    qt_imports && return
    apt_get "Qt" libgl1 libegl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 || exit 1
    qt_imports || fail "Qt still does not start: $(.venv/bin/python -c 'import PySide6.QtWidgets' 2>&1 | tail -n 1)"
}

# With an X display the window also needs the libraries of Qt's xcb plugin.
x_libraries() {
    [ "$(uname -s)" = Linux ] && [ -n "${DISPLAY:-}" ] && [ -z "${QT_QPA_PLATFORM:-}" ] || return 0
    ldd .venv/lib/python*/site-packages/PySide6/Qt/plugins/platforms/libqxcb.so | grep -q 'not found' || return 0
    apt_get "the window on this display" libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 \
        libxcb-render-util0 libxcb-shape0 libxcb-sync1 libxcb-xfixes0 libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0 || exit 1
}

# Tests that miss one of these are skipped and say so; in CI they fail.
test_programs() {
    local missing=()
    command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null || missing+=(poppler-utils)
    command -v soffice >/dev/null || missing+=(libreoffice-calc-nogui)
    [ ${#missing[@]} = 0 ] || apt_get "a part of the tests" "${missing[@]}" || [ -z "${CI:-}" ]
}

case ${1:-} in
    run)
        make_venv
        if [ -f .venv/installed-from-requirements-dev.lock ]; then install requirements-dev.lock; else install requirements.lock; fi
        qt_libraries
        x_libraries
        ;;
    dev) make_venv; install requirements-dev.lock; qt_libraries ;;
    test) make_venv; install requirements-dev.lock; qt_libraries; test_programs ;;
    *) fail "say run, dev or test" ;;
esac
