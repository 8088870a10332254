#!/usr/bin/env bash
# Brings Debian packages whose programs the tests run: `ops/test-tools.sh prometheus jq …`.
# As root on Debian it installs what is missing. Elsewhere it says so, and the tests that need it are
# reported as skipped, with the reason; with CI=true a missing program is an error.
set -euo pipefail

program_of() { # the program by which a package is known
  case "$1" in
    prometheus) echo promtool ;;
    *) echo "$1" ;;
  esac
}

missing=()
for package in "$@"; do
  command -v "$(program_of "$package")" >/dev/null 2>&1 || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing ${missing[*]} for the tests …"
  # a package may bring a service: it must not be started
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || true
fi

lacking=()
for package in "${missing[@]}"; do
  command -v "$(program_of "$package")" >/dev/null 2>&1 || lacking+=("$package")
done
[ ${#lacking[@]} -eq 0 ] && exit 0
echo "Not here: ${lacking[*]}. Tests that need them will be skipped; on Debian: apt install ${lacking[*]}" >&2
[ "${CI:-}" = true ] && exit 1
exit 0
