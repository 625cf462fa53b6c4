# SPDX-License-Identifier: Apache-2.0
# The image: what `make build` makes, on Debian's slim base with the libraries it is linked with, as a user without rights.
FROM docker.io/library/debian:bookworm-slim AS build
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends make ca-certificates >/dev/null && rm -rf /var/lib/apt/lists/*
WORKDIR /source
# Packages first: they change seldom, and this layer is kept while only sources change.
COPY tools/setup tools/setup
COPY package.json package-lock.json .npmrc ./
RUN tools/setup run
COPY . .
RUN make build && llvm-strip-19 --strip-debug build/release/parley

FROM docker.io/library/debian:bookworm-slim
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends libboost-container1.81.0 libboost-json1.81.0 libfmt9 libspdlog1.10 libargon2-1 libicu72 libssl3 libsqlite3-0 libtomlplusplus3 >/dev/null \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin parley \
 && install -d -o parley -g parley -m 0700 /data
COPY --from=build /source/build/release/parley /usr/bin/parley
COPY LICENSE /usr/share/doc/parley/LICENSE
# Inside a container the port is opened to the network by whoever runs it; the internal listener stays on loopback.
ENV PARLEY_SERVER_LISTEN=0.0.0.0:8080 PARLEY_STORAGE_DATA_DIR=/data
LABEL org.opencontainers.image.title="Parley" \
      org.opencontainers.image.description="Real-time messaging and file-sharing server" \
      org.opencontainers.image.licenses="Apache-2.0"
USER parley
WORKDIR /data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["parley", "healthcheck"]
ENTRYPOINT ["parley"]
CMD ["serve"]
