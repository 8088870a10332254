#!/usr/bin/env bash
# Builds the images of stand-ins.yml from Debian packages, for machines without a registry.
# Needs root, docker and debootstrap. Then, from the project's folder:
#   docker-compose -f docker-compose.yml -f ops/compose/stand-ins.yml up --detach --build
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-"$here/../../.venv/bin/python"}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

debian=overcast-stand-in/debian:local
certificates=/etc/ssl/certs/ca-certificates.crt
debootstrap --variant=minbase --include=ca-certificates bookworm "$work/root" >"$work/debootstrap.log"
if compgen -G "/usr/local/share/ca-certificates/*.crt" >/dev/null; then
  cp /usr/local/share/ca-certificates/*.crt "$work/root/usr/local/share/ca-certificates/"
  chroot "$work/root" update-ca-certificates >/dev/null
fi
tar -C "$work/root" -c . | docker import \
  --change "ENV PIP_CERT=$certificates SSL_CERT_FILE=$certificates" - "$debian" >/dev/null

docker build -q -t overcast-stand-in/python:local - <<DOCKERFILE
FROM $debian
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends python3 python3-venv && rm -rf /var/lib/apt/lists/*
DOCKERFILE

mkdir -p "$work/kafka/jars"
"$python" -c 'from overcast.embedded.jars import kafka_jars; print(*kafka_jars(lambda text: None), sep="\n")' |
  xargs cp -t "$work/kafka/jars"
cp "$here"/Dockerfile.kafka "$here"/run.sh "$here"/kafka-broker-api-versions.sh "$work/kafka/"
chmod 755 "$work"/kafka/*.sh
docker build -q --build-arg BASE="$debian" -f "$work/kafka/Dockerfile.kafka" -t overcast-stand-in/kafka:local "$work/kafka"
docker build -q --build-arg BASE="$debian" -f "$here/Dockerfile.prometheus" -t overcast-stand-in/prometheus:local "$here"
docker build -q --build-arg BASE="$debian" -f "$here/Dockerfile.redis" -t overcast-stand-in/redis:local "$here"
