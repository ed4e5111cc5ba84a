// Usage: node walk.mjs CLIENT URL REDIRECT_URL
// One client signs in, lists, calls, is asked something, hears progress of a call that is still running, and cancels it. The server is
// the sample `everything`. The last line on the standard output is what was seen.
import { randomUUID } from "node:crypto";
import { clients } from "./clients.mjs";
import { Person, tell } from "./person.mjs";

// The standard output belongs to the test.
console.log = console.error;

const [name, url, redirectUrl] = process.argv.slice(2);
const kind = await clients[name]();
const person = new Person(redirectUrl, kind.scope);
const seen = { progress: [] };

const { client, transport } = await connect();
seen.revision = kind.revision(client, transport);

const tools = await listAll();
seen.tools = tools.length;
const tool = (end) => tools.find((one) => one === end || one.endsWith(`___${end}`));
seen.tool = tool("test_simple_text");

seen.text = text(await call("test_simple_text"));
seen.answered = text(await call("test_elicitation", { message: "Who are you?" }));
await cancelWhileRunning();

await client.close();
tell({ seen });
process.exit(0);

async function connect() {
  const first = transportTo();
  try {
    return await open(first);
  } catch (refusal) {
    if (!(refusal instanceof kind.UnauthorizedError)) {
      throw refusal;
    }
  }

  const { code, issuer } = await person.returned();
  // The newer clients compare the issuer too.
  await first.finishAuth(code, issuer ?? undefined);
  return await open(transportTo());
}

function transportTo() {
  return new kind.StreamableHTTPClientTransport(new URL(url), { authProvider: person });
}

async function open(transport) {
  const client = new kind.Client({ name: "npm", version: "1.0.0" }, { capabilities: { elicitation: {} }, ...kind.options });
  kind.answer(client, async () => ({ action: "accept", content: { username: "npm", email: "npm@example.com" } }));
  await client.connect(transport);
  return { client, transport };
}

async function listAll() {
  const names = [];
  let cursor;
  do {
    const page = await client.listTools({ cursor });
    names.push(...page.tools.map((one) => one.name));
    cursor = page.nextCursor;
  } while (cursor);
  return names;
}

function call(end, parameters = {}, options = {}) {
  return kind.call(client, { name: tool(end), arguments: parameters }, options);
}

function text(result) {
  return result.content.map((block) => block.text).join("");
}

async function cancelWhileRunning() {
  const label = randomUUID();
  const leave = new AbortController();
  let started;
  const progressed = new Promise((resolve) => (started = resolve));
  const running = call(
    "count_slowly",
    { steps: 10_000, label },
    {
      signal: leave.signal,
      onprogress: ({ progress }) => {
        seen.progress.push(progress);
        if (seen.progress.length === 3) {
          started();
        }
      },
    },
  );
  // Ends early if the call does, which it must not.
  await Promise.race([progressed, running]);
  seen.meanwhile = await stateOf(label);
  leave.abort("enough");
  seen.left = await running.then(() => false, () => true);
  do {
    seen.end = await stateOf(label);
  } while (seen.end === "running");
}

async function stateOf(label) {
  return text(await call("how_did_it_end", { label }));
}
