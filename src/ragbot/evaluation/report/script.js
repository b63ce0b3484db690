const page = document.documentElement;
const rows = [...document.querySelectorAll("details.row")];

function speak(language) {
  page.dataset.language = language;
  page.lang = language === "zh" ? "zh-CN" : "en";
  for (const button of document.querySelectorAll("[data-choose]"))
    button.setAttribute("aria-pressed", String(button.dataset.choose === language));
}

function filter() {
  const failed = document.getElementById("failed").checked;
  const wanted = document.getElementById("search").value.trim().toLowerCase();
  let shown = 0;
  for (const row of rows) {
    row.hidden = (failed && !row.classList.contains("bad")) || (wanted && !row.textContent.toLowerCase().includes(wanted));
    shown += row.hidden ? 0 : 1;
  }
  document.getElementById("count").textContent = shown;
  document.getElementById("nothing").hidden = shown > 0;
}

for (const button of document.querySelectorAll("[data-choose]"))
  button.addEventListener("click", () => speak(button.dataset.choose));
document.getElementById("failed").addEventListener("change", filter);
document.getElementById("search").addEventListener("input", filter);
speak(navigator.language.startsWith("zh") ? "zh" : "en");
filter();
const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
if (target) { target.hidden = false; target.open = true; target.scrollIntoView(); }
