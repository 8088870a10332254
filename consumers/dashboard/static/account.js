// Who has signed in: their name, the way out, and the operator's page for whom it is for.

import { h, put } from "./dom.js";

let session = null;

// What the server says of the session; `form_key` goes with every action.
export async function currentSession() {
  session ??= await (await fetch("/session")).json();
  return session;
}

export async function showAccount() {
  const { name, role } = await currentSession();
  const place = document.getElementById("account");
  place.hidden = !name;
  document.getElementById("operator-link").hidden = role !== "operator";
  if (!name) return;
  const person = h("span", { title: `signed in as ${role}` }, name);
  put(place, person, h("button", { type: "button", class: "plain", onclick: signOut }, "Sign out"));
}

async function signOut() {
  const { form_key } = await currentSession();
  await fetch("/session", { method: "DELETE", headers: { "x-form-key": form_key } });
  location.assign("/");
}
