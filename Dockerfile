# The command line in a container, for build, check, validate, list and print: it has no Prometheus, Chromium or Git.
#   docker build --tag azimuth .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/work" azimuth build
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
COPY preview/package.json preview/package-lock.json preview/.npmrc preview/
RUN npm ci --no-audit --no-fund && npm ci --prefix preview --no-audit --no-fund
COPY . .
RUN npm run --silent package -- --pack-destination /tmp \
    && npm install --prefix /app --ignore-scripts --no-audit --no-fund /tmp/*.tgz

FROM gcr.io/distroless/nodejs22-debian12:nonroot
COPY --from=build /app/node_modules /app/node_modules
WORKDIR /work
USER nonroot
ENTRYPOINT ["/nodejs/bin/node", "/app/node_modules/.bin/azimuth"]
CMD ["--help"]
