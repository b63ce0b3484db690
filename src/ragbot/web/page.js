// What the page does by itself: quotes on hover and focus, copying, language and theme, where to scroll and to look.
window.ragbot = (() => {
  // Components hand clicks on [data-act] to the server under that name.
  const listen = (element, trigger) =>
    element.addEventListener("click", (event) => {
      const target = event.target.closest("[data-act]");
      if (!target || !element.contains(target)) return;
      event.preventDefault();
      const said = { ...target.dataset };
      const field = target.closest("form, .judge")?.querySelector("input");
      if (said.field && field) said.reason = field.value;
      if (said.act === "select") opener = target;
      hide();
      trigger(said.act, said);
    });

  // A quote or a sum, beside what it belongs to; it can be pointed at itself, and Escape puts it away.
  let tip, owner, opener;
  const show = (target) => {
    const text = document.getElementById(target.getAttribute("aria-describedby"));
    if (!text || owner === target) return;
    tip ??= document.body.appendChild(Object.assign(document.createElement("div"), { id: "tip" }));
    tip.setAttribute("aria-hidden", "true"); // read out through aria-describedby
    tip.innerHTML = text.innerHTML;
    tip.hidden = false;
    owner = target;
    const at = target.getClientRects()[0];
    const width = Math.min(420, innerWidth - 24);
    tip.style.maxWidth = `${width}px`;
    const left = Math.max(12, Math.min(at.left, innerWidth - tip.offsetWidth - 12));
    const above = at.top - tip.offsetHeight - 6;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : Math.min(at.bottom + 6, innerHeight - tip.offsetHeight - 8)}px`;
  };
  const hide = () => {
    if (tip) tip.hidden = true;
    owner = undefined;
  };
  const described = (event) => event.target.closest?.("[data-tip]");
  document.addEventListener("mouseover", (event) => {
    const target = described(event);
    if (target) show(target);
    else if (owner && !event.target.closest?.("#tip") && owner !== document.activeElement) hide();
  });
  document.addEventListener("focusin", (event) => (described(event) ? show(described(event)) : hide()));
  document.addEventListener("focusout", (event) => described(event) && hide());
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (owner) hide();
    else document.querySelector("#reader [data-act='clear']")?.click();
  });

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = document.body.appendChild(document.createElement("textarea"));
      area.value = button.dataset.copy;
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = button.dataset.copied;
    setTimeout(() => (button.textContent = label), 1500);
  };
  const save = (text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: "text/markdown" }));
    link.download = "ragbot.md";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  const dark = (wanted) => {
    document.body.classList.toggle("dark", wanted);
    localStorage.setItem("ragbot-theme", wanted ? "dark" : "light");
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button, summary");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    if (button.dataset.language) {
      document.cookie = `ragbot-language=${button.dataset.language}; Path=/; Max-Age=31536000; SameSite=Lax`;
      location.reload();
    }
    if (button.dataset.theme) dark(!document.body.classList.contains("dark"));
    if (button.dataset.opens) {
      const open = document.getElementById(button.dataset.opens).classList.toggle("open");
      button.setAttribute("aria-expanded", String(open));
    }
  });

  // The chat follows what is written, unless the reader has scrolled up.
  const log = () => document.getElementById("log");
  let pinned = true;
  const follow = () => pinned && log()?.scrollTo({ top: log().scrollHeight });
  const begun = () => {
    pinned = true;
    setTimeout(follow, 50);
  };
  const ready = () => {
    const theme = localStorage.getItem("ragbot-theme");
    if (theme) dark(theme === "dark");
    log().setAttribute("tabindex", "0");
    log().addEventListener("scroll", () => {
      pinned = log().scrollHeight - log().scrollTop - log().clientHeight < 80;
    });
    new MutationObserver(follow).observe(log(), { childList: true, subtree: true, characterData: true });
  };
  const waiting = setInterval(() => {
    if (!log()) return;
    clearInterval(waiting);
    ready();
  }, 50);

  // A document that was opened shows its cited sentence; once it is closed, the focus is where it was.
  const opened = () => {
    const reader = document.querySelector("#reader .document");
    if (!reader) {
      opener?.isConnected && opener.focus();
      return;
    }
    const body = reader.querySelector(".body");
    const here = document.getElementById("here");
    if (here) body.scrollTop += here.getBoundingClientRect().top - body.getBoundingClientRect().top - body.clientHeight / 3;
    reader.querySelector("h2").focus({ preventScroll: true });
  };

  // This tab's conversation is opened again after a reload.
  const current = () => document.querySelector("#transcript [data-conversation]")?.dataset.conversation ?? "";
  addEventListener("pagehide", () => sessionStorage.setItem("ragbot-conversation", current()));
  const kept = () => sessionStorage.getItem("ragbot-conversation") ?? "";

  return { listen, opened, save, begun, kept };
})();
