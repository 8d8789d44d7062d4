# Two stages: the first compiles (SQLite needs a C compiler), the second holds
# the binary, the CA certificates and the time zones, and nothing else of ours.
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=container
RUN CGO_ENABLED=1 go build -trimpath -tags sqlite_fts5 \
    -ldflags "-s -w -X main.version=${VERSION}" -o /driftwatch ./cmd/driftwatch

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-log-init --no-create-home --home-dir /data --shell /usr/sbin/nologin driftwatch \
 && install -d -o driftwatch -g driftwatch -m 0700 /data
COPY --from=build /driftwatch /usr/local/bin/driftwatch
USER driftwatch
ENV XDG_DATA_HOME=/data XDG_CONFIG_HOME=/config
VOLUME /data
# Asks the daemon's own /healthz; a container that does single cycles with
# `run` ends before the first check.
HEALTHCHECK --interval=1m --timeout=5s --start-period=30s CMD ["driftwatch", "health"]
ENTRYPOINT ["driftwatch"]
CMD ["serve"]
