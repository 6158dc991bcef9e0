FROM node:22-slim
STOPSIGNAL SIGINT
CMD ["node", "server.js"]
