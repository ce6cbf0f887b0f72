# Three stages: the console's bundle, the program, and an image that holds nothing but the program.

FROM node:20-bookworm-slim AS ui
WORKDIR /src/ui
COPY ui/ ./
RUN npm ci --no-audit --no-fund && npm run build

FROM rust:1.95-bookworm AS build
# aws-lc-sys compiles C through cmake.
RUN apt-get update && apt-get install -y --no-install-recommends cmake && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
COPY --from=ui /src/ui/dist ui/dist
RUN cargo build -p busbar-server --release --locked

FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates postgresql-client && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/busbar --create-home busbar
COPY --from=build /src/target/release/busbar /usr/local/bin/busbar
USER busbar
WORKDIR /var/lib/busbar
ENV APP_ENV=production HOST=0.0.0.0 PORT=7130 \
    DATA_DIR=/var/lib/busbar/data STORAGE_DIR=/var/lib/busbar/data/storage LOGS_DIR=/var/lib/busbar/logs
VOLUME /var/lib/busbar
EXPOSE 7130
HEALTHCHECK --interval=30s --timeout=10s --start-period=20s --retries=3 CMD ["busbar", "health"]
ENTRYPOINT ["busbar"]
CMD ["serve"]
