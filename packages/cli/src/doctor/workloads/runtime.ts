import { baseName, isNode, type Launch } from './launch.js'
import type { Container, Port, Runtime } from './model.js'

const nodeTools = new Set([
  'tsx',
  'ts-node',
  'next',
  'nest',
  'fastify',
  'nuxt',
  'remix-serve',
  'cross-env',
  'nodemon',
  'pm2',
  'pm2-runtime',
  'npm',
  'npx',
  'yarn',
  'pnpm',
])

/** Parts of the names of images, and programs, that are no apps of Node's. */
const others = new Set(
  `nginx redis valkey postgres postgresql postgis mysql mariadb mongo mongodb memcached rabbitmq kafka zookeeper elasticsearch
  opensearch kibana logstash traefik haproxy envoy envoyproxy istio proxyv2 linkerd fluentd fluent fluentbit busybox prometheus grafana loki prom
  jaeger otel opentelemetry collector cloudsql gce vault consul nats minio mailhog mailpit adminer phpmyadmin pgadmin php wordpress
  nextcloud python python3 gunicorn uvicorn celery django flask golang java openjdk temurin tomcat jetty ruby rails puma httpd
  apache caddy varnish cassandra influxdb couchdb neo4j clickhouse etcd coredns pause kubectl alpine ubuntu debian dotnet aspnet
  mssql sqlserver registry portainer watchtower certbot localstack dynamodb selenium chromium exporter gitea gogs jenkins sonarqube
  hazelcast cockroachdb cockroach tensorflow tfserving selenium storm spark flink nfs openshift
  documentdb ferretdb calico cilium plex pihole wireguard kube oauth2 deno bun rust mysqld mongod`.split(
    /\s+/,
  ),
)

/** Ports of databases, caches and brokers. */
const otherPorts = new Set([3306, 5432, 5672, 6379, 9042, 9092, 11_211, 27_017])

/** By what is started, else by the image, else by what only Node reads. */
export function recogniseRuntime({ launch, image, env, name = '', ports = [] }: Evidence): Runtime {
  const program = baseName(launch?.program[0])
  const isPackaged = launch?.fronts.some(({ kind }) => kind === 'package-manager' || kind === 'watcher')
  if (isPackaged || isNode(program) || nodeTools.has(program)) return 'node'
  const ofImage = imageName(image)
  // the pages that nginx serves may be built with a variable of Node's
  if (others.has(program) || others.has(ofImage)) return 'other'
  if (hints.some((hint) => env.has(hint))) return 'node'
  if (others.has(ownerOf(image))) return 'other'
  if (isImageOfNode(ofImage)) return 'node'
  if (partsOf(ofImage).some((part) => others.has(part))) return 'other'
  if (
    partsOf(name).every((part) => others.has(part)) ||
    ports.some((port) => otherPorts.has(port.number ?? 0))
  )
    return 'other'
  return 'unknown'
}

/** Node's own image, and those that are called after it, such as `nodejs22-debian12` of distroless. */
const isImageOfNode = (name: string): boolean =>
  name === 'node' || name === 'alpine-node' || /^nodejs(?:-?\d+)?(?:-|$)/.test(name)

export interface Evidence extends Pick<Container, 'image' | 'env'> {
  readonly launch?: Launch | undefined
  readonly name?: string
  readonly ports?: readonly Port[]
}

/** `grafana` of `docker.io/grafana/loki:3`. */
const ownerOf = (image = ''): string => image.split('/').at(-2) ?? ''

const partsOf = (name: string): readonly string[] => name.toLowerCase().split(/[-_.]/)

const hints = [
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_EXTRA_CA_CERTS',
  'LASTCALL_GRACE_PERIOD_MS',
  'LASTCALL_EXPLAIN',
  'npm_config_loglevel',
]

/** `node` of `docker.io/library/node:20-slim@sha256:…`. */
export const imageName = (image = ''): string =>
  baseName(image.replace(/@.*$/, '')).replace(/:.*$/, '').toLowerCase()

/** Whether `/bin/sh` of the image is one that replaces itself with its last command; undefined when it cannot be told. */
export function shellReplacesItself(shell: string, image: string | undefined): boolean | undefined {
  const name = baseName(shell)
  if (name === 'bash' || name === 'ash' || name.startsWith('busybox')) return true
  if (name === 'dash') return false
  if (image === undefined) return undefined
  if (/alpine/.test(image)) return true
  return imageName(image) === 'node' ? false : undefined
}
