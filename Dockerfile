FROM rust:1.95-trixie AS build
RUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*
WORKDIR /flowery
COPY . .
RUN make release

FROM debian:trixie-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/* \
    && useradd --system --home-dir /data --create-home flowery
WORKDIR /flowery
COPY --from=build /flowery/target/release/flowery /usr/local/bin/flowery
COPY --from=build /flowery/target/site target/site
COPY --from=build /flowery/models models
COPY Leptos.toml .
ENV LEPTOS_ENV=PROD LEPTOS_SITE_ADDR=0.0.0.0:3000 FLOWERY_DATA=/data
USER flowery
VOLUME /data
EXPOSE 3000
ENTRYPOINT ["flowery"]
CMD ["serve"]
