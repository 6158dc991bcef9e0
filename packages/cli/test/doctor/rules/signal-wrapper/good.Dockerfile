FROM node:22-slim AS build
CMD npm start
FROM node:22-slim
ENTRYPOINT ["tini", "--"]
CMD ["node", "server.js"]
