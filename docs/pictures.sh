#!/usr/bin/env bash
# Makes the README's terminal map and the screenshots of the live map anew, from one run of the demo.
# Needs chromium (apt-get install chromium). Takes a minute; look at what git diff says then.
set -euo pipefail
cd "$(dirname "$0")/.."

bin/lamella demo --help > /dev/null # builds what is not built
out=target/pictures
mkdir -p "$out"
javac -nowarn -cp "simulator/target/lib/*" -d "$out" \
  e2e/src/test/java/dev/lamella/e2e/browser/{DevTools,Chromium,Tab,RunningDemo,Pictures}.java
exec java -cp "$out:simulator/target/lib/*" dev.lamella.e2e.browser.Pictures
