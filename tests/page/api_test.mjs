// Every answer of the running bridge, held against packaging/openapi.yaml; and whom it answers.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { parse } from "yaml";
import { Shop, source } from "./shop.mjs";

const api = parse(readFileSync(join(source, "packaging/openapi.yaml"), "utf8"));
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema(api, "openapi");
const seen = new Set();

const follow = (it) => (it?.$ref ? it.$ref.slice(2).split("/").reduce((at, key) => at[key.replace("~1", "/")], api) : it);

/** The description of a request: its path as it stands there, and its operation. */
function described(method, path) {
  const pieces = path.split("?")[0].split("/");
  for (const [template, operations] of Object.entries(api.paths)) {
    const wanted = template.split("/");
    const fits = wanted.length === pieces.length && wanted.every((one, i) => one === pieces[i] || /^\{.*\}$/.test(one));
    if (fits && operations[method.toLowerCase()]) return [template, operations[method.toLowerCase()]];
  }
  return [null, null];
}

const schemas = new Map();
function validator(schema) {
  const text = JSON.stringify(schema);
  // References in it are of the file as a whole.
  const whole = JSON.parse(text.replaceAll('"#/', '"openapi#/'));
  if (!schemas.has(text)) schemas.set(text, ajv.compile(whole));
  return schemas.get(text);
}

/** One request, byte for byte as given: fetch would not let us lie about who we are. */
function send(url, method, path, { headers = {}, body } = {}) {
  return new Promise((done, failed) => {
    const to = new URL(url);
    const out = request({ host: to.hostname, port: to.port, method, path, headers, agent: false }, (reply) => {
      const stream = reply.headers["content-type"] === "text/event-stream";
      let text = "";
      reply.on("data", (bytes) => {
        text += bytes;
        if (stream) out.destroy();
      });
      reply.on("close", () => done({ status: reply.statusCode, headers: reply.headers, text }));
    });
    out.on("error", (why) => { if (!out.destroyed) failed(why); });
    out.end(body);
  });
}

/** Sends, and holds the answer against its description. */
async function ask(url, method, path, how = {}) {
  if (how.json !== undefined) {
    how.body = JSON.stringify(how.json);
    how.headers = { "Content-Type": "application/json", ...how.headers };
  }
  const reply = await send(url, method, path, how);
  const [template, operation] = described(method, path);
  assert.ok(operation || [404, 405].includes(reply.status), `${method} ${path} is not described, and answers ${reply.status}`);
  for (const [name, value] of [["x-content-type-options", "nosniff"], ["cache-control", "no-store"], ["x-frame-options", "DENY"]])
    assert.equal(reply.headers[name], value, `${method} ${path} ${name}`);
  assert.match(reply.headers["content-security-policy"], /default-src 'none'.*frame-ancestors 'none'/);
  assert.doesNotMatch(reply.headers["content-security-policy"], /unsafe/);
  if (!operation) return { ...reply, json: JSON.parse(reply.text) };
  const description = follow(operation.responses[String(reply.status)]);
  assert.ok(description, `${method} ${template}: ${reply.status} is not described: ${reply.text.slice(0, 300)}`);
  seen.add(`${operation.operationId} ${reply.status}`);
  const [type, content] = Object.entries(description.content ?? {})[0] ?? [];
  if (!type) {
    assert.equal(reply.text, "");
    return reply;
  }
  assert.ok(reply.headers["content-type"].startsWith(type), reply.headers["content-type"]);
  if (type !== "application/json") return reply;
  const json = JSON.parse(reply.text);
  const valid = validator(content.schema);
  assert.ok(valid(json), `${method} ${path}: ${ajv.errorsText(valid.errors)}\n${JSON.stringify(json, null, 1).slice(0, 3000)}`);
  return { ...reply, json };
}

const eventually = async (look) => {
  for (let i = 0; i < 300; ++i) {
    const found = await look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error("it never happened: " + look);
};

describe("the API", () => {
  let shop;
  let get;
  let post;
  before(async () => {
    shop = await Shop.open();
    get = (path, how) => ask(shop.url, "GET", "/api/v1/" + path, how);
    post = (path, json, how) => ask(shop.url, "POST", "/api/v1/" + path, { json, ...how });
  });
  after(async () => { await shop.close(); });

  test("DescribesWhatIsAnsweredBeforeAnyOrder", async () => {
    for (const path of ["session", "overview", "today", "orders"]) assert.equal((await get(path)).status, 200);
    assert.deepEqual((await get("orders")).json.orders, []);
    assert.equal((await get("today")).json.totals[0].net, 0);
  });

  test("DescribesOrdersOfEveryKindAndEnd", async () => {
    for (const [order, amount] of [["A1", 1000], ["A2", 2001], ["A3", 3002], ["A4", 4511]])
      await shop.till.ask(`pay order=${order} amount=${amount} channel=wx timeout=60`, order);
    await shop.till.ask("refund order=R1 of=A1 amount=300", "R1");
    const states = (await get("orders?limit=20")).json.orders.map((o) => `${o.order} ${o.state} ${o.code}`);
    assert.deepEqual(states, ["R1 paid 0", "A4 in_doubt 22", "A3 declined 10", "A2 declined 10", "A1 paid 0"]);
    for (const number of ["A1", "A2", "A4", "R1"]) assert.equal((await get("orders/" + number)).status, 200);
    const { json } = await get("orders/A1");
    assert.deepEqual(json.steps.map((s) => s.event), ["learn", "send", "push", "pay"]);
    assert.equal(json.left, 700);
    assert.equal(json.refunds.length, 1);
    assert.ok(json.trace.length >= 4);
    const overview = (await get("overview")).json;
    assert.deepEqual(overview.attention.map((o) => [o.order, o.needs]), [["A4", ["mismatch"]]]);
    assert.equal(overview.counts.total, 5);
    const total = (await get("today")).json.totals[0];
    assert.deepEqual([total.payments, total.refunds, total.net], [{ count: 1, amount: 1000 }, { count: 1, amount: 300 }, 700]);
  });

  test("FindsByNumberAmountStateAndTime", async () => {
    const numbers = async (query) => (await get("orders?" + query)).json.orders.map((o) => o.order);
    const [a1] = (await get("orders?number=A1")).json.orders.filter((o) => o.kind === "payment");
    assert.deepEqual(await numbers("number=" + a1.syssn), ["A1"]);
    assert.deepEqual(await numbers("number=A1"), ["R1", "A1"]);
    assert.deepEqual(await numbers("amount=2001"), ["A2"]);
    assert.deepEqual(await numbers("state=declined"), ["A3", "A2"]);
    assert.deepEqual(await numbers("attention=yes"), ["A4"]);
    assert.deepEqual(await numbers(`before=${Date.parse(a1.created_at)}`), []);
    assert.deepEqual(await numbers(`since=${Date.parse(a1.created_at)}&before=${Date.parse(a1.created_at) + 1}`), ["A1"]);
    assert.equal((await numbers("limit=2")).length, 2);
    for (const wrong of ["amount=1.10", "amount=-1", "state=gone", "attention=maybe", "since=today", "limit=many", "what=1", "number=", "number=A1&amount=1", "number=%zz"])
      assert.equal((await get("orders?" + wrong)).status, 400, wrong);
  });

  test("RefundsOnceHoweverOftenItIsAsked", async () => {
    const say = { number: "REFUND-0001", amount: 100, left: 700 };
    const first = await post("orders/A1/refund", say);
    assert.equal(first.json.order.number, "REFUND-0001");
    await eventually(async () => (await get("orders/REFUND-0001")).json.order.state === "paid");
    const again = await post("orders/A1/refund", say);
    assert.equal(again.json.order.state, "paid");
    assert.equal((await get("orders/A1")).json.left, 600);
    const other = await post("orders/A1/refund", { ...say, amount: 200 });
    assert.equal(other.status, 409);
    const tooMuch = await post("orders/A1/refund", { number: "REFUND-0002", amount: 601, left: 600 });
    assert.equal(tooMuch.status, 409);
    const unseen = await post("orders/A1/refund", { number: "REFUND-0002", amount: 100, left: 700 });
    assert.equal(unseen.json.error.reason, "changed");
    assert.equal((await get("orders/A1")).json.left, 600);
    for (const wrong of [{}, { number: "short" }, { number: "REFUND-0003", amount: 1.5 }, { number: "REFUND-0003", amount: 0 }, { number: "REFUND-0003", amount: "100" }, { number: "REFUND-0003", when_possible: "yes" }])
      assert.equal((await post("orders/A1/refund", wrong)).status, 400, JSON.stringify(wrong));
    const { left } = (await get("orders/A2")).json;
    assert.equal((await post("orders/A2/refund", { number: "REFUND-0004", left })).status, 409);  // declined: nothing to give back
    assert.equal((await post("orders/NONE/refund", { number: "REFUND-0005" })).status, 404);
  });

  test("ResolvesWhatWasSeenAndNothingElse", async () => {
    const o = (await get("orders/A4")).json.order;
    assert.equal((await post("orders/A4/resolve", { reason: "x", paid: true, seen: "2020-01-01T00:00:00.000Z" })).json.error.reason, "changed");
    assert.equal((await post("orders/A4/resolve", { paid: true, seen: o.updated_at })).status, 400);
    assert.equal((await post("orders/A4/resolve", { reason: "two\nlines", paid: true, seen: o.updated_at })).status, 400);
    const done = await eventually(async () => {
      const { updated_at } = (await get("orders/A4")).json.order;
      const reply = await post("orders/A4/resolve", { reason: "card 4111 1111 1111 1111 was charged", paid: true, seen: updated_at });
      return reply.status === 200 ? reply : null;
    });
    assert.deepEqual([done.json.order.state, done.json.order.resolved_paid], ["resolved", true]);
    assert.doesNotMatch(done.text, /4111 1111/);
    const paid = (await get("orders/A1")).json.order;
    assert.equal((await post("orders/A1/resolve", { reason: "x", paid: false, seen: paid.updated_at })).status, 400);  // paid is paid
    assert.equal((await get("orders/A1")).json.order.state, "paid");
    assert.equal((await get("today")).json.totals[0].payments_by_hand.amount, 4511);
  });

  test("AsksAndCancelsAsATillDoes", async () => {
    assert.equal((await post("orders/A2/ask", {})).json.order.state, "declined");
    shop.till.say("pay order=A5 amount=5003 channel=wx timeout=60");
    await eventually(async () => (await get("overview")).json.running.find((o) => o.order === "A5" && o.stage === "on_terminal"));
    assert.equal((await post("orders/A5/cancel", {})).status, 200);
    await eventually(async () => (await get("orders/A5")).json.order.state === "cancelled");
    for (const what of ["ask", "cancel", "resolve"]) assert.equal((await post("orders/NONE/" + what, {})).status, 404);
    assert.equal((await post("orders/A1/explode", {})).status, 404);
  });

  test("TellsNewsAtOnce", async () => {
    const reply = await get("events");
    assert.match(reply.text, /^event: news\ndata: 1\n\n/);
  });

  const strangers = [
    ["a name that leads here", { Host: "evil.example" }, 421],
    ["a name that begins with ours", { Host: "127.0.0.1.evil.example" }, 421],
    ["another page", { Origin: "https://evil.example" }, 403],
    ["a page without a name", { Origin: "null" }, 403],
    ["another port's page", { Origin: "http://127.0.0.1:1" }, 403],
    ["what a browser says of another site", { "Sec-Fetch-Site": "cross-site" }, 403],
    ["what a browser says of another port", { "Sec-Fetch-Site": "same-site" }, 403],
  ];
  for (const [who, headers, status] of strangers)
    test(`AnswersNobodyElsesPage: ${who}`, async () => {
      const host = new URL(shop.url).host;
      const how = { headers: { Host: host, ...headers } };
      for (const path of ["overview", "session"]) assert.equal((await get(path, how)).status, status);
      const before = (await get("orders/A1")).json.left;
      const doing = await send(shop.url, "POST", "/api/v1/orders/A1/refund",
        { headers: { Host: host, "Content-Type": "application/json", ...headers }, body: '{"number": "STRANGER-1", "amount": 1}' });
      assert.equal(doing.status, status);
      assert.equal((await get("orders/A1")).json.left, before);
    });

  test("TakesNoFormOfAWebPage", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]) {
      const reply = await ask(shop.url, "POST", "/api/v1/orders/A1/refund",
        { headers: type ? { "Content-Type": type } : {}, body: '{"number": "FORM-00001", "amount": 1}' });
      assert.equal(reply.status, 415, type);
    }
    assert.equal((await send(shop.url, "OPTIONS", "/api/v1/orders/A1/refund", { headers: { Origin: "https://evil.example", "Access-Control-Request-Method": "POST" } })).status, 403);
    assert.equal((await post("orders/A1/ask", undefined, { body: "[]", headers: { "Content-Type": "application/json" } })).status, 400);
  });

  test("KnowsItsMethodsAndPaths", async () => {
    for (const [method, path] of [["PUT", "/api/v1/overview"], ["DELETE", "/api/v1/orders/A1"], ["GET", "/api/v1/orders/A1/refund"], ["POST", "/metrics"], ["PUT", "/api/v1/session"], ["POST", "/api/v1/events"]]) {
      const reply = await ask(shop.url, method, path);
      assert.equal(reply.status, 405, `${method} ${path}`);
      assert.ok(reply.headers.allow);
    }
    for (const path of ["/api/v1/", "/api/v1/else", "/api/v2/overview", "/../etc/passwd", "/api/v1/orders/", "/api/v1/orders/%zz"])
      assert.equal((await ask(shop.url, "GET", path)).status, 404, path);
    assert.equal((await send(shop.url, "HEAD", "/api/v1/overview")).text, "");
    const large = await send(shop.url, "POST", "/api/v1/orders/A1/ask", { headers: { "Content-Type": "application/json" }, body: " ".repeat(20_000) });
    assert.equal(large.status, 413);
  });
});

test("ATokenIsAskedForByEveryDoor", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ecrbridge-token-"));
  const token = "0123456789abcdef-token";
  writeFileSync(join(folder, "token"), token + "\n", { mode: 0o600 });
  const shop = await Shop.open({ page: `token_file = "${join(folder, "token")}"\nactions = false` });
  const get = (path, headers) => ask(shop.url, "GET", path, { headers });
  for (const path of ["/api/v1/overview", "/api/v1/today", "/api/v1/orders", "/api/v1/orders/A1", "/api/v1/events", "/metrics"]) {
    assert.equal((await get(path)).status, 401, path);
    assert.equal((await get(path, { Authorization: "Bearer wrong" })).status, 401, path);
    assert.equal((await get(path, { Cookie: "ecrbridge_session=" })).status, 401, path);
  }
  assert.equal((await ask(shop.url, "POST", "/api/v1/orders/A1/ask", { json: {} })).status, 401);
  assert.equal((await get("/metrics", { Authorization: "Bearer " + token })).status, 200);
  assert.deepEqual((await get("/api/v1/session")).json.known, false);
  const log_in = (json, headers) => ask(shop.url, "POST", "/api/v1/session", { json, headers });
  assert.equal((await log_in({ token: "wrong" })).status, 401);
  assert.equal((await log_in({})).status, 400);
  assert.equal((await ask(shop.url, "POST", "/api/v1/session", { body: `{"token": "${token}"}` })).status, 415);
  assert.equal((await log_in({ token }, { Origin: "https://evil.example" })).status, 403);
  const opened = await log_in({ token });
  const [cookie] = opened.headers["set-cookie"][0].split(";");
  assert.match(opened.headers["set-cookie"][0], /HttpOnly; SameSite=Strict/);
  assert.equal((await get("/api/v1/overview", { Cookie: "a=b; " + cookie })).status, 200);
  assert.equal((await get("/api/v1/session", { Cookie: cookie })).json.known, true);
  // A page that only shows.
  await shop.till.ask("pay order=A1 amount=1000 channel=wx", "A1");
  const doing = await ask(shop.url, "POST", "/api/v1/orders/A1/refund", { json: { number: "REFUND-0001" }, headers: { Cookie: cookie } });
  assert.equal(doing.json.error.reason, "only_shows");
  assert.deepEqual((await get("/api/v1/orders/A1", { Cookie: cookie })).json.order.can, []);
  writeFileSync(join(folder, "token"), "another-token-now", { mode: 0o600 });
  assert.equal((await get("/metrics", { Authorization: "Bearer " + token })).status, 401);
  assert.equal((await ask(shop.url, "DELETE", "/api/v1/session", { headers: { Cookie: cookie } })).status, 204);
  assert.equal((await get("/api/v1/overview", { Cookie: cookie })).status, 401);
  assert.doesNotMatch(shop.bridge.output, new RegExp(token + "|another-token-now"));
  await shop.close();
  rmSync(folder, { recursive: true, force: true });
});

test("EveryOperationOfTheDescriptionHasBeenTried", () => {
  for (const operations of Object.values(api.paths))
    for (const [method, operation] of Object.entries(operations)) {
      if (method === "parameters") continue;
      const fine = Object.keys(operation.responses).filter((status) => status.startsWith("2"));
      for (const status of fine) {
        const tried = seen.has(`${operation.operationId} ${status}`);
        assert.ok(tried || operation.operationId === "metrics" && seen.has("metrics 200"), `${operation.operationId} ${status}`);
      }
    }
});
