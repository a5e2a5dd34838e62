# Only the server: Node, the bundled code and its production packages, run by an unprivileged user. The root file system
# can be read-only; only the embedded store writes, to /data.

# Both of these stages run on the machine that builds, whatever the platform of the image.

# Install scripts are not needed: the native packages ship prebuilt binaries. `add-peers` adds the packages for traces.
FROM --platform=$BUILDPLATFORM node:26-bookworm-slim AS production
ARG TARGETARCH
WORKDIR /app
COPY package.json package-lock.json docker/add-peers.mjs docker/prune-packages.mjs ./
RUN cpu="$(echo "${TARGETARCH:-$(node -p process.arch)}" | sed s/amd64/x64/)" \
 && node add-peers.mjs \
 && npm ci --omit=dev --ignore-scripts --no-audit --no-fund --os=linux --libc=glibc --cpu="$cpu" \
 && node prune-packages.mjs node_modules "$cpu"

FROM --platform=$BUILDPLATFORM node:26-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build.mjs scripts/assets.mjs scripts/bundle.mjs scripts/
COPY src src
RUN npm run build && find dist -name '*.d.ts' -delete && find dist -type d -empty -delete

FROM node:26-bookworm-slim
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
           /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-* \
 && ln -s /app/dist/main.js /usr/local/bin/emberlink \
 && install -d -o 10001 -g 10001 -m 0700 /data
WORKDIR /app
COPY --from=production /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY docker/backup.sh docker/healthcheck.mjs docker/make-secrets.mjs docker/users.acl docker/
# Twice this young generation would take 23 MB more under load on Node.js 24 and save no processor time; half of it costs 8 %.
# Argon2 may hash on eight cores at a time; two threads of the pool stay free for disk and DNS.
# Commands that need a temporary copy of a backup find no other place on a read-only root.
ENV NODE_ENV=production \
    BIND=0.0.0.0 \
    DATA_DIR=/data \
    TMPDIR=/data \
    NODE_OPTIONS=--max-semi-space-size=16 \
    UV_THREADPOOL_SIZE=10
# What differs between builds comes last, so that the layers above are the same. A release gives these arguments.
ARG SOURCE=""
ARG REVISION=""
ARG CREATED=""
LABEL org.opencontainers.image.title="Emberlink" \
      org.opencontainers.image.description="Self-hosted one-time-secret server that speaks the Onetime Secret REST APIs v1, v2 and v3" \
      org.opencontainers.image.version="0.2.0" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.url="$SOURCE" \
      org.opencontainers.image.documentation="${SOURCE:+$SOURCE#readme}" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.created="$CREATED" \
      org.opencontainers.image.base.name="docker.io/library/node:26-bookworm-slim"
USER 10001:10001
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --retries=3 CMD ["node", "/app/docker/healthcheck.mjs"]
ENTRYPOINT ["node", "/app/dist/main.js"]
CMD ["serve"]
