FROM node:22-slim
CMD NODE_ENV=production exec node server.js
