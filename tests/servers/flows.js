// An authorization server on a free port of 127.0.0.1 with a client for each way to prove who a client is, and with a
// user who consents to everything.
//
//   node flows.js   prints {"issuer", "redirect_uri", "private_key", "user", "clients": {NAME: {"id", "secret"}}}
//
// `GET user/?redirect=URL` does what the user's browser would do at the authorization endpoint, and answers with the URL
// that the browser ends up at. `GET user/?device=URL` does so for a device's code, and answers `ok`.

import { createServer } from "node:http";
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";
import { serve } from "./serve.js";

const redirectUri = "https://app.example.com/back";
const deviceCode = "urn:ietf:params:oauth:grant-type:device_code";
const special = "not a secret: +%&=/~*?#\"'<>";
const long = randomBytes(48).toString("base64");

const signing = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwk = { ...signing.privateKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "server" };
const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
const ownJwk = { ...own.publicKey.export({ format: "jwk" }), alg: "RS256", use: "sig", kid: "own" };

const forItself = { grant_types: ["client_credentials"], response_types: [], redirect_uris: [] };
const forUsers = {
  grant_types: ["authorization_code", "refresh_token", deviceCode],
  response_types: ["code"],
  redirect_uris: [redirectUri],
};
const clients = [
  { client_id: "an id: +%&=/~*", client_secret: special, token_endpoint_auth_method: "client_secret_basic", ...forItself },
  { client_id: "post", client_secret: special, token_endpoint_auth_method: "client_secret_post", ...forItself },
  { client_id: "private", token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [ownJwk] }, ...forItself },
  { client_id: "shared", client_secret: long, token_endpoint_auth_method: "client_secret_jwt", ...forItself },
  { client_id: "app", client_secret: special, token_endpoint_auth_method: "client_secret_basic", ...forUsers },
  { client_id: "public", token_endpoint_auth_method: "none", ...forUsers },
];

const listen = async () => {
  const http = createServer();
  await new Promise((listening) => http.listen(0, "127.0.0.1", listening));
  return { http, origin: `http://127.0.0.1:${http.address().port}` };
};

const { http, origin } = await listen();
const provider = new Provider(origin, {
  clients,
  clientAuthMethods: ["client_secret_basic", "client_secret_post", "private_key_jwt", "client_secret_jwt", "none"],
  cookies: { keys: [randomBytes(32).toString("hex")] },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    deviceFlow: { enabled: true },
    revocation: { enabled: true },
  },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  interactions: { url: (_, interaction) => `/consent/${interaction.uid}` },
  issueRefreshToken: () => true,
  jwks: { keys: [jwk] },
  rotateRefreshToken: true,
  scopes: ["openid", "offline_access", "orders.read"],
  ttl: { AccessToken: 600, ClientCredentials: 600, DeviceCode: 60, Grant: 600, Interaction: 60, RefreshToken: 600, Session: 600 },
});

// Whatever the user is asked, the answer is yes.
async function consent(request, response) {
  const { prompt, params, grantId } = await provider.interactionDetails(request, response);
  if (prompt.name === "login") {
    return provider.interactionFinished(request, response, { login: { accountId: "mira" } });
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: "mira", clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  return provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true });
}

http.on("request", (request, response) => {
  if (!request.url.startsWith("/consent/")) return provider.callback()(request, response);
  consent(request, response).catch((error) => response.writeHead(500).end(String(error)));
});

// A browser that keeps cookies and follows redirects until they leave the server.
function browser() {
  const cookies = new Map();
  return async function open(url, form) {
    for (let method = form ? "POST" : "GET"; ; method = "GET") {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const body = method === "POST" ? new URLSearchParams(form) : undefined;
      const answer = await fetch(url, { method, body, headers: { cookie }, redirect: "manual" });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        cookies.set(name, value);
      }
      const location = answer.headers.get("location");
      if (!location) return { url, text: await answer.text() };
      url = new URL(location, url).href;
      if (!url.startsWith(origin)) return { url, text: "" };
    }
  };
}

async function user(query) {
  const open = browser();
  if (query.has("redirect")) return (await open(query.get("redirect"))).url;
  const { text } = await open(query.get("device"));
  const field = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(text)?.[1];
  const code = new URL(query.get("device")).searchParams.get("user_code");
  const done = await open(`${origin}/device`, { xsrf: field("xsrf"), user_code: code, confirm: "yes" });
  return /<form/.test(done.text) ? done.text : "ok";
}

const desk = await listen();
desk.http.on("request", (request, response) => {
  const query = new URL(request.url, desk.origin).searchParams;
  user(query).then(
    (text) => response.end(text),
    (error) => response.writeHead(500).end(String(error.stack)),
  );
});

serve({
  issuer: origin,
  redirect_uri: redirectUri,
  private_key: own.privateKey.export({ type: "pkcs8", format: "pem" }),
  user: desk.origin,
  clients: Object.fromEntries(
    clients.map(({ client_id, client_secret, token_endpoint_auth_method }) => [
      token_endpoint_auth_method === "client_secret_basic" && client_id === "app" ? "app" : client_id === "public" ? "public" : token_endpoint_auth_method,
      { id: client_id, secret: client_secret ?? "" },
    ]),
  ),
});
