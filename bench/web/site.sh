# Sourced by the benchmarks that need a site: a lab of three machines with the base, the console on m1, and the same 30 services as a Compose file.
# Everything is timed on the client machine, where both consoles run.
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(id -u)" -eq 0 ] || { echo "The lab needs root: sudo bench/run …" >&2; exit 1; }
lab=bench work=.ark/bench/web

on_client() { ./ark lab exec m1 --name $lab --user ops -- sh -c "cd ark && $1"; }
as_root() { ./ark lab exec m1 --name $lab -- bash -c "$1"; }

site_up() {
  lab/site $lab --line 3.0 --catalog bench/web/web-bench --task bench/web/task_web --images "base registry" >&2
  on_client "bin/ark base --yes" >&2
  ark_up >&2
  as_root "docker service inspect \$(docker service ls -q --filter label=ark.task=web)" | stack_file > $work/stack.yaml
  ./ark lab exec m1 --name $lab -- sh -c 'cd /root && cat > stack.yaml && for i in $(seq 30); do echo "name web-$i" > web-$i.conf; done' < $work/stack.yaml
}

site_down() { ./ark lab down --name $lab >&2; }

# The same services as docker stack deploy wants them: image, command, environment, healthcheck, file, reservation, machine.
stack_file() {
  jq -r '
    "version: \"3.9\"", "services:",
    (.[] | .Spec as $s | $s.TaskTemplate as $t | $t.ContainerSpec as $c |
      "  \($s.Name):",
      "    image: \($c.Image)",
      "    command: \($c.Args | tojson)",
      "    init: true",
      "    environment: \($c.Env | tojson)",
      "    networks: [host]",
      "    healthcheck: {test: \($c.Healthcheck.Test | tojson), interval: 1s, timeout: 5s, retries: 5}",
      "    configs: [{source: \($s.Name), target: /etc/web.conf}]",
      "    deploy: {replicas: 1, placement: {constraints: \($t.Placement.Constraints | tojson)}, resources: {reservations: {cpus: \"0.01\", memory: 8M}}}"),
    "networks: {host: {external: true, name: host}}",
    "configs:",
    (.[] | "  \(.Spec.Name): {file: ./\(.Spec.Name).conf}")'
}

# Milliseconds of a command on the client until the given number of tasks is healthy, by one poller for both sides; 0: until the command ends.
timed() {
  local healthy=$1; shift
  as_root "
    healthy() { curl -s --unix-socket /var/run/docker.sock 'http://d/tasks?filters=%7B%22desired-state%22%3A%5B%22running%22%5D%7D' | grep -o '\"State\":\"running\"' | wc -l; }
    failed() { [ \"\$(cat /tmp/timed.status)\" != 0 ] && cat /tmp/timed.log >&2; }
    rm -f /tmp/timed.status
    start=\$(date +%s%N)
    { ($*) >/tmp/timed.log 2>&1; echo \$? >/tmp/timed.status; } &
    if [ $healthy -gt 0 ]; then
      until [ \"\$(healthy)\" -ge $healthy ]; do
        if [ -s /tmp/timed.status ] && failed; then exit 1; fi
        sleep 0.1
      done
      end=\$(date +%s%N)
      wait
    else
      wait
      end=\$(date +%s%N)
    fi
    if failed; then exit 1; fi
    echo \$(((end - start) / 1000000))"
}

ark_command='cd /home/ops/ark && runuser -u ops -- env HOME=/home/ops bin/ark apply --task web --yes'
stack_command='cd /root && docker stack deploy -c stack.yaml peer'

ark_up() { on_client "bin/ark apply --task web --yes"; }
ark_away() { on_client "bin/ark remove --task web --all --yes" >/dev/null 2>&1; settle; }
stack_away() { as_root "docker stack rm peer" >/dev/null 2>&1; settle; }

# Nothing of the last run may still be ending.
settle() { for m in m1 m2 m3; do ./ark lab exec $m --name $lab -- sh -c 'while docker ps -q --filter label=com.docker.swarm.service.name | grep -q .; do sleep 0.3; done'; done; sleep 2; }

median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
