// What style cannot do: the reader's language, search, and a count of what is shown.
const page = document.documentElement;
const rows = [...document.querySelectorAll("details.row")];
const byId = (id) => document.getElementById(id);

function speak() {
  page.lang = byId("speak-zh").checked ? "zh-CN" : "en";
}

function find() {
  const wanted = byId("search").value.trim().toLowerCase();
  for (const row of rows) row.classList.toggle("unwanted", !row.textContent.toLowerCase().includes(wanted));
  const shown = rows.filter((row) => getComputedStyle(row).display !== "none").length;
  byId("count").textContent = shown;
  byId("nothing").hidden = shown > 0;
}

page.dataset.live = "";
if (navigator.language.startsWith("zh")) byId("speak-zh").checked = true;
for (const id of ["speak-zh", "speak-en"]) byId(id).addEventListener("change", speak);
byId("failed").addEventListener("change", find);
byId("search").addEventListener("input", find);
speak();
find();
