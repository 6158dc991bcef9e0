FROM node:22-slim
STOPSIGNAL SIGQUIT
CMD ["node", "server.js"]
