# A client of NATS and of its monitoring port. From the environment: NATS_NAME, NATS_ADDRESS, NATS_PORT, NATS_MONITOR_PORT.
# Logins are ready CONNECT lines: /etc/nats/clients.login, /etc/nats/system.login.
export LC_ALL=C # lengths are bytes
left=/tmp/ark-left # stands there once this instance has left for good

say() { echo "nats: $*" >&2; }

send() { printf '%s\r\n' "$@" >&3; }

# open ADDRESS [LOGIN]: connects and logs in, as a client unless told otherwise.
open() {
    local line
    { exec 3<>"/dev/tcp/$1/$NATS_PORT"; } 2>/dev/null || { say "no server at $1"; return 1; }
    send "$(<"/etc/nats/${2:-clients}.login")" PING
    while read -r -t 5 line <&3; do
        case $line in
            PONG*) return 0 ;;
            -ERR*) say "$1: ${line%$'\r'}"; return 1 ;;
        esac
    done
    say "$1 does not answer"
    return 1
}

# receive [SECONDS]: the next message's text becomes $payload.
receive() {
    local line
    while read -r -t "${1:-5}" line <&3; do
        line=${line%$'\r'}
        case $line in
            MSG\ *) IFS= read -r -N "${line##* }" -t 5 payload <&3 && read -r <&3; return ;;
            PING) send PONG ;;
            -ERR*) say "$line"; return 1 ;;
        esac
    done
    return 1
}

# publish SUBJECT TEXT [REPLY-SUBJECT]
publish() { send "PUB $1 ${3-} ${#2}" "$2"; }

# request SUBJECT [TEXT]: the answer becomes $payload. Ends with 1 where that names an error, with 2 where none comes.
request() {
    local inbox="_INBOX.$NATS_NAME.$$.$RANDOM$RANDOM" sid=$((++requests))
    send "SUB $inbox $sid" "UNSUB $sid 1"
    publish "$1" "${2-}" "$inbox"
    receive 4 || { say "no answer to $1"; send "UNSUB $sid"; return 2; }
    ! jq -er '.error.description // empty' <<<"$payload" >&2
}
requests=0

# monitor PATH: what this server's monitoring port answers.
monitor() (
    exec 3<>"/dev/tcp/127.0.0.1/$NATS_MONITOR_PORT"
    send "GET $1 HTTP/1.0" ""
    timeout 5 sed '1,/^\r$/d' <&3
)

# streams: those that have a copy on this server, each as {name, replicas, leader, behind}. Only the leader knows who is behind.
streams() {
    monitor '/jsz?accounts=true&streams=true&config=true' | jq -c '.account_details[]? | .name as $account | .stream_detail[]? | {name: "\($account).\(.name)",
        replicas: .config.num_replicas, leader: .cluster.leader, behind: ([.cluster.replicas[]? | .current] | all | not)}'
}
