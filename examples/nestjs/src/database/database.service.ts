import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common'
import { startDatabase, type Database } from 'example-embedded-postgres'

/** It connects and disconnects as Nest's recipe for Prisma has it. */
@Injectable()
export class DatabaseService implements OnModuleInit, OnModuleDestroy {
  private database: Database

  async onModuleInit() {
    this.database = await startDatabase()
    // A connection that breaks while nobody uses it is replaced by the pool.
    this.database.pool.on('error', (error) => console.error(error.message))
    await this.query(`
      CREATE TABLE IF NOT EXISTS orders (
        number serial PRIMARY KEY,
        id text UNIQUE NOT NULL,
        item text NOT NULL,
        quantity integer NOT NULL
      )
    `)
  }

  async onModuleDestroy() {
    await this.database.pool.end()
    await this.database.stop()
  }

  async query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.database.pool.query<Row>(text, [...values])
    return rows
  }
}
