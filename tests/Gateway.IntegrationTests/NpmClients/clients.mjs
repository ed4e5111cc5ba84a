// The clients, each from its own package. They differ in names and signatures; what walk.mjs needs is made equal here.

/** By the names that the test calls them. */
export const clients = {
  "@modelcontextprotocol/client 2.4": async () => {
    const { Client, StreamableHTTPClientTransport, UnauthorizedError } = await import("@modelcontextprotocol/client");
    return {
      Client,
      StreamableHTTPClientTransport,
      UnauthorizedError,
      // Without this it is a client of the revisions with sessions.
      options: { versionNegotiation: { mode: "auto" } },
      call: (client, parameters, options) => client.callTool(parameters, options),
      answer: (client, reply) => client.setRequestHandler("elicitation/create", reply),
      revision: (client) => client.getNegotiatedProtocolVersion(),
    };
  },
  "@modelcontextprotocol/sdk 1.32": async () =>
    withSessions(
      await import("sdk-1.32/client/index.js"),
      await import("sdk-1.32/client/streamableHttp.js"),
      await import("sdk-1.32/client/auth.js"),
      await import("sdk-1.32/types.js"),
    ),
  "@modelcontextprotocol/sdk 1.17": async () => ({
    ...withSessions(
      await import("sdk-1.17/client/index.js"),
      await import("sdk-1.17/client/streamableHttp.js"),
      await import("sdk-1.17/client/auth.js"),
      await import("sdk-1.17/types.js"),
    ),
    // It does not look for scopes in the challenge or the metadata; its program has to know them.
    scope: "mcp:tools",
  }),
};

function withSessions({ Client }, { StreamableHTTPClientTransport }, { UnauthorizedError }, { ElicitRequestSchema }) {
  return {
    Client,
    StreamableHTTPClientTransport,
    UnauthorizedError,
    options: {},
    call: (client, parameters, options) => client.callTool(parameters, undefined, options),
    answer: (client, reply) => client.setRequestHandler(ElicitRequestSchema, reply),
    revision: (_, transport) => transport.protocolVersion,
  };
}
