// A shop on this machine: the built programs as children, and a till that says lines.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const source = process.env.ECR_SOURCE_DIR;
const programs = process.env.ECR_BIN_DIR;
const patience = 30_000; // ms; spent by a failure only

/** A program of ours. What it writes is kept; wait for it with `says`. */
export class Program {
  constructor(name, ...options) {
    this.output = "";
    this.heard = [];
    this.child = spawn(join(programs, name), options, { stdio: ["ignore", "pipe", "pipe"] });
    for (const pipe of [this.child.stdout, this.child.stderr])
      pipe.on("data", (bytes) => {
        this.output += bytes;
        for (const look of this.heard) look();
      });
    this.ended = new Promise((done) => this.child.on("exit", (code, signal) => done(code ?? signal)));
  }

  /** The groups of the first match in what it has written, or will write. */
  says(pattern) {
    return new Promise((found, failed) => {
      const late = setTimeout(() => failed(new Error(`never said ${pattern}:\n${this.output}`)), patience);
      const look = () => {
        const match = pattern.exec(this.output);
        if (!match) return;
        clearTimeout(late);
        this.heard = this.heard.filter((one) => one !== look);
        found(match);
      };
      this.heard.push(look);
      look();
    });
  }

  async stop() {
    this.child.kill("SIGTERM");
    return this.ended;
  }
}

/** A till that speaks the line dialect. */
export class Till {
  constructor(port) {
    this.lines = [];
    this.looks = [];
    let rest = "";
    this.socket = createConnection({ port: Number(port), host: "127.0.0.1" });
    this.socket.on("data", (bytes) => {
      const parts = (rest + bytes).split("\r\n");
      rest = parts.pop();
      this.lines.push(...parts);
      for (const look of [...this.looks]) look();
    });
    this.socket.on("error", () => {});
  }

  say(line) {
    this.socket.write(line + "\r\n");
  }

  hears(pattern, from = 0) {
    return new Promise((found, failed) => {
      const late = setTimeout(() => failed(new Error(`the till never heard ${pattern}:\n${this.lines.join("\n")}`)), patience);
      const look = () => {
        const line = this.lines.slice(from).find((one) => pattern.test(one));
        if (!line) return;
        clearTimeout(late);
        this.looks = this.looks.filter((one) => one !== look);
        found(line);
      };
      this.looks.push(look);
      look();
    });
  }

  /** Says a command about an order and waits for the line that ends it. */
  async ask(line, order) {
    const from = this.lines.length;
    this.say(line);
    return this.hears(new RegExp(`^(result|error).*order="?${order}"?( |$)`), from);
  }

  leave() {
    this.socket.destroy();
  }
}

/** From 23:30 to 00:30, UTC+8, QFPay takes no refunds; a minute's room for a test that begins before. */
export function atNight() {
  const minute = (Math.floor(Date.now() / 60000) + 8 * 60) % (24 * 60);
  return minute >= 23 * 60 + 25 || minute <= 31;
}

/** A bridge in rehearsal. */
export class Rehearsal {
  static async open(...options) {
    const made = new Rehearsal();
    made.program = new Program("ecrbridged", "--rehearse", "--rehearse-port", "0", "--rehearse-page", "0", ...options);
    [, made.tillPort] = await made.program.says(/link\.open link=lan at="tcp 127\.0\.0\.1:(\d+)"/);
    [, made.url] = await made.program.says(/page\.open at=(http:\S+)/);
    made.till = new Till(made.tillPort);
    return made;
  }

  async close() {
    this.till.leave();
    await this.program.stop();
  }
}

// The pace of a shop whose people do not think: what takes minutes takes moments.
const quick = `
[enquiry]
first_ms = 100
while_waiting_ms = 100
after_processing_ms = 100
window_slack_ms = 300
conclusion_ms = 300
patience_ms = 300
confirmation_ms = 100
doubt_ms = 1000
`;

/** A bridge with a configuration and a journal of its own, and the simulated cloud as a program. */
export class Shop {
  static async open({ page = "", journal, extra = "" } = {}) {
    const made = new Shop();
    made.folder = mkdtempSync(join(tmpdir(), "ecrbridge-page-"));
    made.cloud = new Program("qfpay-sim", "--port", "0", "--control-port", "0",
      "--ca-file", join(made.folder, "ca.pem"), "--setting", "shopper_delay=300", "push_delay=50",
      // The bridge goes by the cloud's clock.
      ...(atNight() ? [`clock_offset=${2 * 3600 * 1000}`] : []));
    const [, port] = await made.cloud.says(/https:\/\/localhost:(\d+)/);
    const [, app] = await made.cloud.says(/app code +(\w+)/);
    const [, key] = await made.cloud.says(/key +(\w+)\n/);
    writeFileSync(join(made.folder, "client.key"), key, { mode: 0o600 });
    made.journal = journal ?? join(made.folder, "journal.db");
    made.config = join(made.folder, "ecrbridged.toml");
    writeFileSync(made.config, `[bridge]
journal = "${made.journal}"
drain_s = 1
[cloud]
url = "https://localhost:${port}"
app_code = "${app}"
client_key_file = "${join(made.folder, "client.key")}"
ca_file = "${join(made.folder, "ca.pem")}"
[[terminal]]
id = "SIM0000001"
name = "front"
[[link]]
name = "shop"
type = "tcp"
listen = "127.0.0.1:0"
till = "till1"
channel = "wx"
[page]
listen = "127.0.0.1:0"
${page}
${quick}
${extra}`);
    made.bridge = new Program("ecrbridged", "--config", made.config);
    [, made.tillPort] = await made.bridge.says(/link\.open link=shop at="tcp 127\.0\.0\.1:(\d+)"/);
    [, made.url] = await made.bridge.says(/page\.open at=(https?:\S+)/);
    made.till = new Till(made.tillPort);
    return made;
  }

  async close() {
    this.till.leave();
    await this.bridge.stop();
    await this.cloud.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
