/** The real program on a fresh base in a temporary folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const START_DEADLINE_MS = 60_000;
const STOP_DEADLINE_MS = 10_000;

function findBinary(): string {
  const target = process.env.CARGO_TARGET_DIR ?? fileURLToPath(new URL('../../../target', import.meta.url));
  const path = process.env.KARTOTEKA_BINARY ?? join(target, 'debug', 'kartoteka');
  if (!existsSync(path)) throw new Error(`${path} is missing: build it with \`cargo build --package kartoteka\``);
  return path;
}

/** A folder for one installation; it goes with the server that uses it. */
export function makeDataFolder(): string {
  return mkdtempSync(join(tmpdir(), 'kartoteka-e2e-'));
}

/** Fills an empty installation with contacts of the demo base. */
export function fillWithDemo(folder: string, options: { contacts: number; password: string }): void {
  const { status, stderr } = spawnSync(
    findBinary(),
    ['demo', '--data', folder, '--contacts', String(options.contacts), '--password', options.password],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the demo base was not made: ${stderr}`);
}

export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly folder: string,
    /** Without a slash at the end. */
    readonly url: string,
    /** The link for the first administrator, while there is none. */
    readonly setupUrl: string | null,
  ) {}

  /** Starts the program on a free port and waits until it says where it is. */
  static async start(folder = makeDataFolder()): Promise<Server> {
    // Stand-ins of services outside are on this machine.
    const child = spawn(findBinary(), ['serve', '--data', folder, '--listen', '127.0.0.1:0', '--allow-local-services'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let log = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
    const { url, setupUrl } = await new Promise<{ url: string; setupUrl: string | null }>((resolve, reject) => {
      const timer = setTimeout(() => fail('did not say where it is in time'), START_DEADLINE_MS);
      function fail(what: string): void {
        clearTimeout(timer);
        child.kill('SIGKILL');
        reject(new Error(`the server ${what}:\n${output}\n${log}`));
      }
      child.once('error', (error) => fail(error.message));
      child.once('exit', (code) => fail(`ended with ${String(code)}`));
      child.stdout.on('data', () => {
        const address = /serves (http:\/\/[^\s/]+)/.exec(output)?.[1];
        // The set-up link, if there is one, follows in the same breath.
        const link = /http:\/\/\S+\/setup\?token=\S+(?=\s)/.exec(output)?.[0] ?? null;
        if (address === undefined || (link === null && output.includes('no administrator'))) return;
        void fetch(`${address}/api/v1/setup`)
          .then(async (answer) => ((await answer.json()) as { is_open: boolean }).is_open)
          .then((isOpen) => {
            const printed = /http:\/\/\S+\/setup\?token=\S+(?=\s)/.exec(output)?.[0] ?? null;
            if (isOpen && printed === null) return;
            clearTimeout(timer);
            child.removeAllListeners('exit');
            resolve({ url: address, setupUrl: printed });
          })
          .catch((error: unknown) => fail(String(error)));
      });
    });
    return new Server(child, folder, url, setupUrl);
  }

  /** Ends the program and removes its folder. */
  async stop(): Promise<void> {
    if (this.process.exitCode === null) {
      const ended = new Promise<void>((resolve) => this.process.once('exit', () => resolve()));
      this.process.kill('SIGTERM');
      const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_DEADLINE_MS);
      await ended;
      clearTimeout(timer);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}
