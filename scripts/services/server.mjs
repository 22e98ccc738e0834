import { execa } from 'execa';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFree } from '../system/port.mjs';
import { identify, isAlive, send } from '../system/process.mjs';
import { tail } from '../system/progress.mjs';
import { askMysql, askRedis } from './ask.mjs';

/**
 * How to run a server. Plain data: it is kept beside the server's data, so that a later script can take the server over.
 * @typedef {object} Recipe
 * @property {'mysql' | 'redis'} service
 * @property {string} label such as `private MariaDB 10.11`
 * @property {string} dir where data, log and state live
 * @property {string} command
 * @property {string[]} args
 * @property {number} port
 * @property {string} url
 * @property {string} [container] the Docker container that `command` runs in the foreground
 */

const ASK = { mysql: askMysql, redis: askRedis };
const READY_MS = 180_000;
const STOP_MS = 30_000;

/** A server of our own. It outlives the script that started it, so that a second script can go on using it. */
export class Server {
  /**
   * @param {Recipe} recipe
   * @param {import('../system/process.mjs').Process} [running]
   */
  constructor(recipe, running) {
    this.recipe = recipe;
    this.running = running;
  }

  /**
   * The server that an earlier script left running in `dir`, if it still does.
   * @param {string} dir
   */
  static leftIn(dir) {
    let state;
    try {
      state = JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8'));
    } catch {
      return undefined;
    }
    return isAlive(state.running) ? new Server(state.recipe, state.running) : undefined;
  }

  get url() {
    return this.recipe.url;
  }

  get port() {
    return this.recipe.port;
  }

  get label() {
    return this.recipe.label;
  }

  get pid() {
    return this.running?.pid;
  }

  get log() {
    return join(this.recipe.dir, 'server.log');
  }

  /** @param {AbortSignal} [signal] */
  async start(signal) {
    const { dir, command, args, port } = this.recipe;
    mkdirSync(dir, { recursive: true });
    await Server.leftIn(dir)?.stop();
    await this.#removeContainer();
    if (!(await isFree(port, '127.0.0.1'))) throw new Error(`Port ${port} on 127.0.0.1 is taken by another program`);

    const output = openSync(this.log, 'a');
    // Its own session: Ctrl-C in the terminal must not end the database before the program that writes to it.
    const child = spawn(command, args, { detached: true, stdio: ['ignore', output, output] });
    closeSync(output);
    await once(child, 'spawn');
    child.unref();
    this.running = identify(child.pid);
    writeFileSync(join(dir, 'server.json'), JSON.stringify({ recipe: this.recipe, running: this.running }));
    await this.untilReady(signal);
    return this;
  }

  /** @param {AbortSignal} [signal] */
  async untilReady(signal) {
    const deadline = Date.now() + READY_MS;
    for (;;) {
      if (!isAlive(this.running)) throw new Error(`${this.label} ended while it started. ${tail(this.log)}`);
      try {
        return await ASK[this.recipe.service](this.url);
      } catch (error) {
        if (signal?.aborted || Date.now() > deadline) {
          await this.stop();
          signal?.throwIfAborted();
          throw new Error(`${this.label} does not answer (${error.message}). ${tail(this.log)}`, { cause: error });
        }
      }
      await sleep(100);
    }
  }

  /** Lets it write out what it holds; kills it when that takes too long. */
  async stop() {
    send(this.running, 'SIGTERM');
    if (!(await this.#gone(STOP_MS))) return this.kill();
    await this.#forget();
  }

  /** As a power cut would: `kill -9`. */
  async kill() {
    send(this.running, 'SIGKILL');
    if (!(await this.#gone(STOP_MS))) throw new Error(`${this.label} (pid ${this.pid}) can not be killed`);
    await this.#forget();
  }

  /** Starts it again, on the same data and port. */
  async restart() {
    if (isAlive(this.running)) await this.stop();
    return this.start();
  }

  async #gone(ms) {
    for (const deadline = Date.now() + ms; isAlive(this.running); await sleep(20)) {
      if (Date.now() > deadline) return false;
    }
    return true;
  }

  async #forget() {
    rmSync(join(this.recipe.dir, 'server.json'), { force: true });
    await this.#removeContainer();
  }

  // Docker's client can be killed without its container.
  async #removeContainer() {
    const { container, command } = this.recipe;
    if (container) await execa(command, ['rm', '--force', container], { reject: false });
  }
}
