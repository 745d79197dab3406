// Starts `parterre demo` on a free port and an empty folder, for a house that has sold nothing yet, and gives the addresses it printed.
//   const house = await start();  …  await house.stop();
// house: {listening, shop, office, mailbox, signIns: [{face, email, password, profile}], folder, log(), stop()}
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const READY_SECONDS = 60; // sanitized and beside other suites; released and alone it takes a tenth of a second
const STOP_SECONDS = 15; // contract: within 10 s of SIGTERM

export async function start(...options) {
  const folder = await mkdtemp(path.join(tmpdir(), 'parterre-demo-'));
  const binary = process.env.PARTERRE_BINARY ?? 'build/release/parterre';
  const child = spawn(binary, ['demo', '--listen', '127.0.0.1:0', '--database', `sqlite:${folder}/parterre.db`, '--unsold', ...options],
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

// One line of demo's output into HOUSE; true for the last one.
function read(house, line) {
  const [word, ...rest] = line.split(' ');
  if (word === 'sign-in') house.signIns.push({ face: rest[0], email: rest[1], password: rest[2], profile: rest[3] });
  else if (['listening', 'shop', 'office', 'mailbox'].includes(word)) house[word] = rest.at(-1).replace(/\/$/, '');
  return word === 'ready';
}
