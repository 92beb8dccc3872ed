# What the scripts of this image know of their cluster. From the environment:
#   MQ_NAME, MQ_ADDRESS   this instance
#   MQ_PEERS              all instances, itself included, by index: "name=address name=address"
#   MQ_CLUSTER            a word that tells this cluster from others
#   MQ_PORT, MQ_DIST_PORT, MQ_METRICS_PORT
# Nodes are called by their addresses, so that no machine needs to resolve another's name.

home=/var/lib/rabbitmq/mnesia
settled=$home/settled # stands there once this node is a member and its data count
left=/tmp/ark-left    # stands there once this instance has left for good
node="rabbit@$MQ_ADDRESS"

say() { echo "ark-mq: $*" >&2; }

others() {
    local peer
    for peer in $MQ_PEERS; do
        [ "${peer%%=*}" = "$MQ_NAME" ] || echo "$peer"
    done
}

# answers ADDRESS PORT: prints what comes back; fails where nobody listens.
answers() {
    timeout 2 bash -c 'exec 3<>"/dev/tcp/$0/$1" && cat <&3' "$1" "$2" 2>/dev/null
}

listens() {
    timeout 2 bash -c ': <>"/dev/tcp/$0/$1"' "$1" "$2" 2>/dev/null
}

# ask ADDRESS EXPRESSIONS [SECONDS]: evaluates Erlang in the node there and prints what it prints. A program of its own would start a
# whole virtual machine for every question. Fails where no node answers or the expressions fail.
ask() {
    local output
    output=$(timeout "$((${3:-10} + 2))" erl_call -address "$1:$MQ_DIST_PORT" -timeout "${3:-10}" -r -fetch_stdout -e <<<"$2 ark_done." 2>&1) || return 1
    [[ "$output" == *"{ok, ark_done}"* ]] || return 1
    output=${output%"{ok, ark_done}"*}
    printf '%s' "$output"
}

running() { [ "$(ask "$MQ_ADDRESS" 'io:format("~p", [rabbit:is_running()]),' 2>/dev/null)" = true ]; }

# The address of the first other node that runs and sees a majority of the cluster run.
majority() {
    local peer
    for peer in $(others); do
        listens "${peer#*=}" "$MQ_PORT" || continue
        [ "$(ask "${peer#*=}" 'io:format("~p", [rabbit:is_running() andalso 2 * length(rabbit_nodes:all_running()) > length(rabbit_nodes:all())]),')" = true ] || continue
        echo "${peer#*=}"
        return 0
    done
    return 1
}

# forget ADDRESS NODE: node ADDRESS takes NODE, which is down, off the members and off all queues.
forget() {
    [ "$(ask "$1" "R = rabbit_mnesia:forget_cluster_node('$2', false), rabbit_quorum_queue:shrink_all('$2'), io:format(\"~p\", [R])," 60)" = ok ]
}
