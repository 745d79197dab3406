// Starts `parterre demo` on a free port and an empty folder, for a house that has sold nothing yet, and gives the addresses it printed.
//   const house = await start();  …  await house.stop();
// house: {listening, shop, office, mailbox, outside, signIns: [{face, email, password, profile}], folder, log(), stop()}
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const READY_SECONDS = 60; // sanitized and beside other suites; released and alone it takes a tenth of a second
const STOP_SECONDS = 15; // contract: within 10 s of SIGTERM

export const start = (...options) => startSold('--unsold', ...options);

// The same with the orders that a demonstration has.
export async function startSold(...options) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parterre-demo-'));
  const binary = process.env.PARTERRE_BINARY ?? 'build/release/parterre';
  const child = spawn(binary, ['demo', '--listen', '127.0.0.1:0', '--database', database(folder), '--secret-dir', `${folder}/keys`, '--mail', `dir:${folder}/mail`,
    ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => { log += text; });
  const ended = new Promise((done) => child.on('close', (code, signal) => done(signal ?? code)));

  const house = { folder, signIns: [], log: () => log };
  house.stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_SECONDS * 1000);
    const how = await ended;
    clearTimeout(limit);
    await rm(folder, { recursive: true, force: true });
    if (how !== 0) throw new Error(`parterre ended with ${how}:\n${log}`);
  };

  const ready = new Promise((done, fail) => {
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) if (read(house, line)) done();
    });
    child.on('error', fail);
    ended.then((how) => fail(new Error(`parterre ended with ${how} before it was ready:\n${log}`)));
    setTimeout(() => fail(new Error(`not ready within ${READY_SECONDS} s:\n${log}`)), READY_SECONDS * 1000).unref();
  });
  try {
    await ready;
  } catch (error) {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return house;
}

// On the engine that the runner names: a new database, on PostgreSQL beside the runner's, which goes with it.
let databases = 0;
function database(folder) {
  const given = process.env.PARTERRE_TEST_DATABASE ?? 'sqlite';
  if (given === 'sqlite') return `sqlite:${folder}/parterre.db`;
  const url = new URL(given), name = `${url.pathname.slice(1)}_${process.pid}_${++databases}`;
  execFileSync('psql', ['-qX', '-v', 'ON_ERROR_STOP=1', '-d', given, '-c', `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`]);
  url.pathname = `/${name}`;
  return url.href;
}

// One line of demo's output into HOUSE; true for the last one.
function read(house, line) {
  const [word, ...rest] = line.split(' ');
  if (word === 'sign-in') house.signIns.push({ face: rest[0], email: rest[1], password: rest[2], profile: rest[3] });
  else if (['listening', 'shop', 'office', 'mailbox', 'outside'].includes(word)) house[word] = rest.at(-1).replace(/\/$/, '');
  return word === 'ready';
}
