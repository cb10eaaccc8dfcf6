# atmodem on a slim base, not as root. Built in one stage and run from another, which has no build tools in it.
#   docker build -t atmodem . && docker run --rm -p 127.0.0.1:2323:2323 atmodem run --port tcp:0.0.0.0:2323
FROM node:20-slim AS build
WORKDIR /atmodem
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:20-slim
WORKDIR /atmodem
ENV NODE_ENV=production
COPY --from=build /atmodem/package.json ./
COPY --from=build /atmodem/node_modules ./node_modules
COPY --from=build /atmodem/bin ./bin
COPY --from=build /atmodem/dist ./dist
COPY --from=build /atmodem/grammars ./grammars
COPY --from=build /atmodem/docs ./docs
COPY --from=build /atmodem/examples ./examples
USER node
# PID 1 gets no signals by default; Node handles SIGTERM itself, and links are removed on the way out.
STOPSIGNAL SIGTERM
ENTRYPOINT ["node", "bin/atmodem.js"]
CMD ["run", "--help"]
