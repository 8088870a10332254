#!/bin/sh
# A Chromium for the tests of the live page: Debian's, if this may install it; else what to do.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the tests of the live page …"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >/dev/null && exit 0
fi
echo "No Chromium: the tests of the live page will be skipped. Install it, on Debian with"
echo "  sudo apt-get install chromium"
if [ "$CI" = true ] || [ "$OVERCAST_BROWSER_REQUIRED" = true ]; then exit 1; fi
