FROM alpine:3
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["/sbin/tini", "--", "node", "index.js"]
