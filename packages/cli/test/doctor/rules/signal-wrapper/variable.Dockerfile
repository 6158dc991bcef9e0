FROM node:22-slim
CMD NODE_ENV=production node server.js
