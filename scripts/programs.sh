# shellcheck shell=bash
# Sourced by the scripts beside it: finding programs and what was built, and running one so that it never outlives us.

# Prints the path of a program. Debian keeps the PostgreSQL server's programs off PATH, a folder per version.
find_program() {
    command -v "$1" && return
    local folder
    for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse); do
        [[ -x $folder/$1 ]] && echo "$folder/$1" && return
    done
    return 1
}

# Runs a program to its end so that this shell can still react to a signal: for a plain foreground child bash would
# delay its traps until the child is done.
run_interruptible() {
    # Bash makes background children ignore SIGINT, but Ctrl-C must reach this one.
    (trap - INT QUIT; exec "$@") <&0 &
    running=$!
    local status=0
    wait "$running" || status=$?
    running=
    return "$status"
}

# The folder that cargo builds into.
target_folder() { cargo metadata --no-deps --format-version 1 | sed 's/.*"target_directory":"\([^"]*\)".*/\1/'; }

# After this call, SIGINT, SIGTERM and SIGHUP end what run_interruptible runs, and then this shell (through its EXIT
# trap).
end_on_signals() {
    running=
    trap 'end_by_signal 2' INT
    trap 'end_by_signal 15' TERM
    trap 'end_by_signal 1' HUP
}

end_by_signal() {
    trap '' INT TERM HUP
    if [[ -n $running ]]; then end_tree "$running"; fi
    exit $((128 + $1))
}

# Ends a child of this shell with all its descendants: cargo and npm do not pass a signal on to what they run.
end_tree() {
    local pids
    mapfile -t pids < <(descendants "$1")
    kill -TERM "$1" "${pids[@]}" 2>/dev/null || true
    end_within 15 "$1"
}

descendants() {
    local child children
    mapfile -t -d ' ' children < <(cat "/proc/$1"/task/*/children 2>/dev/null)
    for child in "${children[@]}"; do
        echo "$child"
        descendants "$child"
    done
}

# Waits for children of this shell that were told to end, and kills those that did not end within so many seconds.
end_within() {
    local tenths=$(($1 * 10)) pid
    shift
    for pid; do
        while kill -0 "$pid" 2>/dev/null && ((tenths-- > 0)); do sleep 0.1; done
        kill -KILL "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
}
