import type { Shutdown } from '@lastcall/core'
import { internalsOf, tieClose, type FrameworkClose } from '@lastcall/core/http'
import { Inject, Injectable, Optional } from '@nestjs/common'
import { ApplicationConfig, HttpAdapterHost, ModulesContainer } from '@nestjs/core'
import { closeGateways } from './gateways.js'
import { serveHttp } from './http.js'
import { InjectShutdown } from './inject-shutdown.decorator.js'
import { serveMicroservices } from './microservices.js'
import { isNestListener, runHooks } from './nest-signals.js'
import { stopSchedules } from './schedules.js'
import type { ShutdownModuleOptions } from './shutdown-module-options.interface.js'
import { SHUTDOWN_OPTIONS } from './shutdown.constants.js'

/**
 * Ties one app's lifecycle to its shutdown. Made before the app is: what it has to see from the beginning, its servers and
 * their adapters, is caught on its way.
 */
@Injectable()
export class LifecycleService {
  private readonly shutdown: Shutdown
  private readonly host: HttpAdapterHost
  private readonly modules: ModulesContainer
  private readonly close: FrameworkClose
  private readonly stopLooking: () => void
  private readonly hooksAreOver: Promise<void>
  private reachLast = (): void => {}
  private drain: Promise<void> | undefined
  private readonly firstEdges: { bootstrap?: object; shutdown?: object } = {}

  constructor(
    @InjectShutdown() shutdown: Shutdown,
    @Optional() @Inject(SHUTDOWN_OPTIONS) options: ShutdownModuleOptions = {},
    @Inject(HttpAdapterHost) host: HttpAdapterHost,
    @Inject(ModulesContainer) modules: ModulesContainer,
    @Inject(ApplicationConfig) config: ApplicationConfig,
  ) {
    const { probes = {}, webSockets = {} } = options
    this.shutdown = shutdown
    this.host = host
    this.modules = modules
    this.hooksAreOver = new Promise((resolve) => {
      this.reachLast = resolve
    })
    this.close = tieClose(shutdown, 'nestjs', () => this.runOwnHooks())
    internalsOf(shutdown).expectListener(isNestListener)
    this.stopLooking = serveHttp(host, shutdown, probes)
    serveMicroservices(modules, shutdown)
    if (webSockets !== false) closeGateways(config, shutdown, webSockets)
  }

  /** Every provider of the app has been made and initialised when the second edge is visited. */
  bootstrapped(edge: object): void {
    this.firstEdges.bootstrap ??= edge
    if (this.firstEdges.bootstrap === edge) return
    const { listening, log } = internalsOf(this.shutdown)
    this.close.check()
    stopSchedules(this.modules, this.shutdown)
    const ours = [this.firstEdges.bootstrap, edge]
    for (const { distance, instance, name } of this.modules.values()) {
      if (Math.abs(distance) !== Infinity || ours.includes(instance)) continue
      log.warn({ module: name }, `the hooks of ${name} may run while requests are in flight`)
    }
    // an app without a server is ready when its hooks have run
    if (!this.host.httpAdapter) listening()
  }

  /** Settles when nothing is in flight any more. Nest 11 runs the hooks of two concurrent closes twice. */
  drained(): Promise<void> {
    return (this.drain ??= this.close.first())
  }

  /** The app's hooks have run when the second edge is visited. Settles when everything else is released too. */
  async shutDown(edge: object, signal: string | undefined): Promise<void> {
    this.firstEdges.shutdown ??= edge
    if (this.firstEdges.shutdown === edge) return
    this.stopLooking()
    this.reachLast()
    await this.close.last()
    const { isProcessWide, whenOver } = internalsOf(this.shutdown)
    // Nest ends the process after its last hook: by then the exit code is the report's
    if (isProcessWide && signal !== undefined) await whenOver()
  }

  /** The shutdown came to releasing without Nest: a crash, `begin()`, or hooks that are not enabled. */
  private async runOwnHooks(): Promise<void> {
    const { isProcessWide, log, options } = internalsOf(this.shutdown)
    if (isProcessWide && runHooks(options.signals)) return this.hooksAreOver
    log.warn(
      {},
      isProcessWide
        ? 'onModuleDestroy and the hooks after it do not run: call app.enableShutdownHooks() at start-up'
        : 'onModuleDestroy and the hooks after it do not run: app.close() closes an app, begin() its shutdown alone',
    )
  }
}
