# shellcheck shell=bash
# Sourced by .ci/run: a PostgreSQL cluster of its own for the tests, on the loopback interface, gone afterwards.
#
# start_postgres exports FEEDESK_TEST_POSTGRES; the role is a superuser, so that tests can create databases of their own.
# Where PostgreSQL is missing, root gets it through apt; anyone else runs the tests without it, and is told so.

postgres_bin() { find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

# PostgreSQL refuses to run as root, and grumbles in a folder that its own user may not enter.
as_postgres() (
    cd /
    if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
)

start_postgres() {
    if [ -z "$(postgres_bin)" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo 'installing postgresql' >&2
        # Debian would start a cluster of its own at once; nobody needs it.
        mkdir -p /etc/postgresql-common
        echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
        local install=(env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends
            -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold postgresql)
        "${install[@]}" >/dev/null 2>&1 || { apt-get update -qq && "${install[@]}" >/dev/null; }
    fi
    if [ -z "$(postgres_bin)" ]; then
        echo 'PostgreSQL is not installed: its tests are skipped' >&2
        return
    fi
    POSTGRES_DIR=$(mktemp -d)
    local port
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    [ "$(id -u)" != 0 ] || chown postgres "$POSTGRES_DIR"
    as_postgres "$(postgres_bin)/initdb" -D "$POSTGRES_DIR/data" -U feedesk -A trust -E UTF8 --no-locale --no-sync >/dev/null
    # One line: pg_ctl hands the options to a shell. Nothing has to survive, so nothing is flushed to the disk.
    local options="-p $port -k $POSTGRES_DIR -c listen_addresses=127.0.0.1 -c max_connections=200"
    options+=" -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    as_postgres "$(postgres_bin)/pg_ctl" -D "$POSTGRES_DIR/data" -l "$POSTGRES_DIR/log" -w -s -o "$options" start \
        || { cat "$POSTGRES_DIR/log" >&2; return 1; }
    export FEEDESK_TEST_POSTGRES="postgresql+psycopg://feedesk@127.0.0.1:$port/postgres"
}

stop_postgres() {
    [ -n "${POSTGRES_DIR:-}" ] || return 0
    as_postgres "$(postgres_bin)/pg_ctl" -D "$POSTGRES_DIR/data" -m immediate -w -s stop || true
    rm -rf "$POSTGRES_DIR"
}
