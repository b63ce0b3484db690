// Before anything else: the language chosen on the page stands in for the browser's, and the theme is as it was left.
(() => {
  const chosen = document.cookie.match(/(?:^|; )ragbot-language=(zh|en)/);
  const language = (chosen ? chosen[1] : navigator.language || "en").toLowerCase().startsWith("zh") ? "zh-CN" : "en";
  Object.defineProperty(navigator, "language", { get: () => language });
  Object.defineProperty(navigator, "languages", { get: () => [language] });
  document.documentElement.lang = language;
})();
