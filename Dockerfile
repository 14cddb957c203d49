# The service as one static binary, without a shell and without root.
FROM --platform=$BUILDPLATFORM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG TARGETOS TARGETARCH
RUN CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/normgraph ./server

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/normgraph /normgraph
EXPOSE 8080
# The image has no curl; the binary asks itself.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["/normgraph", "health", "http://127.0.0.1:8080/readyz"]
ENTRYPOINT ["/normgraph"]
# Inside the container only; which address of the host it gets is said by
# docker run --publish or docker-compose.yml.
CMD ["serve", "--listen", "0.0.0.0:8080"]
