#!/usr/bin/env bash
# A Chromium for the page's tests: the one that is here, else the system's package, else Playwright's own build.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo -n)
if command -v apt-get >/dev/null && "${as_root[@]}" true 2>/dev/null; then
  echo "installing chromium and fonts for Chinese (Debian packages)"
  "${as_root[@]}" apt-get update -qq
  DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends \
    chromium fonts-noto-cjk >/dev/null
else
  "$(dirname "$0")/../.venv/bin/playwright" install chromium
fi
