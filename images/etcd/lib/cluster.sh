# What the scripts of this image know of their cluster. From the environment:
#   ARK_NAME, ARK_ADDRESS   this instance
#   ARK_PEERS               all instances, itself included, by index: "name=address name=address"
#   ARK_CLUSTER             a word that tells this cluster from others
#   ARK_CLIENT_PORT, ARK_PEER_PORT, ARK_METRICS_PORT

export ETCDCTL_API=3 ETCDCTL_DIAL_TIMEOUT=2s ETCDCTL_COMMAND_TIMEOUT=4s
export ETCDCTL_ENDPOINTS="http://$ARK_ADDRESS:$ARK_CLIENT_PORT"

home=/var/lib/etcd
data=$home/data
settled=$home/settled # the member's id; stands there once it has a vote and its data count
left=/tmp/ark-left    # stands there once this instance has left for good
peer_url="http://$ARK_ADDRESS:$ARK_PEER_PORT"

say() { echo "ark-etcd: $*" >&2; }

others() {
    local peer
    for peer in $ARK_PEERS; do
        [ "${peer%%=*}" = "$ARK_NAME" ] || echo "$peer"
    done
}

# at ENDPOINT COMMAND...: etcdctl against another member than this one.
at() { ETCDCTL_ENDPOINTS="$1" etcdctl "${@:2}"; }

client_url() { echo "http://${1#*=}:$ARK_CLIENT_PORT"; }

# answers ADDRESS PORT [TEXT]: sends the text and prints what comes back; fails where nobody listens.
answers() {
    timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" && printf "%b" "$2" >&3 && cat <&3' "$1" "$2" "${3-}" 2>/dev/null
}

# The first of the other members that answers a read which needs the majority. What it says of the members is current afterwards.
majority() {
    local peer
    for peer in $(others); do
        answers "${peer#*=}" "$ARK_METRICS_PORT" 'GET /health HTTP/1.0\r\n\r\n' | grep -q '"health":"true"' || continue
        at "$(client_url "$peer")" get ark/none >/dev/null 2>&1 || continue
        client_url "$peer"
        return 0
    done
    return 1
}

# members ENDPOINT: a line a member: id, name, peer URL, client URL, learner (true or false); "-" for what is not known.
members() {
    at "$1" member list --write-out=simple |
        awk -F', ' '{ for (i = 1; i <= 6; i++) if ($i == "") $i = "-"; print $1, $3, $4, $5, $6 }'
}
