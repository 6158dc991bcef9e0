FROM node:22-slim
SHELL ["/bin/bash", "-c"]
CMD node server.js && echo bye
