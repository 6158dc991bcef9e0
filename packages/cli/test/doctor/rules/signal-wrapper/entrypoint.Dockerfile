FROM node:22-slim
ENTRYPOINT ["./entrypoint.sh"]
CMD ["node", "server.js"]
