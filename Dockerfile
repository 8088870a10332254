# The worker's image; every other command of Overcast runs from it too.
ARG BASE=python:3.11.14-slim-bookworm

FROM ${BASE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /src
RUN python3 -m venv /opt/overcast
COPY ops/install.py ops/install.py
COPY requirements/build.txt requirements/worker.txt requirements/
RUN /opt/overcast/bin/python ops/install.py requirements/worker.txt
COPY . .
ARG COMMIT=
RUN if [ -n "$COMMIT" ]; then echo "$COMMIT" >overcast/commit.txt; fi && \
    /opt/overcast/bin/pip install --quiet --no-deps --no-build-isolation .

FROM ${BASE}
RUN useradd --system --uid 10001 --create-home overcast && install -d -o overcast /models
COPY --from=build /opt/overcast /opt/overcast
ENV PATH=/opt/overcast/bin:$PATH PYTHONUNBUFFERED=1 \
    OVERCAST_METRICS_HOST=0.0.0.0 OVERCAST_METRICS_PORT=9464 OVERCAST_LOG_FORMAT=json \
    OVERCAST_SNAPSHOT_STORE=/models
EXPOSE 9464
HEALTHCHECK --interval=10s --timeout=6s --start-period=30s --retries=12 \
  CMD ["python3", "-m", "streams.probe", "ready"]
USER 10001
WORKDIR /home/overcast
ENTRYPOINT ["overcast"]
CMD ["worker"]
