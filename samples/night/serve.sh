#!/usr/bin/env bash
# Serves the scene on loopback and moves it from one phase to the next.
#
#   serve.sh start RUN PORT PORT2 [PHASE]   start nginx, everything it writes below RUN (default phase: evening)
#   serve.sh show RUN PHASE                 evening, dusk, night or morning; returns once only that phase is served
#   serve.sh stop RUN                       stop it and wait until it is gone
#   serve.sh render RUN PORT PORT2 [PHASE]  only write the configuration: nginx -c RUN/nginx.conf -e RUN/error.log
#
# A reload leaves the old workers answering for a moment, which a test would read as the wrong phase: so `show`
# waits until every worker it found before the reload has ended.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

die() { echo "serve.sh: $*" >&2; exit 2; }
usage() { sed -n '4,7s/^# *//p' "$0" >&2; exit 2; }
server() { PATH=$PATH:/usr/sbin nginx -c "$run/nginx.conf" -e "$run/error.log" "$@"; }
escaped() { printf '%s' "$1" | sed 's/[&|\\]/\\&/g'; }
alive() { kill -0 "$1" 2>/dev/null && [ "$(cat "/proc/$1/comm" 2>/dev/null)" = nginx ]; }

set_phase() {
    [ -f "$run/$1.conf" ] || die "no phase called '$1' (evening, dusk, night, morning)"
    ln -sfn "$1.conf" "$run/phase.conf.new"
    mv -T "$run/phase.conf.new" "$run/phase.conf"
}

render() { # PORT PORT2 PHASE
    local template user=
    [ "$(id -u)" -ne 0 ] || user='user root;'
    mkdir -p "$run/spool"
    for template in "$here/nginx.conf.in" "$here"/phases/*.conf.in; do
        sed -e "s|@ROOT@|$(escaped "$here")|g" -e "s|@RUN@|$(escaped "$run")|g" \
            -e "s|^@USER@|$user|" -e "s|@PORT@|$1|g" -e "s|@PORT2@|$2|g" \
            "$template" >"$run/$(basename "$template" .in)"
    done
    set_phase "$3"
}

wait_gone() { # PID…: up to ten seconds
    local pid tries
    for pid; do
        for ((tries = 0; tries < 200; tries++)); do
            alive "$pid" || continue 2
            sleep 0.05
        done
        die "process $pid of nginx does not end (see $run/error.log)"
    done
}

master() {
    local pid
    pid=$(cat "$run/nginx.pid" 2>/dev/null) || die "no nginx runs from $run"
    alive "$pid" || die "nginx (process $pid) no longer runs from $run"
    echo "$pid"
}

workers() { # PARENT: read from /proc, because a small system has no ps
    grep -lsx "PPid:[[:space:]]*$1" /proc/[0-9]*/status | cut -d/ -f3 || true
}

# nginx goes to the background before it has written its process id and forked its workers.
wait_up() {
    local tries
    for ((tries = 0; tries < 200; tries++)); do
        [ ! -s "$run/nginx.pid" ] || [ -z "$(workers "$(cat "$run/nginx.pid")")" ] || return 0
        sleep 0.05
    done
    die "nginx does not come up (see $run/error.log)"
}

start() { # PORT PORT2 PHASE
    [ ! -s "$run/nginx.pid" ] || ! alive "$(cat "$run/nginx.pid")" || die "nginx already runs from $run"
    rm -f "$run/nginx.pid"
    render "$@"
    server
    wait_up
}

show() { # PHASE
    local pid old
    pid=$(master)
    wait_up
    old=$(workers "$pid")
    set_phase "$1"
    server -t -q || die "nginx refuses the configuration of '$1'"
    kill -HUP "$pid"
    # shellcheck disable=SC2086 # a list of numbers
    wait_gone $old
}

[ $# -ge 2 ] || usage
action=$1
mkdir -p "$2"
run=$(cd "$2" && pwd)
case $action in
render) [ $# -ge 4 ] || usage; render "$3" "$4" "${5:-evening}" ;;
start) [ $# -ge 4 ] || usage; start "$3" "$4" "${5:-evening}" ;;
show) [ $# -eq 3 ] || usage; show "$3" ;;
stop) pid=$(master); kill -TERM "$pid"; wait_gone "$pid" ;;
*) usage ;;
esac
