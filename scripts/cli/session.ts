/** An engine of our own for one command: plain Node, no page unless asked, a data folder that goes when nobody asked for it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEngine, type Engine, type EngineOptions } from '../../electron/engine/engine.ts';
import { createNodeProcessHost } from '../../electron/engine/process-host.ts';
import { CommandError, EXIT, type Terminal } from './command.ts';
import { version } from './version.ts';

export interface Session {
  readonly engine: Engine;
  readonly dataFolder: string;
  /** Warnings the engine gave, in order. */
  readonly warnings: readonly string[];
  /** Stops everything and removes what was temporary. */
  end(): Promise<void>;
}

export type SessionOptions = Pick<EngineOptions, 'simulation'> &
  Partial<Pick<EngineOptions, 'port' | 'pageFolder' | 'bundledFolder' | 'seed' | 'recordByItself'>> & {
    /** Absent: a temporary one. */
    readonly dataFolder?: string | undefined;
  };

/** Fails with status 3 and the reason when no engine can be had. */
export async function startSession(options: SessionOptions, terminal: Terminal): Promise<Session> {
  const warnings: string[] = [];
  const temporary = options.dataFolder === undefined ? await mkdtemp(join(tmpdir(), 'sidetone-')) : undefined;
  const dataFolder = options.dataFolder ?? temporary ?? '';
  const host = createNodeProcessHost();
  const clean = async (): Promise<void> => {
    await host.dispose();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  };
  try {
    const { dataFolder: _, ...rest } = options;
    const engine = await createEngine({
      ...rest,
      dataFolder,
      host,
      version: version(),
      log: {
        info: () => undefined,
        warning: (line) => {
          warnings.push(line);
          terminal.say(`sidetone: ${line}`);
        },
      },
    });
    return {
      engine,
      dataFolder,
      warnings,
      async end() {
        await engine.dispose();
        await clean();
      },
    };
  } catch (error) {
    await clean();
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(EXIT.notToBeHad, `the engine could not start: ${reason}`);
  }
}
