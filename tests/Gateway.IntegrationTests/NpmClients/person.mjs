// What a program that uses the clients brings for the sign-in: a place for what it learns, and somebody with a browser. That is the
// test, which reads authorization requests from the standard output and writes what the redirect brings to the standard input.
import { createInterface } from "node:readline";

const input = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

/** Tells the test something, as one line of JSON. */
export const tell = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

/** The client's memory, in the form that all the clients ask for (OAuthClientProvider). */
export class Person {
  #tokens;
  #verifier;
  #registration;
  #state;

  constructor(redirectUrl, scope) {
    this.redirectUrl = redirectUrl;
    this.scope = scope;
  }

  get clientMetadata() {
    return {
      client_name: "Client from npm",
      redirect_uris: [this.redirectUrl],
      grant_types: ["authorization_code", "refresh_token"],
      response_types: ["code"],
      token_endpoint_auth_method: "none",
      scope: this.scope,
    };
  }

  state = () => (this.#state = crypto.randomUUID());
  clientInformation = () => this.#registration;
  saveClientInformation = (registration) => void (this.#registration = registration);
  tokens = () => this.#tokens;
  saveTokens = (tokens) => void (this.#tokens = tokens);
  codeVerifier = () => this.#verifier;
  saveCodeVerifier = (verifier) => void (this.#verifier = verifier);
  redirectToAuthorization = (url) => tell({ open: url.href });

  /** What the redirect brought. */
  async returned() {
    const { code, state, issuer } = JSON.parse((await input.next()).value);
    if (state !== this.#state) {
      throw new Error("The redirect has another state than the request.");
    }

    return { code, issuer };
  }
}
