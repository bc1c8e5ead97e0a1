#!/bin/sh
# Makes sure that there is a browser for the tests, or says what to install.
set -eu
browser="${CHROMIUM:-/usr/bin/chromium}"
[ -x "$browser" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
fi
if [ ! -x "$browser" ]; then
  echo "The browser tests need Chromium at $browser. Install it (Debian: apt-get install chromium)" >&2
  echo "or name another one: make test CHROMIUM=/path/to/chromium" >&2
  exit 1
fi
