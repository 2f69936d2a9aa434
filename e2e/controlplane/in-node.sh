#!/bin/sh
# Runs a command as if on a node of its own: DIR is its /var/lib/kubelet, where upstream's device
# manager puts its sockets and checkpoint whatever the kubelet's flags say. Only this process and
# its children see that; others reach the same sockets as DIR/... The process keeps its id.
#
# A kubelet sets kernel tunables and links containers' logs into /var/log, which are the machine's
# and not the node's: it gets files of its own in their place (DIR/sysctl, DIR/log), so that a test
# leaves the machine as it was. Its working directory is an empty folder: told an empty log path by
# its runtime, a kubelet deletes what is there.
#
# usage: in-node.sh DIR COMMAND [ARGUMENT...]
set -eu
if [ $# -lt 2 ]; then
  echo "usage: in-node.sh DIR COMMAND [ARGUMENT...]" >&2
  exit 2
fi
mkdir -p "$1" /var/lib/kubelet
exec unshare --mount --propagation private sh -eu -c '
  node=$1
  shift
  for tunable in vm/overcommit_memory vm/panic_on_oom kernel/panic kernel/panic_on_oops \
      kernel/keys/root_maxkeys kernel/keys/root_maxbytes; do
    mkdir -p "$node/sysctl/${tunable%/*}"
    cat "/proc/sys/$tunable" > "$node/sysctl/$tunable"
    mount --bind "$node/sysctl/$tunable" "/proc/sys/$tunable"
  done
  mount --bind "$node" /var/lib/kubelet
  mkdir -p /var/lib/kubelet/empty /var/lib/kubelet/log
  mount --bind /var/lib/kubelet/log /var/log
  cd /var/lib/kubelet/empty
  exec "$@"' in-node "$@"
