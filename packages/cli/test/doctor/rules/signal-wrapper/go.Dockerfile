FROM golang:1.24 AS build
RUN go build ./...
FROM debian:12
CMD ./server --port 80
