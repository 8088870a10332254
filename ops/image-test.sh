#!/usr/bin/env bash
# Tries an image before it is pushed: `ops/image-test.sh overcast:1.2.3`. It needs Docker with compose.
set -euo pipefail
cd "$(dirname "$0")/.."
image=$1

run() { # as the chart runs it: no user's rights, nothing to write but /tmp
  docker run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges "$image" "$@"
}

run --version
run --version | grep --quiet --extended-regexp '\([0-9a-f]{12}\)' || { echo "$image does not say its commit"; exit 1; }
[ "$(docker run --rm --entrypoint id "$image" -u)" = 10001 ] || { echo "$image runs as somebody else"; exit 1; }
run worker --help >/dev/null

export COMPOSE_PROJECT_NAME=overcast-image-test
trap 'docker compose down --volumes --timeout 20' EXIT
docker tag "$image" "$(docker compose config --images worker | head -1)"
docker compose up --detach --no-build --wait kafka redis worker dashboard
docker compose run --rm --no-deps worker replay
docker compose exec worker overcast history t20-male
