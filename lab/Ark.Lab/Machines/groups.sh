# Read by the other scripts. HIERARCHIES holds the mount points of this computer's control groups, version 1 and 2.

# join GROUP: moves this shell into GROUP (ark-lab/demo/m1) in every hierarchy, so that nothing of a machine can be missed when it goes.
join() {
  for at in $HIERARCHIES; do
    for part in $(echo "$1" | tr / ' '); do
      # Version 2: what is below gets the controllers.
      if [ -e "$at/cgroup.subtree_control" ]; then
        for c in $(cat "$at/cgroup.controllers"); do echo "+$c" > "$at/cgroup.subtree_control" || true; done 2>/dev/null
      fi
      mkdir -p "$at/$part"
      # Version 1: a new cpuset is empty and takes no process.
      if [ -e "$at/$part/cpuset.cpu_exclusive" ]; then
        for f in cpuset.cpus cpuset.mems; do [ -n "$(cat "$at/$part/$f")" ] || cat "$at/$f" > "$at/$part/$f"; done
      fi
      at=$at/$part
    done
    echo $$ > "$at/cgroup.procs"
  done
}
