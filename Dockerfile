# Hilo's application alone: signalling, media and stores are other containers (docker-compose.yml).
FROM node:24.11.1-bookworm-slim AS build
WORKDIR /hilo
COPY package.json package-lock.json ./
COPY scripts scripts
COPY native native
RUN npm ci --include=dev --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm run build:web && npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/node-linux-*

FROM node:24.11.1-bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends espeak-ng && rm -rf /var/lib/apt/lists/*
WORKDIR /hilo
COPY --from=build /hilo/package.json ./
COPY --from=build /hilo/node_modules node_modules
COPY --from=build /hilo/dist dist
COPY ivr-flows ivr-flows
# A volume takes its owner from the folder that it covers first.
RUN mkdir -p /data/prompts /data/spoken /data/recordings /data/music/moh && chown -R node:node /data ivr-flows
USER node
ENV NODE_ENV=production HILO_DATA=/data HILO_HTTP_HOST=0.0.0.0
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/health/ready').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
CMD ["node", "--enable-source-maps", "dist/main.js"]
