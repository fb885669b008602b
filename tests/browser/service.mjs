// A service in a process of its own, with data of its own.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const binary = process.env.BADGES_SERVER;

/** Starts a wiki with accounts: names by number. */
export async function startWiki(accounts) {
  const named = Object.entries(accounts).map(([id, name]) => `${id}=${name}`);
  const wiki = spawn(join(dirname(binary), "wikimedia-stand-in"), named, { stdio: ["pipe", "pipe", "inherit"] });
  const [url] = await once(createInterface({ input: wiki.stdout }), "line");
  return { url, stop: () => wiki.stdin.end() };
}

/** Starts a service; with `{ demo: true }` it has a sample workshop, with a wiki people sign in there. */
export async function start({ demo = false, wiki } = {}) {
  if (!binary) throw new Error("BADGES_SERVER says where the binary is: tests/browser/run sets it");
  const folder = await mkdtemp(join(tmpdir(), "badges-browser-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const options = [
    ...["--data", join(folder, "data"), "--listen", `127.0.0.1:${port}`, "--public-url", url],
    // All visitors here have one address, and the wikis are not asked.
    ...["--rate-limit", "0", ...(wiki ? ["--wikimedia-url", wiki.url] : ["--wikimedia-offline"])],
    ...(wiki ? ["--wikimedia-client-id", "example-client", "--wikimedia-client-secret", "example-secret"] : []),
    ...(demo ? ["--demo"] : []),
  ];
  const service = spawn(binary, options, { stdio: ["ignore", "pipe", "pipe"], env: { PATH: process.env.PATH } });
  let log = "";
  service.stderr.on("data", (piece) => (log += piece));
  const ended = new Promise((done) => service.once("exit", done));
  const lines = [];
  let link;
  for await (const line of createInterface({ input: service.stdout })) {
    lines.push(line);
    link = line.match(/http\S+\/sign-in\/link\/\S+/)?.[0];
    if (link) break;
  }
  if (!link) throw new Error(`the service has not started:\n${lines.join("\n")}\n${log}`);
  service.stdout.resume();
  return {
    url,
    /** Signs the owner in, once. */
    link,
    folder,
    log: () => log,
    async stop() {
      service.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once("error", failed);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
