// The way to the bridge.
const lookTime = 10000;  // ms; a connection that hangs must not leave old news on the screen
const doTime = 100000;   // ms; the bridge itself says within a minute that it is not known yet

export class Refusal extends Error {
  constructor(status, error) {
    super(error?.text ?? String(status));
    this.status = status;
    this.reason = error?.reason ?? "";
  }
}

async function call(method, path, body) {
  const how = {
    method, headers: { Accept: "application/json" }, credentials: "same-origin", cache: "no-store",
    signal: AbortSignal.timeout(method === "GET" ? lookTime : doTime),
  };
  if (body !== undefined) {
    how.headers["Content-Type"] = "application/json";
    how.body = JSON.stringify(body);
  }
  const reply = await fetch("/api/v1/" + path, how);
  if (reply.status === 204) return null;
  const said = await reply.json().catch(() => null);
  if (!reply.ok) throw new Refusal(reply.status, said?.error);
  return said;
}

export const get = (path) => call("GET", path);
export const post = (path, body) => call("POST", path, body);
export const remove = (path) => call("DELETE", path);
export const orderPath = (number) => "orders/" + encodeURIComponent(number);
