// Two authorization servers on free ports of 127.0.0.1, each with one client for the client credentials grant.
//
//   node oidc.js   prints {"basic": {"port", "path", "client_id", "client_secret"}, "post": {…}}
//
// `basic` wants HTTP Basic and stands where Benchling's token endpoint stands, `post` wants the credentials in the form
// and stands where 1Shot's stands. The server undoes form-encoding (RFC 6749, section 2.3.1), so the characters in the
// credentials are those that come out wrong when a client leaves it out.

import { createServer } from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";
import { serve } from "./serve.js";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "test" };

async function authorizationServer(method, path, client_id, client_secret) {
  const http = createServer();
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  const { port } = http.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [
      {
        client_id,
        client_secret,
        token_endpoint_auth_method: method,
        grant_types: ["client_credentials"],
        response_types: [],
        redirect_uris: [],
      },
    ],
    clientAuthMethods: [method],
    cookies: { keys: [randomBytes(32).toString("hex")] },
    features: { clientCredentials: { enabled: true }, devInteractions: { enabled: false } },
    jwks: { keys: [key] },
    routes: { token: path },
    ttl: { ClientCredentials: 600 },
  });
  http.on("request", provider.callback());
  return { port, path, client_id, client_secret };
}

serve({
  basic: await authorizationServer("client_secret_basic", "/api/v2/token", "an id: +%&=/~*", "not a secret: +%&=/~*?#\"'<>"),
  post: await authorizationServer("client_secret_post", "/v0/token", "an id: +%&=/~*", "not a secret: +%&=/~*?#\"'<>"),
});
