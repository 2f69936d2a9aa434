#!/bin/sh
# Builds the control plane if need be and shows that it works: upstream's programs, one kubelet and
# a toy device plugin. Needs root, for the node's mount namespace. Prints the time of each step and
# the memory of each process; leaves nothing running.
set -eu
cd "$(dirname "$0")"
./build.sh
if [ "$(id -u)" -ne 0 ]; then
  echo "smoke.sh: run as root: a node gets a mount namespace of its own" >&2
  exit 1
fi
go=${GO:-$(command -v go || echo /usr/local/go/bin/go)}
# The flags of build.sh, so that what it compiled is used again.
CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -buildvcs=false" nice -n 5 \
  "$go" test -trimpath -count=1 -timeout 5m -v ./smoke
