#!/bin/bash
# Builds bin/controlplane, once: again only if the sources, the pinned versions, this script or the
# Go release have changed. Needs Go (see go.mod; $GO names another than the one in PATH) and, the
# first time, a module proxy and 4 GB of disk. Says what is missing and fails; takes no shortcuts.
#
# usage: build.sh [VERSION]   VERSION such as 1.34: another Kubernetes, that of go-VERSION.mod, into
#                             bin/VERSION; its go.sum is its own, the sources are the same
set -euo pipefail
cd "$(dirname "$0")"

fail() {
  echo "build.sh: $*" >&2
  exit 1
}

say() {
  echo "build.sh: $*" >&2
}

# The Go that is used: $GO, the one in PATH, or where its own installer puts it.
find_go() {
  local candidate
  [ -z "${GO:-}" ] || [ -x "$GO" ] || fail "GO=$GO is not a program"
  for candidate in "${GO:-}" "$(command -v go || true)" /usr/local/go/bin/go; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      echo "$candidate"
      return
    fi
  done
  fail "no Go found: install $(sed -n 's/^go /Go /p' "$pins.mod") or newer (https://go.dev/dl)," \
    "or set GO to its binary"
}

check_go_version() {
  local wanted have
  wanted=$(sed -n 's/^go //p' "$pins.mod")
  have=$("$go" version 2>&1) || fail "$go does not run: $have"
  have=$(sed -E 's/^go version go([0-9.]+).*/\1/' <<<"$have")
  if [ "$(printf '%s\n' "$wanted" "$have" | sort -V | head -n 1)" != "$wanted" ]; then
    fail "$go is Go $have, $pins.mod needs $wanted or newer"
  fi
}

# Of all that goes into the binary, so that an unchanged tree costs nothing.
inputs() {
  {
    "$go" version
    find . -path ./bin -prune -o -type f \( -name '*.go' ! -name '*_test.go' -o -name "$pins.*" \
      -o -name build.sh \) -print0 | sort -z | xargs -0 sha256sum
  } | sha256sum | cut -d ' ' -f 1
}

check_disk() {
  local need=1 folder free
  [ -d "$("$go" env GOMODCACHE)/k8s.io/kubernetes@$version" ] || need=4
  for folder in "$("$go" env GOCACHE)" "$("$go" env GOMODCACHE)" "$PWD/$out"; do
    mkdir -p "$folder"
    free=$(($(df --output=avail -k "$folder" | tail -n 1) / 1024 / 1024))
    [ "$free" -ge "$need" ] || fail "$folder has $free GB free, the build needs $need GB"
  done
}

fetch() {
  say "fetching modules"
  "$go" mod download || fail "modules did not arrive from GOPROXY=$("$go" env GOPROXY)" \
    "(see above): the first build needs a module proxy"
}

compile() {
  local base=k8s.io/component-base/version log=$out/build.log job
  say "compiling Kubernetes $version; minutes the first time, on all processors at low priority"
  nice -n 19 "$go" build -v -trimpath -o "$out/controlplane.part" -ldflags "-s -w \
    -X $base.gitVersion=$version -X $base.gitMajor=1 -X $base.gitMinor=${minor}" . 2>"$log" &
  job=$!
  trap 'kill "$job" 2>/dev/null || true' EXIT
  while kill -0 "$job" 2>/dev/null; do
    sleep 1
    if [ $((SECONDS % 15)) -eq 0 ]; then
      say "$SECONDS s, $(wc -l <"$log") packages compiled"
    fi
  done
  wait "$job" || fail "the compiler failed; the end of $log:$(printf '\n')$(tail "$log")"
  trap - EXIT
  mv "$out/controlplane.part" "$out/controlplane"
}

pins=go${1:+-$1} out=bin${1:+/$1}
[ -f "$pins.mod" ] || fail "there is no $pins.mod: build.sh [VERSION], one of" \
  "$(printf '%s\n' go-*.mod | sed 's/^go-\(.*\).mod$/\1/' | paste -sd ' ')"
export CGO_ENABLED=0 GOFLAGS="${GOFLAGS:-} -buildvcs=false -modfile=$pins.mod"
go=$(find_go)
check_go_version
version=$(sed -nE 's/^\tk8s.io\/kubernetes (v[0-9.]+).*/\1/p' "$pins.mod")
minor=$(cut -d . -f 2 <<<"$version")
mkdir -p "$out"
exec 9>"$out/lock"
flock 9 # two builds at once wait for each other
wanted=$(inputs)
if [ -x "$out/controlplane" ] && [ "$(cat "$out/inputs" 2>/dev/null)" = "$wanted" ]; then
  say "$out/controlplane is up to date"
  exit 0
fi
check_disk
fetch
compile
echo "$wanted" >"$out/inputs"
say "$out/controlplane built in $SECONDS s, $(du -m "$out/controlplane" | cut -f 1) MB"
