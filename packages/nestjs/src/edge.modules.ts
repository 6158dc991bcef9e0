import {
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common'
import { ModulesContainer } from '@nestjs/core'
import { LifecycleService } from './lifecycle.service.js'

/**
 * Nest calls hooks module after module, sorted by how far each is from the root; which end comes first differs between its
 * versions. With one module of ours at either end, whichever it visits first awaits the drain, and the other comes
 * after all of the app's.
 */
abstract class EdgeModule implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  private readonly lifecycle: LifecycleService

  constructor(lifecycle: LifecycleService, modules: ModulesContainer, distance: number) {
    this.lifecycle = lifecycle
    // Nest sorts them when the first hook is due, when every module has been made
    for (const module of modules.values())
      if (module.metatype === this.constructor) module.distance = distance
  }

  onApplicationBootstrap(): void {
    this.lifecycle.bootstrapped(this)
  }

  onModuleDestroy(): Promise<void> {
    return this.lifecycle.drained()
  }

  onApplicationShutdown(signal?: string): Promise<void> {
    return this.lifecycle.shutDown(this, signal)
  }
}

@Module({})
export class LowerEdgeModule extends EdgeModule {
  constructor(
    @Inject(LifecycleService) lifecycle: LifecycleService,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    super(lifecycle, modules, -Infinity)
  }
}

@Module({})
export class UpperEdgeModule extends EdgeModule {
  constructor(
    @Inject(LifecycleService) lifecycle: LifecycleService,
    @Inject(ModulesContainer) modules: ModulesContainer,
  ) {
    super(lifecycle, modules, Infinity)
  }
}
